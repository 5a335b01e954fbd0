"""What a new user meets: two source systems become one registry."""
import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import demo  # noqa: E402

IN_GRANTS = 44
IN_CENTRE = 40
IN_BOTH = 21


def said_by(association, path):
    """Connections that stand behind the field."""
    return {each["connectionId"] for each in association["provenance"]
            if path in each.get("paths", [])}


class Sync(demo.DemoCase):
    def test_a_plan_changes_nothing_and_applying_it_leaves_nothing_to_do(self):
        planned = self.run_command("sync", "plan", "tilskud", "-o", "json", "--detailed-exitcode")
        self.assertEqual(planned.code, 10, planned.talk)
        plan = planned.json["plan"]
        self.assertEqual(int(plan["createCount"]), IN_GRANTS)
        self.assertTrue(plan["firstSync"])
        self.assertEqual(len(planned.json["actions"]), IN_GRANTS)
        self.assertEqual(self.associations(), [])

        run = self.succeed("sync", "apply", plan["id"], "-o", "json").json
        self.assertEqual(int(run["createdCount"]), IN_GRANTS)

        again = self.run_command("sync", "plan", "tilskud", "-o", "json", "--detailed-exitcode")
        self.assertEqual(again.code, 0, again.out + again.talk)
        self.assertEqual(again.json["actions"], [])

    def test_a_plan_is_applied_once(self):
        plan = self.succeed("sync", "plan", "tilskud", "-o", "json").json["plan"]
        self.succeed("sync", "apply", plan["id"])
        again = self.run_command("sync", "apply", plan["id"])
        self.assertEqual(again.code, 6, again.talk)
        self.assertIn("[PLAN_STALE]", again.talk)

    def test_a_plan_that_was_rejected_is_not_done_until_somebody_plans_anew(self):
        plan = self.succeed("sync", "plan", "tilskud", "-o", "json").json["plan"]
        rejected = self.succeed("sync", "reject", plan["id"])
        self.assertIn("brobygger sync plan tilskud", rejected.talk)
        refused = self.run_command("sync", "apply", plan["id"])
        self.assertEqual(refused.code, 6, refused.talk)
        self.assertIn("was rejected", refused.talk)
        self.assertEqual(self.associations(), [])
        anew = self.succeed("sync", "plan", "tilskud", "-o", "json").json["plan"]
        self.assertNotEqual(anew["id"], plan["id"])
        self.succeed("sync", "apply", anew["id"])
        self.assertEqual(len(self.associations()), IN_GRANTS)

    def test_a_first_sync_is_never_applied_without_a_yes(self):
        refused = self.run_command("sync", "run", "tilskud")
        self.assertEqual(refused.code, 2, refused.talk)
        self.assertIn("--yes", refused.talk)
        self.assertEqual(self.associations(), [])

    def test_a_changed_row_is_one_update_and_its_history_shows_it(self):
        self.sync_both()
        self.change_grants("UPDATE ansoeger SET formaal = 'Skak, te og selskab' WHERE navn = 'Fjordby Skakklub'")
        run = self.succeed("sync", "run", "tilskud", "-o", "json").json
        self.assertEqual(int(run.get("updatedCount", 0)), 1)
        self.assertEqual(int(run.get("createdCount", 0)), 0)

        found = self.succeed("association", "get", "Fjordby Skakklub", "-o", "json").json
        self.assertEqual(found["purpose"]["byLanguage"]["da"], "Skak, te og selskab")
        history = self.succeed("association", "history", found["id"], "-o", "json").json["versions"]
        self.assertEqual(history[0]["changedPaths"], ["purpose.da"])
        self.assertIn("plugin:grants.sql", history[0]["actor"])
        before = self.succeed("association", "get", found["id"], "-o", "json", "--as-of",
                              history[1]["revision"]).json
        self.assertEqual(before["purpose"]["byLanguage"]["da"], "Skak for alle")

    def test_rows_that_cannot_be_used_are_listed_with_place_and_reason(self):
        self.sync_both()
        records = self.succeed("sync", "rejected", "frivilligcenter", "-o", "json").json["records"]
        codes = sorted(record["code"] for record in records)
        self.assertEqual(codes, ["CPR_REFUSED", "FIELD_INVALID", "IDENTIFIER_INVALID",
                                 "files.csv.bad_date", "files.csv.column_count"])
        by_code = {record["code"]: record for record in records}
        self.assertEqual(by_code["files.csv.column_count"]["place"], "frivillige.csv:9")
        self.assertEqual(by_code["files.csv.bad_date"]["place"], "frivillige.csv:39")
        # What the hub's own rules refuse is known by the source's key.
        self.assertEqual(by_code["IDENTIFIER_INVALID"]["externalId"], "101")
        self.assertEqual(by_code["FIELD_INVALID"]["externalId"], "102")
        for record in records:
            self.assertTrue(record["textEn"], record)
        # Neither what looked like a CPR number nor its row is kept.
        for file in (self.state / "data").rglob("*"):
            if file.is_file():
                self.assertNotIn(b"010100-0000", file.read_bytes(), file)

    def test_an_emptied_source_changes_nothing_and_says_so(self):
        self.sync_both()
        before = self.associations()
        whole = self.centre_file.read_bytes()
        for rest in (b"", whole.split(b"\r\n")[0] + b"\r\n"):
            self.centre_file.write_bytes(rest)
            result = self.run_command("sync", "run", "frivilligcenter", "--yes")
            self.assertIn(result.code, (1, 7), result.out + result.talk)
            self.assertTrue(result.talk.strip())
            self.assertEqual(self.associations(), before)
        self.centre_file.write_bytes(whole)
        self.succeed("sync", "run", "frivilligcenter")
        self.assertEqual(self.associations(), before)

    def test_a_source_that_is_gone_changes_nothing_and_the_other_goes_on(self):
        self.sync_both()
        before = self.associations()
        self.centre_file.unlink()
        result = self.run_command("sync", "run", "frivilligcenter", "--yes")
        self.assertNotEqual(result.code, 0)
        self.assertIn("frivillige.csv", result.talk)
        self.assertEqual(self.associations(), before)
        self.succeed("sync", "run", "tilskud")

    def test_status_tells_how_each_connection_is_doing(self):
        self.sync_both()
        # What the second sync changed goes to the first source by itself; its plan waits for a moment.
        end = time.monotonic() + 30
        status = self.succeed("sync", "status", "-o", "table")
        while "tilskud          waits" in status.out and time.monotonic() < end:
            time.sleep(0.1)
            status = self.succeed("sync", "status", "-o", "table")
        self.assertRegex(status.out, r"tilskud\s+(done|running)")
        self.assertIn("brobygger sync rejected frivilligcenter", status.out)
        self.succeed("connection", "disable", "tilskud")
        self.assertEqual(self.run_command("sync", "plan", "tilskud").code, 1)
        self.succeed("connection", "enable", "tilskud")
        self.succeed("connection", "check", "tilskud")


