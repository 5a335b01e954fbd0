"""Syncs of a file with 100,000 records through the command line, end to end."""
import figures
import servers
import sources

CONNECTION = """\
id = "centre"
title = "Fjordby Frivilligcenter"
plugin = "files.csv"
family = "centres"
mapping = [
{mappings}
]
[config]
path = "{path}"
id_column = "nummer"
stable_for_ms = 0
[config.columns]
{columns}
[jail]
read_paths = ["{path.parent}"]
"""
# Column in the file -> where it goes.
TARGETS = {
    "forening": "official_name", "cvr": "cvr", "kommune": "municipality_code", "vej": "address.street",
    "husnr": "address.house_number", "postnr": "address.postal_code", "by": "address.postal_district",
    "telefon": "phone", "epost": "email", "hjemmeside": "website", "formaal": "purpose.da",
    "stiftet": "founded_date", "status": "status", "omraade": "coverage_area",
}


def connection_file(path):
    mappings = []
    for column, target in TARGETS.items():
        values = ', values = { aktiv = "ACTIVE" }' if column == "status" else ""
        mappings.append(f'  {{ source = "{column}", target = "{target}"{values} }},')
    columns = [f'{column} = {{ field = "{column}", type = "{"date" if column == "stiftet" else "text"}" }}'
               for column in TARGETS]
    return CONNECTION.format(path=path, mappings="\n".join(mappings), columns="\n".join(columns))


def seconds(duration):
    return float((duration or "0s").rstrip("s"))


class Sync:
    """One hub, one file, one connection."""

    def __init__(self, build, folder, count):
        folder.mkdir()
        self.count = count
        self.export = folder / "exports" / "centre.csv"
        self.export.parent.mkdir()
        self.hub = servers.Hub(build, folder / "hub")
        sources.write_export(self.export, count)
        file = folder / "connection.toml"
        file.write_text(connection_file(self.export))
        self.hub.start()
        self.hub.run("connection", "create", "--file", file)

    def first(self):
        """Records per second from the file to durable associations."""
        plan, planning = self.hub.run("sync", "plan", "centre")
        plan = plan.get("plan", plan)
        if int(plan.get("createCount", 0)) != self.count:
            raise SystemExit(f"the first plan would make {plan.get('createCount')} of {self.count} associations")
        _, applying = self.hub.run("sync", "apply", plan["id"])
        return self.count / (planning + applying)

    def unchanged(self):
        return self.hub.run("sync", "run", "centre")[1]

    def one_changed(self, number):
        """Seconds of planning and applying: what is left when the file has been read."""
        sources.write_export(self.export, self.count, changed=[number])
        run, _ = self.hub.run("sync", "run", "centre")
        run = run.get("run", run)
        if int(run.get("updatedCount", 0)) == 0:
            raise SystemExit(f"one record changed, but the run says {run}")
        return seconds(run.get("applyDuration"))

    def restart(self):
        self.hub.stop()
        return self.hub.start()


def one_round(build, folder, count, results):
    """Measures everything once; returns the big Sync, still running."""
    small = Sync(build, folder / "small", count // 100)
    small.first()
    big = Sync(build, folder / "big", count)
    results.setdefault("first", []).append(big.first())
    results.setdefault("rss", []).append(big.hub.resident_mb())
    results.setdefault("unchanged", []).append(big.unchanged())
    # In turns, several of each: one such run is a few milliseconds.
    for number in range(1, 12, 2):
        results.setdefault("small", []).append(small.one_changed(number))
        results.setdefault("big", []).append(big.one_changed(number))
    small.hub.stop()
    results.setdefault("ready", []).append(big.restart())
    return big


def goals(results, count):
    middle = {what: figures.median(measured) for what, measured in results.items()}
    at = f"at {count:,} records"
    yield figures.Goal("first sync, end to end", middle["first"], "records/s", at_least=8000)
    yield figures.Goal(f"sync with nothing changed, {at}", middle["unchanged"], "s", at_most=2)
    yield figures.Goal(f"one change {at}, to {count // 100:,}", middle["big"] / middle["small"], "x", at_most=3)
    yield figures.Goal(f"memory after the first sync, {at}", middle["rss"], "MB", at_most=500)
    yield figures.Goal(f"start to ready, {at}", middle["ready"], "s", at_most=3)
