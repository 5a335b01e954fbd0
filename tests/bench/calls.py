"""Requests per second: the hub, a bare echo and etcd, in turns."""
import json
import subprocess

import figures

GET_CALLERS = (1, 16, 64)
PUT_CALLERS = (16, 64)


class Bench:
    def __init__(self, programs, rounds, milliseconds, keys):
        self.programs = programs
        self.rounds = rounds
        self.milliseconds = milliseconds
        self.keys = keys
        self.results = {}

    def load(self, what, target, callers=1, size=1024):
        command = [self.programs / "bench_load", what, "--target", target, "--callers", str(callers),
                   "--milliseconds", str(self.milliseconds), "--bytes", str(size), "--keys", str(self.keys)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def disk(self, folder):
        command = [self.programs / "bench_fdatasync", folder / "fdatasync", str(self.milliseconds / 1000)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def keep(self, what, callers, figure):
        self.results.setdefault((what, callers), []).append(figure)

    def per_second(self, what, callers):
        return [figure["per_second"] for figure in self.results[(what, callers)]]

    def measure_gets(self, hub, echo, etcd, size):
        for _ in range(self.rounds):
            for callers in GET_CALLERS:
                self.keep("echo", callers, self.load("echo", echo, callers, size))
                self.keep("hub get", callers, self.load("hub-get", hub, callers))
                self.keep("answer", callers, self.load("answer", echo, callers, size))
                self.keep("etcd range", callers, self.load("etcd-range", etcd, callers))

    def measure_puts(self, hub, etcd, folder, size):
        for _ in range(self.rounds):
            for callers in PUT_CALLERS:
                self.keep("hub update", callers, self.load("hub-update", hub, callers))
                self.keep("etcd put", callers, self.load("etcd-put", etcd, callers, size))
                self.keep("fdatasync", callers, self.disk(folder))

    def goals(self):
        at_16 = {what: self.per_second(what, 16) for what in ("hub get", "echo", "etcd range")}
        yield figures.Goal("get at 16 callers, to the bare echo", figures.ratio(at_16["hub get"], at_16["echo"]),
                           "x", at_least=0.85)
        yield figures.Goal("get at 16 callers, to etcd's Range",
                           figures.ratio(at_16["hub get"], at_16["etcd range"]), "x", at_least=2.2)
        for callers in PUT_CALLERS:
            pair = figures.ratio(self.per_second("hub update", callers), self.per_second("etcd put", callers))
            yield figures.Goal(f"durable update at {callers} callers, to etcd's Put", pair, "x", at_least=1.0)

    def table(self):
        rows = []
        for (what, callers), measured in self.results.items():
            middle = {key: figures.median([figure.get(key, 0) for figure in measured])
                      for key in ("per_second", "median_us", "p99_us", "reply_bytes")}
            lowest = min(figure["per_second"] for figure in measured)
            highest = max(figure["per_second"] for figure in measured)
            rows.append([what, str(callers), figures.number(middle["per_second"]),
                         f"{lowest:,.0f}-{highest:,.0f}", f"{middle['median_us']:.0f}",
                         f"{middle['p99_us']:.0f}", f"{middle['reply_bytes']:.0f}"])
        head = ["call", "callers", "per second", "least-most", "median us", "p99 us", "reply bytes"]
        return figures.table(head, sorted(rows, key=lambda row: (row[0], int(row[1]))))
