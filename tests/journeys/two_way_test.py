"""The grant system and the registry, both ways: what one edits the other has."""
import sqlite3
import time
import unittest

import demo

PATIENCE_SECONDS = 20


class TwoWayTest(demo.DemoCase):
    def applicant(self, column, key=1003):
        return self.ask_grants(f"SELECT {column} FROM ansoeger WHERE ansoeger_id = {key}")[0][0]

    def await_applicant(self, column, wanted, key=1003):
        end = time.monotonic() + PATIENCE_SECONDS
        while self.applicant(column, key) != wanted and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(self.applicant(column, key), wanted)

    def await_rest(self):
        """Until the registry's own runs have told the grant system all there is."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            status = self.succeed("sync", "status", "tilskud", "-o", "json").json["statuses"][0]
            if self.ask_grants("SELECT count(*) FROM ansoeger")[0][0] > 44 and "waitingPlanId" not in status:
                return
            time.sleep(0.1)

    def association_of(self, key=1003):
        return self.applicant("brobygger_id", key)

    def test_first_plan_shows_both_directions_and_a_second_is_empty(self):
        plan = self.succeed("sync", "plan", "tilskud", "-o", "table")
        self.assertIn("44 to add", plan.out)
        self.assertIn("at the source 0 to add, 44 to change", plan.out)
        self.assertIn("hub.association_id: (empty) => (new)", plan.out)
        self.assertIsNone(self.association_of())
        self.succeed("sync", "run", "tilskud", "--yes")
        self.assertEqual(self.ask_grants("SELECT count(*) FROM ansoeger WHERE brobygger_id IS NULL")[0][0], 0)
        self.assertIn("Nothing to do", self.succeed("sync", "plan", "tilskud", "-o", "table").out)

    def test_associations_of_the_volunteer_centre_become_applicants_unless_in_doubt(self):
        self.sync_both()
        self.await_rest()
        self.succeed("sync", "run", "tilskud")
        known = {row[0] for row in self.ask_grants("SELECT brobygger_id FROM ansoeger")}
        questions = self.succeed("identity", "review", "-o", "json").json["questions"]
        asked = {q[side] for q in questions for side in ("leftAssociationId", "rightAssociationId")}
        for association in self.associations():
            if association["id"] not in asked:
                self.assertIn(association["id"], known)
        self.assertEqual(len(known), self.ask_grants("SELECT count(*) FROM ansoeger")[0][0])

    def test_an_edit_on_each_side_flows_and_a_clash_waits_for_a_person(self):
        self.succeed("sync", "run", "tilskud", "--yes")
        association = self.association_of()
        note = self.applicant("sagsnote")
        self.succeed("association", "update", association, "--set", 'phones=["10558888"]')
        self.await_applicant("telefon", "10558888")
        self.change_grants("UPDATE ansoeger SET email = 'ny@venskab.example' WHERE ansoeger_id = 1003")
        self.succeed("sync", "run", "tilskud")
        self.assertEqual(self.succeed("association", "get", association, "-o", "json").json["emails"], ["ny@venskab.example"])

        # Nobody may see the one before the other: the case worker's edit is not read yet.
        self.change_grants("UPDATE ansoeger SET telefon = '10 55 77 77' WHERE ansoeger_id = 1003")
        self.succeed("association", "update", association, "--set", 'phones=["10551111"]')
        self.succeed("sync", "run", "tilskud")
        conflicts = self.succeed("sync", "conflicts", "-o", "json").json["conflicts"]
        self.assertEqual([conflict["path"] for conflict in conflicts], ["phones"])
        self.assertEqual(self.applicant("telefon"), "10 55 77 77")
        self.succeed("sync", "resolve", conflicts[0]["conflictId"], "--value", "10 55 22 22")
        self.await_applicant("telefon", "10552222")
        self.assertEqual(self.succeed("association", "get", association, "-o", "json").json["phones"], ["+4510552222"])
        overruled = self.succeed("sync", "overruled", "tilskud", "-o", "json").json["values"]
        self.assertEqual({value["value"] for value in overruled}, {'["+4510557777"]', '["+4510551111"]'})
        self.assertEqual(self.applicant("sagsnote"), note)
        self.assertEqual(self.applicant("navn"), "Tyrkisk-Dansk Venskabsforening")

    def test_undoing_a_run_puts_both_sides_back(self):
        self.succeed("sync", "run", "tilskud", "--yes")
        association = self.association_of()
        self.change_grants("UPDATE ansoeger SET telefon = '10 55 77 77' WHERE ansoeger_id = 1003")
        run = self.succeed("sync", "run", "tilskud", "-o", "json").json["id"]
        self.assertIn("phones", self.succeed("sync", "log", run, "-o", "table").out)
        self.succeed("sync", "undo", run, "--yes")
        self.await_applicant("telefon", "10550103")
        self.assertEqual(self.succeed("association", "get", association, "-o", "json").json["phones"], ["+4510550103"])
        self.assertIn("Nothing to do", self.succeed("sync", "plan", "tilskud", "-o", "table").out)
        again = self.run_command("sync", "undo", run, "--yes")
        self.assertIn("[RUN_NOT_UNDOABLE]", again.talk)

    def test_what_the_source_refuses_is_a_dead_letter_and_is_replayed_from_today(self):
        self.succeed("sync", "run", "tilskud", "--yes")
        association = self.association_of()
        self.change_grants("CREATE TABLE kept AS SELECT * FROM ansoeger WHERE ansoeger_id = 1003")
        self.change_grants("DELETE FROM ansoeger WHERE ansoeger_id = 1003")
        self.succeed("association", "update", association, "--set", 'phones=["10558888"]')
        end = time.monotonic() + PATIENCE_SECONDS
        letters = []
        while not letters and time.monotonic() < end:
            letters = self.succeed("sync", "dead-letters", "-o", "json").json.get("deadLetters", [])
        self.assertEqual([letter["associationId"] for letter in letters], [association])
        self.assertEqual(letters[0]["code"], "grants.sql.not_found")
        self.change_grants("INSERT INTO ansoeger SELECT * FROM kept")
        self.succeed("sync", "replay", "tilskud")
        self.await_applicant("telefon", "10558888")

    def test_of_two_rows_with_one_cvr_number_a_person_says_which_is_written_to(self):
        for words in ("CREATE TABLE twin AS SELECT * FROM ansoeger WHERE ansoeger_id = 1003",
                      "UPDATE twin SET ansoeger_id = 2003", "INSERT INTO ansoeger SELECT * FROM twin"):
            self.change_grants(words)
        plan = self.succeed("sync", "plan", "tilskud", "-o", "table").out
        self.assertIn("records 1003, 2003 are one association: none of them is written to", plan)
        self.succeed("sync", "run", "tilskud", "--yes")
        self.assertEqual(self.ask_grants("SELECT ansoeger_id FROM ansoeger WHERE brobygger_id IS NULL"), [(1003,), (2003,)])
        conflicts = self.succeed("sync", "conflicts", "tilskud", "-o", "json").json["conflicts"]
        self.assertEqual({conflict["kind"] for conflict in conflicts}, {"KIND_DUPLICATE"})
        shown = self.succeed("sync", "conflicts", "tilskud", "-o", "table")
        self.assertEqual(shown.out.count("which record is it?"), 2)
        self.assertIn("--keep source: the one in CONFLICT", shown.talk)
        self.assertIn("Nothing to do", self.succeed("sync", "plan", "tilskud", "-o", "table").out)

        chosen = "tilskud/associations/2003/hub.association_id"
        wrong = self.run_command("sync", "resolve", chosen, "--value", "2003")
        self.assertIn("choose the source if it is this record", wrong.talk)
        said = self.succeed("sync", "resolve", chosen, "--keep", "source")
        self.assertIn("the association is record 2003", said.talk)
        self.await_applicant("brobygger_id", conflicts[0]["associationId"], key=2003)
        self.assertIsNone(self.association_of(1003))
        self.assertEqual(self.succeed("sync", "conflicts", "tilskud", "-o", "json").json.get("conflicts", []), [])

    def test_what_came_apart_unnoticed_is_found_by_an_audit_and_settled(self):
        self.succeed("sync", "run", "tilskud", "--yes")
        association = self.association_of()
        quiet = self.run_command("sync", "audit", "tilskud", "--detailed-exitcode", "-o", "json")
        self.assertEqual((quiet.code, quiet.json.get("foundCount")), (0, None), quiet.talk)
        self.assertEqual(quiet.json["comparedCount"], "44")
        self.assertEqual(self.run_command("sync", "audit", "no-such-connection").code, 4)

        # As by a fault of the hub's: what it keeps of the source is not what it took over.
        self.assertEqual(self.fjordby("stop").returncode, 0)
        with sqlite3.connect(next(self.state.glob("**/registry.db"))) as database:
            kept = [(number, told) for number, told in database.execute(
                "SELECT id, bytes FROM state WHERE key LIKE 'tilskud/%/1003'") if b"10 55 01 03" in told]
            self.assertEqual(len(kept), 1)
            number, told = kept[0]
            database.execute("UPDATE state SET bytes = ? WHERE id = ?",
                             (told.replace(b"10 55 01 03", b"10 55 99 99"), number))
        self.assertEqual(self.fjordby("start").returncode, 0)
        found = self.run_command("sync", "audit", "tilskud", "--detailed-exitcode", "-o", "table")
        self.assertEqual(found.code, 10, found.talk)
        self.assertIn("brobygger sync conflicts tilskud", found.talk)
        conflict = self.succeed("sync", "conflicts", "tilskud", "-o", "json").json["conflicts"][0]
        self.assertEqual((conflict["kind"], conflict["associationId"]), ("KIND_SILENT_DIVERGENCE", association))
        self.assertIn("came apart", self.succeed("sync", "conflicts", "-o", "table").out)
        self.succeed("sync", "resolve", conflict["conflictId"], "--keep", "registry")
        self.succeed("sync", "run", "tilskud")
        self.assertEqual(self.run_command("sync", "audit", "tilskud", "--detailed-exitcode").code, 0)


if __name__ == "__main__":
    unittest.main()
