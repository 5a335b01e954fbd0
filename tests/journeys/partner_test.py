"""A volunteer centre finds, shows and follows partners with a key of its own, through the socket
where the proxy's callers come."""
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import demo

PATIENCE_SECONDS = 30
NAME = "Lektiecaféen Nordbyen"
FIELDS = "activity,area,language,weekday,theme,contact"
QUESTION = ["lektiecafe", "--area", "nordbyen", "--weekday", "torsdag", "--language", "ar"]


class PartnerTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-partner-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        super().setUp()
        self.sync_both()
        self.succeed("association", "activity", "add", NAME, "Lektiecafé", "--theme",
                     "school-and-homework", "--language", "ar", "--weekday", "torsdag", "--place",
                     "Biblioteket i Nordbyen", "--capacity", "25")
        self.consent(NAME, "--contact", "yes")

    def consent(self, association, *words, centres="yes"):
        self.succeed("association", "consent", association, "--volunteer-centres", centres,
                     "--evidence", "brev af 4. maj", *words)

    def make_key(self, profile="centre", *words):
        """The key of a centre that signs in with it as `profile`."""
        made = self.succeed("access", "key", "create", f"Frivilligcenter {profile}", "--municipality",
                            "0998", "--role", "volunteer-centre", *words, "-o", "json").json
        (self.folder / profile).write_text(made["key"] + "\n")
        result = self.centre("--server", f"unix:{self.state}/run/people.sock", "login",
                             "--token-file", str(self.folder / profile), profile=profile)
        self.assertEqual(result.code, 0, result.talk)
        return made

    def command(self, *words, profile="centre"):
        environment = self.environment() | {"XDG_CONFIG_HOME": str(self.folder / "config")}
        del environment["BROBYGGER_SERVER"]
        return {"args": [demo.BROBYGGER, "--profile", profile, *words], "env": environment}

    def centre(self, *words, profile="centre"):
        return demo.Result(subprocess.run(**self.command(*words, profile=profile),
                                          capture_output=True, check=False,
                                          stdin=subprocess.DEVNULL, timeout=demo.LIMIT_SECONDS))

    def find(self, *words):
        found = self.centre("partner", "find", *words, "-o", "json")
        self.assertEqual(found.code, 0, found.talk)
        return found.json.get("partners", [])

    def test_hits_are_counted_in_words(self):
        self.succeed("department", "create", "Integration", "--municipality", "0998")
        self.succeed("touchpoint", "add", NAME, "--department", "Integration",
                     "--by", "municipality")
        counted = self.succeed("association", "search", "lektiecafeen", "-o", "table", "--facet", "capacity",
                               "--facet", "activity", "--facet", "known-by").talk
        self.assertIn("capacity: at least 5 places 1 · at least 10 places 1 · at least 20 places 1\n",
                      counted)
        self.assertIn("activity: Lektiecafé 1", counted)
        # One wrote it down, the other has its application; equal counts stand by id, which is chance.
        [known_by] = [line for line in counted.splitlines() if line.startswith("known-by: ")]
        self.assertEqual(sorted(known_by.removeprefix("known-by: ").split(" · ")),
                         ["Integration 1", "Kultur og Fritid 1"])

    def test_the_question_is_answered_with_a_reason_and_nothing_that_was_not_granted(self):
        self.make_key("centre", "--field", FIELDS)
        [partner] = self.find(*QUESTION)
        self.assertEqual(partner["officialName"], NAME)
        self.assertTrue(partner["activities"][0]["fits"])
        self.assertEqual({each["field"] for each in partner["reasons"]}, {"activity", "area"})
        self.assertIn("emails", partner["contact"])
        for absent in ("purpose", "identifiers", "status", "capacity", "updateTime",
                       "municipalityCode"):
            self.assertNotIn(absent, partner)
        self.assertNotIn("capacity", partner["activities"][0])

        refused = self.centre("partner", "find", "purpose:lektiehjælp")
        self.assertEqual(refused.code, 2)
        self.assertIn("QUERY_INVALID", refused.talk)
        self.assertIn("There is: name, activity, area, theme, language, weekday", refused.talk)
        self.assertNotIn("purpose,", refused.talk)
        self.assertIn("QUERY_INVALID", self.centre("partner", "find", "--capacity", "5").talk)
        counted = self.centre("partner", "find", "--facet", "activity", "-o", "json")
        self.assertIn("Lektiecafé", [each["value"] for each in counted.json["facets"][0]["counts"]])
        refused = self.centre("partner", "find", "--facet", "capacity")
        self.assertIn("There is: activity, area, theme, language, weekday", refused.talk)
        refused = self.centre("partner", "find", "--facet", "known-by")
        self.assertIn("There is: activity, area, theme, language, weekday", refused.talk)
        for words in (["association", "get", NAME], ["association", "list"], ["grant", "list"],
                      ["touchpoint", "list"], ["who-knows", "--municipality", "0998"],
                      ["change", "follow", "--stop-at-end"], ["event", "list"]):
            self.assertIn("NOT_ALLOWED", self.centre(*words).talk, words)

        shown = self.centre("partner", "show", NAME, "-o", "json")
        self.assertEqual(shown.json["associationId"], partner["associationId"])
        listed = self.succeed("access", "key", "list", "-o", "json").json["apiKeys"][0]
        self.assertIn("lastUseTime", listed)

    def test_an_association_decides_who_hears_of_it_and_how_to_reach_it(self):
        self.make_key("centre", "--field", FIELDS)
        self.assertEqual(len(self.find()), 1)
        self.consent(NAME, "--contact", "no")
        [partner] = self.find()
        self.assertNotIn("contact", partner)
        self.consent(NAME, centres="no")
        self.assertEqual(self.find(), [])
        missing = self.centre("partner", "show", partner["associationId"])
        self.assertEqual(missing.code, 4)
        self.assertIn("ASSOCIATION_NOT_FOUND", missing.talk)

    def test_what_is_followed_goes_on_where_it_was(self):
        self.make_key("centre", "--field", FIELDS)

        def news(*words):
            told = self.centre("partner", "follow", "--name", "nord", "--stop-at-end", "-o", "csv",
                               *words)
            self.assertEqual(told.code, 0, told.talk)
            return [line.split(",")[0] for line in told.out.splitlines()[1:]]

        self.assertEqual(news("--area", "nordbyen"), ["new"])
        self.assertEqual(news(), [])
        self.succeed("association", "update", NAME, "--set", "purpose.da=Noget helt andet")
        self.assertEqual(news(), [], "a change of what was not granted is none")
        self.succeed("association", "update", NAME, "--set", "coverage_area=Nordbyen og havnen")
        self.assertEqual(news(), ["changed"])
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0)
        self.consent(NAME, centres="no")
        self.assertEqual(news(), ["gone"])
        kept = self.folder / "config" / "brobygger" / "followed" / "nord.json"
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)

    def test_a_followed_question_is_kept_once_the_hub_took_it(self):
        self.make_key("centre", "--field", FIELDS)
        kept = self.folder / "config" / "brobygger" / "followed" / "nord.json"

        def follow(*words):
            return self.centre("partner", "follow", "--name", "nord", "--stop-at-end", *words)

        refused = follow("purpose:lektier")
        self.assertEqual(refused.code, 2, refused.talk)
        self.assertNotIn("Go on with", refused.talk)
        self.assertFalse(kept.exists())
        self.assertIn("Go on with", follow("--area", "nordbyen").talk)
        before = kept.read_text()
        self.assertIn("position", before)
        other = follow("--area", "sydbyen")
        self.assertEqual(other.code, 2, other.talk)
        self.assertIn("--replace", other.talk)
        self.assertNotIn("Go on with", follow("--replace", "purpose:lektier").talk)
        self.assertNotIn("Go on with", follow("--position", "nonsense").talk)
        self.assertIn("position is damaged", follow("--position", "nonsense").talk)
        self.assertEqual(kept.read_text(), before)
        self.assertEqual(follow("--area", "nordbyen").code, 0)
        self.assertEqual(follow("--replace", "--area", "sydbyen").code, 0)
        self.assertIn("sydbyen", kept.read_text())

    def test_a_partner_is_shown_by_what_lists_show_of_it(self):
        self.make_key("centre", "--field", FIELDS)
        self.make_key("numbers", "--field", "number")
        [partner] = self.find()
        for typed in (partner["associationId"][:8], partner["associationId"], NAME):
            shown = self.centre("partner", "show", typed, "-o", "json")
            self.assertEqual(shown.json["associationId"], partner["associationId"], shown.talk)
        shown = self.centre("partner", "show", "99100265", "-o", "json", profile="numbers")
        self.assertEqual(shown.json["associationId"], partner["associationId"], shown.talk)
        self.assertEqual(self.centre("partner", "show", "99100265").code, 4)

    def test_what_was_not_granted_is_refused_in_the_terms_it_was_asked_in(self):
        self.make_key("centre", "--field", FIELDS)
        refused = self.centre("partner", "find", "--capacity", "5")
        self.assertIn("'--capacity' is nothing that you may ask by. There is: --theme, --language, --area, --activity, "
                      "--weekday.", refused.talk)
        self.assertEqual(self.find("--activity", "skydning", "--area", "nordbyen"), [])
        self.assertEqual(len(self.find("--language", "so,ar", "--area", "biblio*")), 1)

    def test_no_answer_holds_less_than_was_asked_or_is_found_by_what_is_not_told(self):
        self.make_key("centre", "--field", FIELDS)
        self.succeed("association", "activity", "add", NAME, "Madklub", "--language", "so", "--weekday", "mandag",
                     "--place", "Sydbyen")
        self.assertEqual(len(self.find("--activity", "madklub", "--weekday", "mandag", "--area", "sydbyen")), 1)
        for words in (["--activity", "skydning", "--area", "nordbyen"],
                      ["--activity", "lektiecafe", "--weekday", "mandag"],
                      ["--activity", "madklub", "--language", "so", "--area", "biblioteket"]):
            with self.subTest(words=words):
                self.assertEqual(self.find(*words), [])
        [address] = self.succeed("association", "get", NAME, "-o", "json").json["addresses"]
        for words in (["--area", address["street"]], ["--area", address["postalCode"]],
                      [f'area:{address["street"].split()[0]}*']):
            with self.subTest(words=words):
                self.assertEqual(self.find(*words), [])

    def test_a_key_of_one_call_a_minute_can_read(self):
        self.make_key("slow", "--field", FIELDS, "--calls-per-minute", "1")

    def test_a_revoked_key_ends_what_it_follows(self):
        made = self.make_key("centre", "--field", FIELDS)
        with subprocess.Popen(**self.command("partner", "follow", "-o", "csv"),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as following:
            try:
                following.stdout.readline()
                self.assertIn(b"new,", following.stdout.readline())
                self.succeed("access", "key", "revoke", made["apiKey"]["id"])
                _, talk = following.communicate(timeout=PATIENCE_SECONDS)
            finally:
                following.kill()
        self.assertIn(b"NOT_SIGNED_IN", talk)
        self.assertIn("NOT_SIGNED_IN", self.centre("partner", "find").talk)

    def test_too_many_calls_and_wrong_keys_are_refused_and_no_key_is_in_the_log(self):
        made = self.make_key("centre", "--field", FIELDS, "--calls-per-minute", "5")
        codes = [self.centre("partner", "find").code for _ in range(8)]
        self.assertIn(0, codes)
        self.assertNotEqual(codes[-1], 0)
        self.assertIn("QUOTA_EXCEEDED", self.centre("partner", "find").talk)
        wrong = made["key"][:-3] + "AAA"
        (self.folder / "wrong").write_text(wrong)
        refused = self.centre("--server", f"unix:{self.state}/run/people.sock", "login",
                              "--token-file", str(self.folder / "wrong"), profile="wrong")
        self.assertIn("NOT_SIGNED_IN", refused.talk)
        # The log of refusals is written as counts, within seconds.
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and "sign_in_refused" not in self.log():
            time.sleep(0.2)
        self.assertIn("sign_in_refused", self.log())
        for secret in (made["key"], wrong):
            self.assertNotIn(secret.split("_")[2], self.log())

    def log(self):
        return (self.state / "hub.log").read_text()


if __name__ == "__main__":
    unittest.main()
