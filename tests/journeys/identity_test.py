"""What a case worker meets who asks "is it really the same association?"."""
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import demo  # noqa: E402

CULTURE = "Kurdisk Kulturforening Fjordby"
WOMEN = "Kurdisk Kvindeforening Fjordby"
CENTRE_RECORD = "39"


class Identity(demo.DemoCase):
    def setUp(self):
        super().setUp()
        self.sync_both()

    def identity(self, *words):
        return self.succeed("identity", *words)

    def named(self, name):
        return next(each for each in self.associations() if each["officialName"] == name)

    def sources_of(self, association):
        return {each["connectionId"] for each in association["provenance"]}

    def test_a_true_duplicate_without_a_common_number_is_one_association(self):
        self.assertEqual(self.sources_of(self.named(CULTURE)), {"tilskud", "frivilligcenter"})
        how = self.identity("how", CULTURE, "-o", "json").json
        reasons = {each["record"]["connectionId"]: each["linkReason"] for each in how["records"]}
        self.assertEqual(reasons, {"tilskud": "new", "frivilligcenter": "match"})

    def test_look_alikes_in_one_house_stay_two_and_the_reasons_can_be_read(self):
        self.assertEqual(self.sources_of(self.named(WOMEN)), {"tilskud"})
        why = self.identity("explain", CULTURE, WOMEN, "-o", "json").json
        self.assertNotEqual(why["verdict"], "VERDICT_SAME")
        self.assertAlmostEqual(sum(line.get("weight", 0) for line in why["lines"]), why["score"], 9)
        for line in why["lines"]:
            self.assertTrue(line["textDa"] and line["textEn"], line)
        table = self.identity("--lang", "da", "explain", CULTURE, WOMEN, "-o", "table").out
        self.assertIn("Hubben siger:", table)
        self.assertIn("Sum:", table)
        self.assertIn("taler imod", self.identity("--lang", "da", "why-not", CULTURE, WOMEN,
                                                  "-o", "table").out)

    def test_a_handful_of_cases_wait_for_a_person_and_an_answer_is_remembered(self):
        questions = self.identity("review", "-o", "json").json["questions"]
        self.assertIn(len(questions), range(3, 7), [each["leftOfficialName"] + " / " +
                                                    each["rightOfficialName"] for each in questions])
        first = questions[0]
        pair = (first["leftAssociationId"], first["rightAssociationId"])
        said = self.identity("decide", pair[0], "not-same", pair[1], "--note", "To formænd",
                             "-o", "json").json["decision"]
        self.assertEqual(said["questionId"], first["id"])
        left = self.identity("review", "-o", "json").json.get("questions", [])
        self.assertNotIn(first["id"], [each["id"] for each in left])
        refused = self.run_command("identity", "decide", pair[0], "same", pair[1])
        self.assertIn("[CONTRADICTS_DECISION]", refused.talk)
        merged = self.identity("decide", pair[0], "same", pair[1], "--override", "-o", "json").json
        absorbed = merged["merge"]["absorbedAssociationId"]
        found = self.succeed("association", "get", absorbed, "-o", "json").json
        self.assertEqual(found["id"], merged["merge"]["survivorAssociationId"])

    def test_a_wrong_match_is_taken_back_and_no_sync_makes_it_again(self):
        before = len(self.associations())
        how = self.identity("how", CULTURE, "-o", "json").json
        joined = next(each for each in how["records"]
                      if each["record"]["connectionId"] == "frivilligcenter")
        undone = self.identity("undo", joined["decisionId"], "-o", "json").json
        self.assertEqual(undone["decision"]["kind"], "KIND_NOT_SAME")
        self.assertEqual(len(self.associations()), before + 1)
        self.succeed("sync", "run", "frivilligcenter")
        self.centre_file.write_bytes(self.centre_file.read_bytes().replace(
            b"Newroz, modersm\xe5l og musik", b"Newroz og dans"))
        self.succeed("sync", "run", "frivilligcenter")
        self.assertEqual(len(self.associations()), before + 1)
        own = self.succeed("association", "get", undone["restoredAssociationId"], "-o", "json").json
        self.assertEqual(own["purpose"]["byLanguage"]["da"], "Newroz og dans")
        self.fjordby("stop")
        self.fjordby("start")
        self.succeed("sync", "run", "frivilligcenter")
        self.assertEqual(len(self.associations()), before + 1)

    def test_a_pile_of_applications_is_grouped_and_tells_what_it_shares(self):
        pile = self.state / "bunke.csv"
        pile.write_text(
            "id;navn;telefon;email;postnr;by;bestyrelse;konto\n"
            "1;Kurdisk Kulturforening Fjordby;10550143;;9998;Fjordby;Azad Demo, Leyla Demo;1234\n"
            "2;Kurdisk Kulturforen. Fjordby;10550143;kurdisk-kultur@fjordby-foreninger.example;9998;"
            "Fjordby;Azad Demo;1234\n"
            "3;Skovens Spejdere;10559999;;9998;Fjordby;Leyla Demo;9\n", encoding="utf-8")
        done = self.identity("pile", str(pile), "-o", "json")
        rows = {each["application"]: each for each in done.json["applications"]}
        self.assertEqual(rows["1"]["group"], rows["2"]["group"])
        self.assertNotEqual(rows["1"]["group"], rows["3"]["group"])
        self.assertIn("1 of 1", rows["3"]["shared"])
        self.assertNotIn("Leyla", done.out)

    def test_a_model_file_that_was_edited_is_refused_and_the_old_one_stays(self):
        before = self.identity("model", "show", "-o", "json").json
        wrong = self.state / "model.json"
        shipped = demo.ROOT / "core" / "matching" / "data" / "model.json"
        model = json.loads(shipped.read_text(encoding="utf-8"))
        model["version"] = "edited"
        for text in ("", "{", json.dumps(model)):
            wrong.write_text(text, encoding="utf-8")
            refused = self.run_command("identity", "model", "use", str(wrong), "--yes")
            self.assertIn("[MODEL_INVALID]", refused.talk)
        self.assertEqual(self.identity("model", "show", "-o", "json").json["digest"],
                         before["digest"])


if __name__ == "__main__":
    os.umask(0o077)
    unittest.main()
