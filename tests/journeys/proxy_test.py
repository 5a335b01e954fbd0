"""Systems call through nginx with client certificates; what a client says of its certificate or
address itself is worth nothing, and who guesses keys is soon not listened to."""
import grp
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

import grpc

import demo
from provider import Provider
from proxy import Authority, Proxy, fingerprint, free_port

sys.path.insert(0, str(demo.BUILD / "gen" / "python"))
from brobygger.access.v1 import access_service_pb2 as access  # noqa: E402
from google.rpc import status_pb2  # noqa: E402

WHO_AM_I = "/brobygger.access.v1.AccessService/WhoAmI"
SENTENCE = ("the client certificate is not one that this hub takes (any more); ask whoever runs the "
            "hub")
GUESSES = 10_000
CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
systems = "{folder}/systems.toml"
issuer = "http://127.0.0.1:{port}"
audience = "brobygger"
keys_url = "http://127.0.0.1:{port}/jwks"
keys_plain = true
"""
SYSTEM = """
[[system]]
name = "grants-fritid"
municipality = "0998"
roles = ["system"]
certificates = [{certificates}]
"""


class Answer:
    """What came of a call: who the hub took the caller for, or why it was refused."""

    def __init__(self, actor=None, error=None):
        self.actor = actor
        self.code = None if error is None else error.code()
        self.text = None if error is None else error.details()
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin") if error else None
        self.reason, self.retry_seconds = None, None
        for detail in status_pb2.Status.FromString(details or b"").details:
            if detail.type_url.endswith("/google.rpc.ErrorInfo"):
                self.reason = status_pb2.ErrorInfo.FromString(detail.value).reason
            if detail.type_url.endswith("/google.rpc.RetryInfo"):
                self.retry_seconds = status_pb2.RetryInfo.FromString(detail.value).retry_delay.seconds


class Client:
    """A program that calls the hub."""

    def __init__(self, case, target, root=None, identity=None):
        if root is None:
            options = [("grpc.default_authority", "localhost")]
            self.channel = grpc.insecure_channel(target, options)
        else:
            key, certificate = (path.read_bytes() for path in identity) if identity else (None, None)
            self.channel = grpc.secure_channel(
                target, grpc.ssl_channel_credentials(root.read_bytes(), key, certificate))
        case.addCleanup(self.channel.close)
        self.call = self.channel.unary_unary(WHO_AM_I, access.WhoAmIRequest.SerializeToString,
                                             access.WhoAmIResponse.FromString)

    def who_am_i(self, *metadata, token=None):
        if token is not None:
            metadata += (("authorization", "Bearer " + token),)
        try:
            return Answer(actor=self.call(access.WhoAmIRequest(), timeout=30, metadata=metadata).actor)
        except grpc.RpcError as error:
            return Answer(error=error)


class OtherAddress:
    """Hands bytes on to a port of this machine, from another address of it."""

    def __init__(self, case, port, address):
        self.port, self.address = port, address
        self.listener = socket.create_server(("127.0.0.1", 0))
        case.addCleanup(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port), source_address=(self.address, 0))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.hand_on, args=(one, other), daemon=True).start()

    @staticmethod
    def hand_on(one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class ProxyTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-proxy-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.ours, self.theirs = Authority(self.folder, "ours"), Authority(self.folder, "theirs")
        self.system = self.ours.sign("system")
        super().setUp()
        self.provider = Provider(self)
        self.take(self.system)
        (self.state / "more.toml").write_text(CONFIG.format(state=self.state, folder=self.folder,
                                                            port=self.provider.port))
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0, self.log()[-1500:])
        self.people = self.state / "run" / "people.sock"
        self.server_files = self.ours.sign("localhost", end="20980101000000Z")
        self.proxy = self.start_proxy()

    def start_proxy(self, *changes):
        folder = self.folder / f"nginx-{free_port()}"
        return Proxy(self, folder, self.people, self.server_files, self.ours, changes)

    def take(self, *systems):
        """Has the hub take these certificates."""
        digests = ", ".join(f'"{fingerprint(certificate)}"' for _, certificate in systems)
        (self.folder / "systems.toml").write_text(SYSTEM.format(certificates=digests))

    def log(self):
        return (self.state / "hub.log").read_text()

    def client(self, identity=None, proxy=None, port=None):
        port = port or (proxy or self.proxy).port
        return Client(self, f"127.0.0.1:{port}", self.ours.certificate, identity)

    def forged(self, identity):
        return ("brobygger-client-certificate", urllib.parse.quote(identity[1].read_text()))

    def assert_refused(self, answer, sentence=SENTENCE):
        self.assertEqual(answer.code, grpc.StatusCode.UNAUTHENTICATED, answer.text)
        self.assertIn(sentence, answer.text)

    def test_a_system_is_known_by_its_certificate_and_by_the_next_one(self):
        self.assertEqual(self.client(self.system).who_am_i().actor, "system:grants-fritid")
        # What it may do is the policy's to say, as for everybody.
        following = self.ours.sign("system", end="20970101000000Z")
        self.assert_refused(self.client(following).who_am_i())
        self.take(self.system, following)
        self.await_actor(self.client(following), "system:grants-fritid")
        self.assertEqual(self.client(self.system).who_am_i().actor, "system:grants-fritid")
        # Taken out of the file it is refused, while the hub runs; a file with a mistake changes nothing.
        self.take(following)
        self.await_actor(self.client(self.system), None)
        (self.folder / "systems.toml").write_text("[[system]]\nname = 'x'\n")
        end = time.monotonic() + 20
        while "systems_refused" not in self.log() and time.monotonic() < end:
            self.assertEqual(self.client(following).who_am_i().actor, "system:grants-fritid")
            time.sleep(0.2)
        self.assertIn("systems.toml:1: a system has one certificate", self.log())

    def test_the_command_line_shows_a_certificate_too(self):
        key, certificate = self.system
        hub = ("--server", f"https://localhost:{self.proxy.port}")
        told = self.run_command(*hub, "login", "--certificate", certificate, "--key", key)
        self.assertEqual(told.code, 0, told.talk)
        # Kept in the profile, and read anew each time; at another hub nothing is shown.
        self.assertEqual(self.run_command("whoami", "-o", "json").json["actor"], "system:grants-fritid")
        other = self.start_proxy()
        elsewhere = self.run_command("--server", f"https://localhost:{other.port}", "whoami")
        self.assertIn("NOT_SIGNED_IN", elsewhere.talk)
        self.assertIn("nothing of it is shown", elsewhere.talk)
        for words in (["--certificate", certificate], ["--certificate", certificate, "--key", "/dev/null"],
                      ["--certificate", certificate, "--key", key, "--token-file", key]):
            self.assertEqual(self.run_command(*hub, "login", *words).code, 2)

    def environment(self):
        environment = super().environment() | {
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(self.ours.certificate)}
        return environment

    def await_actor(self, client, actor):
        end = time.monotonic() + 20
        while (answer := client.who_am_i()).actor != actor:
            self.assertLess(time.monotonic(), end, answer.text)
            time.sleep(0.2)
        if actor is None:
            self.assert_refused(answer)

    def test_certificates_that_are_not_good_are_refused_with_one_sentence(self):
        refused = {
            "of another authority": self.theirs.sign("system"),
            "that nobody knows": self.ours.sign("system", end="20960101000000Z"),
            "whose time is over": self.ours.sign("system", end="20210101000000Z"),
            "whose time has not come": self.ours.sign("system", begin="20900101000000Z",
                                                      end="20950101000000Z"),
        }
        # Known or not, what is over is over.
        self.take(self.system, refused["whose time is over"])
        for kind, identity in refused.items():
            with self.subTest(kind):
                self.assert_refused(self.client(identity).who_am_i())
        # Where systems sign for themselves, the hub alone looks.
        own = self.start_proxy(("ssl_verify_client      optional;", "ssl_verify_client optional_no_ca;"))
        self.assert_refused(self.client(refused["of another authority"], own).who_am_i())
        self.assertEqual(self.client(self.system, own).who_am_i().actor, "system:grants-fritid")
        self.assertIn("why=Unknown", self.log())

    def test_what_a_client_says_of_its_certificate_is_not_believed(self):
        said = self.forged(self.system)
        nothing = "sign in first"
        self.assert_refused(self.client().who_am_i(said), nothing)
        self.assert_refused(self.client().who_am_i(said, said), nothing)
        stranger = self.ours.sign("system", end="20960101000000Z")
        self.assert_refused(self.client(stranger).who_am_i(said))
        # On the operators' socket it changes nothing: who is there is known already.
        operator = Client(self, self.server).who_am_i(self.forged(stranger))
        self.assertEqual(operator.actor, "operator")
        # It is the proxy's own line that keeps it out: without that, or at the proxy's socket
        # itself, what it says would be believed.
        line = "grpc_set_header brobygger-client-certificate $ssl_client_escaped_cert;"
        careless = self.start_proxy((line, ""))
        self.assertEqual(self.client(proxy=careless).who_am_i(said).actor, "system:grants-fritid")
        at_the_socket = Client(self, f"unix:{self.people}")
        self.assertEqual(at_the_socket.who_am_i(said).actor, "system:grants-fritid")
        # The hub's own look at the time, where no proxy has looked.
        over = self.ours.sign("system", end="20210101000000Z")
        early = self.ours.sign("system", begin="20900101000000Z", end="20950101000000Z")
        self.take(over, early)
        self.await_actor(self.client(self.system), None)
        for identity in (over, early):
            self.assert_refused(at_the_socket.who_am_i(self.forged(identity)))
        for wrong in ("nonsense", "%", said[1] + said[1], said[1][:-40]):
            self.assert_refused(at_the_socket.who_am_i((said[0], wrong)))

    def test_a_door_hands_on_keys_and_no_certificates(self):
        key = self.succeed("access", "key", "create", "Frivilligcenter Fjordby", "--municipality", "0998",
                           "--role", "volunteer-centre", "-o", "json").json["key"]
        self.assertEqual(self.fjordby("stop").returncode, 0)
        # Whoever runs this test is in the door's group.
        config = self.folder / "hub.toml"
        group = grp.getgrgid(os.getgid()).gr_name
        config.write_text((self.state / "hub.toml").read_text().replace("[hub]\n",
                                                                        f'[hub]\ndoor_group = "{group}"\n'))
        hub = subprocess.Popen([demo.BROBYGGER, "serve", "--config", config], stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        self.addCleanup(hub.wait)
        self.addCleanup(hub.terminate)
        door = Client(self, f"unix:{self.people}")
        end = time.monotonic() + 20
        while (answer := door.who_am_i(token=key)).code == grpc.StatusCode.UNAVAILABLE:
            self.assertLess(time.monotonic(), end, answer.text)
            time.sleep(0.1)
        self.assertTrue(answer.actor, answer.text)
        self.assert_refused(door.who_am_i(self.forged(self.system)), "")

    def test_a_token_that_is_bound_to_a_certificate_is_taken_with_that_one_alone(self):
        self.provider.ask('claims {"roles": ["data-protection-officer"], "municipality_code": "0998"}')
        bound = self.provider.ask("bound " + urllib.parse.quote(self.system[1].read_text()))
        other = self.ours.sign("system", end="20960101000000Z")
        self.take(other)
        self.await_actor(self.client(other), "system:grants-fritid")
        # The certificate need not be a system's: the token says who it is.
        mine = self.client(self.system).who_am_i(token=bound)
        self.assertTrue((mine.actor or "").startswith("user:"), mine.text)
        sentence = "bound to a certificate"
        self.assert_refused(self.client().who_am_i(token=bound), sentence)
        self.assert_refused(self.client().who_am_i(self.forged(self.system), token=bound), sentence)
        self.assert_refused(self.client(other).who_am_i(token=bound), sentence)
        # A certificate makes no wrong token good.
        self.assert_refused(self.client(other).who_am_i(token=bound[:-8] + "AAAAAAAA"), "not valid")
        plain = self.provider.ask("token")
        self.assertTrue(self.client(other).who_am_i(token=plain).actor.startswith("user:"))

    def test_who_guesses_keys_is_soon_not_listened_to(self):
        key = self.succeed("access", "key", "create", "Frivilligcenter Fjordby", "--municipality", "0998",
                           "--role", "volunteer-centre", "-o", "json").json
        right, identifier = key["key"], key["apiKey"]["id"]
        guesser = self.client()
        begun = time.monotonic()
        # The id is no secret; the rest is what there is to guess. An address that the guesser makes
        # up itself is not looked at.
        calls = []
        answers = []
        for number in range(GUESSES):
            guess = f"bb_{identifier}_{number:043d}"
            calls.append(guesser.call.future(access.WhoAmIRequest(), timeout=60, metadata=(
                ("authorization", "Bearer " + guess), ("brobygger-client-address", f"192.0.2.{number % 250}"))))
            if len(calls) == 64 or number == GUESSES - 1:
                answers += [Answer(error=call.exception()) for call in calls]
                calls = []
        reasons = {reason: sum(answer.reason == reason for answer in answers)
                   for reason in ("NOT_SIGNED_IN", "TOO_MANY_TRIES")}
        self.assertEqual(sum(reasons.values()), GUESSES, {answer.text for answer in answers})
        minutes = 1 + int((time.monotonic() - begun) / 60)
        self.assertEqual(reasons["NOT_SIGNED_IN"], 10 * minutes)

        # From there not even the right key is looked at, for a minute at most.
        shut_out = guesser.who_am_i(token=right)
        self.assertEqual(shut_out.reason, "TOO_MANY_TRIES")
        self.assertEqual(shut_out.code, grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertTrue(1 <= shut_out.retry_seconds <= 60, shut_out.retry_seconds)
        # From elsewhere, at the operators' socket, and with a certificate, all goes on.
        elsewhere = OtherAddress(self, self.proxy.port, "127.0.0.2").listener.getsockname()[1]
        self.assertEqual(self.client(port=elsewhere).who_am_i(token=right).actor, f"key:{identifier}")
        self.assertEqual(Client(self, self.server).who_am_i(token="bb_nonsense").actor, "operator")
        self.assertEqual(self.client(self.system).who_am_i().actor, "system:grants-fritid")

        # It is written down, without what was shown and without filling the disk.
        log = self.log()
        self.assertIn("sign_in_refused", log)
        self.assertNotIn(f"bb_{identifier}", log)
        self.assertIn("source=127.0.0.1", log)
        self.assertLess(log.count("sign_in_refused"), 200)
        # The audit log has what was counted when the minute is over, or the hub ends.
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0, self.log()[-1500:])
        entries = [record["entry"] for record in
                   self.succeed("access", "log", "--all", "--actor", "stranger", "-o", "json").json["records"]]
        self.assertLess(len(entries), 30)
        self.assertEqual({entry["decision"] for entry in entries}, {"DECISION_REFUSED"})
        told = {"not_signed_in:api_key": 0, "too_many_tries": 0}
        for entry in entries:
            told[entry["reason"]] = told.get(entry["reason"], 0) + max(1, int(entry.get("times", 0)))
        self.assertEqual(told, {"not_signed_in:api_key": reasons["NOT_SIGNED_IN"],
                                "too_many_tries": reasons["TOO_MANY_TRIES"] + 1})

    def test_a_key_may_have_a_limit_of_its_own(self):
        made = self.succeed("access", "key", "create", "Frivilligcenter Fjordby", "--municipality", "0998",
                            "--role", "volunteer-centre", "--calls-per-minute", "10", "-o", "json").json
        client = self.client()
        answers = [client.who_am_i(token=made["key"]) for _ in range(12)]
        # A fifth is for writes, of which this key may make none.
        self.assertEqual([answer.reason for answer in answers[8:11]], ["QUOTA_EXCEEDED"] * 3)
        self.assertEqual({answer.actor for answer in answers[:8]}, {"key:" + made["apiKey"]["id"]})
        self.assertEqual(answers[9].code, grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertTrue(1 <= answers[9].retry_seconds <= 18, answers[9].retry_seconds)
        # Another caller is not the poorer for it.
        self.assertEqual(self.client(self.system).who_am_i().actor, "system:grants-fritid")
        self.assertIn("calls_per_minute", str(self.run_command(
            "access", "key", "create", "Andre", "--municipality", "0998", "--role", "volunteer-centre",
            "--calls-per-minute", "1000001").talk))


if __name__ == "__main__":
    unittest.main()
