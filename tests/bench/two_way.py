"""Writing 100,000 associations into an empty applicant table, and edits afterwards, end to end: the hub, the plugin
grants.sql and a real PostgreSQL, against a bare INSERT loop over the same ODBC driver."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import figures
import servers
import sources
import sync

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
COLUMNS = ("navn", "cvr", "adresse", "postnr", "bynavn", "telefon", "email", "formaal")
TABLE = f"""
CREATE TABLE ansoeger (ansoeger_id SERIAL PRIMARY KEY, {', '.join(f'{column} TEXT' for column in COLUMNS)},
  brobygger_id TEXT UNIQUE, brobygger_status TEXT, brobygger_revision BIGINT, sagsnote TEXT);
CREATE INDEX ON ansoeger (cvr);
"""
CONNECTION = """\
id = "tilskud"
title = "Tilskudssystemet"
plugin = "grants.sql"
family = "grants"
creates = true
[config]
connection_string = "{where}"
table = "ansoeger"
key = "ansoeger_id"
[config.columns]
{columns}
brobygger_status = "brobygger_status"
brobygger_revision = {{ field = "brobygger_revision", type = "int" }}
[config.write]
id = "brobygger_id"
columns = ["telefon", "email", "brobygger_status", "brobygger_revision"]
insert = true
insert_columns = ["navn", "cvr", "adresse", "postnr", "bynavn", "formaal"]
link_by = "cvr"
revision = "brobygger_revision"
[jail]
read_paths = ["{socket}"]
{mappings}
"""
MAPPINGS = (("navn", "official_name", "write_once"), ("cvr", "cvr", "write_once"),
            ("adresse", "address.street", "write_once"), ("postnr", "address.postal_code", "write_once"),
            ("bynavn", "address.postal_district", "write_once"), ("telefon", "phone", "shared"),
            ("email", "email", "shared"), ("formaal", "purpose.da", "write_once"),
            ("brobygger_id", "hub.association_id", "hub"), ("brobygger_status", "hub.status", "hub"),
            ("brobygger_revision", "hub.revision", "hub"))
EDITS = 30
POLL_SECONDS = 0.002


def as_postgres(words, **more):
    """The server refuses to run as root."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.Popen([str(word) for word in words], cwd="/", **user, **more)


