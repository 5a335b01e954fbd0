"""What associations have applied for, over all departments, on one page."""
import unittest

import demo


class GrantsTest(demo.DemoCase):
    def setUp(self):
        super().setUp()
        self.first = self.succeed("sync", "run", "tilskud", "--yes")

    def association_of(self, applicant):
        return self.ask_grants(f"SELECT brobygger_id FROM ansoeger WHERE ansoeger_id = {applicant}")[0][0]

    def page_of(self, applicant):
        return self.succeed("grant", "list", "--association", self.association_of(applicant), "-o", "table").out

    def money_of(self, applicant):
        return self.succeed("grant", "list", "--association", self.association_of(applicant), "-o", "json").json

    def sync(self):
        return self.succeed("sync", "run", "tilskud")

    def test_an_associations_money_stands_on_one_page_with_what_to_look_at(self):
        page = self.page_of(1014)
        self.assertIn("Lektiecaféen Nordbyen", page)
        self.assertRegex(page, r"Kultur og Fritid +1 +1 +0 +38,000 +30,000 +0")
        self.assertRegex(page, r"Social og Sundhed +2 +1 +1 +53,500\.50 +25,000 +0")
        self.assertRegex(page, r"all +3 +2 +1 +91,500\.50 +55,000 +0")
        self.assertIn('! "Sommerlejr for unge i Nordbyen" (Fritidspuljen, Kultur og Fritid) and "Sommerlejr, unge '
                      'fra Nordbyen" (§ 18-puljen, Social og Sundhed) may pay for the same activity.', page)
        self.assertIn("brobygger grant followed-up tilskud/5012", page)
        self.assertIn("All that the municipality knows of it is about money", page)
        money = self.money_of(1014)
        self.assertEqual(money["total"]["awardedOre"], "5500000")
        self.assertEqual(money["overlaps"][0]["kind"], "KIND_BOTH_GRANTED")

    def test_the_case_workers_own_words_stay_in_the_grant_system(self):
        everything = self.succeed("grant", "list", "--all", "-o", "json").out
        self.assertIn("Byfest i Nordbyen", everything)
        self.assertNotIn("Puljen er tom", everything)
        for path in (self.state / "data").rglob("*"):
            if path.is_file():
                self.assertNotIn("Puljen er tom".encode(), path.read_bytes())

    def test_whose_an_application_is_comes_from_record_or_number_else_a_person_says_it(self):
        self.assertIn("Of 1 nobody knows whose they are", self.first.talk)
        by_number = self.succeed("grant", "show", "tilskud/5014", "-o", "json").json
        self.assertEqual(by_number["resolvedBy"], "RESOLVED_BY_CVR")
        self.assertEqual(by_number["officialName"], "Syrisk-Dansk Netværk")
        unresolved = self.succeed("grant", "list", "--unresolved", "-o", "json").json["applications"]
        self.assertEqual([each["externalId"] for each in unresolved], ["5015"])
        self.succeed("grant", "assign", "tilskud/5015", self.association_of(1032))
        self.assertIn("Broderiværksted", self.page_of(1032))
        self.assertIn("operator said so", self.succeed("grant", "show", "tilskud/5015", "-o", "table").out)
        self.succeed("grant", "assign", "tilskud/5015", "--take-back")
        self.assertNotIn("Broderiværksted", self.page_of(1032))

    def test_a_refusal_is_followed_up_by_a_person_or_taken_back_by_the_source(self):
        listed = self.succeed("grant", "follow-ups", "-o", "json").json["followUps"]
        self.assertEqual({each["application"]["externalId"] for each in listed}, {"5002", "5008", "5012"})
        self.succeed("grant", "followed-up", "tilskud/5012", "--note", "Ringet; de søger Fritidspuljen.")
        self.change_grants("UPDATE ansoegning SET status = 'bevilget', bevilget = 14000 WHERE ansoegning_id = 5002")
        self.change_grants("UPDATE ansoegning SET status = 'afslag' WHERE ansoegning_id = 5007")
        self.assertIn("Grant applications: 0 new, 2 changed, 0 gone.", self.sync().talk)
        listed = self.succeed("grant", "follow-ups", "-o", "json").json["followUps"]
        self.assertEqual({each["application"]["externalId"] for each in listed}, {"5007", "5008"})
        wrong = self.run_command("grant", "followed-up", "tilskud/5001")
        self.assertIn("[FOLLOW_UP_NOT_FOUND]", wrong.talk)

    def test_what_is_gone_at_the_source_is_kept_and_a_plan_tells_it_first(self):
        self.change_grants("DELETE FROM ansoegning WHERE ansoegning_id = 5016")
        self.assertIn("grant applications: 0 new, 0 changed, 1 gone",
                      self.succeed("sync", "plan", "tilskud", "-o", "table").out)
        self.sync()
        self.assertNotIn("5016", self.succeed("grant", "list", "--all", "-o", "table").out)
        self.assertIn("deleted there", self.succeed("grant", "list", "--gone", "--all", "-o", "table").out)
        self.change_grants("DELETE FROM ansoegning WHERE ansoegning_id < 5010")
        held = self.run_command("sync", "plan", "tilskud", "-o", "table")
        self.assertIn("9 of 15 grant applications have vanished at once", held.out)
        self.assertIn("Byfest", self.succeed("grant", "list", "--all", "-o", "table").out)

    def test_a_second_system_that_knows_them_is_more_than_money(self):
        only = self.succeed("grant", "money-only", "-o", "json").json
        self.assertEqual(only, {"associationCount": "44", "moneyOnlyCount": "44"})
        self.succeed("sync", "run", "frivilligcenter", "--yes")
        both = self.succeed("grant", "money-only", "-o", "json").json
        self.assertGreater(int(both["associationCount"]), 44)
        self.assertLess(int(both["moneyOnlyCount"]), 44)


if __name__ == "__main__":
    unittest.main()
