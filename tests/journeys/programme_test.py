"""A programme that is over is written down from a file, and its report tells who paid for it what
came of it: KEM, with the counts that it was told by."""
import csv
import html.parser
import io
import pathlib
import unittest

import demo

KEM = demo.ROOT / "deploy" / "demo" / "kem.toml"
FIGURES = {"REPORT_FIGURE_YEARS": 3, "REPORT_FIGURE_MUNICIPALITIES": 5,
           "REPORT_FIGURE_ASSOCIATIONS": 32, "REPORT_FIGURE_NEW_COLLABORATIONS": 40}


class Page(html.parser.HTMLParser):
    """What a page says, and whether it would load or run anything."""

    def __init__(self, text):
        super().__init__()
        self.text = ""
        self.active = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.active += [tag] * (tag in {"script", "img", "link", "iframe"})
        self.active += [name for name, _ in attrs if name in {"src", "href"} or name.startswith("on")]

    def handle_data(self, data):
        self.text += data


class ProgrammeTest(demo.DemoCase):
    def report(self, *words):
        return self.succeed("programme", "report", "--programme", "kem", *words)

    def values(self, *words):
        report = self.report("-o", "json", *words).json
        return {each["figure"]: each for each in report["values"]}

    def test_kem_is_three_years_five_municipalities_32_associations_and_40_collaborations(self):
        dry = self.succeed("programme", "import", str(KEM), "--dry-run")
        self.assertIn("Nothing is done yet", dry.talk)
        self.assertEqual(self.associations(), [])
        imported = self.succeed("programme", "import", str(KEM))
        self.assertIn("32 associations, 10 departments, 46 collaborations and 10 days are new",
                      imported.talk)
        again = self.succeed("programme", "import", str(KEM))
        self.assertIn("0 associations, 0 departments, 0 collaborations and 0 days are new",
                      again.talk)

        values = self.values()
        for figure, count in FIGURES.items():
            self.assertEqual(values[figure]["value"], count, figure)
        for figure in list(FIGURES)[1:]:
            self.assertEqual(len(values[figure]["items"]), values[figure]["value"], figure)
        self.assertEqual(values["REPORT_FIGURE_NETWORK_DAYS"]["value"], 5)
        self.assertEqual(values["REPORT_FIGURE_COLLABORATION_DAYS"]["value"], 5)
        self.assertEqual(values["REPORT_FIGURE_NATIONAL_ESTIMATE"]["text"], "500+")

        shown = self.report("--lang", "da", "-o", "table").out
        for line in ("år", "kommuner", "foreninger", "nye samarbejder"):
            self.assertRegex(shown, rf"(?m)^{line} +\d+")
        self.assertIn("36 måneder", shown)
        listed = self.report("--figure", "new-collaborations", "-o", "csv")
        rows = list(csv.DictReader(io.StringIO(listed.out)))
        self.assertEqual(len(rows), 40)
        self.assertNotIn("Festival på havnen", {row["title"] for row in rows})
        page = Page(self.report("--html", "--lang", "da").out)
        self.assertEqual(page.active, [])
        self.assertIn("nye samarbejder", page.text)
        self.assertIn("40 (mål: 40)", page.text)
        self.assertIn("Foreningen Åben Dør", page.text)

    def test_a_report_stays_what_it_was_and_tells_when_there_is_nothing(self):
        self.succeed("programme", "import", str(KEM))
        before = self.report("-o", "json").json
        name = "Ungdomsklubben Nur"
        self.succeed("collaboration", "create", "Ny", "--association", name, "--department",
                     "Bibliotekerne")
        self.succeed("programme", "change", "kem", "--without", name)
        self.assertEqual(self.values()["REPORT_FIGURE_ASSOCIATIONS"]["value"], 31)
        then = self.report("-o", "json", "--as-of", str(before["revision"])).json
        self.assertEqual(then, before)
        empty = self.report("--from", "2030-01-01", "--to", "2030-12-31", "-o", "table")
        self.assertIn("Nothing of the programme falls into this period", empty.talk)
        self.assertRegex(empty.out, r"(?m)^new collaborations +0")
        self.assertIn("36 months", empty.out)

    def test_a_file_with_a_mistake_is_refused_by_its_line(self):
        text = KEM.read_text()
        for wrong, right, line in [
                ('colour = "red"', 'title = "Sommerfest på torvet"', None),
                ("from = 2016-12-24", "from = 2016-02-01", None),
                ('municipality = "9999"', 'municipality = "0621"\n\n# Before', None)]:
            changed = text.replace(right, wrong, 1)
            self.assertNotEqual(changed, text)
            path = pathlib.Path(self.state) / "wrong.toml"
            path.write_text(changed)
            refused = self.run_command("programme", "import", str(path))
            self.assertNotEqual(refused.code, 0)
            self.assertRegex(refused.talk, r"wrong\.toml:\d+: ", line)
        self.assertEqual(self.associations(), [])
        self.assertIn("no programme", self.succeed("programme", "list").talk)

    def test_a_programme_is_made_by_hand(self):
        self.succeed("programme", "create", "naboer", "Naboer", "--from", "2026-01-01", "--to",
                     "2027-12-31", "--municipality", "0998", "--target", "new-collaborations=4")
        twice = self.run_command("programme", "create", "naboer", "Naboer", "--from", "2026-01-01",
                                 "--to", "2027-12-31", "--municipality", "0998")
        self.assertIn("programme change", twice.talk)
        self.assertRegex(self.succeed("programme", "report", "-o", "table").out, r"(?m)^new collaborations +0 +4")
        wrong = self.run_command("programme", "change", "naboer", "--to", "2025-01-01")
        self.assertIn("end_date must not be before start_date", wrong.talk)
        self.assertIn("PROGRAMME_NOT_FOUND",
                      self.run_command("programme", "report", "--programme", "kem").talk)


if __name__ == "__main__":
    unittest.main()
