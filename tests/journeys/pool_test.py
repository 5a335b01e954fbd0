"""Which funds fit an association and why not, what else there is after a refusal, and somewhere to
be: from the association's side."""
import datetime
import unittest

import demo

NAME = "Lektiecaféen Nordbyen"
OTHER = "Tyrkisk-Dansk Venskabsforening"
DEPARTMENT = "Kultur og Fritid"


def day(days):
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


class PoolTest(demo.DemoCase):
    def setUp(self):
        super().setUp()
        self.sync_both()

    def fit(self, *words):
        return self.succeed("pool", "fit", NAME, "-o", "json", *words).json

    def write(self, name, text):
        path = self.state / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def verdicts(self, *words):
        answer = self.fit(*words)
        return {each["pool"]["key"]: each["verdict"] for each in answer.get("fits", [])}

    def test_what_fits_and_why_not_is_said_in_words_and_changes_with_what_is_known(self):
        self.assertEqual(self.verdicts()["fritidspuljen"], "POOL_VERDICT_MAY_FIT")
        page = self.succeed("pool", "fit", NAME, "-o", "table", "--lang", "da").out
        for part in (NAME, "passer måske", "Mindst 5 medlemmer betaler kontingent. Registret ved det "
                     "ikke. Spørg foreningen", "Hvad passer ellers:", "er ikke et nej",
                     "tal sammen om, hvem der betaler hvad"):
            self.assertIn(part, page)
        self.assertNotIn("{", page)

        self.succeed("association", "update", NAME, "--set",
                     'resource_statements=[{"year":2025,"members_paying":3}]')
        self.assertEqual(self.verdicts()["fritidspuljen"], "POOL_VERDICT_NOT_YET")
        english = self.succeed("pool", "fit", NAME, "--pool", "fritidspuljen", "-o", "table").out
        self.assertIn("not yet: At least 5 members pay a membership fee. 3 (figures of 2025).",
                      english)
        self.assertIn("yes: The association has a CVR number", english)
        deadlines = [each.get("nextDeadlineDate", "9") for each in self.fit()["fits"]]
        self.assertEqual(deadlines, sorted(deadlines))

    def test_an_agreed_collaboration_opens_the_fund_for_it(self):
        self.assertEqual(self.verdicts()["samarbejdspuljen"], "POOL_VERDICT_MAY_FIT")
        self.succeed("collaboration", "create", "Høstfest", "--department", DEPARTMENT,
                     "--association", NAME)
        self.assertEqual(self.verdicts()["samarbejdspuljen"], "POOL_VERDICT_NOT_YET")

    def test_a_file_with_a_mistake_leaves_the_old_funds(self):
        before = self.succeed("pool", "list", "-o", "json").json
        good = ('[[pool]]\nkey = "fritidspuljen"\nmunicipality = "0998"\ntitle = "Nyt navn"\n')
        early = self.run_command("pool", "import", self.write(
            "a.toml", good + '[[pool]]\nkey = "b"\nmunicipality = "0998"\ntemaer = ["culture"]\n'))
        self.assertEqual(early.code, 2)
        self.assertIn("a.toml:8: temaer: there is no such key", early.talk)
        self.assertIn("Nothing was imported", early.talk)
        late = self.run_command("--lang", "da", "pool", "import", self.write(
            "a.toml", good + f'[[pool]]\nkey = "b"\nmunicipality = "0998"\ntitle = "B"\n'
            'kle = "femten"\n'))
        self.assertIn("a.toml:5: kle_number", late.talk)
        self.assertIn("puljerne er, som de var", late.talk)
        gone = self.run_command("pool", "import", self.write(
            "a.toml", good + 'department = "Kultur og Fristed"\n'))
        self.assertIn("a.toml:1: department:", gone.talk)
        self.assertEqual(self.succeed("pool", "list", "-o", "json").json, before)

        tried = self.succeed("pool", "import", self.write("a.toml", good), "--dry-run")
        self.assertIn("0 created, 1 changed, 0 as before", tried.talk)
        self.assertEqual(self.succeed("pool", "list", "-o", "json").json, before)
        self.succeed("pool", "import", self.write("a.toml", good))
        again = self.succeed("pool", "import", self.write("a.toml", good))
        self.assertIn("0 created, 0 changed, 1 as before", again.talk)
        now = self.succeed("pool", "show", "fritidspuljen", "-o", "json").json["pool"]
        self.assertEqual(now["title"], "Nyt navn")
        self.assertNotIn("criteria", now)
        revision = int(now["etag"][1:]) - 1
        then = self.succeed("pool", "show", "fritidspuljen", "--as-of", str(revision), "-o", "json").json
        self.assertEqual(then["pool"]["title"], "Fritidspuljen")
        self.assertEqual(len(then["wanted"]), 6)

    def test_a_csv_file_is_a_line_a_fund(self):
        path = self.write("puljer.csv", "key;titel;kommune;frister;til_kr;krav\n"
                          f"gade;Gadepuljen;0998;{day(30)};5.000;\"cvr; least_members=3\"\n")
        self.succeed("pool", "import", path)
        shown = self.succeed("--lang", "da", "pool", "show", "gadepuljen", "-o", "table").out
        for part in ("Gadepuljen", "op til 5.000 kr.", "Foreningen har et CVR-nummer",
                     "mindst 3 medlemmer"):
            self.assertIn(part, shown)

    def test_a_mistyped_name_is_met_with_what_is_alike(self):
        wrong = self.run_command("pool", "show", "fritidpuljen")
        self.assertEqual(wrong.code, 4)
        self.assertIn("Did you mean 'fritidspuljen'?", wrong.talk)

    def test_a_closed_fund_is_kept_and_not_suggested(self):
        self.succeed("pool", "close", "fritidspuljen")
        self.assertNotIn("fritidspuljen", self.verdicts())
        self.assertNotIn("fritidspuljen", self.succeed("pool", "list", "-o", "csv").out)
        self.assertIn("fritidspuljen", self.succeed("pool", "list", "--closed", "-o", "csv").out)
        self.succeed("pool", "reopen", "fritidspuljen")
        self.assertIn("fritidspuljen", self.verdicts())

    def test_after_a_refusal_it_says_what_else_there_is_and_what_is_owed(self):
        page = self.succeed("pool", "after-refusal", "tilskud/5012", "-o", "table").out
        self.assertIn("brobygger grant followed-up tilskud/5012", page)
        self.assertIn("Fritidspuljen", page)
        self.assertNotIn("§ 18-puljen  ", page)
        suggested = self.succeed("pool", "after-refusal", "tilskud/5012", "-o", "json").json
        self.assertEqual(suggested["followUp"]["state"], "STATE_OPEN")
        self.assertNotIn("paragraf-18", [each["pool"]["key"] for each in suggested["others"]])
        unknown = self.run_command("pool", "after-refusal", "tilskud/5015")
        self.assertIn("brobygger grant assign", unknown.talk)

    def test_who_looks_at_an_application_is_told_of_the_other_department(self):
        shown = self.succeed("grant", "show", "tilskud/5010", "-o", "table", "--lang", "da").out
        self.assertIn("betaler måske for den samme aktivitet. To forvaltninger er med: tal sammen om, "
                      "hvem der betaler hvad.", shown)
        alone = self.succeed("grant", "show", "tilskud/5012", "-o", "table").out
        self.assertNotIn("same activity", alone)

    def test_a_need_is_answered_by_a_place_that_nobody_else_gets(self):
        need = self.succeed("premises", "need", NAME, "--for", "Lektiehjælp", "--seats", "20",
                            "--time", "torsdag 16:00-18:00", "--feature", "kitchen", "--feature",
                            "uden trin", "-o", "json").json
        self.succeed("premises", "need", NAME, "--change", need["id"], "--seats", "25")
        listed = self.succeed("premises", "list", "--needs", "-o", "table", "--lang", "da").out
        for part in (NAME, "25", "torsdag 16:00-18:00", "uden trin, køkken"):
            self.assertIn(part, listed)
        season = ("--from", day(10), "--to", day(100), "--department", DEPARTMENT)
        given = self.succeed("premises", "allocate", NAME, "Kulturhuset, sal 2", "--time",
                             "torsdag 16:00-18:00", *season, "--need", need["id"][:8], "-o",
                             "json").json
        needs = self.succeed("premises", "list", "--needs", "-o", "json").json
        self.assertEqual(needs.get("needs", []), [])
        unknown = self.run_command("premises", "settle", need["id"][:8], "lukket")
        self.assertIn("'lukket' cannot stand here. There is: open, met, withdrawn.", unknown.talk)
        reopened = self.succeed("premises", "settle", need["id"][:8], "open", "-o", "json").json
        self.assertEqual(reopened["state"], "PREMISES_NEED_STATE_OPEN")
        self.succeed("premises", "settle", need["id"][:8], "withdrawn")
        needs = self.succeed("premises", "list", "--needs", "-o", "json").json
        self.assertEqual(needs.get("needs", []), [])
        firsts = [need["id"][0]]
        while len(set(firsts)) == len(firsts):  # of sixteen digits: seventeen needs at the most
            firsts.append(self.succeed("premises", "need", NAME, "--for", "Dans", "-o",
                                       "json").json["id"][0])
        both = self.run_command("premises", "need", NAME, "--change", firsts[-1], "--for", "Sang")
        self.assertIn(f"2 needs of the association start with '{firsts[-1]}'; write more of the id.",
                      both.talk)
        taken = self.run_command("premises", "allocate", OTHER, "kulturhuset sal 2", "--time",
                                 "thursday 17:30-19:00", *season)
        self.assertNotEqual(taken.code, 0)
        for part in ("is taken on Thursdays 16:00-18:00", NAME, "premises release"):
            self.assertIn(part, taken.talk)
        self.succeed("premises", "release", given["id"][:8], "--last", day(20))
        later = ("--from", day(21), "--to", day(100), "--department", DEPARTMENT)
        self.succeed("premises", "allocate", OTHER, "Kulturhuset, sal 2", "--time",
                     "torsdag 17:30-19:00", *later)
        places = self.succeed("premises", "list", "--place", "kulturhuset", "-o", "json").json
        self.assertEqual(len(places["premises"]), 2)
        backwards = self.run_command("premises", "allocate", OTHER, "Sal 3", "--time",
                                     "torsdag 19:00-17:00", *later)
        self.assertIn("must be later than from_time", backwards.talk)


if __name__ == "__main__":
    unittest.main()
