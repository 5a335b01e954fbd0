"""Meetings in departments' calendars become contacts, and events reach calendars, with a
real Radicale, read by vdirsyncer and khal."""
import base64
import datetime
import re
import shutil
import subprocess
import time
import unittest
import urllib.error
import urllib.request

import demo

CALENDAR_CLIENT = demo.ROOT / "tests" / "support" / "caldav_client.py"
PATIENCE_SECONDS = 30
PLANTED = ["Fortroligt", "kommer ikke hubben ved", "anna.borger", "privat.example", "En Person",
           "sprogcafe@fjordby.example", "samarbejde.ics"]


class Calendars(demo.DemoCase):
    def setUp(self):
        super().setUp()
        started = self.fjordby("calendars")
        self.assertEqual(started.returncode, 0, started.stderr.decode())
        self.sync_both()

    @property
    def store(self):
        return self.state / "calendars" / "store" / "collection-root" / "kalender"

    def sync(self):
        return self.succeed("sync", "run", "kalender", "--yes")

    def touchpoints(self, *words):
        listed = self.succeed("touchpoint", "list", "--all", "-o", "json", *words).json
        return listed.get("touchpoints", [])

    def names(self):
        return sorted({(each["officialName"], each["departmentName"]) for each in self.touchpoints()})

    def make_event(self):
        in_a_month = datetime.date.today() + datetime.timedelta(days=30)
        made = self.succeed("event", "create", "Netværksdag på havnen", "--kind", "network-day",
                            "--start", f"{in_a_month} 10:00", "--end", "15:00",
                            "--host", "Integration og Medborgerskab", "--place", "Pakhuset",
                            "-o", "json").json
        return made["id"]

    def publication(self, event):
        shown = self.succeed("event", "show", event, "-o", "json").json
        return shown.get("publications", [{}])[0].get("state", "")

    def await_publication(self, event, state):
        end = time.monotonic() + PATIENCE_SECONDS
        while self.publication(event) != state and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(self.publication(event), state)


