"""Runs every console block of README.md on a fresh demo hub, at a terminal as a
reader would, and compares what it prints. `readme_test.py --write` puts what it
prints into README.md instead; look at the difference before you commit it."""
import os
import pathlib
import pty
import re
import select
import shlex
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import demo  # noqa: E402
from door import Door  # noqa: E402

README = demo.ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Where the web door listens in README.md.
DOOR = "http://127.0.0.1:8480"
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
# What differs from one run to the next, and never in its length, or columns would move.
VARIES = (
    (UUID, lambda found: "0" * 8 + found.group()[8:].translate({ord(c): "0" for c in "123456789abcdef"})),
    (re.compile(r"^[0-9a-f]{8}(?=  )|(?<=  )[0-9a-f]{8}$", re.MULTILINE), lambda found: "00000000"),
    (re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?Z)?"), lambda found: "TIME"),
    # The demo's applications are some days old, whenever it is made.
    (re.compile(r"\d{4}-\d{2}-\d{2}"), lambda found: "YYYY-MM-DD"),
    # The code with which an association joins.
    (re.compile(r"\b(?:[3-9A-Z]{4}-){3}[3-9A-Z]{4}\b"), lambda found: "CODE-CODE-CODE-CODE"),
    (re.compile(r"^(etag +)\S+", re.MULTILINE), lambda found: found.group(1) + "ETAG"),
)


def normalised(text):
    for pattern, replacement in VARIES:
        text = pattern.sub(replacement, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def commands(block):
    """(command, expected output) for each line that begins with "$ "."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def run_at_terminal(command, environment):
    """Standard output and error together, as they appear on a screen."""
    words = shlex.split(command)
    if words[0] == "curl":
        words[1:1] = ["--silent", "--show-error"]
        words = [word.replace("$key", environment["README_KEY"]).replace(DOOR, environment["README_DOOR"])
                 for word in words]
    else:
        words[0] = str(demo.BUILD / pathlib.Path(words[0]).relative_to("build"))
    ours, theirs = pty.openpty()
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs,
                          env=environment, cwd=demo.ROOT) as process:
        os.close(theirs)
        output = b""
        while True:
            ready, _, _ = select.select([ours], [], [], demo.LIMIT_SECONDS)
            try:
                piece = os.read(ours, 65536) if ready else b""
            except OSError:  # the other side is closed
                piece = b""
            if not piece:
                break
            output += piece
        os.close(ours)
        code = process.wait(timeout=demo.LIMIT_SECONDS)
    return code, output.decode().replace("\r\n", "\n")


class Readme(demo.DemoCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        started = self.fjordby("calendars")
        self.assertEqual(started.returncode, 0, started.stderr.decode())

    def test_every_console_block_prints_what_it_says(self):
        text = README.read_text()
        [create] = re.findall(r"^build/bin/brobygger (access key create .*--role volunteer-centre .*)$", text, re.MULTILINE)
        key = self.succeed(*shlex.split(create, comments=True), "-o", "json").json["key"]
        door = Door(self, self.state / "hub.toml")
        environment = self.environment() | {"COLUMNS": "110", "NO_COLOR": "1", "TERM": "xterm",
                                            "README_KEY": f"Authorization: Bearer {key}", "README_DOOR": door.address}
        blocks = BLOCK.findall(text)
        self.assertGreaterEqual(sum(len(commands(block)) for block in blocks), 3)
        for block in blocks:
            printed = ""
            for command, expected in commands(block):
                code, output = run_at_terminal(command, environment)
                printed += f"$ {command}\n{output}"
                if WRITE:
                    continue
                with self.subTest(command=command):
                    self.assertEqual(code, 0, output)
                    self.assertEqual(normalised(output), normalised(expected))
            text = text.replace(f"```console\n{block}```", f"```console\n{printed}```")
        # What else the key is said to be good for.
        for command in re.findall(r"^curl -H \"\$key\" '[^']*'", text, re.MULTILINE):
            with self.subTest(command=command):
                code, output = run_at_terminal(f"{command} --fail", environment)
                self.assertEqual(code, 0, output)
        if WRITE:
            README.write_text(text)


WRITE = "--write" in sys.argv
if __name__ == "__main__":
    unittest.main(argv=[each for each in sys.argv if each != "--write"])
