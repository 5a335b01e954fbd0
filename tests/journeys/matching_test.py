"""Lists outside the hub: how well they are matched, and what the commands say."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BROBYGGER_BUILD", ROOT / "build"))
LISTS = ROOT / "tests/fixtures/identity"
# Seeds that the shipped model was not fitted to (tests/bench/train_models).
SEED, OTHER_SEED = 501, 77


def run(*arguments, wanted=0):
    done = subprocess.run([BUILD / "bin/brobygger", "identity", *map(str, arguments)], capture_output=True, text=True,
                          check=False)
    assert done.returncode == wanted, f"exit {done.returncode}: {done.stderr}"
    return done


def rows(path):
    with open(path, newline="", encoding="utf8") as file:
        return list(csv.DictReader(file))


class Matching(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def generate(self, seed, *options):
        out = self.path / str(seed)
        subprocess.run([sys.executable, "-B", LISTS / "gen_associations.py", "--records", "10000", "--seed", str(seed),
                        "--out", out, *options], check=True, stderr=subprocess.DEVNULL)
        return out

    def figures(self, folder):
        done = run("evaluate", "-o", "json", "--records", ",".join(str(folder / f"{s}.csv") for s in
                                                                  ("grant", "volunteer", "calendar")),
                   "--truth", folder / "truth.csv", "--hard-negatives", folder / "hard_negatives.csv",
                   "--entities", folder / "entities.csv")
        return {each["figure"]: each["value"] for each in json.loads(done.stdout)["figures"]}

    def check_floors(self, figures, cluster_f1):
        def first(figure):
            return float(figures[figure].split()[0])
        self.assertGreaterEqual(first("cluster F1"), cluster_f1)
        self.assertGreaterEqual(first("brobygger: recall at precision 0.99"), 0.84)
        self.assertLessEqual(first("brobygger: pairs to review for recall 0.90, per 1,000 records"), 150)
        self.assertGreaterEqual(first("one by one: right links at 1 % wrong"), 0.97)
        self.assertLessEqual(float(figures["look-alikes merged"].split("(")[1].split()[0]), 2.0)
        self.assertLessEqual(first("minority associations trail by"), 1.5)

    def test_a_list_never_trained_on_is_matched_as_well_as_promised(self):
        self.check_floors(self.figures(self.generate(SEED)), 0.965)

    def test_so_is_one_of_other_communities_and_names_with_more_noise(self):
        folder = self.generate(OTHER_SEED, "--lexicon", LISTS / "other_words.json", "--noise", "1.4")
        self.check_floors(self.figures(folder), 0.955)

    def test_lists_with_usual_headings_are_clustered_as_they_are(self):
        for name in ("chicago_sites", "clubs_train", "partyfacts_train", "ror_europe_train", "leipzig_dblp_acm"):
            with self.subTest(name):
                run("cluster", "--records", LISTS / name / "records.csv", "--out", self.path / "out.csv")
                ids = [row["id"] for row in rows(LISTS / name / "records.csv")]
                clusters = rows(self.path / "out.csv")
                self.assertEqual([row["record_id"] for row in clusters], ids)
                self.assertLessEqual({row["cluster_id"] for row in clusters}, set(ids))
                self.assertEqual(list(clusters[0]), ["record_id", "cluster_id", "score"])

    def test_two_lists_with_other_headings_are_linked(self):
        (self.path / "a.csv").write_text("nr;Forening;Telefon\n1;LAWAN Kurdisk Ungdomsforening Horsens;10550101\n"
                                         "2;Haveforeningen Solsikken;10550102\n", encoding="utf8")
        (self.path / "b.csv").write_text("nr;Forening;Telefon\nx;Lavan Kurdisk Ungdomsfor. Horsens;+45 10 55 01 01\n"
                                         "y;Sangkoret Nordlys;10559999\n", encoding="utf8")
        done = run("link", "--registry", self.path / "a.csv", "--records", self.path / "b.csv", "--scorecard",
                   "associations", "--columns", "id=nr,name=Forening", "--out", self.path / "links.csv")
        links = rows(self.path / "links.csv")
        self.assertEqual([(row["registry_id"], row["record_id"], row["verdict"]) for row in links], [("1", "x", "same")])
        self.assertIn("Of 2 records 1 are in the registry, 0 may be, 1 are not", done.stderr)

    def test_what_is_wrong_with_a_list_is_said_with_its_place(self):
        wrong = self.path / "wrong.csv"
        out = ("--out", self.path / "out.csv")
        wrong.write_text('id,name\n1,"A\n', encoding="utf8")
        self.assertIn("quotation mark", run("cluster", "--records", wrong, *out, wanted=2).stderr)
        wrong.write_text("id,titel\n1,A\n", encoding="utf8")
        self.assertIn("--columns name=HEADING", run("cluster", "--records", wrong, *out, wanted=2).stderr)
        absent = run("cluster", "--records", self.path / "absent.csv", *out, wanted=2)
        self.assertIn("absent.csv: cannot be read: No such file or directory", absent.stderr)
        wrong.write_text("id,name\n1,A\n", encoding="utf8")
        unknown = run("cluster", "--records", wrong, "--columns", "nane=name", *out, wanted=2)
        self.assertIn("there is no field 'nane'", unknown.stderr)
        self.assertFalse((self.path / "out.csv").exists())

    def test_a_model_that_was_edited_is_refused(self):
        model = json.loads((ROOT / "core/matching/data/model.json").read_text())
        model["scorecards"][0]["thresholds"]["same"] = -9
        (self.path / "model.json").write_text(json.dumps(model))
        (self.path / "list.csv").write_text("id,name\n1,A\n")
        done = run("cluster", "--model", self.path / "model.json", "--records", self.path / "list.csv", "--out",
                   self.path / "out.csv", wanted=2)
        self.assertIn("its digest does not fit", done.stderr)

    def test_training_makes_a_model_that_can_be_used(self):
        folder = self.generate(SEED)
        run("train", "--scorecard", "associations", "--records", folder / "grant.csv", "--truth", folder / "truth.csv",
            "--new-version", "of-a-test", "--out", self.path / "model.json", wanted=2)
        records = ",".join(str(folder / f"{source}.csv") for source in ("grant", "volunteer", "calendar"))
        run("train", "--scorecard", "associations", "--records", records, "--truth", folder / "truth.csv",
            "--new-version", "of-a-test", "--out", self.path / "model.json")
        done = run("cluster", "--model", self.path / "model.json", "--records", folder / "grant.csv", "--out",
                   self.path / "out.csv")
        self.assertIn("model of-a-test", done.stderr)


if __name__ == "__main__":
    unittest.main()
