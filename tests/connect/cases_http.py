"""HTTP itself: lengths, framing, connections. A server in front and the door must never disagree on
where a request ends."""
from requests import FAULT, FOLLOW, HOST, UPDATE, Case, apart, asking, request, stream

LIMIT = 4 << 20
BODY = asking("a")
PATH = "/api/" + UPDATE
COMMON = "Content-Type: application/json\r\nConnect-Protocol-Version: 1\r\n"
CHUNKED = b"2\r\n{}\r\n0\r\n\r\n"
OK, TWO = "200 json", "200 json | 200 json"
NO_CHUNKS = "a body must say its length, so that no two readers can disagree on where it ends"


def raw(*lines, body=b"", start=f"POST {PATH} HTTP/1.1\r\n", fields=f"{HOST}\r\n{COMMON}"):
    """A request with these fields and no others."""
    return (start + fields + "".join(line + "\r\n" for line in lines) + "\r\n").encode("latin1") + body


CLOSING = request(BODY, "Connection: close")

LENGTHS = [
    apart("a length of more than 4 MiB", request(b"", length=LIMIT + 1), "413", "429 json resource_exhausted",
          "refused before any of it is read, as HTTP has it"),
    apart("a length that no machine has", request(b"", length=10**15), "413", "429 json resource_exhausted",
          "refused before any of it is read, as HTTP has it"),
    Case("a length beyond 64 bits", request(b"", length=10**30), "400"),
    Case("a negative length", raw("Content-Length: -2", body=b"{}"), "400"),
    Case("a length with a plus sign", raw("Content-Length: +2", body=b"{}"), "400"),
    Case("a length in words", raw("Content-Length: two", body=b"{}"), "400"),
    Case("an empty length", raw("Content-Length:", body=b"{}"), "400"),
    Case("a length in hexadecimal", raw("Content-Length: 0x2", body=b"{}"), "400"),
    apart("a length twice, the same", raw("Content-Length: 2", "Content-Length: 2", body=b"{}"), OK, "400",
          "RFC 9110, 8.6: the same one twice may be taken"),
    Case("a length twice, not the same", raw("Content-Length: 2", "Content-Length: 3", body=b"{}"), "400"),
    apart("a list of lengths", raw("Content-Length: 2, 2", body=b"{}"), OK, "400",
          "RFC 9110, 8.6: the same one twice may be taken"),
    Case("a list of lengths that differ", raw("Content-Length: 2, 3", body=b"{}"), "400"),
    Case("no length and no body", raw(), "400 json invalid_argument"),
    apart("a body that ends too soon", request("{}", length=3), "gone", "400", "who has gone is not answered",
          ends=True),
    apart("a head that ends too soon", request("{}")[:40], "gone", "400", "who has gone is not answered", ends=True),
    apart("a body longer than its length", request("{}x", length=2) + b"\r\n\r\n", "200 json | 400", "400 | gone",
          "the call before what is none was right, and is answered", answers=2),
]

