"""Takes fixes out of the code, one at a time, and looks whether their tests notice.

Works on a copy of the source in BUILD_FOLDER, never on the source itself. A fix
whose tests still pass without it is an error, and so is one that cannot be taken
out any more. Usage: run.py ROOT BUILD_FOLDER [WORD that the fix's text holds]
run.py --check ROOT only looks whether each still stands in its file, just once.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import tomllib

# A test that waits for ever without its fix has noticed, too.
TEST_SECONDS = 120


def shell(*command, **options):
    return subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)


class Copy:
    """The source as it is now, and a build of its own."""

    def __init__(self, root, folder):
        self.folder = folder
        self.build = folder / "build"
        files = shell("git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-co", "--exclude-standard").stdout
        for name in files.splitlines():
            source, target = root / name, folder / name
            if not source.is_file() or target.exists() and target.read_bytes() == source.read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        os.environ["CCACHE_BASEDIR"] = str(folder)
        done = shell("cmake", "-S", str(folder), "-B", str(self.build), "-G", "Ninja")
        if done.returncode != 0:
            sys.exit(done.stdout)

    def make(self, target):
        done = shell("cmake", "--build", str(self.build), "--parallel", str(os.cpu_count()), "--target", target)
        return done.returncode == 0, done.stdout

    def passes(self, target, test):
        # Catch2 takes a comma for "or".
        name = test.replace(",", "\\,")
        try:
            done = shell(str(self.build / "tests" / "bin" / target), name, timeout=TEST_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        if "No test cases matched" in done.stdout:
            sys.exit(f"{target} has no test \"{test}\"")
        return done.returncode == 0


def undo(copy, fix):
    """What is wrong, or nothing if each test noticed."""
    file = copy.folder / fix["file"]
    text = file.read_text()
    if text.count(fix["with"]) != 1:
        return f"{fix['file']} holds it {text.count(fix['with'])} times"
    try:
        file.write_text(text.replace(fix["with"], fix["without"]))
        made, output = copy.make(fix["target"])
        if not made:
            return "without it nothing compiles:\n" + output[-2000:]
        blind = [test for test in fix["tests"] if copy.passes(fix["target"], test)]
    finally:
        file.write_text(text)
    return "".join(f"passes without it: \"{test}\"" for test in blind)


def read(root):
    """The fixes of all files beside this one."""
    files = sorted((root / "tests" / "unfixed").glob("*.toml"))
    return [fix for file in files for fix in tomllib.loads(file.read_text())["fix"]]


def check(root):
    """Fixes that stand in their files no more, or not just once: nothing is built."""
    stale = []
    for fix in read(root):
        file = root / fix["file"]
        count = file.read_text().count(fix["with"]) if file.is_file() else 0
        if count != 1:
            stale.append(f"{fix['what']}: {fix['file']} holds it {count} times")
    return stale


def main():
    if sys.argv[1] == "--check":
        sys.exit("\n".join(check(pathlib.Path(sys.argv[2]).resolve())) or None)
    root, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    word = sys.argv[3] if len(sys.argv) > 3 else ""
    fixes = read(root)
    fixes = [fix for fix in fixes if word in fix["what"]]
    copy = Copy(root, folder)
    for target in sorted({fix["target"] for fix in fixes}):
        made, output = copy.make(target)
        tests = [test for fix in fixes if fix["target"] == target for test in fix["tests"]]
        if not made or not all(copy.passes(target, test) for test in tests):
            sys.exit(f"{target} does not pass as it is\n{output[-2000:]}")
    wrong = 0
    for fix in fixes:
        begun = time.monotonic()
        problem = undo(copy, fix)
        wrong += bool(problem)
        print(f"{'WRONG' if problem else 'noticed'} ({time.monotonic() - begun:.0f} s): {fix['what']}", flush=True)
        if problem:
            print(f"  {problem}", flush=True)
    print(f"{len(fixes) - wrong} of {len(fixes)} fixes are held by their tests")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
