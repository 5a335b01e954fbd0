"""What an answer says in the Connect protocol, so that two answers can be held against each other."""
import base64
import gzip
import json

import fake_hub  # finds the stubs  # noqa: F401
from brobygger.feed.v1 import feed_service_pb2 as feed
from brobygger.identity.v1 import identity_service_pb2 as identity
from brobygger.registry.v1 import registry_service_pb2 as registry
from google.protobuf import json_format

from wire import GONE

UPDATE = "brobygger.registry.v1.RegistryService/UpdateAssociation"
MODEL = "brobygger.identity.v1.IdentityService/UseModel"
FOLLOW = "brobygger.feed.v1.FeedService/FollowChanges"
ANSWERS = {UPDATE: registry.UpdateAssociationResponse, MODEL: identity.UseModelResponse,
           FOLLOW: feed.FollowChangesResponse}
COMPRESSED, END = 1, 2


def strict_json(data):
    """JSON as RFC 8259 has it, with no name twice."""
    def once(pairs):
        assert len({name for name, _ in pairs}) == len(pairs), pairs
        return dict(pairs)

    def no_number(text):
        raise AssertionError(f"{text} is no JSON")
    return json.loads(data.decode(), object_pairs_hook=once, parse_constant=no_number)


def error_of(told):
    """Code, details and, where the hub said it and not the program that answers, the message. The
    details in a fixed order: no reader may count on one."""
    said = {"code": told["code"]}
    assert set(told) <= {"code", "message", "details"}, told
    if told.get("message", "").startswith(fake_hub.SAYS):
        said["message"] = told["message"]
    details = told.get("details", [])
    for detail in details:
        assert not detail["value"].endswith("="), detail
        base64.b64decode(detail["value"] + "==", validate=True)
    said["details"] = sorted(details, key=lambda detail: json.dumps(detail, sort_keys=True))
    return said


def envelopes(body):
    while body:
        size = int.from_bytes(body[1:5], "big")
        assert len(body) >= 5 + size, "the last message is cut short"
        yield body[0], body[5:5 + size]
        body = body[5 + size:]


def stream_of(told, form, method):
    pieces = [(flags & ~COMPRESSED, gzip.decompress(data) if flags & COMPRESSED else data)
              for flags, data in envelopes(told.body)]
    assert [flags for flags, _ in pieces] == [0] * (len(pieces) - 1) + [END], [flags for flags, _ in pieces]
    end = strict_json(pieces[-1][1])
    assert set(end) <= {"error", "metadata"}, end
    return {"messages": [message_of(data, form, method) for _, data in pieces[:-1]],
            "error": error_of(end["error"]) if "error" in end else None,
            "metadata": end.get("metadata", {})}


def message_of(data, form, method):
    if form == "json":
        return strict_json(data)
    return json_format.MessageToDict(ANSWERS[method].FromString(data))


def meaning(told, method):
    """A dictionary in which nothing stands that may differ from server to server."""
    if told == GONE:
        return {"summary": GONE}
    if told.foreign:
        return {"summary": f"{told.status} chunks"}
    if told.cut:
        return {"summary": f"{told.status} cut"}
    kind = (told.one("content-type") or "").removeprefix("application/")
    said = {"status": told.status, "type": kind,
            "trailers": sorted(pair for pair in told.fields if pair[0].startswith("trailer-"))}
    summary = [str(told.status)] + ([kind] if kind else [])
    body = gzip.decompress(told.body) if told.one("content-encoding") == "gzip" else told.body
    if kind.startswith("connect+"):
        stream = stream_of(told, kind.removeprefix("connect+"), method)
        said |= stream
        summary += [str(len(stream["messages"])), stream["error"]["code"] if stream["error"] else "ok"]
    elif kind and told.status == 200:
        said["message"] = message_of(body, kind, method)
    elif kind == "json":
        said["error"] = error_of(strict_json(body))
        summary.append(said["error"]["code"])
    else:
        said["body"] = body
    if told.status == 405:
        said["allow"] = told.one("allow")
        summary += [f"({said['allow'] or 'names nothing'})"]
    return said | {"summary": " ".join(summary)}
