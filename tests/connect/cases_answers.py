"""What the hub answers: errors, their details, trailers, streams, much."""
from requests import FAULT, FOLLOW, Case, apart, asking, envelope, follow, request, stream

# "Error codes" of the protocol.
HTTP_OF = {"canceled": 499, "unknown": 500, "invalid_argument": 400, "deadline_exceeded": 504, "not_found": 404,
           "already_exists": 409, "permission_denied": 403, "resource_exhausted": 429, "failed_precondition": 400,
           "aborted": 409, "out_of_range": 400, "unimplemented": 501, "internal": 500, "unavailable": 503,
           "data_loss": 500, "unauthenticated": 401}

CODES = [Case(f"the hub answers {code}", request(asking(f"error:{code}")), f"{http} json {code}")
         for code, http in HTTP_OF.items()]

ABORTED = "409 json aborted"

ERRORS = [
    Case("an error on a call in the wire form", request(b"\x0a\x11\x0a\x0ferror:not_found", form="application/proto"),
         "404 json not_found"),
    Case("an error without details", request(asking("error:aborted:plain")), ABORTED),
    Case("an error with two details", request(asking("error:aborted:two")), ABORTED),
    apart("an error with two details of one type", request(asking("error:aborted:same")), ABORTED, ABORTED,
          FAULT + "of two details of one type the first is lost (absl::Status keeps one); the hub never tells two"),
    Case("a detail of a type that nobody knows", request(asking("error:aborted:foreign")), ABORTED),
    Case("a detail of a type that is protobuf's own", request(asking("error:aborted:known")), ABORTED),
]

END_TRAILER = "a stream's trailers stay inside: none of the hub's streams has any"

TRAILERS = [
    Case("a trailer beside an answer", request(asking("trailer:42")), "200 json"),
    Case("a trailer beside an answer in the wire form",
         request(b"\x0a\x0c\x0a\x0atrailer:42", form="application/proto"), "200 proto"),
    apart("a trailer at the end of a stream", follow(envelope('{"afterRevision":"9003"}')), "200 connect+json 0 ok",
          "200 connect+json 0 ok", END_TRAILER, method=FOLLOW),
    apart("a trailer beside an error at the end of a stream", follow(envelope('{"afterRevision":"9005"}')),
          "200 connect+json 0 failed_precondition", "200 connect+json 0 failed_precondition", END_TRAILER,
          method=FOLLOW),
]

STREAMS = [
    Case("a stream of nothing", stream(0), "200 connect+json 0 ok", method=FOLLOW),
    Case("a stream of one message", stream(1), "200 connect+json 1 ok", method=FOLLOW),
    Case("a stream of a hundred messages", stream(100), "200 connect+json 100 ok", method=FOLLOW),
    Case("a stream of a hundred messages in the wire form",
         follow(envelope(b"\x08\x64\x10\x01"), form="proto"), "200 connect+proto 100 ok", method=FOLLOW),
    Case("an error before the first message", stream(0, "error"), "200 connect+json 0 failed_precondition",
         method=FOLLOW),
    Case("an error after three messages", stream(3, "error"), "200 connect+json 3 failed_precondition", method=FOLLOW),
    Case("an error after three messages in the wire form", follow(envelope(b"\x08\x03"), form="proto"),
         "200 connect+proto 3 failed_precondition", method=FOLLOW),
    Case("a stream of 10 MB", stream(100, records=True), "200 connect+json 100 ok", method=FOLLOW),
    Case("a stream of 10 MB in the wire form", follow(envelope(b"\x08\x64\x10\x01\x18\x01"), form="proto"),
         "200 connect+proto 100 ok", method=FOLLOW),
]

MUCH = [
    Case("an answer of 8 MB", request(asking("large:8000000")), "200 json"),
    Case("an answer of 8 MB in the wire form",
         request(b"\x0a\x0f\x0a\x0dlarge:8000000", form="application/proto"), "200 proto"),
    apart("an answer of 40 MB", request(asking("large:40000000")), "429 json resource_exhausted", "200 json",
          "an answer has 32 MiB at most"),
    Case("an association of 3 MB sent and told", request(asking("a", officialName="ø" * 1_500_000)), "200 json"),
]

CASES = CODES + ERRORS + TRAILERS + STREAMS + MUCH
