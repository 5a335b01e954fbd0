"""Runs shellcheck on every shell script of ours. Usage: shell.py ROOT"""
import pathlib
import re
import subprocess
import sys

SHELL = re.compile(rb"#!.*\b(ba)?sh\b")
ROOMS = (".ci", "core", "deploy", "plugins", "tests")

root = pathlib.Path(sys.argv[1]).resolve()
scripts = []
for room in ROOMS:
    for path in sorted((root / room).rglob("*")):
        if "node_modules" in path.parts or not path.is_file():
            continue
        with path.open("rb") as file:
            if SHELL.match(file.readline()):
                scripts.append(str(path))
done = subprocess.run(["shellcheck", *scripts], check=False)
print(f"{len(scripts)} scripts")
sys.exit(done.returncode)
