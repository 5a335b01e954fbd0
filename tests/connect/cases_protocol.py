"""Content types, paths, methods, versions, deadlines and encodings."""
import gzip

from requests import FOLLOW, Case, apart, asking, envelope, follow, request, stream

EMPTY = envelope("{}")
STOP = envelope('{"stopAtEnd":true}')
SLOW = asking("wait:5000")
SERVICE = "/api/brobygger.registry.v1.RegistryService"
OK, WRONG, LATE, UNIMPLEMENTED = ("200 json", "400 json invalid_argument", "504 json deadline_exceeded",
                                  "501 json unimplemented")

TYPES = [
    Case("JSON", request("{}"), OK),
    Case("a type in capitals", request("{}", form="Application/JSON"), OK),
    Case("charset=utf-8 after JSON", request("{}", form="application/json; charset=utf-8"), OK),
    Case("charset=UTF-8 without a space", request("{}", form="application/json;charset=UTF-8"), OK),
    apart("charset in quotes", request("{}", form='application/json; charset="utf-8"'), OK, "415",
          "RFC 9110, 5.6.6: a parameter may stand in quotes"),
    apart("charset without its hyphen", request("{}", form="application/json; charset=utf8"), "415", OK,
          "utf8 is no name of a charset (RFC 3629)"),
    Case("another charset", request("{}", form="application/json; charset=iso-8859-1"), "415"),
    Case("another parameter", request("{}", form="application/json; version=1"), "415"),
    Case("charset and another parameter", request("{}", form="application/json; charset=utf-8; v=1"), "415"),
    Case("the wire form", request(b"", form="application/proto"), "200 proto"),
    apart("a charset after the wire form", request(b"", form="application/proto; charset=utf-8"), "200 proto", "415",
          "harmless, and one rule for all types"),
    Case("no content type", request("{}", form=None), "415"),
    Case("an empty content type", request("{}", form=""), "415"),
    apart("two content types", request("{}", "Content-Type: application/json"), "415", OK,
          "a proxy in front may believe the other one"),
    Case("plain text, as a form of another page may send", request("{}", form="text/plain"), "415"),
    Case("gRPC-Web", request(EMPTY, form="application/grpc-web+proto"), "415"),
    Case("gRPC", request(EMPTY, form="application/grpc"), "415"),
    Case("a stream's type for a unary method", request(EMPTY, form="application/connect+json"), "415"),
    Case("a unary type for a stream", request("{}", method=FOLLOW), "415"),
    Case("a stream's type that there is not", follow(EMPTY, form="xml"), "415"),
]

PLACES = [
    Case("an unknown service", request("{}", path="/api/example.v1.Unheard/Get"), "404"),
    Case("an unknown method", request("{}", path=f"{SERVICE}/Unheard"), "404"),
    Case("a method in small letters", request("{}", path=f"{SERVICE}/updateAssociation"), "404"),
    Case("no method", request("{}", path=SERVICE), "404"),
    Case("a slash too many at the end", request("{}", path=f"{SERVICE}/UpdateAssociation/"), "404"),
    Case("two slashes after /api",
         request("{}", path="/api//brobygger.registry.v1.RegistryService/UpdateAssociation"), "404"),
    apart("no slash after /api", request("{}", path="/apibrobygger.registry.v1.RegistryService/UpdateAssociation"),
          "405 (GET, HEAD)", "404", "what is not below /api is the page's, which is only read"),
    Case("nothing after /api", request("{}", path="/api"), "404"),
    Case("a method by its percent-encoded name", request("{}", path=f"{SERVICE}/Update%41ssociation"), "404"),
    Case("a path with dots", request("{}", path=f"/api/.{SERVICE.removeprefix('/api')}/../UpdateAssociation"), "404"),
    Case("a path that leads out of /api", request("{}", path="/api/../healthz"), "404"),
    Case("a query after the method", request("{}", path=f"{SERVICE}/UpdateAssociation?a=b"), OK),
    apart("an address in absolute form", request("{}", path=f"http://127.0.0.1{SERVICE}/UpdateAssociation"), OK, "404",
          "RFC 9112, 3.2.2: a server must take it"),
    Case("a method that the door keeps to itself", request("{}", path="/api/brobygger.access.v1.JoinService/Join"),
         "404"),
]