@contextlib.contextmanager
def postgres(settings=()):
    """A server with its usual durability, on a socket of its own."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-bench-pg-", dir="/var/tmp"))
    folder.chmod(0o755)  # the plugin's process has no rights of root's
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with open(folder.with_suffix(".log"), "wb") as log:
        made = as_postgres([BIN / "initdb", "-D", folder / "data", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                            "--auth=trust", "--no-instructions"], stdout=log, stderr=log)
        if made.wait() != 0:
            raise SystemExit("initdb failed")
        more = [word for setting in settings for word in ("-c", setting)]
        server = as_postgres([BIN / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", *more],
                             stdout=log, stderr=log)
        socket = folder / ".s.PGSQL.5432"
        try:
            ready = [BIN / "pg_isready", "-q", "-h", folder]
            servers.wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, server, "PostgreSQL")
            yield folder, socket
        finally:
            # SIGTERM would wait for every client to leave.
            server.send_signal(signal.SIGINT)
            server.wait(servers.READY_WITHIN)
            shutil.rmtree(folder, ignore_errors=True)


class Grants:
    """One hub of `count` associations from a file, and one empty applicant table."""

    def __init__(self, build, folder, count, where, socket):
        import pyodbc  # noqa: PLC0415: only this half needs the package
        self.database = pyodbc.connect(where, autocommit=True)
        self.database.execute("DROP TABLE IF EXISTS ansoeger")
        self.database.execute(TABLE)
        self.count = count
        self.source = sync.Sync(build, folder, count)
        self.hub = self.source.hub
        self.source.first()
        mappings = "\n".join(f'[[mapping]]\nsource = "{source}"\ntarget = "{target}"\npolicy = "{policy}"'
                             for source, target, policy in MAPPINGS)
        file = folder / "tilskud.toml"
        file.write_text(CONNECTION.format(where=where, socket=socket, mappings=mappings,
                                          columns="\n".join(f'{column} = "{column}"' for column in COLUMNS)))
        self.hub.run("connection", "create", "--file", file)

    def first(self):
        """Rows per second from the command that applies to the last row."""
        plan, _ = self.hub.run("sync", "plan", "tilskud")
        plan = plan.get("plan", plan)
        run, applying = self.hub.run("--timeout", "3600", "sync", "apply", plan["id"], "--accept-held")
        run = run.get("run", run)
        rows = self.database.execute("SELECT count(*) FROM ansoeger").fetchone()[0]
        # A few wait for a match question, and are not made.
        if rows < self.count * 0.99 or int(run["sourceCreatedCount"]) != rows:
            raise SystemExit(f"{rows} of {self.count} rows were made; the run says {run}")
        return rows / applying

    def bare(self):
        """The same rows from a loop that does nothing else, 500 in each statement and transaction."""
        columns = (*COLUMNS, "brobygger_id", "brobygger_status", "brobygger_revision")
        rows = [tuple(row) for row in self.database.execute(f"SELECT {', '.join(columns)} FROM ansoeger").fetchall()]
        self.database.execute("CREATE TABLE bare (LIKE ansoeger INCLUDING ALL)")
        one = f"({', '.join('?' * len(columns))})"
        begun = time.monotonic()
        for at in range(0, len(rows), 500):
            batch = rows[at:at + 500]
            self.database.execute(f"INSERT INTO bare ({', '.join(columns)}) VALUES {', '.join([one] * len(batch))} "
                                  "ON CONFLICT (brobygger_id) DO UPDATE SET telefon = excluded.telefon",
                                  [cell for row in batch for cell in row])
        took = time.monotonic() - begun
        self.database.execute("DROP TABLE bare")
        return len(rows) / took

    def run(self):
        run, _ = self.hub.run("sync", "run", "tilskud")
        return run.get("run", run)

    def planning_nothing(self):
        self.run()  # finds nothing, and answers with the plan
        runs, _ = self.hub.run("sync", "log", "tilskud", "--page-size", "1")
        newest = runs["runs"][0]
        if newest["actor"] != "operator" or "applyDuration" not in newest:
            raise SystemExit(f"the newest run tells nothing of its planning: {newest}")
        return sync.seconds(newest["applyDuration"]) * 1000

    def ten_changes(self, number):
        """Milliseconds of planning and applying ten edits of case workers."""
        self.database.execute("UPDATE ansoeger SET telefon = '2' || right('000000' || (ansoeger_id + ?), 7) WHERE "
                              "ansoeger_id BETWEEN ? AND ?", (number * 100_000, number * 10 + 1, number * 10 + 10))
        run = self.run()
        if int(run.get("updatedCount", 0)) != 10:
            print(self.hub.run("sync", "rejected", "tilskud"))
            raise SystemExit(f"ten rows changed, but the run says {run}")
        return sync.seconds(run.get("applyDuration")) * 1000

    def edit(self, number):
        """Milliseconds from a command's end, which edits in the hub, until it stands in the table."""
        row, association = self.database.execute(
            "SELECT ansoeger_id, brobygger_id FROM ansoeger ORDER BY ansoeger_id OFFSET ? LIMIT 1", number * 7 + 500).fetchone()
        phone = f"{40_000_000 + number}"
        self.hub.run("association", "update", association, "--set", f'phones=["{phone}"]')
        begun = time.monotonic()
        while self.database.execute("SELECT telefon FROM ansoeger WHERE ansoeger_id = ?", row).fetchone()[0] != phone:
            if time.monotonic() - begun > 20:
                raise SystemExit(f"the edit of {association} did not come within 20 s")
            time.sleep(POLL_SECONDS)
        return (time.monotonic() - begun) * 1000


def measure(build, folder, count, rounds):
    results = {}
    with postgres() as (server, socket):
        where = f"Driver={{PostgreSQL Unicode}};Server={server};Database=postgres;UID=postgres"
        for number in range(rounds):
            small = Grants(build, folder / f"small{number}", count // 100, where, socket)
            small.first()
            measured = [small.ten_changes(i) for i in range(5)]
            results.setdefault("small", []).append(figures.median(measured))
            small.hub.stop()
            big = Grants(build, folder / f"big{number}", count, where, socket)
            results.setdefault("first", []).append(big.first())
            results.setdefault("bare", []).append(big.bare())
            results.setdefault("big", []).append(figures.median([big.ten_changes(i) for i in range(5)]))
            results.setdefault("nothing", []).append(figures.median([big.planning_nothing() for _ in range(5)]))
            results.setdefault("edit", []).append(figures.median([big.edit(i) for i in range(EDITS)]))
            big.hub.stop()
            print(f"two-way round {number + 1}: {results['first'][-1]:,.0f} rows/s, bare "
                  f"{results['bare'][-1]:,.0f}, ten changes {results['big'][-1]:.1f} ms, of a hundredth "
                  f"{results['small'][-1]:.1f} ms, nothing {results['nothing'][-1]:.2f} ms, an edit "
                  f"{results['edit'][-1]:.0f} ms", flush=True)
    at = f"at {count:,} records"
    return [
        figures.Goal("rows made in an empty applicant table, to a bare loop", figures.ratio(results["first"], results["bare"]),
                     "x", at_least=0.4),
        figures.Goal(f"a run with 10 changes {at}, to {count // 100:,}", figures.ratio(results["big"], results["small"]),
                     "x", at_most=3),
        figures.Goal(f"an edit in the hub to the applicant table, {at}", figures.median(results["edit"]), "ms", at_most=500),
        figures.Goal(f"planning and closing a run with nothing changed, {at}", figures.median(results["nothing"]), "ms", at_most=1),
    ]