FRAMES = [
    apart("chunks", raw("Transfer-Encoding: chunked", body=CHUNKED), "411", OK, NO_CHUNKS),
    Case("chunks and a length", raw("Transfer-Encoding: chunked", "Content-Length: 2", body=CHUNKED), "400"),
    Case("a length and chunks", raw("Content-Length: 2", "Transfer-Encoding: chunked", body=CHUNKED), "400"),
    apart("a coding that there is not", raw("Transfer-Encoding: xchunked", body=CHUNKED), "411", "400", NO_CHUNKS),
    apart("a coding before chunks", raw("Transfer-Encoding: gzip, chunked", body=CHUNKED), "411", OK, NO_CHUNKS),
    apart("chunks in HTTP/1.0", raw("Transfer-Encoding: chunked", body=CHUNKED, start=f"POST {PATH} HTTP/1.0\r\n"),
          "411", OK, NO_CHUNKS),
    apart("a client that expects 100", request("{}", "Expect: 100-continue"), "417", OK,
          "no browser asks so, and RFC 9110, 10.1.1 lets a server refuse"),
    Case("a client that expects what there is not", request("{}", "Expect: tea"), "417"),
    Case("a blank before a field's colon", raw("Content-Length : 2", body=b"{}"), "400"),
    apart("a field over two lines", raw("X-A: b", " c", "Content-Length: 2", body=b"{}"), OK, "400",
          "RFC 9112, 5.2: a blank may be read for it"),
    Case("a length over two lines", raw("Content-Length: 2", " 3", body=b"{}"), "400"),
    Case("a field without a colon", raw("Content-Length 2", body=b"{}"), "400"),
    Case("a zero octet in a field", raw("X-A: b\0c", "Content-Length: 2", body=b"{}"), "400"),
    Case("no host", raw("Content-Length: 2", body=b"{}", fields=COMMON), "400"),
    apart("two hosts", raw("Host: other.example", "Content-Length: 2", body=b"{}"), "400", OK,
          "RFC 9112, 3.2: a server must answer 400"),
    Case("a head of 32 KiB", request("{}", "X-A: " + "a" * 32_768), "431"),
    Case("a field of 8 KiB", request("{}", "X-A: " + "a" * 8_192), OK),
    Case("line feeds alone", request("{}").replace(b"\r\n", b"\n"), "400"),
    apart("an empty line before the request", b"\r\n" + request("{}"), "400", OK,
          FAULT + "RFC 9112, 2.2: a server should pass over it"),
    apart("HTTP/2 in the first line", request("{}", http="2.0"), "400", OK, "we speak HTTP/1.1, and say so"),
    Case("HTTP/1.2", request("{}", http="1.2"), "400"),
    apart("no version of HTTP", raw("Content-Length: 2", body=b"{}", start=f"POST {PATH}\r\n"), "400", OK,
          "HTTP/0.9 had no POST"),
    Case("what is not HTTP", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "400"),
    Case("a change of protocol that is asked for",
         request("{}", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"), OK),
]

CONNECTIONS = [
    Case("HTTP/1.0", request(BODY, http="1.0"), "200 json | gone", answers=2),
    Case("HTTP/1.0 that stays", request(BODY, "Connection: keep-alive", http="1.0") + CLOSING, TWO, answers=2),
    Case("HTTP/1.0 for a stream", stream(2).replace(b"HTTP/1.1", b"HTTP/1.0"), "200 connect+json 2 ok", method=FOLLOW),
    apart("a caller who has closed its half", request(asking("wait:500")), OK, "gone",
          "who says no more may still listen (RFC 9112, 9.6)", ends=True),
    Case("a connection that its client closes", CLOSING, "200 json | gone", answers=2),
    Case("three calls that wait for no answer", request(BODY) * 3, "200 json | 200 json | 200 json", answers=3),
    Case("answers come in the order of their calls",
         request(asking("wait:200")) + request(asking("error:aborted")) + request(BODY),
         "200 json | 409 json aborted | 200 json", answers=3),
    Case("a connection outlives a wrong call", request("{") + request(BODY),
         "400 json invalid_argument | 200 json", answers=2),
    Case("a connection outlives an unknown method", request("{}", path="/api/example.v1.A/B") + request(BODY),
         "404 | 200 json", answers=2),
    Case("a connection outlives a wrong type", request("{}", form="text/plain") + request(BODY), "415 | 200 json",
         answers=2),
    apart("a call after a stream", stream(2) + request(BODY), "200 connect+json 2 ok | gone",
          "200 connect+json 2 ok | 200 json", "a stream ends its connection: what a reader sends tells that it is gone",
          method=FOLLOW, answers=2),
    apart("a call after GET", request("", verb="GET", form=None, length="") + request(BODY), "405 (POST) | 200 json",
          "405 (names nothing) | 200 json", "RFC 9110, 15.5.6: a 405 names what there is", answers=2),
    apart("a call after PUT", request("{}", verb="PUT") + request(BODY), "405 (GET, HEAD, POST) | gone",
          "405 (names nothing) | 200 json", "a body that is not read ends the connection", answers=2),
]

CASES = LENGTHS + FRAMES + CONNECTIONS