NAMES_WHAT_IS = "RFC 9110, 15.5.6: a 405 names what there is"

METHODS = [
    apart("GET", request(b"", verb="GET", form=None, length=""), "405 (POST)", "405 (names nothing)", NAMES_WHAT_IS),
    apart("GET of what there is not", request(b"", verb="GET", form=None, length="", path="/api/example.v1.A/B"),
          "405 (POST)", "404", "GET is nowhere below /api, whatever is asked for"),
    apart("GET as the protocol has it", request(
        b"", verb="GET", form=None, length="",
        path=f"{SERVICE}/UpdateAssociation?connect=v1&encoding=json&message=%7B%7D"), "405 (POST)",
          "405 (names nothing)", NAMES_WHAT_IS),
    apart("GET with a body", request("{}", verb="GET"), "413", "405 (names nothing)",
          "a GET has no body, and the next request must not begin in one"),
    apart("HEAD", request(b"", verb="HEAD", form=None, length=""), "405 (POST)", "405 (names nothing)", NAMES_WHAT_IS),
    apart("PUT", request("{}", verb="PUT"), "405 (GET, HEAD, POST)", "405 (names nothing)", NAMES_WHAT_IS),
    apart("DELETE", request("{}", verb="DELETE"), "405 (GET, HEAD, POST)", "405 (names nothing)", NAMES_WHAT_IS),
    apart("OPTIONS, as a browser asks for another page", request(
        b"", "Origin: https://other.example", "Access-Control-Request-Method: POST", verb="OPTIONS", form=None,
        length=""), "405 (GET, HEAD, POST)", "405 (names nothing)", NAMES_WHAT_IS),
    apart("a method that there is not", request("{}", verb="FROBNICATE"), "405 (GET, HEAD, POST)", "400", NAMES_WHAT_IS),
]

ONE_VERSION = "we speak version 1, and a caller who says another means another"

VERSIONS = [
    apart("JSON without a version", request("{}", version=None), WRONG, OK,
          "no page of others can send the field unasked: the guard against forged requests"),
    Case("the wire form without a version", request(b"", form="application/proto", version=None), "200 proto"),
    Case("a stream without a version", follow(STOP, version=None), "200 connect+json 0 ok", method=FOLLOW),
    apart("version 2", request("{}", version="2"), WRONG, OK, ONE_VERSION),
    apart("version 2 in the wire form", request(b"", form="application/proto", version="2"), WRONG, "200 proto",
          ONE_VERSION),
    apart("version 2 of a stream", follow(STOP, version="2"), "200 connect+json 0 invalid_argument",
          "200 connect+json 0 ok", ONE_VERSION, method=FOLLOW),
    apart("the version twice", request("{}", "Connect-Protocol-Version: 1"), WRONG, OK, ONE_VERSION),
]


def timed(text):
    return request("{}", f"Connect-Timeout-Ms:{text}")


IN_TIME = "who has no time is told so before the hub is asked; else it would be chance what is done"

