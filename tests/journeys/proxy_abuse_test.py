"""Clients that abuse HTTP/2 meet nginx as deploy/nginx.example.conf has it, and the hub behind it
hardly notices: streams that are reset at once, silence, headers without an end, a message that is
announced and too large. The frames are written by hand, since no honest library sends them."""
import pathlib
import shutil
import socket
import ssl
import struct
import tempfile
import time
import unittest

import demo
from proxy import Authority, Proxy

CONFIG = """
[access]
socket = "{state}/run/people.sock"
group = ""
"""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, CONTINUATION = 0, 1, 3, 4, 9
END_HEADERS = 4
MIB = 1 << 20
# nginx gives a client ten seconds to begin, and twenty more to one that has begun; the rest is for a
# machine with other work.
PATIENCE_SECONDS = 60
CONNECTIONS = 20
STREAMS = 5000
MOST_OF_ONE_ADDRESS = 200


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A header that goes into no table (RFC 7541 section 6.2.2), of less than 127 bytes each."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


CALL = b"".join(literal(name, value) for name, value in [
    (b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"localhost"),
    (b":path", b"/brobygger.access.v1.AccessService/WhoAmI"), (b"content-type", b"application/grpc"),
    (b"te", b"trailers")])


class Rude:
    """A client that keeps to no rule but TLS."""

    def __init__(self, case):
        context = ssl.create_default_context(cafile=case.authority.certificate)
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", case.proxy.port))
        self.tls = context.wrap_socket(plain, server_hostname="localhost")
        self.tls.settimeout(PATIENCE_SECONDS)
        self.received = b""
        case.addCleanup(self.tls.close)

    def send(self, *frames):
        """False when the connection was cut."""
        try:
            self.tls.sendall(b"".join(frames))
            return True
        except OSError:
            return False

    def begin(self):
        return self.send(PREFACE, frame(SETTINGS, 0, 0))

    def answers(self):
        """How many calls have been answered so far."""
        self.tls.settimeout(0.1)
        try:
            while data := self.tls.recv(65536):
                self.received += data
        except TimeoutError:
            pass
        place, count = 0, 0
        while place + 9 <= len(self.received):
            count += self.received[place + 3] == HEADERS
            place += 9 + int.from_bytes(self.received[place:place + 3], "big")
        return count

    def is_cut(self):
        """Reads until the other end has closed."""
        try:
            while self.tls.recv(65536):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True


class ProxyAbuseTest(demo.DemoCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bb-abuse-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.authority = Authority(self.folder, "ours")
        super().setUp()
        (self.state / "more.toml").write_text(CONFIG.format(state=self.state))
        self.assertEqual(self.fjordby("stop").returncode, 0)
        self.assertEqual(self.fjordby("start").returncode, 0)
        self.proxy = Proxy(self, self.folder / "nginx", self.state / "run" / "people.sock",
                           self.authority.sign("localhost"), self.authority)
        key = self.succeed("access", "key", "create", "Frivilligcenter Fjordby", "--municipality", "0998",
                           "--role", "volunteer-centre", "-o", "json").json["key"]
        (self.folder / "key").write_text(key)
        self.assert_serves()
        self.before = self.memory()

    def environment(self):
        return super().environment() | {"XDG_CONFIG_HOME": str(self.folder / "config"),
                                        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(self.authority.certificate)}

    def assert_serves(self):
        """Somebody honest is served, through nginx and TLS."""
        told = self.run_command("--server", f"https://localhost:{self.proxy.port}", "--profile", "honest",
                                "login", "--token-file", str(self.folder / "key"))
        self.assertEqual(told.code, 0, told.talk)

    def memory(self):
        """What the hub holds of the machine's memory, in bytes."""
        pid = (self.state / "run" / "hub.pid").read_text().strip()
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) << 10
        return self.fail("the hub is gone")

    def descriptors(self):
        pid = (self.state / "run" / "hub.pid").read_text().strip()
        return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))

    def assert_unmoved(self, most):
        self.assert_serves()
        self.assertLess(self.memory() - self.before, most)

    def test_streams_that_are_reset_at_once(self):
        cut = 0
        for _ in range(CONNECTIONS):
            rude = Rude(self)
            rude.begin()
            sent = 0
            while sent < STREAMS:
                streams = range(2 * sent + 1, 2 * sent + 201, 2)
                if not rude.send(*(frame(HEADERS, END_HEADERS, stream, CALL) +
                                   frame(RST_STREAM, 0, stream, struct.pack(">I", 8)) for stream in streams)):
                    break
                sent += 100
            cut += rude.is_cut()
            rude.tls.close()
        self.assertEqual(cut, CONNECTIONS)
        self.assert_unmoved(32 * MIB)

    def test_clients_that_say_nothing_or_not_all(self):
        # At once, so that their ten seconds pass together.
        silent, polite, half = Rude(self), Rude(self), Rude(self)
        polite.send(PREFACE)
        half.begin()
        half.send(frame(HEADERS, 0, 1, CALL[:20]))
        for client in (silent, polite, half):
            self.assertTrue(client.is_cut())
        self.assert_unmoved(4 * MIB)

    def test_calls_without_a_body_take_no_more_than_one_address_may_have(self):
        before = self.descriptors()
        rude = [Rude(self) for _ in range(5)]
        for client in rude:
            client.begin()
            client.send(*(frame(HEADERS, END_HEADERS, stream, CALL) for stream in range(1, 201, 2)))
        # Those beyond are answered at once; when all of these are, all have been looked at.
        beyond = len(rude) * 100 - MOST_OF_ONE_ADDRESS
        end = time.monotonic() + PATIENCE_SECONDS
        while sum(client.answers() for client in rude) < beyond:
            self.assertLess(time.monotonic(), end)
        self.assertLessEqual(self.descriptors() - before, MOST_OF_ONE_ADDRESS + 10)
        for client in rude:
            client.tls.close()
        self.assert_unmoved(16 * MIB)

    def test_a_header_without_an_end(self):
        rude = Rude(self)
        rude.begin()
        rude.send(frame(HEADERS, 0, 1, CALL))
        piece = b"".join(literal(b"x-%d" % number, b"x" * 100) for number in range(100))
        sent = 0
        while sent < 64 * MIB and rude.send(frame(CONTINUATION, 0, 1, piece)):
            sent += len(piece)
        self.assert_unmoved(4 * MIB)

    def test_a_message_that_is_larger_than_any_may_be(self):
        rude = Rude(self)
        rude.begin()
        # gRPC's own five bytes: not compressed, and nearly 2 GiB.
        rude.send(frame(HEADERS, END_HEADERS, 1, CALL), frame(DATA, 0, 1, b"\0" + struct.pack(">I", 0x7fffffff)))
        rude.tls.settimeout(5)
        for _ in range(4096):
            if not rude.send(frame(DATA, 0, 1, b"x" * 16384)):
                break
        self.assert_unmoved(8 * MIB)


if __name__ == "__main__":
    unittest.main()
