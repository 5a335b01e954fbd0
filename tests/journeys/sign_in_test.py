"""People sign in from the web page: the hub's part of OpenID Connect's code flow with a real login
provider (oidc-provider) behind it, and the demo's persons without one."""
import os
import time
import unittest
import urllib.parse

import demo
from provider import Browser, Provider
from sign_in import Door, Pkce, Refused, fields, sign_in, text, texts

BACK = "http://127.0.0.1:8480/session/callback"
CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
issuer = "{issuer}"
audience = "brobygger"
keys_url = "{issuer}/jwks"
keys_plain = true
web_client_id = "{client_id}"
web_client_secret = "{secret}"
web_scope = "openid profile"
"""
WHO = "/brobygger.access.v1.AccessService/"


def code_of(url):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)


class SignInCase(demo.DemoCase):
    def begin(self, client_id="brobygger-web", secret=""):
        """Has the hub take a new provider's tokens."""
        self.provider = Provider(self)
        self.provider.ask('claims {"roles": ["caseworker"], "municipality_code": "0998"}')
        self.issuer = f"http://127.0.0.1:{self.provider.port}"
        (self.state / "more.toml").write_text(CONFIG.format(
            state=self.state, issuer=self.issuer, client_id=client_id, secret=secret))
        self.restart()

    def restart(self):
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0, (self.state / "hub.log").read_text()[-1500:])
        self.door = self.door_at("192.0.2.9")

    def door_at(self, source):
        return Door(self, f"unix:{self.state}/run/people.sock", source)

    def come_back(self, pkce, browser=None):
        """The code with which a person's browser comes back."""
        begun = self.door.call("BeginSignIn", texts(BACK, pkce.state, pkce.nonce, pkce.challenge))
        query = code_of((browser or Browser()).sign_in(text(begun), BACK))
        self.assertEqual(query["state"], [pkce.state])
        return query["code"][0]

    def finish(self, code, pkce):
        return sign_in(self.door.call("FinishSignIn", texts(code, BACK, pkce.verifier, pkce.nonce)))

    def who(self, token):
        return self.door.call("WhoAmI", path=WHO, token=token)

    def refused(self, method, request, door=None):
        with self.assertRaises(Refused) as caught:
            (door or self.door).call(method, request)
        return caught.exception


class ProviderSignInTest(SignInCase):
    """With a real login provider."""

    def test_a_person_signs_in_goes_on_and_leaves(self):
        self.begin()
        self.assertEqual(text(self.door.call("GetSignInWays")), f"127.0.0.1:{self.provider.port}")
        pkce = Pkce()
        browser = Browser()
        got = self.finish(self.come_back(pkce, browser), pkce)
        self.assertEqual(got["display_name"], "mette fra Fjordby")
        self.assertIn(b"0998", self.who(got["access_token"]))
        renewed = sign_in(self.door.call("RenewSignIn", texts(got["refresh_token"])))
        self.assertNotEqual(renewed["access_token"], got["access_token"])
        self.assertIn(b"0998", self.who(renewed["access_token"]))

        ended = self.door.call("EndSignIn", texts(renewed["refresh_token"], renewed["id_token"],
                                                  "http://127.0.0.1:8480/"))
        url = text(ended)
        self.assertTrue(url.startswith(f"{self.issuer}/session/end?"), url)
        # The provider asks whether to sign out there, too; it knows where to go afterwards.
        browser.returning.back = "http://127.0.0.1:8480/"
        self.assertIn("Do you want to sign-out", browser.open(url))
        self.assertIn("does not renew", self.refused("RenewSignIn", texts(renewed["refresh_token"])).details)
        log = (self.state / "hub.log").read_text()
        for secret in (got["access_token"], got["refresh_token"], got["id_token"], pkce.verifier):
            self.assertNotIn(secret, log)

    def test_a_web_page_with_a_secret_proves_who_it_is(self):
        secret = self.state / "web-secret"
        secret.write_text("a secret of the tests\n")
        os.chmod(secret, 0o600)
        self.begin("brobygger-web-secret", f"file:{secret}")
        pkce = Pkce()
        got = self.finish(self.come_back(pkce), pkce)
        self.assertTrue(sign_in(self.door.call("RenewSignIn", texts(got["refresh_token"])))["access_token"])
        # A new secret needs no restart, and a wrong one is nobody's guess.
        secret.write_text("another secret\n")
        refused = self.refused("RenewSignIn", texts(got["refresh_token"]))
        self.assertEqual(refused.code, "UNAUTHENTICATED")
        self.assertIn("do not agree", refused.details)
        log = (self.state / "hub.log").read_text()
        self.assertIn("invalid_client", log)
        self.assertNotIn("another secret", log)

    def test_what_belongs_to_another_sign_in_is_refused(self):
        self.begin()
        mine, other = Pkce(), Pkce()
        code = self.come_back(mine)
        # A code that was stolen is of no use without the verifier, and once shown of none at all.
        stolen = self.refused("FinishSignIn", texts(code, BACK, other.verifier, mine.nonce))
        self.assertEqual(stolen.code, "UNAUTHENTICATED")
        self.refused("FinishSignIn", texts("no-code", BACK, mine.verifier, mine.nonce))
        # Nor does somebody end up in another's sign-in.
        swapped = self.refused("FinishSignIn", texts(self.come_back(mine), BACK, mine.verifier, other.nonce))
        self.assertIn("not the sign-in that was begun", swapped.details)
        # A sign-in that works once does not work twice.
        code = self.come_back(mine)
        self.finish(code, mine)
        self.refused("FinishSignIn", texts(code, BACK, mine.verifier, mine.nonce))

    def test_whoever_guesses_is_shut_out_and_whoever_was_signed_in_is_not(self):
        self.begin()
        pkce = Pkce()
        got = self.finish(self.come_back(pkce), pkce)
        self.door.call("EndSignIn", texts(got["refresh_token"]))
        morning = [self.refused("RenewSignIn", texts(got["refresh_token"])).code for _ in range(15)]
        self.assertEqual(set(morning), {"UNAUTHENTICATED"})
        guesses = [self.refused("RenewSignIn", texts(f"guess-{number}")).code for number in range(25)]
        self.assertEqual(guesses[:10], ["UNAUTHENTICATED"] * 10)
        self.assertIn("RESOURCE_EXHAUSTED", guesses)
        self.door_at("192.0.2.10").call("GetSignInWays")

    def test_a_provider_that_is_away_or_gives_no_use_is_said_in_words(self):
        self.begin()
        pkce = Pkce()
        self.provider.ask('claims {"roles": ["caseworker"], "municipality_code": "0998", "cnf": {"jkt": "x"}}')
        refused = self.refused("FinishSignIn", texts(self.come_back(pkce), BACK, pkce.verifier, pkce.nonce))
        self.assertIn("do not agree", refused.details)
        self.assertIn("token_not_taken", (self.state / "hub.log").read_text())
        self.provider.stop()
        self.restart()
        request = texts(BACK, pkce.state, pkce.nonce, pkce.challenge)
        away = self.refused("BeginSignIn", request)
        self.assertEqual(away.code, "RESOURCE_EXHAUSTED", away.details)
        self.assertIn("does not answer", away.details)


