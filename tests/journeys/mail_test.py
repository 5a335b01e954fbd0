"""What waits for a person is mailed, once, and names nobody; who is invited to an event is asked by mail, once."""
import datetime
import email
import email.policy
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import demo

SMTP_SERVER = demo.ROOT / "tests" / "support" / "smtp_server.py"
PATIENCE_SECONDS = 30
CONFIG = """
[mail]
server = "smtp://127.0.0.1:{port}"
from = "brobygger@fjordby.example"
to = ["it@fjordby.example"]
ca_file = "{folder}/server.pem"
every = "1s"
settle = "0s"
"""


class MailTest(demo.DemoCase):
    def setUp(self):
        self.inbox = pathlib.Path(tempfile.mkdtemp(prefix="bb-mail-"))
        self.addCleanup(shutil.rmtree, self.inbox, ignore_errors=True)
        super().setUp()
        # Ends when its standard input does.
        server = subprocess.Popen([SMTP_SERVER, self.inbox, "--tls", "--require-tls"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(server.communicate)
        self.port = int(server.stdout.readline())

    def sync_and_await_rest(self):
        """Until the registry has also told the grant system all there is but the four
        that a person is asked about, so that what waits then is what the test lets wait."""
        self.sync_both()
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            status = self.succeed("sync", "status", "tilskud", "-o", "json").json["statuses"][0]
            told = self.ask_grants("SELECT count(*) FROM ansoeger")[0][0] > 44
            if told and "waitingPlanId" not in status and status.get("dirtyRecords") == "4":
                return
            time.sleep(0.1)
        self.fail(f"the registry has more to tell: {status}")

    def restart(self):
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0)

    def switch_mail_on(self):
        (self.state / "more.toml").write_text(CONFIG.format(port=self.port, folder=self.inbox))
        self.restart()

    def mails(self):
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in sorted(self.inbox.glob("*.eml"))]

    def await_only(self, count, wanted):
        """So many mails that are wanted, and no more."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(mails := [mail for mail in self.mails() if wanted(mail)]) < count and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(len(mails), count, (self.state / "hub.log").read_text()[-2000:])
        return mails

    def await_mails(self, count):
        return self.await_only(count, lambda mail: True)[-1]

    def await_invitation(self, address):
        """The mail to an association, and no other to it."""
        return self.await_only(1, lambda mail: mail["to"] == address)[0]

    def names_and_values(self):
        for association in self.associations():
            yield association["officialName"]
            yield from association.get("emails", [])
            yield from association.get("phones", [])

    def test_a_held_plan_is_one_mail_and_a_restart_sends_no_other(self):
        self.sync_and_await_rest()
        self.change_grants("DELETE FROM ansoeger WHERE ansoeger_id > 1010")
        self.assertIn("held", json.dumps(self.succeed("sync", "plan", "tilskud", "-o", "json").json).lower())
        self.switch_mail_on()

        first = self.await_mails(1)
        text = first.get_content()
        self.assertEqual(first["to"], "it@fjordby.example")
        self.assertEqual(first["auto-submitted"], "auto-generated")
        self.assertEqual(first["x-encrypted"], "yes")
        self.assertIn("1 plan venter", first["subject"])
        self.assertIn("holdt tilbage", text)
        self.assertIn("brobygger sync plan tilskud", text)
        self.assertIn("5 poster, der ikke kunne bruges", text)
        self.assertIn("4 par, der måske er den samme forening", text)

        # The next mail is about the next trouble: nothing came of the restart itself.
        self.restart()
        self.centre_file.unlink()
        self.assertNotEqual(self.run_command("sync", "plan", "frivilligcenter").code, 0)
        second = self.await_mails(2)
        self.assertIn("1 forbindelse virker ikke", second["subject"])
        self.assertIn("brobygger connection check frivilligcenter", second.get_content())
        self.assertIn("holdt tilbage", second.get_content())

        everything = "".join(part for mail in self.mails() for part in (str(mail), mail["subject"], mail.get_content()))
        for secret in self.names_and_values():
            self.assertNotIn(secret, everything)

    def test_who_is_responsible_for_a_connection_is_told_of_it_and_nobody_else(self):
        self.sync_and_await_rest()
        wrong = self.run_command("connection", "update", "frivilligcenter", "--responsible-email", "Vivi <v@c.example>")
        self.assertIn("responsible_email", wrong.talk)
        self.succeed("connection", "update", "frivilligcenter", "--responsible-email", "vivi@centre.example")
        self.switch_mail_on()
        self.await_mails(2)
        told = {mail["to"]: mail.get_content() for mail in self.mails()}
        self.assertEqual(set(told), {"it@fjordby.example", "vivi@centre.example"})
        self.assertIn("sync rejected frivilligcenter", told["vivi@centre.example"])
        self.assertNotIn("identity review", told["vivi@centre.example"])
        self.assertNotIn("frivilligcenter", told["it@fjordby.example"])
        self.assertIn("identity review", told["it@fjordby.example"])

    def test_an_invitation_is_one_mail_to_the_association_and_its_answer_goes_to_the_host(self):
        self.sync_both()
        self.switch_mail_on()
        invited, other = [each for each in self.associations() if each.get("emails")][:2]
        day = datetime.date.today() + datetime.timedelta(days=30)
        event = self.succeed("event", "create", "Netværksdag på havnen", "--kind", "network-day", "--start", f"{day} 10:00",
                             "--end", "15:00", "--host", "Kultur og Fritid", "--place", "Pakhuset", "-o", "json").json["id"]

        def invite(association):
            self.succeed("event", "invite", event, "--association", association["id"], "--can-give", "mad og musik",
                         "--can-get", "nye samarbejder", "--mail")

        invite(invited)
        mail = self.await_invitation(invited["emails"][0])
        text = mail.get_content()
        self.assertEqual(mail["x-rcpt"], invited["emails"][0])
        self.assertEqual(mail["reply-to"], "kultur@fjordby.example")
        self.assertEqual(mail["x-encrypted"], "yes")
        self.assertIn("Netværksdag på havnen", mail["subject"])
        for told in (invited["officialName"], "Kultur og Fritid", f"{day:%d-%m-%Y} 10:00 - 15:00", "Pakhuset",
                     "mad og musik", "nye samarbejder"):
            self.assertIn(told, text)

        # Neither a restart sends it again, nor that another is asked: whose mail comes after any that was to come before.
        self.restart()
        invite(other)
        self.await_invitation(other["emails"][0])
        self.await_invitation(invited["emails"][0])
        asked = self.succeed("event", "show", event, "-o", "json").json["invitations"]
        self.assertEqual(len([each for each in asked if "mailTime" in each and not each.get("mailTrouble")]), 2)
        self.assertFalse([each for each in asked if each.get("mailWaiting")])

    def test_an_operator_can_try_whether_mails_arrive(self):
        nothing = self.run_command("mail", "test", "--config", self.state / "hub.toml")
        self.assertEqual(nothing.code, 1)
        self.assertIn("names no mail.server", nothing.talk)
        self.switch_mail_on()
        tried = self.succeed("mail", "test", "--config", self.state / "hub.toml")
        self.assertIn("it@fjordby.example: the mail server has taken the test mail over.", tried.talk)
        self.assertEqual(self.await_mails(1)["subject"], "Brobygger: prøvemail")

        wrong = CONFIG.format(port=self.port, folder="/etc/ssl").replace("server.pem", "certs/ca-certificates.crt")
        (self.state / "more.toml").write_text(wrong)
        self.restart()
        refused = self.run_command("mail", "test", "--config", self.state / "hub.toml")
        self.assertEqual(refused.code, 1)
        self.assertIn("mail.ca_file", refused.talk)


if __name__ == "__main__":
    unittest.main()
