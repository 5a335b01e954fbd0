"""People sign in from a terminal with the browser they have: the device flow of a real login
provider (oidc-provider), over the hub's second socket."""
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import tomllib
import unittest
import urllib.error

import demo
from provider import Browser, Provider

CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
issuer = "{issuer}"
audience = "brobygger"
keys_url = "{issuer}/jwks"
keys_plain = true
keys_ca_file = "{ca_file}"
login_client_id = "{client_id}"
"""


class LoginTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-login-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        super().setUp()

    def begin(self, *tls, ca_file="", client_id="brobygger-cli"):
        """Has the hub take a new provider's tokens."""
        self.provider = Provider(self, *tls)
        self.provider.ask('claims {"roles": ["caseworker"], "municipality_code": "0998"}')
        self.issuer = f"http{'s' if tls else ''}://127.0.0.1:{self.provider.port}"
        (self.state / "more.toml").write_text(CONFIG.format(
            state=self.state, issuer=self.issuer, ca_file=ca_file, client_id=client_id))
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0, (self.state / "hub.log").read_text()[-1500:])
        self.hub = f"unix:{self.state}/run/people.sock"

    @property
    def profile(self):
        return self.folder / "config" / "brobygger" / "default.toml"

    def kept(self):
        return tomllib.loads(self.profile.read_text())["login"]

    def people(self):
        environment = self.environment() | {"XDG_CONFIG_HOME": str(self.folder / "config")}
        del environment["BROBYGGER_SERVER"]
        return environment

    def start(self, *words):
        return subprocess.Popen([demo.BROBYGGER, *words], stdin=subprocess.DEVNULL, env=self.people(),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def as_user(self, *words):
        return demo.Result(subprocess.run([demo.BROBYGGER, *words], capture_output=True, check=False,
                                          env=self.people(), stdin=subprocess.DEVNULL,
                                          timeout=demo.LIMIT_SECONDS))

    def begin_login(self, *words):
        """The command that waits, the page it names and the code."""
        command = self.start("--server", self.hub, "login", *words)
        self.addCleanup(command.communicate)
        line = command.stderr.readline()
        found = re.fullmatch(r"Open (\S+) in a browser and enter the code (\S+)\n", line)
        self.assertIsNotNone(found, line + ("" if found else command.stderr.read()))
        return command, found[1], found[2]

    def end(self, command):
        out, talk = command.communicate(timeout=demo.LIMIT_SECONDS)
        return command.returncode, out + talk

    def sign_in(self, *words, browser=None):
        command, page, code = self.begin_login(*words)
        (browser or Browser()).approve(page, code)
        exit_code, told = self.end(command)
        self.assertEqual(exit_code, 0, told)
        return told

    def test_who_knows_the_hub_signs_in_with_a_browser_and_need_not_say_more(self):
        self.begin()
        told = self.sign_in()
        self.assertIn("Signed in", told)
        self.assertEqual(stat.S_IMODE(os.stat(self.profile).st_mode), 0o600)
        # From now on nothing need be said: neither the hub nor how to sign in.
        me = self.as_user("whoami", "-o", "json").json
        self.assertTrue(me["actor"].startswith("user:"))
        self.assertEqual(me["municipalityCode"], "0998")
        # And what was got there is in no log.
        log = (self.state / "hub.log").read_text()
        for secret in ("access_token", "refresh_token"):
            self.assertNotIn(self.kept()[secret], log + told)

        refresh_token = self.kept()["refresh_token"]
        self.assertEqual(self.as_user("logout").code, 0)
        self.assertFalse(self.profile.exists())
        with self.assertRaises(urllib.error.HTTPError):
            Browser().open(f"{self.issuer}/token", {"grant_type": "refresh_token", "client_id": "brobygger-cli",
                                                    "refresh_token": refresh_token})

    def test_who_says_no_or_gives_up_is_not_signed_in(self):
        self.begin()
        command, page, code = self.begin_login()
        # The page answers an abort with an error of its own.
        try:
            Browser().refuse(page, code)
        except urllib.error.HTTPError:
            pass
        exit_code, told = self.end(command)
        self.assertEqual(exit_code, 5, told)
        self.assertIn("refused at the login provider", told)

        command, _, _ = self.begin_login()
        command.send_signal(signal.SIGINT)
        exit_code, told = self.end(command)
        self.assertEqual(exit_code, 130, told)
        self.assertIn("nothing was kept", told)
        self.assertFalse(self.profile.exists())

    def test_a_sign_in_is_renewed_by_one_command_at_a_time_and_ends_with_the_provider(self):
        self.begin()
        # Every command finds that the token ends within a minute, and a refresh token works once:
        # of two that show the same one, the provider ends the whole sign-in.
        self.provider.ask("ttl 30")
        self.sign_in()
        first = self.kept()
        commands = [self.start("whoami") for _ in range(6)]
        for command in commands:
            exit_code, told = self.end(command)
            self.assertEqual(exit_code, 0, told)
            self.assertNotIn("could not be renewed", told)
        self.assertNotEqual(self.kept()["refresh_token"], first["refresh_token"])

        # A provider that is gone is said once; the token that there is works until it ends.
        self.provider.stop()
        result = self.as_user("whoami")
        self.assertEqual(result.code, 0, result.talk)
        self.assertEqual(result.talk.count("could not be renewed"), 1)
        ended = re.sub(r"expires_at = \d+", "expires_at = 1000", self.profile.read_text())
        ended = re.sub(r"access_token = '[^']+'", f"access_token = '{first['access_token'][:-8]}AAAAAAAA'",
                       ended)
        self.profile.write_text(ended)
        result = self.as_user("whoami")
        self.assertEqual(result.code, 5, result.talk)
        self.assertIn("brobygger login", result.talk)

    def test_a_provider_is_asked_over_tls_and_only_if_it_is_trusted(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "2", "-subj", "/CN=login", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        self.begin(str(key), str(certificate), ca_file=certificate)
        refused = self.as_user("--server", self.hub, "login")
        self.assertEqual(refused.code, 1, refused.talk)
        self.assertIn("not trusted", refused.talk)
        self.sign_in("--ca-file", str(certificate), browser=Browser(certificate))
        self.assertEqual(self.as_user("whoami").code, 0)

    def test_a_hub_that_names_no_provider_says_what_to_do(self):
        self.begin(client_id="")
        refused = self.as_user("--server", self.hub, "login")
        self.assertEqual(refused.code, 2, refused.talk)
        self.assertIn("--token-file", refused.talk)
        # Told both, it works without the hub's word.
        self.sign_in("--issuer", self.issuer, "--client-id", "brobygger-cli")
        wrong = self.as_user("--server", self.hub, "login", "--issuer", self.issuer, "--client-id", "nobody")
        self.assertEqual(wrong.code, 1, wrong.talk)
        self.assertIn("invalid_client", wrong.talk)
        # At the operators' socket there is nothing to sign in to.
        operator = self.as_user("--server", self.server, "login", "--profile", "other")
        self.assertIn("nobody needs to sign in", operator.talk)
        # What one hub gave is shown to no other.
        elsewhere = self.as_user("--server", "https://127.0.0.1:1", "--timeout", "2", "whoami")
        self.assertIn("nothing of it is shown", elsewhere.talk)


if __name__ == "__main__":
    unittest.main()
