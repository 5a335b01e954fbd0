"""Prints "N passed, N failed" for a JUnit file that ctest wrote.

A test that could not be run counts as failed: nothing here may be skipped.
"""
import sys
import xml.etree.ElementTree

cases = xml.etree.ElementTree.parse(sys.argv[1]).getroot().findall("testcase")
passed = sum(case.get("status") == "run" for case in cases)
for case in cases:
    if case.get("status") != "run":
        print(f"failed: {case.get('name')} ({case.get('status')})")
print(f"{passed} passed, {len(cases) - passed} failed")
