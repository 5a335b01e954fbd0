"""What strangers hear of a hub that is away, or that gRPC's own library speaks for."""
import shutil
import tempfile
import unittest

from doors import start_door
from meaning import strict_json
from requests import asking, request, stream
from wire import exchange


class Nobody:
    """A hub that is not there."""

    def __init__(self, folder):
        self.address = f"unix:{folder}/hub.sock"


class AwayTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bb-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        self.door = start_door(self, Nobody(self.folder))

    def ask(self, octets):
        return exchange(self.door.place, octets)[0]

    def test_a_call_is_unavailable_while_the_hub_is_away(self):
        told = self.ask(request("{}"))
        self.assertEqual((told.status, strict_json(told.body)["code"]), (503, "unavailable"))

    def test_a_stream_is_unavailable_while_the_hub_is_away(self):
        told = self.ask(stream(1))
        self.assertEqual(told.status, 200)
        self.assertEqual(strict_json(told.body[5:])["error"]["code"], "unavailable")

    def test_a_stranger_does_not_hear_where_the_hub_s_socket_is(self):
        for octets in (request("{}"), stream(1), request(asking("a"))):
            self.assertNotIn(self.folder.encode(), self.ask(octets).body)


if __name__ == "__main__":
    unittest.main()
