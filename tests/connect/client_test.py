"""connect-web, as it is published, calls the hub through the door: from Node and from a browser."""
import json
import subprocess
import unittest

from doors import DoorCase
from places import HERE, SCRIPTS

LIMIT_SECONDS = 120


class ClientTest(DoorCase):
    def run_checks(self, script):
        host, port = self.door.place
        done = subprocess.run(["node", HERE / script, f"http://{host}:{port}", SCRIPTS / "gen"], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertIsInstance(told, list, told)
        self.assertGreater(len(told), 0)
        for check in told:
            with self.subTest(check["name"]):
                self.assertEqual(check["why"], "")

    def test_a_client_in_node_is_served(self):
        self.run_checks("client_node.mjs")

    def test_a_client_in_a_browser_is_served(self):
        self.run_checks("client_browser.mjs")


if __name__ == "__main__":
    unittest.main()