class Registry(demo.DemoCase):
    def setUp(self):
        super().setUp()
        self.sync_both()

    def test_the_two_systems_become_one_list_that_says_who_said_each_field(self):
        associations = self.associations()
        self.assertEqual(len(associations), IN_GRANTS + IN_CENTRE - IN_BOTH)
        shared = [each for each in associations
                  if {"tilskud", "frivilligcenter"} <= {p["connectionId"] for p in each["provenance"]}]
        self.assertEqual(len(shared), IN_BOTH)

        solsikken = next(each for each in shared if each["officialName"] == "Kurdisk Ungdom Fjordby")
        self.assertEqual(said_by(solsikken, "official_name"), {"tilskud"})
        self.assertEqual(said_by(solsikken, "identifiers.DK-CVR"), {"tilskud", "frivilligcenter"})
        centre = next(p for p in solsikken["provenance"] if p["connectionId"] == "frivilligcenter")
        self.assertEqual(centre["otherValues"]["official_name"], "KUF - Kurdisk Ungdom Fjordby")
        for each in associations:
            self.assertTrue(said_by(each, "official_name"), each)

        table = self.succeed("association", "list", "--all", "-o", "table").out
        self.assertRegex(table, r"Kurdisk Ungdom Fjordby +\[T≠F\] +99100109 +\[FT\]")
        self.assertIn("F Frivilligcenter Fjordby · T Tilskudssystemet", table)

    def test_one_association_shows_each_field_with_its_sources(self):
        shown = self.succeed("association", "get", "99 10 01 09", "-o", "table").out
        self.assertRegex(shown, r"official_name +Kurdisk Ungdom Fjordby +Tilskudssystemet")
        self.assertRegex(shown, r"KUF - Kurdisk Ungdom Fjordby +≠ Frivilligcenter Fjordby")

    def test_every_form_of_output_can_be_read_back(self):
        associations = self.associations()
        rows = list(csv.DictReader(io.StringIO(
            self.succeed("association", "list", "--all", "-o", "csv").out, newline="")))
        self.assertEqual([row["id"] for row in rows], [each["id"] for each in associations])
        row = next(row for row in rows if row["identifiers.DK-CVR"] == "99100109")
        self.assertEqual(row["official_name.said_by"], "tilskud!frivilligcenter")
        yaml = self.succeed("association", "list", "--all", "-o", "yaml").out
        self.assertEqual(yaml.count("\n  - id: "), len(associations))
        self.assertIn('municipalityCode: "0998"', yaml)
        for form in ("table", "json", "yaml", "csv"):
            for words in (("sync", "status"), ("connection", "list"), ("plugin", "list"),
                          ("municipality", "list"), ("department", "list"),
                          ("association", "history", "99100109"), ("association", "get", "99100109"),
                          ("sync", "rejected"), ("sync", "conflicts"), ("sync", "plan", "tilskud"),
                          ("sync", "audit", "tilskud"),
                          ("change", "follow", "--stop-at-end")):
                with self.subTest(form=form, words=words):
                    self.succeed(*words, "-o", form)

    def test_filters_and_pages_fit_together(self):
        kultur = self.succeed("association", "list", "--all", "-o", "json", "--filter",
                              'official_name : "kulturforening"').json["associations"]
        self.assertGreater(len(kultur), 5)
        first = self.succeed("association", "list", "--page-size", "25", "-o", "json").json
        second = self.succeed("association", "list", "--page-size", "25", "-o", "json",
                              "--page-token", first["nextPageToken"]).json
        seen = [each["id"] for each in first["associations"] + second["associations"]]
        self.assertEqual(seen, [each["id"] for each in self.associations()][:50])

    def test_a_persons_change_stands_beside_the_systems(self):
        etag = self.succeed("association", "get", "99100109", "-o", "json").json["etag"]
        self.succeed("association", "update", "99100109", "--set", "purpose.da=Unge for unge",
                     "--etag", etag)
        late = self.run_command("association", "update", "99100109", "--set", "purpose.da=x",
                                "--etag", etag)
        self.assertEqual(late.code, 6, late.talk)
        self.assertIn("[ETAG_MISMATCH]", late.talk)
        shown = self.succeed("association", "get", "99100109", "-o", "table").out
        self.assertRegex(shown, r"purpose\.da +Unge for unge +a person at the hub")

    def test_what_looks_like_a_cpr_number_is_refused_by_hand_too(self):
        refused = self.run_command("association", "update", "99100109", "--set",
                                   "purpose.da=Ring til 010100-0000")
        self.assertEqual(refused.code, 2, refused.talk)
        self.assertIn("[CPR_REFUSED]", refused.talk)

    def test_deleting_can_be_taken_back(self):
        refused = self.run_command("association", "delete", "99100109")
        self.assertEqual(refused.code, 2, refused.talk)
        self.succeed("association", "delete", "99100109", "--yes")
        names = {each["officialName"] for each in self.associations()}
        self.assertNotIn("Kurdisk Ungdom Fjordby", names)
        self.succeed("association", "undelete", "99100109")
        self.assertEqual(len(self.associations()), IN_GRANTS + IN_CENTRE - IN_BOTH)

    def test_the_list_leaves_in_formats_that_others_read(self):
        card = self.succeed("association", "card", "99100265").out
        self.assertTrue(card.startswith("Lektiecaféen Nordbyen\n"), card)
        page = self.succeed("association", "card", "99100265", "--html").out
        self.assertIn("<h1 dir=\"auto\">Lektiecaféen Nordbyen</h1>", page)
        table = self.succeed("association", "export").out
        everybody = IN_GRANTS + IN_CENTRE - IN_BOTH
        self.assertEqual(table.count("\r\n"), 1 + everybody)
        listed = json.loads(self.succeed("association", "export", "--format", "hsds").out)
        self.assertEqual(listed["total_items"], everybody)
        self.assertEqual(len(listed["contents"]), everybody)
        publisher = ("--publisher-prefix", "360G-fjordby", "--publisher-id", "DK-CVR-99000998",
                     "--publisher-name", "Fjordby Kommune")
        given = json.loads(self.succeed("grant", "export", *publisher).out)["grants"]
        self.assertTrue(given)
        for grant in given:
            self.assertGreater(grant["amountAwarded"], 0)
            self.assertTrue(grant["recipientOrganization"][0]["name"])

    def test_exit_codes_tell_what_went_wrong(self):
        absent = "00000000-0000-4000-8000-000000000000"
        for code, words in (
                (2, ("association", "list", "--no-such-option")),
                (2, ("association", "list", "--filter", "nothing ~ here")),
                (4, ("association", "get", absent)),
                (4, ("sync", "plan", "no-such-connection")),
                (4, ("sync", "apply", absent)),
                (3, ("--server", f"unix:{self.state}/nobody.sock", "association", "list"))):
            with self.subTest(words=words):
                result = self.run_command(*words)
                self.assertEqual(result.code, code, result.out + result.talk)
                self.assertTrue(result.talk.startswith("brobygger: "), result.talk)
                self.assertRegex(result.talk, r"\[[A-Z_]+\]")
                self.assertEqual(result.out, "")

    def test_a_wrong_connection_file_is_refused_by_line_and_key(self):
        text = b'id = "x"\ntitle = "X"\nplugin = "files.csv"\nevry = "10m"\n'
        refused = self.run_command("connection", "create", "--file", "-", stdin=text)
        self.assertEqual(refused.code, 2)
        self.assertIn("standard input:4: evry", refused.talk)

    def test_the_shell_completes_names_from_the_hub(self):
        offered = self.succeed("__complete", "--", "sync", "plan", "").out.split()
        self.assertEqual(offered, ["frivilligcenter", "tilskud"])
        self.assertIn("99100109", self.succeed("__complete", "--", "assoc", "get", "991001").out)
        script = ('source <("$0" completion bash); COMP_WORDS=("$0" sync pl); COMP_CWORD=2; '
                  '_brobygger; echo "${COMPREPLY[*]}"')
        bash = subprocess.run(["bash", "-c", script, demo.BROBYGGER], capture_output=True,
                              check=True, env=self.environment(), timeout=demo.LIMIT_SECONDS)
        self.assertEqual(bash.stdout.decode().strip(), "plan")

    def test_following_shows_every_change_and_ends_when_interrupted(self):
        ended = self.succeed("change", "follow", "--stop-at-end", "-o", "json")
        created = [line for line in ended.out.splitlines() if '"KIND_CREATED"' in line]
        associations = [line for line in created if '"associationId"' in line]
        self.assertEqual(len(associations), IN_GRANTS + IN_CENTRE - IN_BOTH)
        # Who may follow the registry may not for that read what is applied for.
        self.assertEqual(len([line for line in created if '"grantApplicationId"' in line]), 16)
        self.assertNotIn("Sommerlejr", ended.out)

        follower = subprocess.Popen([demo.BROBYGGER, "change", "follow", "-o", "json"],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    env=self.environment())
        try:
            self.assertTrue(follower.stdout.readline())
            follower.send_signal(signal.SIGINT)
            follower.communicate(timeout=demo.LIMIT_SECONDS)
        finally:
            follower.kill()
        self.assertEqual(follower.returncode, 130)

    def test_a_hub_that_is_stopped_and_started_has_everything(self):
        before = self.associations()
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.run_command("association", "list").code, 3)
        self.assertEqual(self.fjordby("start").returncode, 0)
        self.assertEqual(self.associations(), before)


if __name__ == "__main__":
    os.umask(0o077)
    unittest.main()
