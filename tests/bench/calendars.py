"""100 calendars of 1,000 events in one connection, through the command line: what the first sync takes of processor
time, one with nothing changed, and one with ten changed events. The server (calendar_server.py) only answers, and is
not counted."""
import contextlib
import os
import pathlib
import subprocess
import sys
import urllib.request

import figures
import servers

SERVER = pathlib.Path(__file__).resolve().parent / "calendar_server.py"
CALENDARS = 100
EVENTS = 1000
TICKS = os.sysconf("SC_CLK_TCK")
# The first read of a day is a whole one, whatever changed: who measures over midnight measures that.
QUIET_SYNCS = 3
CONNECTION = """\
id = "kalender"
title = "Kalendere"
plugin = "calendars.caldav"
family = "calendars"
[config]
url = "http://127.0.0.1:{port}/"
user = "bench"
[secrets]
password = "file:{password}"
[jail]
tcp_ports = [{port}]
"""
CALENDAR = """\
[config.calendars.c{number}]
path = "/c/{number}/"
"""
MAPPING = """\
[[calendars]]
name = "c{number}"
department = "Kultur og Fritid"
match = "address"
"""


@contextlib.contextmanager
def calendar_server(folder):
    file = folder / "port"
    with subprocess.Popen([sys.executable, SERVER, file, str(CALENDARS), str(EVENTS)], stdin=subprocess.PIPE) as process:
        servers.wait_until(file.exists, process, "the calendar server")
        try:
            yield int(file.read_text())
        finally:
            process.stdin.close()


def processes(root):
    """It and what it has started, and they."""
    found, parents = {root}, {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def processor_seconds(root):
    """Of all its processes, those too that have ended and were waited for."""
    ticks = 0
    for pid in processes(root):
        with contextlib.suppress(OSError):
            words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(int(word) for word in words[11:15])
    return ticks / TICKS


class Polled:
    """A hub with the connection; whom the meetings are with is known."""

    def __init__(self, build, folder, port):
        self.port = port
        self.hub = servers.Hub(build, folder / "hub")
        password = folder / "password"
        password.touch(0o600)
        password.write_text("hemmelig")
        numbers = range(CALENDARS)
        text = CONNECTION.format(port=port, password=password)
        text += "".join(form.format(number=number) for form in (CALENDAR, MAPPING) for number in numbers)
        (folder / "kalender.toml").write_text(text)
        self.hub.start()
        self.hub.run("department", "create", "Kultur og Fritid", "--municipality", "0998", "--email", "kultur@fjordby.example")
        self.hub.run("association", "create", "--set", "official_name=Lawan", "--set", "municipality_code=0998",
                     "--set", 'emails=["kontakt@lawan.example"]')
        self.hub.run("connection", "create", "--file", folder / "kalender.toml")

    def ask(self, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method="PUT" if body else "GET")
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def sync(self):
        """Processor seconds of hub and plugin, seconds on the clock, and requests to the server."""
        before, asked = processor_seconds(self.hub.process.pid), int(self.ask("/requests"))
        _, took = self.hub.run("--timeout", "3600", "sync", "run", "kalender", "--yes")
        return processor_seconds(self.hub.process.pid) - before, took, int(self.ask("/requests")) - asked

    def contacts(self):
        listed, _ = self.hub.run("touchpoint", "list", "--page-size", "1")
        return int(listed["totalCount"])


def show(what, figure):
    seconds, took, requests = figure
    print(f"{what}: {seconds:.2f} s of processor time, {took:.2f} s, {requests} requests", flush=True)


def measure(build, folder):
    with calendar_server(folder) as port:
        polled = Polled(build, folder, port)
        try:
            first = polled.sync()
            show("first sync", first)
            wanted = CALENDARS * EVENTS // 10
            if polled.contacts() != wanted:
                raise SystemExit(f"{polled.contacts()} contacts, and {wanted} were expected")
            quiet = [polled.sync() for _ in range(QUIET_SYNCS)]
            for figure in quiet:
                show("nothing changed", figure)
            polled.ask("/change", b"10")
            changed = polled.sync()
            show("ten changed", changed)
        finally:
            polled.hub.stop()
    least = CALENDARS  # one request each tells that nothing changed
    return [figures.Goal(f"processor time with nothing changed in {CALENDARS} calendars of {EVENTS:,}",
                         max(seconds for seconds, _, _ in quiet), "s", at_most=30),
            figures.Goal("requests for that, to one a calendar", max(requests for _, _, requests in quiet) / least, "x",
                         at_most=1),
            figures.Goal("requests for ten changed events in ten of them", changed[2], "", at_most=least + 10)]
