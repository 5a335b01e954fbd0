"""Strikes a working hub with one kind of fault, round after round, and checks that
no acknowledged write is lost and no other half there.

  rounds.py --fault kill --rounds 20 HUB serve --config

With --expect WORD the hub has a seeded bug, and it is an error not to find a
problem that says WORD.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from hub import Hub, Violation
from oracle import Oracle
from workload import Workload

# A registry serves so many rounds before the next starts empty: long enough for
# rounds to build on one another, short enough for each check to be quick.
ROUNDS_A_REGISTRY = 10
EXIT_STORAGE_FAILED = 70
RECOVERY_WITHIN = 3.0


class Rounds:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.acknowledged = 0
        self.unknown_there = 0
        self.unknown_absent = 0
        self.slowest_start = 0.0
        self.problems = []

    def run(self):
        left = self.options.rounds
        while left > 0 and not self.found(self.problems):
            with tempfile.TemporaryDirectory(prefix="brobygger-faults-") as folder:
                # A disk is filled once.
                count = min(left, 1 if self.options.fault == "full" else ROUNDS_A_REGISTRY)
                self.run_registry(folder, count)
                left -= count

    def found(self, problems):
        words = self.options.expect.split("|") if self.options.expect else []
        return any(word in problem for word in words for problem in problems)

    def run_registry(self, folder, count):
        options = self.options
        hub = Hub(options.hub, folder, options.powerloss, seed=self.random.randrange(1 << 20))
        fault = getattr(self, f"strike_{options.fault}")
        workload = Workload(options.callers, self.random.random(), 1900 if options.fault == "full" else 0)
        oracle = Oracle(workload, self.random.random())
        try:
            self.prepare(hub)
            self.start(hub)
            for _ in range(count):
                self.run_round(hub, workload, oracle, fault)
                if self.found(oracle.problems) or (oracle.problems and not self.options.expect):
                    break
        except Violation as violation:
            oracle.problem(str(violation))
        finally:
            hub.kill()
            self.clean_up(hub)
        self.problems += oracle.problems
        self.unknown_there += oracle.unknown_there
        self.unknown_absent += oracle.unknown_absent

    def run_round(self, hub, workload, oracle, fault):
        before = workload.acknowledged
        enough = before + self.options.least_acknowledged + self.random.randrange(40)
        workload.run(hub, lambda: workload.acknowledged >= enough, lambda: fault(hub, workload, oracle))
        made = workload.acknowledged - before
        self.acknowledged += made
        if made < self.options.least_acknowledged:
            errors = sorted({str(write.error.code()) + " " + write.error.details() for write in workload.writes
                             if write.error is not None and write.answer is None})
            oracle.problem(f"only {made} writes were acknowledged before the fault, so this round proves nothing; "
                           f"the others: {'; '.join(errors)}\n{hub.log_tail()}")
        if hub.process.poll() is not None:
            self.start(hub)
        oracle.check(hub)

    def prepare(self, hub):
        if self.options.fault == "full":
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", hub.data], check=True)
            self.make_ballast(hub)

    def clean_up(self, hub):
        if self.options.fault == "full":
            subprocess.run(["umount", hub.data], check=True)

    def start(self, hub):
        self.slowest_start = max(self.slowest_start, hub.start())

    def strike_kill(self, hub, _workload, _oracle):
        hub.kill()

    def strike_powerloss(self, hub, _workload, _oracle):
        hub.lose_power()

    def strike_flush(self, hub, workload, oracle):
        # More answers than can have been on their way.
        enough = workload.acknowledged + 100
        code = hub.fail_next_flush(lambda: workload.acknowledged > enough)
        if code != EXIT_STORAGE_FAILED:
            oracle.problem(f"after a failed flush the hub ended with {code} and not with {EXIT_STORAGE_FAILED}")

    def strike_pause(self, hub, _workload, _oracle):
        hub.pause(self.random.uniform(0.3, 1.5))

    def make_ballast(self, hub):
        (hub.data / "ballast").write_bytes(b"x" * (6 << 20))

    def strike_full(self, hub, workload, oracle):
        """Lets the callers fill the disk, looks whether reads go on, makes room."""
        before = workload.refused
        until = time.monotonic() + 30
        while workload.refused < before + 20 and time.monotonic() < until:
            time.sleep(0.005)
        if workload.refused < before + 20:
            oracle.problem("the disk did not become full")
        refusal = next(write for write in reversed(workload.writes) if write.outcome == "refused")
        # The audit log meets it first: what cannot be written down is not tried.
        if not any(words in refusal.error.details() for words in ("disk is full", "No space left")):
            oracle.problem(f"the refusal does not say that the disk is full: {refusal.error.details()}")
        # What is public goes on; what is not cannot be written down, so it waits.
        if not oracle.reads_public(hub):
            oracle.problem("public reads did not go on while the disk was full")
        # Slowly from here, or the room is gone again before the hub is sure of it.
        workload.rest = 0.1
        (hub.data / "ballast").unlink()
        acknowledged = workload.acknowledged
        until = time.monotonic() + 5
        while workload.acknowledged < acknowledged + 5 and time.monotonic() < until:
            time.sleep(0.005)
        if workload.acknowledged < acknowledged + 5:
            oracle.problem("writes did not come back within 5 s of room")
        workload.rest = 1.0
        until = time.monotonic() + 15
        pairs = [["storage_full", "storage_writable_again"], ["audit_unwritable", "audit_writable_again"]]
        told = lambda: any(hub.log_events(pair)[:2] == pair for pair in pairs)
        while not told() and time.monotonic() < until:
            time.sleep(0.05)
        if not told():
            oracle.problem("the log does not tell of the disk, or not that it is well again")
        hub.kill()

    def report(self):
        options = self.options
        print(f"{options.fault}: {options.rounds} rounds (seed {options.seed}), {self.acknowledged} writes acknowledged; "
              f"of those unanswered {self.unknown_there} were there and {self.unknown_absent} were not; "
              f"slowest start {self.slowest_start:.2f} s; {len(self.problems)} problems")
        for problem in self.problems[:20]:
            print(f"  {problem}")
        if options.expect is not None:
            found = self.found(self.problems)
            print("the seeded bug was found" if found else "THE SEEDED BUG WAS NOT FOUND")
            return 0 if found else 1
        return 1 if self.problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fault", required=True, choices=["kill", "powerloss", "flush", "pause", "full"])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rounds-from", metavar="VARIABLE", help="of the environment; --rounds if it is not set")
    parser.add_argument("--callers", type=int, default=16)
    parser.add_argument("--least-acknowledged", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--powerloss", type=pathlib.Path, help="the library to preload")
    parser.add_argument("--expect", metavar="WORD", help="the hub has a bug that shows as WORD, or as one of A|B")
    parser.add_argument("hub", nargs=argparse.REMAINDER, help="the command; the configuration's path is added")
    options = parser.parse_args()
    if options.rounds_from:
        options.rounds = int(os.environ.get(options.rounds_from, options.rounds))
    if options.hub[:1] == ["--"]:
        options.hub = options.hub[1:]
    if options.seed is None:
        options.seed = random.randrange(1 << 30)
    if options.fault == "full" and "BROBYGGER_OWN_MOUNTS" not in os.environ:
        # A view of the file systems of its own: what it mounts goes when it ends.
        os.environ["BROBYGGER_OWN_MOUNTS"] = "1"
        as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        os.execvp("unshare", ["unshare", "--mount", *as_root, sys.executable, *sys.argv])
    rounds = Rounds(options)
    rounds.run()
    return rounds.report()


if __name__ == "__main__":
    sys.exit(main())
