"""A login provider whose clock is wrong, or whose keys cannot be had: who is let in, what people are
told, and what the operator reads."""
import time
import unittest

import demo
from provider import Provider

CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
issuer = "http://127.0.0.1:{port}"
audience = "brobygger"
keys_url = "http://127.0.0.1:{port}{keys}"
keys_plain = true
"""
# A call waits a second and a half for keys; it must not wait for what the provider does.
LONGEST_CALL_SECONDS = 10


class ProviderFaultsTest(demo.DemoCase):
    def setUp(self):
        super().setUp()
        self.provider = Provider(self)
        self.provider.ask('claims {"roles": ["data-protection-officer"], "municipality_code": "0998"}')

    def begin(self, keys="/jwks"):
        (self.state / "more.toml").write_text(CONFIG.format(state=self.state, port=self.provider.port,
                                                            keys=keys))
        self.assertEqual(self.fjordby("stop").returncode, 0)
        (self.state / "hub.log").write_text("")
        self.assertEqual(self.fjordby("start").returncode, 0, self.log()[-1500:])

    def log(self):
        return (self.state / "hub.log").read_text()

    def sign_in(self, credential):
        """As whoever has this token or key would; nothing is kept from one time to the next."""
        (self.state / "credential").write_text(credential)
        begun = time.monotonic()
        result = self.run_command("--server", f"unix:{self.state}/run/people.sock", "--profile",
                                  f"p{time.monotonic_ns()}", "login", "--token-file",
                                  str(self.state / "credential"))
        self.assertLess(time.monotonic() - begun, LONGEST_CALL_SECONDS)
        return result

    def environment(self):
        return super().environment() | {"XDG_CONFIG_HOME": str(self.state / "config")}

    def test_clocks_that_are_five_minutes_apart_keep_everybody_out_and_the_log_says_so(self):
        self.begin()
        for skew, life, why in [(300, 600, "NotYetValid"), (-300, 200, "Expired"),
                                (75, 600, "NotYetValid")]:
            with self.subTest(skew=skew):
                self.provider.ask(f"skew {skew}")
                self.provider.ask(f"ttl {life}")
                # The hub writes at most a line a second.
                time.sleep(1.1)
                refused = self.sign_in(self.provider.ask("token"))
                self.assertEqual(refused.code, 5, refused.talk)
                self.assertIn("the access token is not valid (any more)", refused.talk)
                self.assertIn(f"sign_in_refused what=token why={why}", self.log())
        # Nobody guessed anything, so nobody is shut out when the clock is right again; a minute is let pass.
        self.provider.ask("ttl 600")
        for skew in [0, 55, -55]:
            self.provider.ask(f"skew {skew}")
            for _ in range(4):
                self.assertEqual(self.sign_in(self.provider.ask("token")).code, 0)

    def test_keys_that_cannot_be_had_hold_up_nobody_else(self):
        key = self.succeed("access", "key", "create", "Frivilligcenter Fjordby", "--municipality", "0998",
                           "--role", "volunteer-centre", "-o", "json").json["key"]
        for keys, detail in [("/silent", "takes long"), ("/slow", "takes long"),
                             ("/huge", "the answer is too large"),
                             ("/huge-in-parts", "the answer is too large"),
                             ("/page", "JSON"), ("/down", "the answer was 503"),
                             ("/elsewhere", "the answer was 302")]:
            with self.subTest(keys):
                self.begin(keys)
                refused = self.sign_in(self.provider.ask("token"))
                self.assertIn("OVERLOADED", refused.talk)
                self.assertIn("what=token why=NoKeys", self.log())
                self.assertIn(detail, self.log())
                self.assertEqual(self.sign_in(key).code, 0)
        # Keys of somebody else are keys: a token that they did not sign is forged.
        self.begin("/wrong-keys")
        self.assertIn("NOT_SIGNED_IN", self.sign_in(self.provider.ask("token")).talk)
        self.assertIn("why=WrongSignature", self.log())


if __name__ == "__main__":
    unittest.main()
