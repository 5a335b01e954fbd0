"""An officer invites an association; its chair joins through the proxy's socket, sees what is
recorded, confirms it, has something corrected, decides who may hear of it, proposes to do something
together and answers for its own side; and nobody gets in by trying codes out."""
import pathlib
import pty
import os
import re
import select
import shutil
import stat
import subprocess
import tempfile
import unittest

import grpc

import demo
from provider import Provider

NAME = "Lektiecaféen Nordbyen"
OTHER = "Kurdisk Kvindeforening Fjordby"
DEPARTMENT = "Integration og Medborgerskab"
CODE = re.compile(r"\b([0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")
CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
issuer = "http://127.0.0.1:{port}"
audience = "brobygger"
keys_url = "http://127.0.0.1:{port}/jwks"
keys_plain = true
"""


def wire_text(number, text):
    """A text field of a protobuf message."""
    encoded = text.encode()
    return bytes([number << 3 | 2, len(encoded)]) + encoded


class OwnSideTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-own-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        super().setUp()
        self.provider = Provider(self)
        (self.state / "more.toml").write_text(CONFIG.format(state=self.state, port=self.provider.port))
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0, (self.state / "hub.log").read_text()[-1500:])
        self.people = f"unix:{self.state}/run/people.sock"
        self.sync_both()
        department = self.succeed("department", "create", DEPARTMENT, "--municipality", "0998", "-o",
                                  "json").json["id"]
        token = self.folder / "officer"
        token.write_text(self.provider.token("caseworker", "0998", department) + "\n")
        self.good("officer", "--server", self.people, "--purpose", "collaboration", "login",
                  "--token-file", str(token))

    def as_user(self, profile, *words, stdin=b""):
        """As somebody with a home folder of their own would."""
        environment = self.environment() | {"XDG_CONFIG_HOME": str(self.folder / "config")}
        del environment["BROBYGGER_SERVER"]
        return demo.Result(subprocess.run([demo.BROBYGGER, "--profile", profile, *words],
                                          capture_output=True, check=False, env=environment,
                                          input=stdin, timeout=demo.LIMIT_SECONDS))

    def good(self, profile, *words, **more):
        result = self.as_user(profile, *words, **more)
        self.assertEqual(result.code, 0, f"{words}: {result.out[-2000:]}{result.talk}")
        return result

    def table(self, profile, *words):
        """As a person reads it, in Danish."""
        return self.good(profile, "--lang", "da", *words, "-o", "table").out

    def invite(self, name=NAME):
        return self.good("officer", "association", "invite", name, "-o", "json").json["code"]

    def join(self, profile, code, title="formand"):
        return self.as_user(profile, "--server", self.people, "join", "--code-file", "-", "--title", title,
                            stdin=code.encode())

    def joined(self, profile, name=NAME, title="formand"):
        result = self.join(profile, self.invite(name), title)
        self.assertEqual(result.code, 0, result.talk)
        return result

    def test_from_the_invitation_to_doing_something_together(self):
        letter = self.good("officer", "--lang", "da", "association", "invite", NAME, "--letter").out
        self.assertIn(f"Til bestyrelsen i {NAME}", letter)
        self.assertIn("I bestemmer selv", letter)
        code = CODE.search(letter).group()
        self.join_at_a_terminal("chair", code.lower().replace("-", " "))
        key = self.folder / "config" / "brobygger" / "chair.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)

        self.good("officer", "touchpoint", "add", NAME, "--department", DEPARTMENT, "--role",
                  "konsulent", "--by", "municipality")
        event = self.good("officer", "event", "create", "Samarbejdsdag", "--kind", "collaboration-day",
                          "--start", "2027-01-02", "--host", DEPARTMENT, "-o", "json").json["id"]
        self.good("officer", "event", "invite", event, "--association", NAME, "--association", OTHER)
        shown = self.table("chair", "own", "show")
        self.assertNotIn(OTHER, shown)
        # Also what another system says of it, and who: all that is recorded.
        for part in (NAME, "Formål", "Ingen har sagt, om det er rigtigt", "formand", "Ansøgninger",
                     "Møder", DEPARTMENT, "Samarbejdsdag",
                     "Lektiehjælp for 6.-10. klasse", "≠ "):
            self.assertIn(part, shown)
        asked = self.as_user("chair", "own", "confirm", "contact")
        self.assertIn("Nobody can be asked", asked.talk)
        confirmed = self.good("chair", "--lang", "da", "--yes", "own", "confirm", "kontakt")
        self.assertIn("Se på det igen senest", confirmed.talk)
        self.assertIn("jer selv", self.table("chair", "own", "show"))
        history = self.good("officer", "association", "history", NAME, "-o", "json").json["versions"][0]
        self.assertTrue(history["actor"].startswith("key:"), history["actor"])
        self.assertEqual(history["association"]["confirmations"][-1]["perspective"],
                         "PERSPECTIVE_ASSOCIATION")

        self.correct()
        self.share()
        self.propose()
        self.looked()

    def join_at_a_terminal(self, profile, code):
        environment = self.environment() | {"XDG_CONFIG_HOME": str(self.folder / "config")}
        ours, theirs = pty.openpty()
        with subprocess.Popen([demo.BROBYGGER, "--profile", profile, "--server", self.people, "join"],
                              stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
            os.close(theirs)
            said = b""
            for answer, question in ((code, b"code"), ("formand", b"What do you do")):
                while question not in said:
                    self.assertTrue(select.select([ours], [], [], 30)[0], said)
                    said += os.read(ours, 4096)
                os.write(ours, answer.encode() + b"\n")
            self.assertEqual(process.wait(demo.LIMIT_SECONDS), 0, said)
        os.close(ours)

    def correct(self):
        self.good("chair", "own", "correct", "phones", "--to", "+45 10 55 01 01", "--because",
                  "Vi har fået nyt nummer")
        self.assertIn("foreningen selv", self.table("officer", "correction", "list"))
        asked = self.good("officer", "correction", "list", "-o", "json").json["corrections"][0]
        self.assertEqual(asked["wantedValue"], "+45 10 55 01 01")
        # A person answers it: not the association itself.
        self.assertIn("NOT_ALLOWED", self.as_user("chair", "correction", "close", asked["id"]).talk)
        self.good("officer", "association", "update", NAME, "--set", 'phones=["+4510550101"]')
        self.good("officer", "correction", "close", asked["id"], "--note", "Rettet i dag")
        answer = self.table("chair", "own", "corrections")
        self.assertIn("rettet", answer)
        self.assertIn("Rettet i dag", answer)

    def share(self):
        self.good("chair", "own", "share", "--volunteer-centres", "yes")
        self.good("chair", "own", "share", "--contact", "yes")
        consent = self.good("officer", "association", "get", NAME, "-o", "json").json["visibilityConsent"]
        self.assertEqual(consent["perspective"], "PERSPECTIVE_ASSOCIATION")
        self.assertTrue(consent["volunteerCentres"] and consent["contact"])
        self.assertNotIn("otherMunicipalities", consent)
        # What it looked at by itself stays its own until it says otherwise.
        self.good("chair", "resource-check", "record", "--association", NAME, "--set", "vision-1=3")
        seen = ("resource-check", "show", "--association", NAME, "-o", "json")
        self.assertNotIn("resourceChecks", self.good("officer", *seen).json)
        self.good("chair", "own", "share", "--resource-checks", "yes")
        self.assertEqual(len(self.good("officer", *seen).json["resourceChecks"]), 1)

    def propose(self):
        self.good("chair", "own", "propose", "Høstfest", "--department", DEPARTMENT, "--aim",
                  "En fest for hele kvarteret")
        self.good("officer", "collaboration", "move", "Høstfest", "clarifying")
        self.good("officer", "alignment", "start", "Høstfest")
        for profile, side in (("chair", "association"), ("officer", "municipality")):
            statements = self.good(profile, "alignment", "show", "Høstfest", "-o", "json").json["statements"]
            settings = [word for each in statements for word in ("--set", f"{each['id']}=4")]
            self.good(profile, "alignment", "answer", "Høstfest", "--side", side, *settings)
            self.good(profile, "alignment", "show", "Høstfest")
        other = self.as_user("chair", "alignment", "accept", "Høstfest", "--side", "municipality")
        self.assertIn("NOT_ALLOWED", other.talk)
        self.good("chair", "alignment", "accept", "Høstfest", "--side", "association")
        self.assertIn("Høstfest", self.table("chair", "own", "show"))

    def looked(self):
        # Each is opened as people do it: a name, and the beginning of an id as lists show it.
        listed = self.good("officer", "collaboration", "list", "-o", "json").json["collaborations"]
        together = next(each["id"] for each in listed if each["title"] == "Høstfest")
        self.good("officer", "collaboration", "show", "Høstfest")
        self.good("officer", "resource-check", "show", "--association", NAME)
        course = self.good("officer", "course", "create", "Stærkere sammen", "--department", DEPARTMENT,
                           "--association", NAME, "-o", "json").json["id"]
        self.good("officer", "course", "show", course[:8])
        network = self.good("officer", "network", "create", "Lektienetværket", "--department", DEPARTMENT,
                            "--member", NAME, "-o", "json").json["id"]
        self.good("officer", "network", "show", network[:8])
        applied = self.good("chair", "own", "show", "-o", "json").json["grants"][0]["applicationId"]
        self.good("officer", "grant", "show", applied)
        shown = self.table("chair", "own", "show")
        self.assertIn("Stærkere sammen", shown)
        self.assertIn("Lektienetværket", shown)
        looked = self.table("chair", "own", "who-looked")
        self.assertIn("I selv (formand)", looked)
        self.assertIn("en ansat i", looked)
        self.assertIn("kom ind for jer", looked)
        for opened in ("Høstfest", "Stærkere sammen", "Lektienetværket"):
            self.assertRegex(looked, f"en ansat i .* så det, I laver sammen – {opened}")
        own = self.good("chair", "own", "who-looked", "-o", "json").json["records"]
        officers = {(each["entry"]["method"].rpartition("/")[2], each["entry"]["objectId"])
                    for each in own if each["entry"]["actor"].startswith("user:")}
        association = self.good("officer", "association", "get", NAME, "-o", "json").json["id"]
        self.assertLessEqual({("ListResourceChecks", association), ("GetCollaboration", together),
                              ("GetGrantApplication", applied)}, officers)
        self.assertIn("GetCourse", {method for method, _ in officers})
        methods = {each["entry"]["method"].rpartition("/")[2] for each in own}
        self.assertLessEqual({"ConfirmSection", "RequestCorrection", "GetOwnView", "Join"}, methods)

    def test_the_chair_says_whether_they_come_and_a_slip_of_the_pen_says_nothing(self):
        self.joined("chair")
        day = self.succeed("event", "create", "Netværksdag", "--kind", "network-day", "--start",
                           "2099-03-11", "--host", DEPARTMENT, "-o", "json").json["id"]
        self.succeed("event", "invite", day, "--association", NAME, "--can-give", "lektiehjælp")

        def asked():
            invitation = self.succeed("event", "show", day, "-o", "json").json["invitations"][0]
            return invitation["state"], invitation.get("headCount", 0)

        for words in (["Netværksdag", "maybe"], ["Havnefest", "yes"], ["", "yes"],
                      ["Netværksdag", "yes", "--people", "4294967297"]):
            self.assertNotEqual(self.as_user("chair", "own", "answer", *words).code, 0, words)
            self.assertEqual(asked(), ("STATE_INVITED", 0), words)
        self.assertIn("Netværksdag", self.good("chair", "own", "answer", "Netværksdag", "yes",
                                               "--people", "3").talk)
        self.assertEqual(asked(), ("STATE_REGISTERED", 3))
        self.good("chair", "own", "answer", day[:8], "nej")
        self.assertEqual(asked(), ("STATE_DECLINED", 0))

    def test_somebody_at_the_volunteer_centre_proposes_and_follows_where_it_stands(self):
        token = self.folder / "centre"
        token.write_text(self.provider.token("volunteer-centre", "0998") + "\n")
        self.good("centre", "--server", self.people, "login", "--token-file", str(token))
        words = ("collaboration", "propose", "Lektier om torsdagen", "--association", NAME, "--aim",
                 "Frivillige hjælper med lektier", "--centre", "Frivilligcenter Fjordby")
        # It has not agreed to be seen by volunteer centres.
        self.assertEqual(self.as_user("centre", *words).code, 4)
        self.succeed("association", "consent", NAME, "--volunteer-centres", "yes", "--evidence", "brev")
        self.assertIn("Lektier om torsdagen", self.good("centre", *words, "-o", "table").out)
        made = self.succeed("collaboration", "list", "-o", "json").json["collaborations"][0]
        self.assertEqual(made["proposedBy"], "COLLABORATION_SIDE_VOLUNTEER_CENTRE")
        self.succeed("collaboration", "move", made["id"], "dropped", "--reason", "ferie")
        listed = self.good("centre", "collaboration", "proposals", "-o", "json").json["proposals"]
        self.assertEqual([each["state"] for each in listed], ["COLLABORATION_STATE_DROPPED"])
        self.assertEqual(self.as_user("centre", "collaboration", "show", made["id"]).code, 5)
        # Who else has the right, has it to hand it on.
        self.assertEqual(self.as_user("officer", "collaboration", "proposals").code, 5)

    def test_a_key_reaches_what_is_its_associations_own_and_ends_when_it_is_ended(self):
        self.joined("chair")
        self.joined("treasurer", title="kasserer")
        listed = self.good("chair", "association", "list", "--all", "-o", "json").json["associations"]
        self.assertEqual([each["officialName"] for each in listed], [NAME])
        for words in (["own", "show", "--association", OTHER],
                      ["association", "get", OTHER],
                      ["association", "invite", NAME],
                      ["association", "update", NAME, "--set", "status=ENDED"],
                      ["association", "delete", NAME, "--yes"],
                      ["access", "key", "list"],
                      ["touchpoint", "list"]):
            refused = self.as_user("chair", *words)
            self.assertNotEqual(refused.code, 0, words)
        keys = self.good("officer", "association", "keys", NAME, "-o", "json").json["apiKeys"]
        self.assertEqual({each["title"] for each in keys}, {"formand", "kasserer"})
        titles = {each["title"]: each["id"] for each in keys}
        # One of the board ends the other's key, and the municipality the last.
        self.good("chair", "own", "end-key", titles["kasserer"][:8])
        self.assertIn("NOT_SIGNED_IN", self.as_user("treasurer", "own", "show").talk)
        used = self.good("chair", "own", "keys", "-o", "json").json["apiKeys"]
        self.assertIn("lastUseTime", {each["title"]: each for each in used}["formand"])
        self.good("officer", "association", "end-key", titles["formand"][:8])
        self.assertIn("NOT_SIGNED_IN", self.as_user("chair", "own", "show").talk)

    def test_a_code_works_once_and_can_be_taken_back(self):
        code = self.invite()
        self.assertEqual(self.join("chair", code).code, 0)
        again = self.join("second", code)
        self.assertIn("JOIN_CODE_INVALID", again.talk)
        self.assertFalse((self.folder / "config" / "brobygger" / "second.key").exists())
        other = self.invite()
        made = self.good("officer", "association", "invites", NAME, "-o", "json").json["joinCodes"]
        self.assertEqual([each["state"] for each in made], ["STATE_OPEN", "STATE_USED"])
        self.assertNotIn(other, self.good("officer", "association", "invites").out)
        self.good("officer", "association", "uninvite", made[0]["id"][:8])
        self.assertIn("JOIN_CODE_INVALID", self.join("second", other).talk)
        short = self.join("second", "ABCD-EFGH")
        self.assertIn("This has 8", short.talk)
        # Who is signed in does not lose that by joining.
        self.assertIn("signed in already", self.join("officer", self.invite()).talk)
        self.good("officer", "association", "keys", NAME)

    def test_codes_cannot_be_tried_out(self):
        code = self.invite()
        guesses = 10_000
        with grpc.insecure_channel(self.people) as channel:
            call = channel.unary_unary("/brobygger.access.v1.JoinService/Join")

            def attempt(text, source):
                try:
                    call(wire_text(1, text) + wire_text(2, "formand"), timeout=30, wait_for_ready=True,
                         metadata=(("brobygger-client-address", source),))
                    return "in"
                except grpc.RpcError as error:
                    return "guess" if "this code" in error.details() else "shut out"

            answers = [attempt(f"AAAA-AAAA-AAAA-{number:04}", "192.0.2.7") for number in range(guesses)]
            # It takes some seconds, so ten more may be answered when the minute turns.
            self.assertLessEqual(answers.count("guess"), 20)
            self.assertEqual(answers[:10], ["guess"] * 10)
            self.assertEqual(answers.count("in"), 0)
            self.assertEqual(answers.count("shut out"), guesses - answers.count("guess"))
            # What is right is not looked at either, from there; and is from elsewhere.
            if answers[-1] == "shut out":
                self.assertEqual(attempt(code, "192.0.2.7"), "shut out")
            self.assertEqual(attempt(code, "192.0.2.8"), "in")
        log = (self.state / "hub.log").read_text()
        self.assertIn("join_code", log)
        self.assertNotIn(code, log)


if __name__ == "__main__":
    unittest.main()
