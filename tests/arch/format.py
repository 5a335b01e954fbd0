"""Holds every C++ file against .clang-format. Usage: format.py ROOT"""
import pathlib
import subprocess
import sys

root = pathlib.Path(sys.argv[1]).resolve()
files = [str(path) for room in ("core", "plugins", "tests") for path in sorted((root / room).rglob("*"))
         if path.suffix in {".h", ".cc"} and "node_modules" not in path.parts]
done = subprocess.run(["clang-format-14", "--dry-run", "--Werror", *files], check=False)
if done.returncode:
    print("mend it: clang-format-14 -i FILE")
sys.exit(done.returncode)
