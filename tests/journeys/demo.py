"""The demo hub for tests: Fjordby Kommune in a folder of its own, started by the
script that deploy/up uses."""
import faulthandler
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BROBYGGER_BUILD", ROOT / "build"))
BROBYGGER = BUILD / "bin" / "brobygger"
FJORDBY = ROOT / "deploy" / "demo" / "fjordby"
LIMIT_SECONDS = 120
# A journey that waits for ever says where, before ctest ends it after 600 s.
faulthandler.dump_traceback_later(570)


class Result:
    """What a command printed and how it ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode()
        self.talk = done.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


class DemoCase(unittest.TestCase):
    """Starts a fresh demo for each test and stops it again."""

    def setUp(self):
        # Short, since a Unix socket's path may have 107 bytes.
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="bb-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)
        self.addCleanup(self.fjordby, "stop")
        self.server = f"unix:{self.state}/run/hub.sock"
        started = self.fjordby("start")
        if started.returncode != 0:
            log = self.state / "hub.log"
            tail = log.read_text()[-2000:] if log.exists() else ""
            self.fail(f"the demo did not start: {started.stderr.decode()}\n{tail}")

    def fjordby(self, verb):
        return subprocess.run([FJORDBY, verb, self.state, BUILD], capture_output=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=LIMIT_SECONDS)

    def environment(self):
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith(("LC_", "LANG", "BROBYGGER_"))}
        return environment | {"BROBYGGER_SERVER": self.server, "LANG": "C.UTF-8", "TZ": "UTC"}

    def run_command(self, *words, stdin=None):
        return Result(subprocess.run([BROBYGGER, *words], capture_output=True, check=False,
                                     input=stdin or b"", env=self.environment(),
                                     timeout=LIMIT_SECONDS))

    def succeed(self, *words, stdin=None):
        result = self.run_command(*words, stdin=stdin)
        self.assertEqual(result.code, 0, f"{words}: {result.out[-2000:]}{result.talk}")
        return result

    def sync_both(self):
        self.succeed("sync", "run", "tilskud", "--yes")
        self.succeed("sync", "run", "frivilligcenter", "--yes")

    def associations(self):
        return self.succeed("association", "list", "--all", "-o", "json").json["associations"]

    def change_grants(self, statement):
        with sqlite3.connect(self.state / "sources" / "tilskud.sqlite") as database:
            database.execute(statement)

    def ask_grants(self, query):
        with sqlite3.connect(self.state / "sources" / "tilskud.sqlite", timeout=10) as database:
            return database.execute(query).fetchall()

    @property
    def centre_file(self):
        return self.state / "sources" / "frivillige.csv"
