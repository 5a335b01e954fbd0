"""The door in front of a fake hub, and the oracle: processes of their own, which end with the test case."""
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

from fake_hub import FakeHub
from places import BROBYGGER, HERE, PATIENCE_SECONDS, SCRIPTS

MARK = "address=http://"


class Process:
    """A program that says in a line where it listens."""

    def __init__(self, case, words, stream, place_in):
        self.said, self.ready, self.place = [], threading.Event(), None
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, text=True, **{stream: subprocess.PIPE})
        self.source = getattr(self.process, stream)
        self.place_in = place_in
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        case.addCleanup(self.stop)
        case.assertTrue(self.ready.wait(PATIENCE_SECONDS), self.said)
        case.assertIsNotNone(self.place, self.said)

    def read(self):
        for line in self.source:
            self.said.append(line)
            place = self.place_in(line)
            if place is not None and self.place is None:
                host, port = place.split(":")
                self.place = (host, int(port))
                self.ready.set()
        self.ready.set()

    def stop(self):
        self.process.terminate()
        self.process.stdin.close()
        self.process.wait(PATIENCE_SECONDS)
        self.reader.join()
        self.source.close()


def start_door(case, hub):
    words = [BROBYGGER, "web", "--server", hub.address, "--callers", hub.address, "--listen", "127.0.0.1:0"]
    return Process(case, words, "stderr", lambda line: line.split(MARK)[1].split()[0] if MARK in line else None)


def start_oracle(case):
    return Process(case, ["node", HERE / "oracle.mjs", SCRIPTS / "gen"], "stdout",
                   lambda line: f"127.0.0.1:{line.strip()}")


class DoorCase(unittest.TestCase):
    """A fake hub with the door before it, for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        case = unittest.TestCase()
        cls.addClassCleanup(case.doCleanups)
        state = pathlib.Path(tempfile.mkdtemp(prefix="bb-", dir="/tmp"))
        case.addCleanup(shutil.rmtree, state, ignore_errors=True)
        cls.hub = FakeHub(case, state / "hub.sock")
        cls.door = start_door(case, cls.hub)
        # Before the door ends, so that no call is left for it to wait for.
        case.addCleanup(cls.hub.let_go)
        cls.case = case
