"""Starts what is measured, each in a folder of its own, and stops it again."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import time

READY_WITHIN = 30


def wait_until(condition, process, what):
    until = time.monotonic() + READY_WITHIN
    while not condition():
        if process.poll() is not None:
            raise SystemExit(f"{what} ended with {process.returncode} before it was ready")
        if time.monotonic() > until:
            raise SystemExit(f"{what} was not ready within {READY_WITHIN} s")
        time.sleep(0.005)


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(READY_WITHIN)


@contextlib.contextmanager
def echo_server(programs, folder):
    socket = folder / "echo.sock"
    with subprocess.Popen([programs / "bench_echo_server", socket], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            yield f"unix:{socket}"
        finally:
            process.stdin.close()
            process.wait(READY_WITHIN)


@contextlib.contextmanager
def etcd(folder):
    """etcd on a Unix socket, as the hub is: TCP would cost it a tenth."""
    folder.mkdir()
    urls = ["--listen-client-urls", "unix://localhost:1", "--advertise-client-urls", "unix://localhost:1",
            "--listen-peer-urls", "http://127.0.0.1:0", "--data-dir", "data", "--log-level", "error",
            "--quota-backend-bytes", str(8 << 30)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["etcd", *urls], cwd=folder, stdout=log, stderr=log)
    try:
        wait_until((folder / "localhost:1").exists, process, "etcd")
        yield f"unix:{folder}/localhost:1"
    finally:
        stop(process)


class Hub:
    """A hub on SQLite in `folder`, and its command line."""

    def __init__(self, build, folder, stable_for="0s"):
        self.build = build
        self.folder = folder
        self.stable_for = stable_for
        self.socket = folder / "hub.sock"
        self.program = build / "bin/brobygger"
        self.process = None
        folder.mkdir(exist_ok=True)
        self.config = folder / "hub.toml"
        self.config.write_text(f"""\
[hub]
data_dir = "{folder}/data"
socket = "{self.socket}"
group = ""
run_dir = "{folder}/run"
plugin_roots = ["{build}/plugins"]
host_program = "{build}/bin/brobygger-plugin-host"
log_level = "warning"
""")

    @property
    def target(self):
        return f"unix:{self.socket}"

    def start(self):
        """Returns how long it took until a call was answered."""
        begun = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([self.program, "serve", "--config", self.config],
                                            stdout=log, stderr=log, env=self.environment())
        wait_until(self.answers, self.process, "the hub")
        return time.monotonic() - begun

    def answers(self):
        if not self.socket.exists():
            return False
        done = subprocess.run([self.program, "plugin", "list"], env=self.environment(),
                              capture_output=True, check=False)
        return done.returncode == 0

    def stop(self):
        stop(self.process)

    def environment(self):
        return {**os.environ, "BROBYGGER_SERVER": self.target, "LC_ALL": "C.UTF-8"}

    def run(self, *arguments):
        """One command; returns its data and how long it took."""
        begun = time.monotonic()
        command = [self.program, *arguments, "-o", "json"]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        took = time.monotonic() - begun
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None, took

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
