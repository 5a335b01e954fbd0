"""Prints what failed and why, and then "N passed, N failed", for ctest's JUnit file.

A test that could not be run counts as failed: nothing here may be skipped. Why is
told at the end, since of a long log often only the end is kept.
"""
import sys
import xml.etree.ElementTree

MOST_LINES = 40
AROUND_A_FAILURE = 8


def why(case):
    """The lines around what a failed test calls a failure, and its last lines."""
    lines = (case.findtext("system-out") or "").splitlines()
    wanted = set(range(len(lines) - AROUND_A_FAILURE, len(lines)))
    for at, line in enumerate(lines):
        if "FAILED" in line or "Error" in line or "ERROR" in line:
            wanted.update(range(at - 1, at + AROUND_A_FAILURE))
    return [lines[at][:300] for at in sorted(wanted) if 0 <= at < len(lines)][-MOST_LINES:]


cases = xml.etree.ElementTree.parse(sys.argv[1]).getroot().findall("testcase")
passed = sum(case.get("status") == "run" for case in cases)
for case in cases:
    if case.get("status") != "run":
        print(f"failed: {case.get('name')} ({case.get('status')})")
        for line in why(case):
            print(f"    {line}")
print(f"{passed} passed, {len(cases) - passed} failed")
