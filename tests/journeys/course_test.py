"""A course with two associations goes through two modules with a trial between; a network meets, has
a page for everybody, and a mailing list of those alone that may be written to."""
import csv
import datetime
import io
import unittest
import xml.etree.ElementTree

import demo

CAFE = "Lektiecaféen Solsiden"
WOMEN = "Kvinder på Broen"
CHOIR = "Fjordkoret"
DEPARTMENT = "Integration og Medborgerskab"


def day(after=0):
    return (datetime.date.today() + datetime.timedelta(days=after)).isoformat()


class CourseTest(demo.DemoCase):
    def setUp(self):
        super().setUp()
        for title, mailbox in ((CAFE, "post@lektiecafe.example"), (WOMEN, "post@broen.example"),
                               (CHOIR, "post@koret.example")):
            self.succeed("association", "create", "--set", f"official_name={title}", "--set",
                         "municipality_code=0998", "--set", f'emails=["{mailbox}"]')
        self.succeed("department", "create", DEPARTMENT, "--municipality", "0998")

    def course(self, verb, *words):
        return self.succeed("course", *verb.split(), "Stærkere sammen", *words, "-o", "json").json

    def show(self):
        return self.succeed("course", "show", "Stærkere sammen", "-o", "json").json

    def plan(self):
        made = self.succeed("course", "create", "Stærkere sammen", "--department", DEPARTMENT,
                            "--association", CAFE, "--association", WOMEN, "--module", "vision",
                            "--module", "strategy", "-o", "json").json
        self.assertEqual(made["municipalityCode"], "0998")
        self.assertEqual([each["topic"] for each in made["modules"]],
                         ["RESOURCE_TOPIC_VISION", "RESOURCE_TOPIC_STRATEGY"])

    def event(self, event_id):
        return self.succeed("event", "show", event_id, "-o", "json").json["event"]

    def test_two_modules_with_a_trial_between(self):
        self.plan()
        early = self.run_command("course", "move", "Stærkere sammen", "running")
        self.assertIn("COURSE_STATE_INVALID", early.talk)
        self.assertIn("There is no session", early.talk)
        danish = self.run_command("course", "move", "Stærkere sammen", "running", "--lang", "da")
        self.assertIn("Der er ingen mødegang", danish.talk)

        self.course("session add", "vision", day(), "--place", "Biblioteket")
        self.course("move", "running")
        absent = self.succeed("course", "attend", "Stærkere sammen", day(), "--attended", CAFE,
                              "--absent", WOMEN)
        self.assertIn("was not there: call", absent.talk)
        [call] = self.show()["calls"]
        self.assertEqual(call["title"], WOMEN)
        as_danes_type_it = "-".join(reversed(day().split("-")))
        self.course("attend", as_danes_type_it, "--called", WOMEN)
        self.assertNotIn("calls", self.show())

        tried = self.course("trial add", "vision", "Vi spurgte naboerne", "--association", CAFE)
        trial = tried["trials"][0]["id"][:8]
        self.course("trial set", trial, "--outcome", "Ti kom igen", "--shared", "yes")
        self.course("document add", "vision", "Vores vision", "https://fjordby.example/vision.pdf")
        self.course("consult add", DEPARTMENT, day(), "--topic", "vision", "--text",
                    "Hvem svarer foreningerne?")

        # The second module is an event, too, which goes along and is cancelled with it.
        open_end = self.run_command("course", "session", "add", "Stærkere sammen", "strategy",
                                    day(7) + " 17:00", "--event")
        self.assertIn("--end", open_end.talk)
        planned = self.course("session add", "strategy", day(7) + " 17:00", "--end", "19:00",
                              "--event")
        [session] = planned["modules"][1]["sessions"]
        event = self.event(session["eventId"])
        self.assertEqual(event["title"], "Stærkere sammen: strategi")
        self.assertEqual(event["hostNames"], [DEPARTMENT])
        self.course("session set", day(7), "--when", day(8) + " 18:00", "--end", "20:00")
        moved = self.event(session["eventId"])
        self.assertNotEqual(moved["startTime"], event["startTime"])
        self.assertIn("sessions_ahead",
                      self.run_command("course", "move", "Stærkere sammen", "finished").talk)
        self.course("session set", day(8), "--called-off")
        self.assertIn("cancelTime", self.event(session["eventId"]))
        # On a new day it is held again, and its event stays cancelled.
        [again] = self.course("session set", day(8), "--when", day(9))["modules"][1]["sessions"]
        self.assertNotIn("calledOff", again)
        self.assertNotIn("eventId", again)
        self.course("session set", day(9), "--called-off")

        self.succeed("programme", "create", "naboer", "Naboer i Nord", "--from", "2026-01-01",
                     "--to", "2027-12-31", "--municipality", "0998")
        self.course("update", "--programme", "naboer")
        told = self.succeed("course", "show", "Stærkere sammen", "-o", "csv", "--lang", "da").out
        for part in ("Vi spurgte naboerne → Ti kom igen (deles)", "Biblioteket", "aflyst",
                     "er ringet til", "Hvem svarer foreningerne?", "vision.pdf", "i gang",
                     "Naboer i Nord"):
            self.assertIn(part, told)
        self.course("move", "finished")
        listed = self.succeed("course", "list", "--association", CAFE, "-o", "json").json
        self.assertEqual(listed["courses"][0]["state"], "COURSE_STATE_FINISHED")

    def test_what_a_person_mistypes_is_told_in_words_that_help(self):
        self.plan()
        for words, told in ((("show", "Sterkere"), "COURSE_NOT_FOUND"),
                            (("module", "Stærkere sammen", "visjon"), "strategy"),
                            (("session", "add", "Stærkere sammen", "budget-and-accounts", day()),
                             "course module tells which it has"),
                            (("session", "set", "Stærkere sammen", day(), "--called-off"),
                             "course show"),
                            (("update", "Stærkere sammen", "--start", "2027-02-01", "--end",
                              "2027-01-01"), "end_date"),
                            (("update", "Stærkere sammen", "--programme", "naboer"),
                             "programme list"),
                            (("attend", "Stærkere sammen", day()), "There is no session")):
            refused = self.run_command("course", *words)
            self.assertNotEqual(refused.code, 0, words)
            self.assertIn(told, refused.talk)

    def test_a_network_writes_to_those_that_may_be_written_to(self):
        self.succeed("association", "consent", CAFE, "--contact", "yes", "--evidence",
                     "brev af 4. maj")
        self.succeed("association", "consent", WOMEN, "--contact", "yes", "--evidence",
                     "brev af 4. maj")
        self.succeed("association", "update", WOMEN, "--set", "advertising_protected=true")
        self.succeed("network", "create", "Nordbynetværket", "--department", DEPARTMENT, "--aim",
                     "At kende hinanden", "--member", CAFE, "--member", WOMEN)
        self.succeed("network", "add", "Nordbynetværket", CHOIR)

        listed = self.succeed("network", "mailing-list", "Nordbynetværket", "--lang", "da")
        rows = list(csv.reader(io.StringIO(listed.out)))
        self.assertEqual(rows, [["name", "email"], [CAFE, "post@lektiecafe.example"]])
        self.assertIn("er reklamebeskyttet i CVR", listed.talk)
        self.assertIn("har ikke sagt ja til at blive kontaktet", listed.talk)
        english = self.succeed("network", "mailing-list", "Nordbynetværket", "-q")
        self.assertIn("is protected from advertising", english.talk)

        nobody = self.run_command("network", "create", "Uden nogen")
        self.assertIn("Say who calls it together", nobody.talk)
        none = self.run_command("network", "page", "Nordbynetværket")
        self.assertIn("NETWORK_NOT_FOUND", none.talk)
        self.assertIn("network publish", none.talk)
        planned = self.succeed("network", "meeting", "add", "Nordbynetværket", day(30) + " 17:00",
                               "--end", "19:00", "--place", "Medborgerhuset", "--event", "--note",
                               "Kun for os", "-o", "json").json
        events = self.succeed("event", "list", "-o", "json").json["events"]
        self.assertIn(planned["meetings"][0]["eventId"], [each["id"] for each in events])
        self.succeed("network", "publish", "Nordbynetværket", "--text", "Kom <forbi>")
        page = self.succeed("network", "page", "Nordbynetværket", "--lang", "da").out
        for part in ("Nordbynetværket", "At kende hinanden", "Kom <forbi>", "Næste møder",
                     "17:00-19:00, Medborgerhuset"):
            self.assertIn(part, page)
        html = self.succeed("network", "page", "Nordbynetværket", "--html").out
        self.assertIn("Kom &lt;forbi&gt;", html)
        xml.etree.ElementTree.fromstring(
            html.replace("<!doctype html>", "").replace('charset="utf-8">', 'charset="utf-8"/>')
            .replace('initial-scale=1">', 'initial-scale=1"/>'))
        for secret in ("Kun for os", CAFE, WOMEN):
            self.assertNotIn(secret, page + html)

        self.succeed("network", "remove", "Nordbynetværket", CHOIR)
        left = self.succeed("network", "mailing-list", "Nordbynetværket")
        self.assertNotIn("agreed", left.talk)
        self.succeed("network", "publish", "Nordbynetværket", "--off")
        self.assertEqual(self.run_command("network", "page", "Nordbynetværket").code, 4)


if __name__ == "__main__":
    unittest.main()