DEADLINES = [
    Case("a call that takes longer than its caller waits", request(SLOW, "Connect-Timeout-Ms: 1"), LATE),
    Case("a stream that takes longer than its caller waits",
         follow(envelope('{"afterRevision":"9004"}'), "Connect-Timeout-Ms: 200"),
         "200 connect+json 0 deadline_exceeded", method=FOLLOW),
    Case("a stream whose deadline comes between messages",
         follow(envelope('{"afterRevision":"9002"}'), "Connect-Timeout-Ms: 1500"),
         "200 connect+json 1 deadline_exceeded", method=FOLLOW),
    Case("no time for a call that takes some", request(SLOW, "Connect-Timeout-Ms: 0"), LATE),
    apart("no time at all", timed(" 0"), LATE, OK, IN_TIME),
    apart("no time at all for a stream", stream(1, "ok", "Connect-Timeout-Ms: 0"),
          "200 connect+json 0 deadline_exceeded",
          "200 connect+json 1 ok", IN_TIME, method=FOLLOW),
    Case("ten digits", timed(" 9999999999"), OK),
    Case("eleven digits", timed(" 10000000000"), WRONG),
    Case("eleven digits for a stream", stream(1, "ok", "Connect-Timeout-Ms: 10000000000"),
         "200 connect+json 0 invalid_argument", method=FOLLOW),
    Case("leading zeros", timed(" 0000005000"), OK),
    Case("a negative time", timed(" -1"), WRONG),
    Case("minus nothing", timed(" -0"), WRONG),
    Case("a plus sign", timed(" +5000"), WRONG),
    Case("a time in words", timed(" soon"), WRONG),
    Case("a fraction of a millisecond", timed(" 1.5"), WRONG),
    Case("a time with its unit", timed(" 100m"), WRONG),
    Case("an empty time", timed(""), WRONG),
    Case("two times", request("{}", "Connect-Timeout-Ms: 5000", "Connect-Timeout-Ms: 6000"), WRONG),
    Case("a time in hexadecimal", timed(" 0x10"), WRONG),
]

UNPACKED = "nothing compressed is taken: a small body could become a large one"

ENCODINGS = [
    Case("a body as it is", request("{}", "Content-Encoding: identity"), OK),
    apart("a body as it is, in capitals", request("{}", "Content-Encoding: IDENTITY"), OK, UNIMPLEMENTED,
          "RFC 9110, 8.4.1: codings are the same in any case"),
    apart("a compressed body", request(gzip.compress(b"{}"), "Content-Encoding: gzip"), UNIMPLEMENTED, OK, UNPACKED),
    apart("a body that says it is compressed and is not", request("{}", "Content-Encoding: gzip"), UNIMPLEMENTED,
          WRONG, UNPACKED),
    Case("an unknown encoding", request("{}", "Content-Encoding: rot13"), UNIMPLEMENTED),
    Case("two encodings", request("{}", "Content-Encoding: gzip, identity"), UNIMPLEMENTED),
    Case("a stream's encoding on a unary call", request("{}", "Connect-Content-Encoding: gzip"), OK),
    Case("a unary encoding on a stream", stream(1, "ok", "Content-Encoding: gzip"), "200 connect+json 1 ok",
         method=FOLLOW),
    Case("a stream as it is", stream(1, "ok", "Connect-Content-Encoding: identity"), "200 connect+json 1 ok",
         method=FOLLOW),
    apart("a stream in gzip", stream(1, "ok", "Connect-Content-Encoding: gzip"), "200 connect+json 0 unimplemented",
          "200 connect+json 1 ok", UNPACKED, method=FOLLOW),
    apart("a stream in an unknown encoding", stream(1, "ok", "Connect-Content-Encoding: rot13"),
          "200 connect+json 0 unimplemented", "200 connect+json 0 unimplemented",
          "we have no encodings to name in Connect-Accept-Encoding", method=FOLLOW),
    Case("a reader who takes gzip", request(asking("large:5000"), "Accept-Encoding: gzip"), OK),
    Case("a reader who takes gzip of a stream",
         stream(2, "ok", "Connect-Accept-Encoding: gzip", records=True), "200 connect+json 2 ok", method=FOLLOW),
    Case("a reader who takes no encoding that there is", request("{}", "Accept-Encoding: rot13"), OK),
]

CASES = TYPES + PLACES + METHODS + VERSIONS + DEADLINES + ENCODINGS
