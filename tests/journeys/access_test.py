"""Two departments, a volunteer centre and the data-protection officer sign in through the
proxy's socket; each asks the same question and gets the answer of its level."""
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import demo
from provider import Provider

PATIENCE_SECONDS = 30
CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
policy = "{folder}/policy.toml"
issuer = "http://127.0.0.1:{port}"
audience = "brobygger"
keys_url = "http://127.0.0.1:{port}/jwks"
keys_plain = true
"""


class AccessTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-access-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        super().setUp()
        self.provider = Provider(self)
        self.policy = self.folder / "policy.toml"
        shutil.copy(demo.ROOT / "core" / "access" / "data" / "policy.toml", self.policy)
        (self.state / "more.toml").write_text(
            CONFIG.format(state=self.state, folder=self.folder, port=self.provider.port))
        self.restart()
        self.home = "0998"
        self.departments = {}
        for name in ["Integration og Medborgerskab", "Kultur og Fritid"]:
            self.departments[name] = self.succeed("department", "create", name, "--municipality",
                                                  self.home, "-o", "json").json["id"]
        self.association = self.succeed(
            "association", "create", "--set", "official_name=Lanternen", "--set",
            f"municipality_code={self.home}", "-o", "json").json["id"]
        self.knows, self.other = list(self.departments)[:2]
        self.succeed("touchpoint", "add", self.association, "--department", self.knows, "--role",
                     "konsulent", "--by", "municipality")

    def restart(self):
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0, (self.state / "hub.log").read_text()[-1500:])

    def sign_in(self, profile, token):
        """As somebody with a home folder of their own would."""
        (self.folder / profile).write_text(token + "\n")
        result = self.as_user(profile, "--server", f"unix:{self.state}/run/people.sock", "login",
                              "--token-file", str(self.folder / profile))
        self.assertEqual(result.code, 0, result.talk)
        return result

    def as_user(self, profile, *words):
        environment = self.environment() | {"XDG_CONFIG_HOME": str(self.folder / "config")}
        del environment["BROBYGGER_SERVER"]
        return demo.Result(subprocess.run([demo.BROBYGGER, "--profile", profile, *words],
                                          capture_output=True, check=False, env=environment,
                                          stdin=subprocess.DEVNULL, timeout=demo.LIMIT_SECONDS))

    def sign_in_employees(self):
        for profile, role, department in [("own", "caseworker", self.knows),
                                          ("colleague", "caseworker", self.other),
                                          ("officer", "data-protection-officer", self.other)]:
            self.sign_in(profile, self.provider.token(role, self.home, self.departments[department]))

    def who_knows(self, profile, *words):
        result = self.as_user(profile, "--purpose", "collaboration", "who-knows", self.association,
                              "-o", "json", *words)
        self.assertEqual(result.code, 0, result.talk)
        return result.json["associations"][0].get("acquaintances", [])

    def test_who_looks_after_connections_pauses_one_and_does_not_say_what_it_may_reach(self):
        self.sign_in("operator", self.provider.token("operator", self.home))
        for verb in ("disable", "enable"):
            self.assertEqual(self.as_user("operator", "connection", verb, "tilskud").code, 0)
        # A connection names files and secrets of the hub's machine.
        file = self.folder / "connection.toml"
        toml = (demo.ROOT / "deploy" / "demo" / "frivilligcenter.toml.in").read_text()
        for state in ("/etc", str(self.state)):
            file.write_text(toml.replace("@STATE@", state))
            result = self.as_user("operator", "connection", "update", "frivilligcenter", "--file", str(file))
            self.assertEqual(result.code, 0 if state == str(self.state) else 5, result.talk)
        file.write_text(toml.replace("@STATE@", "/etc").replace('id = "frivilligcenter"', 'id = "mit"'))
        refused = self.as_user("operator", "connection", "create", "--file", str(file))
        self.assertEqual(refused.code, 5, refused.talk)
        self.assertIn("NOT_ALLOWED", refused.talk)

    def test_the_same_question_gets_the_answer_of_its_caller(self):
        self.sign_in_employees()
        key = self.succeed("access", "key", "create", "Frivilligcenter Fjordby", "--municipality",
                           self.home, "--role", "volunteer-centre", "-o", "json").json
        self.sign_in("centre", key["key"])

        own = self.who_knows("own")[0]
        self.assertEqual(own["touchpoints"][0]["ourRole"], "konsulent")
        colleague = self.who_knows("colleague")[0]
        self.assertEqual(colleague["departmentName"], self.knows)
        self.assertIn("lastDate", colleague["familiarity"])
        self.assertNotIn("touchpoints", colleague)
        # Nobody who did not say what for.
        refused = self.as_user("own", "who-knows", self.association)
        self.assertIn("PURPOSE_REQUIRED", refused.talk)

        # A volunteer centre hears of it only when the association has agreed, and then whom to ask.
        self.assertIn("ASSOCIATION_NOT_FOUND", self.as_user("centre", "who-knows", self.association).talk)
        self.succeed("association", "consent", self.association, "--volunteer-centres", "yes",
                     "--evidence", "brev")
        told = self.centre_knows()
        self.assertEqual([each["departmentName"] for each in told], [self.knows])
        self.assertNotIn("familiarity", told[0])
        seen = self.as_user("centre", "association", "get", self.association, "-o", "json").json
        self.assertNotIn("provenance", seen)
        self.assertIn("NOT_ALLOWED", self.as_user("centre", "touchpoint", "list").talk)

        self.succeed("access", "key", "revoke", key["apiKey"]["id"])
        self.assertIn("NOT_SIGNED_IN", self.as_user("centre", "who-knows", "--municipality",
                                                    self.home).talk)

    def test_a_colleague_lists_and_writes_only_what_is_their_own_department_s(self):
        self.sign_in_employees()
        self.assertEqual([each["ourRole"] for each in self.listed("own")], ["konsulent"])
        self.assertEqual(self.listed("colleague"), [])
        self.assertEqual(self.listed("own", purpose="grants"), [])
        refused = self.as_user("colleague", "--purpose", "collaboration", "touchpoint", "add",
                               self.association, "--department", self.knows)
        self.assertEqual(refused.code, 5, refused.talk)
        self.assertIn(self.knows, refused.talk)

    def listed(self, profile, purpose="collaboration"):
        result = self.as_user(profile, "--purpose", purpose, "touchpoint", "list", "--all", "-o", "json")
        self.assertEqual(result.code, 0, result.talk)
        return result.json.get("touchpoints", [])

    def centre_knows(self):
        result = self.as_user("centre", "who-knows", self.association, "-o", "json")
        self.assertEqual(result.code, 0, result.talk)
        return result.json["associations"][0].get("acquaintances", [])

    def test_the_officer_sees_who_looked_and_a_changed_byte_is_found(self):
        self.sign_in_employees()
        self.who_knows("colleague")
        log = self.as_user("officer", "access", "log", "--association", self.association, "--all",
                           "-o", "json")
        self.assertEqual(log.code, 0, log.talk)
        looked = [each["entry"] for each in log.json["records"]
                  if each["entry"]["method"].endswith("/WhoKnows")]
        self.assertEqual(looked[0]["purpose"], "collaboration")
        self.assertTrue(looked[0]["actor"].startswith("user:"))
        # What they saw is not the officer's business.
        self.assertIn("NOT_ALLOWED", self.as_user("officer", "who-knows", self.association).talk)

        self.assertEqual(self.fjordby("stop").returncode, 0)
        folder = next(self.state.rglob("audit"))
        good = self.run_command("audit", "verify", "--folder", str(folder))
        self.assertEqual(good.code, 0, good.out + good.talk)
        segment = max(folder.glob("*.log"), key=lambda path: path.stat().st_size)
        changed = bytearray(segment.read_bytes())
        place = changed.index(b"WhoKnows")
        changed[place] ^= 1
        segment.write_bytes(changed)
        bad = self.run_command("audit", "verify", "--folder", str(folder))
        self.assertEqual(bad.code, 1, bad.out + bad.talk)
        self.assertIn(segment.name, bad.out + bad.talk)

    def test_a_policy_with_a_mistake_changes_nothing_and_a_right_taken_away_is_gone(self):
        self.sign_in_employees()
        self.who_knows("own")
        good = self.policy.read_text()
        self.policy.write_text(good.replace('"discovery.read"', '"discovery.reed"'))
        self.await_log("policy_refused")
        self.who_knows("own")
        self.policy.write_text(good.replace(', "discovery.read"', ""))
        self.await_log("policy_read")
        refused = self.as_user("own", "--purpose", "collaboration", "who-knows", self.association)
        self.assertIn("NOT_ALLOWED", refused.talk)

    def await_log(self, event):
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            # The file is looked at when somebody calls.
            self.as_user("own", "whoami")
            if event in (self.state / "hub.log").read_text():
                return
            time.sleep(0.2)
        self.fail(f"{event} is not in the hub's log")

    def test_without_the_provider_those_it_vouched_for_go_on_and_strangers_stay_out(self):
        token = self.provider.token("caseworker", self.home, self.departments[self.knows])
        self.sign_in("own", token)
        self.provider.stop()
        self.who_knows("own")
        for stranger in [token[:-4] + "AAAA", "bb_0000000000000000_" + "A" * 43, "nonsense"]:
            (self.folder / "stranger").write_text(stranger)
            refused = self.as_user("stranger", "--server", f"unix:{self.state}/run/people.sock",
                                   "login", "--token-file", str(self.folder / "stranger"))
            self.assertIn("NOT_SIGNED_IN", refused.talk)
            self.assertNotIn(stranger, refused.talk + (self.state / "hub.log").read_text())
        nobody = self.as_user("nobody", "--server", f"unix:{self.state}/run/people.sock", "whoami")
        self.assertIn("NOT_SIGNED_IN", nobody.talk)


if __name__ == "__main__":
    unittest.main()
