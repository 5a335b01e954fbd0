"""Runs clang-tidy on the C++ files that a change touches, or on all of them.

A change is what differs from the merge base with origin/main, or from the last
commit's parent on main itself, and what is not committed yet.
Usage: tidy.py ROOT BUILD_FOLDER [--all]
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

# clang-tidy takes 2 to 10 seconds a file; tests/nightly looks at every one.
MAX_FILES = 12
root, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])


def git(*arguments):
    command = ["git", "-c", "safe.directory=*", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def changed():
    head = git("rev-parse", "HEAD")
    base = git("merge-base", "HEAD", "origin/main")
    if base == head:
        base = []
    since = (base or git("rev-parse", "HEAD~1") or head)[:1]
    if not since:
        return []
    return sorted(set(git("diff", "--name-only", *since)))


def compiled():
    commands = json.loads((build / "compile_commands.json").read_text())
    paths = (pathlib.Path(command["file"]).resolve() for command in commands)
    # Not C: the rules are those of our C++.
    ours = (path.relative_to(root) for path in paths if path.is_relative_to(root) and path.suffix == ".cc")
    return sorted({str(path) for path in ours if path.parts[0] in {"core", "plugins", "tests"}})


def write_for_clang():
    """Writes the same commands for clang, which cannot read what GCC has precompiled."""
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    text = (build / "compile_commands.json").read_text()
    text = re.sub(r" -include [^ ]*/cmake_pch\.hxx", "", text)
    text = re.sub(r" (-Winvalid-pch|-fpch-preprocess|-Wno-(array-bounds|restrict|stringop-\w+|maybe-uninitialized))", "", text)
    (folder / "compile_commands.json").write_text(text)


def tidy(file):
    command = ["clang-tidy-14", "--quiet", "-p", str(build / "tidy"), str(root / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return file, done.returncode, done.stdout


def main():
    files = compiled()
    write_for_clang()
    if "--all" not in sys.argv:
        touched = set(changed())
        files = [file for file in files if file in touched]
        print(f"{len(files)} touched" + f", the first {MAX_FILES} looked at" * (len(files) > MAX_FILES))
        files = files[:MAX_FILES]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, code, output in pool.map(tidy, files):
            failed += code != 0
            if code:
                print(f"{file}\n{output}")
    print(f"{len(files)} files, {failed} with findings")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
