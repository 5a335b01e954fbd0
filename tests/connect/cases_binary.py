"""Messages in the wire form, and envelopes."""
from meaning import feed, identity, registry
from requests import FOLLOW, MODEL, Case, apart, envelope, follow, request

GOOD = registry.UpdateAssociationRequest(association={"id": "a", "official_name": "Ærø"}).SerializeToString()
ASK = feed.FollowChangesRequest(after_revision=2, stop_at_end=True).SerializeToString()
OCTETS = identity.UseModelRequest(model_text=bytes(range(256))).SerializeToString()
TEXT = '{"afterRevision":"2","stopAtEnd":true}'
OK, WRONG = "200 proto", "500 json internal"


def wire(data, **more):
    return request(data, form="application/proto", **more)


def field(number, kind, data):
    key, octets = number << 3 | kind, b""
    while key > 127:
        octets += bytes([key & 127 | 128])
        key >>= 7
    return octets + bytes([key]) + data


# The door hands these on as they are, so most of this is the hub's doing.
MESSAGES = [
    Case("a message", wire(GOOD), OK),
    Case("no octets are an empty message", wire(b""), OK),
    Case("octets that are no message", wire(b"\xff\xff\xff\xff"), WRONG),
    Case("a message that is cut short", wire(GOOD[:-1]), WRONG),
    Case("JSON in place of the wire form", wire(b"{}"), WRONG),
    Case("a field that there is not, in the wire form", wire(GOOD + field(900, 0, b"\x07")), OK),
    apart("a field of another kind than it has", wire(field(3, 0, b"\x07")), OK, WRONG,
          "to the hub's protobuf that is an unknown field"),
    Case("field number 0", wire(b"\x00\x01"), WRONG),
    Case("the end of a group that did not begin", wire(field(9, 4, field(3, 0, b"\x01"))), WRONG),
    Case("a group that does not end", wire(field(9, 3, b"")), WRONG),
    Case("groups 20,000 deep", wire(field(9, 3, b"") * 20_000 + field(9, 4, b"") * 20_000), WRONG),
    Case("a varint of eleven octets", wire(b"\x18" + b"\xff" * 10 + b"\x01"), WRONG),
    Case("a length beyond the end", wire(b"\x0a\x7fabc"), WRONG),
    apart("a string that is not UTF-8", wire(b"\x0a\x04\x0a\x02\xff\xfe"), WRONG, OK,
          "a proto3 string is UTF-8, and the hub holds to it"),
    Case("all octets", wire(OCTETS, method=MODEL), OK, method=MODEL),
    Case("a field twice is merged", wire(GOOD + b"\x0a\x03\x12\x01x"), OK),
    Case("an envelope on a unary call", wire(envelope(GOOD)), WRONG),
]

WRONG_STREAM = "200 connect+json 0 invalid_argument"
TWO = "200 connect+json 2 ok"
FLAGS = "there is no such flag yet, and what it will mean is not known"
NO_ROOM = "we say that the message is cut short, which it is, not that it is too long"

ENVELOPES = [
    Case("a message for a stream", follow(envelope(TEXT)), TWO, method=FOLLOW),
    Case("a message for a stream in the wire form", follow(envelope(ASK), form="proto"), "200 connect+proto 2 ok",
         method=FOLLOW),
    Case("an empty message for a stream in the wire form",
         follow(envelope(b""), form="proto"), "200 connect+proto 0 failed_precondition", method=FOLLOW),
    Case("an empty message for a stream in JSON", follow(envelope(b"")), WRONG_STREAM, method=FOLLOW),
    Case("nothing for a stream", follow(b""), "200 connect+json 0 unimplemented", method=FOLLOW),
    Case("half of an envelope's head", follow(b"\0\0\0"), WRONG_STREAM, method=FOLLOW),
    Case("an envelope that is cut short", follow(envelope(TEXT)[:-1]), WRONG_STREAM, method=FOLLOW),
    apart("a head without its message", follow(envelope(TEXT)[:5]), WRONG_STREAM, "200 connect+json 0 unimplemented",
          "a message has begun, so it is cut short", method=FOLLOW),
    apart("no envelope", follow(TEXT), WRONG_STREAM, "200 connect+json 0 resource_exhausted",
          "its first octet is no flag that there is", method=FOLLOW),
    apart("a length of 4 GiB", follow(envelope(TEXT, length=0xffffffff)), WRONG_STREAM,
          "200 connect+json 0 resource_exhausted", NO_ROOM, method=FOLLOW),
    Case("a length a little too long", follow(envelope(TEXT, length=len(TEXT) + 1)), WRONG_STREAM, method=FOLLOW),
    Case("two messages", follow(envelope(TEXT) * 2), "200 connect+json 0 unimplemented", method=FOLLOW),
    apart("a message and half an envelope", follow(envelope(TEXT) + b"\0\0"), "200 connect+json 0 unimplemented",
          WRONG_STREAM, "more than one message was sent, whatever it is", method=FOLLOW),
    Case("a message that is marked as compressed", follow(envelope(TEXT, flags=1)), "200 connect+json 0 internal",
         method=FOLLOW),
    apart("an end in place of a message", follow(envelope("{}", flags=2)), WRONG_STREAM,
          "200 connect+json 0 unimplemented", "flag 2 is the server's alone", method=FOLLOW),
    apart("a message and an end", follow(envelope(TEXT) + envelope("{}", flags=2)),
          "200 connect+json 0 unimplemented", TWO, "flag 2 is the server's alone", method=FOLLOW),
    apart("a flag that there is not", follow(envelope(TEXT, flags=4)), WRONG_STREAM, TWO, FLAGS, method=FOLLOW),
    apart("all flags", follow(envelope(TEXT, flags=255)), WRONG_STREAM, "200 connect+json 0 internal", FLAGS,
          method=FOLLOW),
    apart("gRPC-Web's flag of trailers", follow(envelope(TEXT, flags=128)), WRONG_STREAM, TWO, FLAGS, method=FOLLOW),
    Case("broken JSON for a stream", follow(envelope("{")), WRONG_STREAM, method=FOLLOW),
    Case("null for a stream", follow(envelope("null")), WRONG_STREAM, method=FOLLOW),
    apart("a field that there is not, for a stream", follow(envelope('{"stopAtEnd":true,"unheard":1}')), WRONG_STREAM,
          "200 connect+json 0 ok", "a misspelt field must not be an empty one", method=FOLLOW),
    Case("octets that are no message, for a stream", follow(envelope(b"\xff\xff"), form="proto"),
         "200 connect+proto 0 internal", method=FOLLOW),
    Case("JSON in place of the wire form, for a stream", follow(envelope("{}"), form="proto"),
         "200 connect+proto 0 internal", method=FOLLOW),
]

CASES = MESSAGES + ENVELOPES
