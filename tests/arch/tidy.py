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
    paths = (pathlib.Path(command["file"]).resolve() for command in commands_for_clang())
    # Not C: the rules are those of our C++.
    ours = (path.relative_to(root) for path in paths if path.is_relative_to(root) and path.suffix == ".cc")
    return sorted({str(path) for path in ours if path.parts[0] in {"core", "plugins", "tests"}})


def one_by_one(command):
    """The commands of the files that this one compiles as one."""
    if "/Unity/" not in command["file"]:
        return [command]
    files = re.findall(r'^#include "(.*)"', pathlib.Path(command["file"]).read_text(), re.MULTILINE)
    return [{**command, "file": file, "command": command["command"].replace(command["file"], file)} for file in files]


def commands_for_clang():
    """Ours, file by file, without what GCC has precompiled: clang cannot read that."""
    text = (build / "compile_commands.json").read_text()
    text = re.sub(r" -include [^ ]*/cmake_pch\.hxx", "", text)
    text = re.sub(r" (-Winvalid-pch|-fpch-preprocess|-Wno-(array-bounds|restrict|stringop-\w+|maybe-uninitialized|subobject-linkage))", "", text)
    return [one for command in json.loads(text) for one in one_by_one(command)]


def write_for_clang():
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    (folder / "compile_commands.json").write_text(json.dumps(commands_for_clang(), indent=1))


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
