"""SignInService as the web door calls it: messages by hand, since a test needs no generated code."""
import base64
import hashlib
import secrets

import grpc

PATH = "/brobygger.access.v1.SignInService/"
SIGN_IN = {1: "access_token", 2: "expire_time", 3: "refresh_token", 4: "id_token", 5: "display_name"}


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(encoded + bytes([number]))


def texts(*values):
    """A message of fields that are texts, or messages themselves, numbered from 1."""
    encoded = [value if isinstance(value, bytes) else value.encode() for value in values]
    return b"".join(varint(number << 3 | 2) + varint(len(value)) + value
                    for number, value in enumerate(encoded, 1) if value)


def fields(message):
    """(number, value) of each field: bytes, or a number."""
    at, read = 0, []

    def number():
        nonlocal at
        result = shift = 0
        while True:
            byte = message[at]
            at += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    while at < len(message):
        tag = number()
        size = number()
        if tag & 7 == 2:
            read.append((tag >> 3, message[at:at + size]))
            at += size
        else:
            read.append((tag >> 3, size))
    return read


def text(message, number=1):
    return dict(fields(message)).get(number, b"").decode()


def sign_in(answer):
    """The SignIn of an answer."""
    read = {SIGN_IN[number]: value for number, value in fields(dict(fields(answer))[1])}
    return {name: value if name == "expire_time" else value.decode() for name, value in read.items()}


class Pkce:
    """What a sign-in begins with, and what only who began it can finish it with."""

    def __init__(self):
        self.state, self.nonce, self.verifier = (secrets.token_urlsafe(32) for _ in range(3))
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Refused(Exception):
    def __init__(self, error):
        super().__init__(f"{error.code().name}: {error.details()}")
        self.code = error.code().name
        self.details = error.details()


class Door:
    """The hub's socket for callers, as the web door has it."""

    def __init__(self, case, address, source="192.0.2.9"):
        # Of its own: a hub that was stopped must not be found again.
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        case.addCleanup(self.channel.close)
        self.source = source

    def call(self, method, request=b"", path=PATH, token=None):
        metadata = [("brobygger-client-address", self.source)]
        if token:
            metadata.append(("authorization", f"Bearer {token}"))
        try:
            return self.channel.unary_unary(path + method)(request, timeout=30, wait_for_ready=True,
                                                           metadata=metadata)
        except grpc.RpcError as error:
            raise Refused(error) from None
