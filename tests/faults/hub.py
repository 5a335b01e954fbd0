"""One hub under test: its files, its process, and what a fault does to them."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

import grpc

from brobygger.feed.v1 import feed_service_pb2_grpc
from brobygger.registry.v1 import registry_service_pb2 as registry
from brobygger.registry.v1 import registry_service_pb2_grpc

READY_WITHIN = 30


class Violation(Exception):
    """A promise of the hub that was broken."""


class Hub:
    """Runs `command + [configuration]` on files in `folder`, which must be empty.

    With `powerloss` (the library) it keeps a copy of the data folder with only what
    was flushed, so that lose_power() can take the rest away.
    """

    def __init__(self, command, folder, powerloss=None, seed=0):
        self.command = command
        self.folder = pathlib.Path(folder)
        self.powerloss = powerloss
        self.seed = seed
        self.process = None
        self.data = self.folder / "data"
        self.durable = self.folder / "durable"
        self.fail_switch = self.folder / "fail-next-flush"
        self.socket = self.folder / "hub.sock"
        self.configuration = self.folder / "hub.toml"
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.configuration.write_text(
            f'[hub]\ndata_dir = "{self.data}"\nsocket = "{self.socket}"\ngroup = ""\n'
            f'run_dir = "{self.folder}/run"\nplugin_roots = []\nlog_level = "warning"\n')

    def environment(self):
        environment = dict(os.environ)
        if self.powerloss:
            shutil.rmtree(self.durable, ignore_errors=True)
            self.durable.mkdir()
            self.seed += 1
            # In every other life of the hub some writes reach the disk early.
            environment |= {
                "LD_PRELOAD": str(self.powerloss), "BB_POWERLOSS_DIR": str(self.data),
                "BB_POWERLOSS_DURABLE": str(self.durable), "BB_POWERLOSS_FAIL": str(self.fail_switch),
                "BB_POWERLOSS_KEEP": str(30 * (self.seed % 2)), "BB_POWERLOSS_SEED": str(self.seed)}
        return environment

    def start(self):
        """Returns when callers are answered, with the seconds that took."""
        begun = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*self.command, str(self.configuration)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.environment())
        while True:
            channel = self.channel()
            try:
                stub = registry_service_pb2_grpc.RegistryServiceStub(channel)
                stub.ListAssociations(registry.ListAssociationsRequest(page_size=1), timeout=1)
                return time.monotonic() - begun
            except grpc.RpcError as error:
                self.check_start(begun, error)
                time.sleep(0.01)
            finally:
                channel.close()

    def check_start(self, begun, error):
        if self.process.poll() is not None:
            raise Violation(f"the hub did not start: exit code {self.process.returncode}\n{self.log_tail()}")
        if time.monotonic() - begun > READY_WITHIN:
            self.kill()
            raise Violation(f"the hub was not ready in {READY_WITHIN} s: {error}\n{self.log_tail()}")

    def log_tail(self):
        return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-15:])

    def log_events(self, wanted):
        """Those of the `wanted` events that the log holds, in order."""
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return [line.split()[2] for line in lines if len(line.split()) > 2 and line.split()[2] in wanted]

    def threads(self):
        """What each thread of the hub waits for, to explain a hub that does nothing."""
        if self.process.poll() is not None:
            return f"the hub ended with {self.process.returncode}"
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return "\n".join(f"{(task / 'comm').read_text().strip()}: {(task / 'wchan').read_text()}"
                         for task in sorted(tasks.iterdir()))

    def channel(self):
        # A subchannel of its own, or a new channel would inherit the back-off of one
        # whose hub is dead. "min_reconnect_backoff" is how long one attempt may take.
        return grpc.insecure_channel(f"unix:{self.socket}", options=[
            ("grpc.use_local_subchannel_pool", 1), ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.min_reconnect_backoff_ms", 5000), ("grpc.max_reconnect_backoff_ms", 100)])

    def stubs(self):
        channel = self.channel()
        return (registry_service_pb2_grpc.RegistryServiceStub(channel),
                feed_service_pb2_grpc.FeedServiceStub(channel))

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def lose_power(self):
        """The hub dies, and all that was not flushed goes with it."""
        self.kill()
        shutil.rmtree(self.data)
        self.data.mkdir(mode=0o700)
        for file in (self.durable / "names").iterdir():
            shutil.copy(file, self.data / file.name)

    def fail_next_flush(self, goes_on):
        """Returns the exit code of the hub that met the failure, after a power loss:
        none if it did not end within 10 s, or `goes_on()`."""
        self.fail_switch.touch()
        until = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < until:
            if not self.fail_switch.exists() and goes_on():
                break
            time.sleep(0.002)
        code = self.process.poll()
        self.lose_power()
        self.fail_switch.unlink(missing_ok=True)
        return code

    def pause(self, seconds):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)