class Meetings(Calendars):
    def test_meetings_become_contacts_and_nothing_else_is_kept(self):
        self.sync()
        self.assertEqual(self.names(), [
            ("Afghansk Kulturforening i Fjordby", "Integration og Medborgerskab"),
            ("Bosnisk Idræts- og Kulturforening", "Integration og Medborgerskab"),
            ("Filippinsk-Dansk Forening i Fjordby", "Integration og Medborgerskab"),
            ("Lektiecaféen Nordbyen", "Jobcenter Fjordby")])
        weekly = [each for each in self.touchpoints() if each["officialName"].startswith("Bosnisk")]
        self.assertEqual(len(weekly), 5)
        self.assertEqual([each["state"] for each in weekly].count("STATE_PLANNED"), 1)
        # As a hub that was killed would leave them, and as one that has stopped does.
        self.look_for(PLANTED)
        self.fjordby("stop")
        self.look_for(PLANTED)

    def test_of_a_thousand_meetings_nothing_but_contacts_is_found_anywhere(self):
        day = datetime.date.today() - datetime.timedelta(days=3)
        for number in range(1000):
            guest = "afghansk@fjordby-foreninger.example" if number % 10 == 0 else f"borger{number}@planted.example"
            (self.store / "integration" / f"planted-{number}.ics").write_text("\r\n".join([
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fjordby//Demo//DA", "BEGIN:VEVENT",
                f"UID:planted-uid-{number}", "DTSTAMP:20260101T000000Z",
                f"DTSTART;TZID=Europe/Copenhagen:{day:%Y%m%d}T100000", "DURATION:PT1H",
                f"SUMMARY:Planted title {number}", f"DESCRIPTION:Planted text {number}",
                f"LOCATION:Planted place {number}", f"ATTENDEE;CN=Planted Name:mailto:{guest}",
                "END:VEVENT", "END:VCALENDAR", ""]))
        self.let_radicale_read("integration")
        self.sync()
        self.assertEqual(len([each for each in self.touchpoints() if each["date"] == str(day)
                              and each["officialName"].startswith("Afghansk")]), 100)
        self.look_for(["lanted-uid", "Planted", "planted.example", "planted-"])

    def let_radicale_read(self, calendar):
        """It parses what it finds new in its folder once, which takes a slow machine longer than the
        hub waits for an answer."""
        folder = self.state / "calendars"
        sign_in = base64.b64encode(f"kalender:{(folder / 'password').read_text().strip()}".encode()).decode()
        address = f"http://127.0.0.1:{(folder / 'port').read_text().strip()}/kalender/{calendar}/"
        request = urllib.request.Request(address, headers={"Authorization": f"Basic {sign_in}"})
        with urllib.request.urlopen(request, timeout=300) as answer:
            self.assertEqual(answer.read().count(b"BEGIN:VEVENT"), len(list((self.store / calendar).glob("*.ics"))))

    def look_for(self, words):
        """Fails if a file of the hub, its log too, holds any of the words."""
        files = [path for path in self.state.rglob("*") if path.is_file()
                 and not path.is_relative_to(self.state / "calendars")
                 and not path.is_relative_to(self.state / "sources")]
        self.assertTrue(any(path.name.startswith("registry.db") for path in files))
        for path in files:
            held = path.read_bytes()
            for word in words:
                self.assertNotIn(word.encode(), held, f"{word} in {path}")

    def test_what_changes_in_a_calendar_changes_here(self):
        self.sync()
        (self.store / "integration" / "filippinsk.ics").unlink()
        afghansk = self.store / "integration" / "afghansk.ics"
        afghansk.write_bytes(afghansk.read_bytes().replace(
            b"SUMMARY", b"CATEGORIES:Brobygger:ingen\r\nSUMMARY"))
        self.sync()
        left = self.names()
        self.assertNotIn(("Afghansk Kulturforening i Fjordby", "Integration og Medborgerskab"), left)
        # It took place all the same.
        gone = [each for each in self.touchpoints() if each["officialName"].startswith("Filippinsk")]
        self.assertEqual(len(gone), 1)
        self.assertIn("sourceGoneTime", gone[0])

    def test_a_meeting_in_a_zone_that_nobody_knows_counts_and_is_said_to_be_odd(self):
        afghansk = self.store / "integration" / "afghansk.ics"
        told = afghansk.read_bytes()
        odd = re.sub(rb"DT(START|END)[^:]*:(\d{8}T\d{6})Z?", rb"DT\1;TZID=Mars/Base:\2", told)
        self.assertNotEqual(odd, told)
        afghansk.write_bytes(odd)
        said = self.sync()
        self.assertIn("a time zone that nobody knows (1)", said.talk + said.out)
        self.assertIn(("Afghansk Kulturforening i Fjordby", "Integration og Medborgerskab"), self.names())

    def test_a_person_writes_a_contact_down(self):
        self.succeed("touchpoint", "add", "99100079", "--department", "Jobcenter Fjordby",
                     "--date", "2026-11-02", "--channel", "phone", "--purpose", "advice")
        listed = self.touchpoints("--association", "99100079")
        self.assertEqual([each["basis"] for each in listed], ["BASIS_PERSON"])
        refused = self.run_command("touchpoint", "add", "99100079", "--department",
                                   "Jobcenter Fjordby", "--date", "2026-11-02", "--summary",
                                   "Ring til 010190-1234")
        self.assertNotEqual(refused.code, 0)
        self.assertIn("CPR", refused.talk)
        self.succeed("touchpoint", "delete", listed[0]["id"][:8])
        self.assertEqual(self.touchpoints("--association", "99100079"), [])