class DemoSignInTest(SignInCase):
    """With the demo as it is."""

    def test_everybody_is_whom_they_choose_to_be_in_a_demo(self):
        self.door = self.door_at("127.0.0.1")
        ways = fields(self.door.call("GetSignInWays"))
        self.assertEqual([number for number, _ in ways], [2, 2, 2])
        people = [text(person) for _, person in ways]
        self.assertEqual(people, ["caseworker", "volunteer-centre", "operator"])
        self.assertEqual(text(ways[0][1], 2), "Sagsbehandler i Kultur og Fritid")
        department = self.succeed("department", "list", "-o", "json").json["departments"][0]
        self.assertEqual(department["officialName"], "Kultur og Fritid")
        for person in people:
            got = sign_in(self.door.call("DemoSignIn", texts(person)))
            me = self.who(got["access_token"])
            self.assertIn(b"user:", me)
            self.assertIn(b"0998", me)
            # The department was made after the hub began, which reads the file again within two seconds.
            until = time.monotonic() + 10
            while person == "caseworker" and department["id"].encode() not in me and time.monotonic() < until:
                got = sign_in(self.door.call("DemoSignIn", texts(person)))
                me = self.who(got["access_token"])
            self.assertEqual(department["id"].encode() in me, person == "caseworker")
            renewed = sign_in(self.door.call("RenewSignIn", texts(got["refresh_token"])))
            self.assertEqual(renewed["refresh_token"], got["refresh_token"])
            self.assertEqual(self.door.call("EndSignIn", texts(got["refresh_token"])), b"")
            self.refused("RenewSignIn", texts(got["refresh_token"]))
        self.assertEqual(self.refused("DemoSignIn", texts("nobody")).code, "INVALID_ARGUMENT")
        self.assertIn("demo_sign_in_is_on", (self.state / "hub.log").read_text())
        # Nothing of it outlives the hub.
        self.restart()
        with self.assertRaises(Refused):
            self.who(got["access_token"])

    def test_who_runs_connections_makes_no_key_that_sees_persons(self):
        self.door = self.door_at("127.0.0.1")
        token = sign_in(self.door.call("DemoSignIn", texts("operator")))["access_token"]

        def make(role):
            # ApiKey: 2 title, 3 municipality_code, 4 roles.
            return self.door.call("CreateApiKey", texts(texts("", "Journal", "0998", role)), path=WHO, token=token)

        make("volunteer-centre")
        with self.assertRaises(Refused) as caught:
            make("caseworker")
        self.assertEqual(caught.exception.code, "PERMISSION_DENIED")
        self.assertIn("more than whoever makes it", caught.exception.details)

    def test_nobody_from_elsewhere_is_a_demo_s_person_however_the_door_is_set_up(self):
        with self.assertRaises(Refused) as caught:
            self.door_at("192.0.2.9").call("DemoSignIn", texts("operator"))
        self.assertEqual(caught.exception.code, "PERMISSION_DENIED")

    def test_a_demo_is_for_its_own_machine_alone(self):
        for more, why in [("[web]\nlisten = '0.0.0.0:8480'\n", "web.listen"),
                          ("[web]\nbeyond_loopback = true\n", "web.beyond_loopback"),
                          ("[web]\npublic_url = 'https://hub.fjordby.example'\n", "web.public_url")]:
            (self.state / "more.toml").write_text(more)
            self.fjordby("stop")
            started = self.fjordby("start")
            self.assertNotEqual(started.returncode, 0)
            self.assertIn(why.encode(), started.stderr)
            self.assertIn(b"access.demo_people", started.stderr)


if __name__ == "__main__":
    unittest.main()
