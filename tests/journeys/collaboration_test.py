"""A department and an association go from an idea to an agreement to something that goes on, and
what is missing on the way is said in words that help."""
import unittest
import xml.etree.ElementTree

import demo

NAME = "Lektiecaféen Nordbyen"
DEPARTMENT = "Integration og Medborgerskab"


class CollaborationTest(demo.DemoCase):
    def setUp(self):
        super().setUp()
        self.sync_both()
        self.succeed("department", "create", DEPARTMENT, "--municipality", "0998")
        self.succeed("collaboration", "create", "Høstfest", "--department", DEPARTMENT,
                     "--association", NAME, "--aim", "En fest for hele kvarteret")

    def move(self, state, *words):
        return self.run_command("collaboration", "move", "Høstfest", state, *words)

    def answer(self, side, *different):
        statements = self.succeed("alignment", "show", "Høstfest", "-o", "json").json["statements"]
        given = {each["id"]: "4" for each in statements} | dict(different)
        settings = [word for id_, value in given.items() for word in ("--set", f"{id_}={value}")]
        return self.succeed("alignment", "answer", "Høstfest", "--side", side, "-o", "json",
                            *settings).json

    def test_advice_comes_when_it_applies_and_can_be_put_away(self):
        asked = self.succeed("who-knows", NAME, "-o", "table")
        self.assertIn("Advice: Reach out", asked.talk)
        self.succeed("advice", "dismiss", "reach-out")
        self.assertNotIn("Reach out", self.succeed("who-knows", NAME, "-o", "table").talk)
        self.succeed("advice", "restore", "reach-out")
        made = self.succeed("collaboration", "create", "Madaften", "--department", DEPARTMENT,
                            "--association", NAME, "--aim", "Mad", "--lang", "da", "-o", "table")
        self.assertIn("Råd: ", made.talk)
        for state in ("clarifying", "aligning"):
            self.succeed("collaboration", "move", "Madaften", state)
        refused = self.run_command("collaboration", "move", "Madaften", "agreed", "-o", "table")
        self.assertIn("Advice: Do not begin a collaboration without aligning", refused.talk)
        self.succeed("touchpoint", "add", NAME, "--department", DEPARTMENT, "--purpose", "advice")
        listed = self.succeed("advice", "list", "--association", NAME, "-o", "json").json["advice"]
        moments = {moment for each in listed for moment in each["because"]}
        # Its application was refused, and nobody has called them yet.
        self.assertEqual(moments, {"ADVICE_TRIGGER_NEW_IDEA", "ADVICE_TRIGGER_NO_ALIGNMENT",
                                   "ADVICE_TRIGGER_REFUSAL"})
        unknown = self.run_command("advice", "dismiss", "be-rich")
        self.assertIn("ADVICE_NOT_FOUND", unknown.talk)
        self.assertIn("'Løbetur'", self.run_command("collaboration", "show", "Løbetur").talk)

    def test_from_the_idea_to_something_that_goes_on(self):
        self.assertEqual(self.move("clarifying").code, 0)
        wrong = self.move("active")
        self.assertIn("COLLABORATION_MOVE_INVALID", wrong.talk)
        self.assertIn("aligning", wrong.talk)
        self.assertEqual(self.move("aligning").code, 0)

        refused = self.move("agreed")
        self.assertNotEqual(refused.code, 0)
        self.assertIn("COLLABORATION_NOT_READY", refused.talk)
        self.assertIn("Expectations are not aligned", refused.talk)
        self.assertIn("Nobody keeps it together", refused.talk)

        begun = self.succeed("alignment", "start", "Høstfest", "-o", "csv")
        self.assertIn("Then both sides answer", begun.talk)
        self.answer("municipality", ("money-1", "2"))
        hidden = self.succeed("alignment", "show", "Høstfest", "-o", "json").json
        self.assertEqual(hidden["state"], "ALIGNMENT_STATE_ANSWERED_BY_ONE")
        self.answer("association")
        early = self.run_command("alignment", "accept", "Høstfest", "--side", "municipality")
        self.assertIn("money-1", early.talk)
        self.succeed("alignment", "talk", "Høstfest", "money-1", "Kommunen betaler for teltet")
        for side in ("municipality", "association"):
            self.succeed("alignment", "accept", "Høstfest", "--side", side)

        self.succeed("collaboration", "party", "add", "Høstfest", "--department", DEPARTMENT,
                     "--role", "lead")
        self.succeed("collaboration", "task", "add", "Høstfest", "Mad til 80", "--side",
                     "association", "--due", "2027-03-01")
        self.succeed("collaboration", "task", "add", "Høstfest", "Telt")
        refused = self.move("agreed")
        self.assertIn("A task has nobody to do it", refused.talk)
        self.succeed("collaboration", "task", "set", "Høstfest", "Telt", "--side", "municipality")
        self.assertEqual(self.move("agreed").code, 0)
        self.assertIn("first day", self.move("active").talk)
        self.succeed("collaboration", "update", "Høstfest", "--start", "2026-01-01")
        self.assertEqual(self.move("active").code, 0)
        self.succeed("collaboration", "milestone", "Høstfest", "De første tre kom", "--size", "tiny")

        self.succeed("alignment", "word", "Høstfest", "ansvar", "--side", "municipality",
                     "--meaning", "At ringe, når noget går galt")
        self.succeed("alignment", "word", "Høstfest", "ansvar", "--side", "association")
        agreement = self.succeed("alignment", "agreement", "Høstfest", "--lang", "da").out
        self.assertIn("ansvar: At ringe, når noget går galt", agreement)
        event = self.succeed("event", "create", "Høstfest", "--kind", "festival", "--start",
                             "2027-09-11", "--host", DEPARTMENT, "-o", "json").json
        before = self.succeed("change", "follow", "--stop-at-end", "-o", "json").talk
        revision = before.split("--after ")[1].split(".")[0]
        self.succeed("collaboration", "update", "Høstfest", "--event", event["id"])
        shown = self.succeed("collaboration", "show", "Høstfest", "-o", "table").out
        self.assertIn(event["id"], shown)
        then = self.succeed("collaboration", "show", "Høstfest", "--as-of", revision, "-o", "table")
        self.assertNotIn(event["id"], then.out)
        self.assertIn("names what there is not",
                      self.run_command("collaboration", "update", "Høstfest", "--premises",
                                       "nowhere").talk)
        for part in ("Aftale om samarbejde: Høstfest", f"{DEPARTMENT} (tovholder)",
                     "Mad til 80 – foreningen", "→ Kommunen betaler for teltet",
                     "Begge parter har sagt ja"):
            self.assertIn(part, agreement)
        listed = self.succeed("collaboration", "list", "--association", NAME, "-o", "json").json
        self.assertEqual(listed["collaborations"][0]["state"], "COLLABORATION_STATE_ACTIVE")

    def test_an_answer_after_both_have_answered_is_refused(self):
        self.succeed("alignment", "start", "Høstfest")
        self.answer("municipality")
        self.answer("association")
        late = self.run_command("alignment", "answer", "Høstfest", "--side", "association", "--set",
                                "roles-1=1")
        self.assertIn("ALIGNMENT_CLOSED", late.talk)
        self.assertIn("begin a new round", late.talk)

    def test_a_resource_check_shows_its_change(self):
        def record(score, day):
            listed = self.succeed("resource-check", "statements", "--association", NAME, "-o",
                                  "json").json["statements"]
            settings = [word for each in listed for word in ("--set", f"{each['id']}={score}")]
            return self.succeed("resource-check", "record", "--association", NAME, "--shared",
                                "--mode", "together", "--date", day, "-o", "json", *settings).json

        record(2, "2025-05-01")
        second = record(4, "2026-05-01")
        self.assertEqual({each["change"] for each in second["topics"]}, {2})
        self.assertEqual(len(second["topics"]), 8)
        picture = self.succeed("resource-check", "picture", "--association", NAME).out
        root = xml.etree.ElementTree.fromstring(picture)
        self.assertTrue(root.tag.endswith("svg"))
        self.assertIn("2025-05-01", picture)
        alone = self.run_command("resource-check", "record", "--association", NAME, "--set",
                                 "vision-1=3")
        self.assertIn("NOT_ALLOWED", alone.talk)


if __name__ == "__main__":
    unittest.main()