class Events(Calendars):
    def khal(self, words):
        """What khal shows of the calendar, fetched by vdirsyncer."""
        folder = self.state / "khal"
        folder.mkdir(exist_ok=True)
        port = (self.state / "calendars" / "port").read_text().strip()
        password = (self.state / "calendars" / "password").read_text().strip()
        (folder / "vdirsyncer").write_text(f"""
[general]
status_path = "{folder}/status/"
[pair fjordby]
a = "local"
b = "remote"
collections = ["integration"]
[storage local]
type = "filesystem"
path = "{folder}/calendars/"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "http://127.0.0.1:{port}/"
username = "kalender"
password = "{password}"
""")
        (folder / "khal").write_text(f"""
[calendars]
[[integration]]
path = {folder}/calendars/integration
[locale]
local_timezone = Europe/Copenhagen
default_timezone = Europe/Copenhagen
dateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
longdateformat = %Y-%m-%d
""")
        environment = self.environment() | {"HOME": str(folder)}
        for verb in (["discover", "fjordby"], ["sync"]):
            done = subprocess.run(["vdirsyncer", "-c", folder / "vdirsyncer", *verb], input=b"y\ny\ny\n",
                                  capture_output=True, check=False, env=environment,
                                  timeout=demo.LIMIT_SECONDS)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        shown = subprocess.run(["khal", "-c", folder / "khal", *words], capture_output=True, check=False,
                               env=environment, timeout=demo.LIMIT_SECONDS)
        self.assertEqual(shown.returncode, 0, shown.stderr.decode())
        return shown.stdout.decode()

    def test_a_network_day_is_shown_by_khal_and_not_written_again_when_it_was_taken_out(self):
        event = self.make_event()
        self.succeed("event", "publish", event[:8], "kalender/integration")
        self.await_publication(event, "STATE_PUBLISHED")
        month = ["list", "--format", "{start} {end} {title} @ {location}", "today", "60d"]
        in_a_month = datetime.date.today() + datetime.timedelta(days=30)
        shown = self.khal(month)
        self.assertIn("Netværksdag på havnen @ Pakhuset", shown)
        self.assertIn(f"{in_a_month} 10:00 {in_a_month} 15:00", shown)

        self.succeed("event", "change", event, "--place", "Rådhuset")
        self.await_publication(event, "STATE_PUBLISHED")
        self.assertIn("@ Rådhuset", self.khal(month))

        (self.store / "integration" / f"{event}.ics").unlink()
        self.sync()
        self.assertEqual(self.publication(event), "STATE_REMOVED_THERE")
        self.succeed("event", "change", event, "--place", "Havnen")
        self.sync()
        self.assertNotIn("Netværksdag", self.khal(month))

    def second_client(self, *words):
        """Another program with a library of its own, at the same calendar."""
        port = (self.state / "calendars" / "port").read_text().strip()
        password = (self.state / "calendars" / "password").read_text().strip()
        return subprocess.Popen([CALENDAR_CLIENT, f"http://127.0.0.1:{port}/", "kalender", password,
                                 "kalender/integration/", *words], stdout=subprocess.PIPE, text=True)

    def test_a_second_client_writes_at_the_same_time_and_neither_loses_anything(self):
        client = self.second_client("write", "30")
        events = [self.make_event() for _ in range(4)]
        for event in events:
            self.succeed("event", "publish", event, "kalender/integration")
        self.sync()
        client.communicate(timeout=demo.LIMIT_SECONDS)
        self.assertEqual(client.returncode, 0)
        for event in events:
            self.await_publication(event, "STATE_PUBLISHED")
        self.sync()
        held = self.second_client("read").communicate(timeout=demo.LIMIT_SECONDS)[0].splitlines()
        for number in range(30):
            self.assertEqual(held.count(f"SUMMARY:Second {number}"), 1)
            self.assertEqual(held.count(f"SUMMARY:First {number}"), 0)
        for event in events:
            self.assertEqual(sum(line.startswith(f"UID:{event}") for line in held), 1)
            self.assertEqual(self.publication(event), "STATE_PUBLISHED")

    def suggest(self, calendar, *words):
        return self.run_command("event", "suggest", "--calendar", calendar, "-o", "json", *words)

    def test_a_day_that_is_taken_is_not_suggested_while_others_are_free(self):
        weekdays = [day for day in (datetime.date.today() + datetime.timedelta(days=ahead)
                                    for ahead in range(6, 20)) if day.weekday() < 5]
        taken, free = weekdays[2], weekdays[3]
        (self.store / "integration" / "ferie.ics").write_text("\r\n".join([
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fjordby//Demo//DA", "BEGIN:VEVENT",
            "UID:planted-uid-ferie", "DTSTAMP:20260101T000000Z", f"DTSTART;VALUE=DATE:{taken:%Y%m%d}",
            "SUMMARY:Planted title", "CLASS:PRIVATE", "END:VEVENT", "END:VCALENDAR", ""]))
        answer = self.suggest("kalender/integration", "--count", "60")
        self.assertEqual(answer.code, 0, answer.talk)
        days = answer.json["days"]
        dates = [each["date"] for each in days]
        minutes = {each["date"]: int(each.get("busyMinutes", 0)) for each in days}
        self.assertEqual(minutes[str(taken)], 540)
        self.assertEqual(dates[-1], str(taken))
        self.assertEqual(minutes[str(free)], 0)
        first = [each["date"] for each in self.suggest("kalender/integration").json["days"]]
        self.assertIn(str(free), first)
        self.assertNotIn(str(taken), first)
        self.assertNotIn("lanted", answer.out + answer.talk)
        # Another department's calendar has nothing to do with it.
        other = self.suggest("kalender/jobcenter", "--count", "60").json["days"]
        self.assertIn(str(taken), [each["date"] for each in other if not int(each.get("busyMinutes", 0))])

    def test_no_day_is_suggested_while_a_calendar_cannot_be_read(self):
        shutil.rmtree(self.store / "integration")
        self.assertNotEqual(self.suggest("kalender/integration").code, 0)

    def test_a_published_event_is_no_meeting(self):
        event = self.make_event()
        self.succeed("event", "publish", event, "kalender/integration")
        self.await_publication(event, "STATE_PUBLISHED")
        before = len(self.touchpoints())
        self.sync()
        self.assertEqual(len([each for each in self.touchpoints() if "eventId" in each]), 0)
        self.assertEqual(len(self.touchpoints()), before + 8)

    def test_who_met_whom_is_written_down_with_one_command(self):
        today = datetime.date.today()
        event = self.succeed("event", "create", "Samarbejdsdag", "--kind", "collaboration-day",
                             "--start", str(today), "--host", "Integration og Medborgerskab",
                             "--host", "Jobcenter Fjordby", "-o", "json").json["id"]
        self.succeed("event", "invite", event, "--association", "99100079", "--association", "99100028",
                     "--can-give", "mad og musik", "--can-get", "nye samarbejder")
        self.succeed("event", "attend", event, "99100079", "attended", "--people", "4")
        self.succeed("event", "attend", event, "99100028", "absent")
        shown = self.succeed("event", "show", event, "-o", "table").out
        self.assertIn("to be called", shown)
        met = self.succeed("event", "met", event, "-o", "json").json
        self.assertEqual(len(met["touchpoints"]), 2)
        self.assertEqual(self.succeed("event", "met", event, "-o", "json").json.get("touchpoints", []), [])

    def test_a_feed_is_read_at_its_secret_address_until_it_is_revoked(self):
        self.make_event()
        door = subprocess.Popen(
            [demo.BROBYGGER, "web", "--config", self.state / "hub.toml", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment())
        self.addCleanup(door.communicate)
        self.addCleanup(door.kill)
        address = ""
        while "http://" not in address:
            address = door.stdout.readline().decode()
            self.assertNotEqual(address, "", "the web door said nothing of where it listens")
        base = "http://" + address.split("http://")[1].split()[0].rstrip("/.,")
        made = self.succeed("event", "feed", "create", "Integration og Medborgerskab", "--base-url", base)
        address = made.out.strip()
        self.assertTrue(address.startswith(base + "/feeds/"), address)
        with urllib.request.urlopen(address, timeout=30) as answer:
            text, etag = answer.read().decode(), answer.headers["ETag"]
        self.assertIn("SUMMARY:Netværksdag på havnen", text)
        again = urllib.request.Request(address, headers={"If-None-Match": etag})
        with self.assertRaises(urllib.error.HTTPError) as unchanged:
            urllib.request.urlopen(again, timeout=30)
        self.assertEqual(unchanged.exception.code, 304)
        feed = self.succeed("event", "feed", "list", "-o", "json").json["feedKeys"][0]["id"]
        self.succeed("event", "feed", "revoke", feed[:8])
        with self.assertRaises(urllib.error.HTTPError) as gone:
            urllib.request.urlopen(address, timeout=30)
        self.assertEqual(gone.exception.code, 404)


if __name__ == "__main__":
    unittest.main()
