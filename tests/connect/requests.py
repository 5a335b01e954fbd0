"""How the cases are written: requests as octets, and what both sides answer to them."""
import dataclasses
import json

from meaning import FOLLOW, MODEL, UPDATE  # noqa: F401

HOST = "Host: 127.0.0.1"
# Begins the reason of a difference that is no purpose of ours.
FAULT = "fault: "
# Between answers of the door that come by chance.
OR = " or "


@dataclasses.dataclass(frozen=True)
class Case:
    """A request, or several on one connection, and the answers in short (meaning.py). Where only
    `both` is told the answers are equal in all that they mean; else `why` says why they are not."""
    name: str
    octets: bytes
    both: str = ""
    door: str = ""
    oracle: str = ""
    why: str = ""
    method: str = UPDATE
    answers: int = 1
    ends: bool = False  # the client closes its half


def apart(name, octets, door, oracle, why, **more):
    """A case on which we differ, and why."""
    return Case(name, octets, door=door, oracle=oracle, why=why, **more)


def request(body=b"", *fields, method=UPDATE, form="application/json", version="1", length=None, verb="POST",
            path=None, http="1.1"):
    """A request that is right but for what is told otherwise; None leaves a field out."""
    body = body.encode() if isinstance(body, str) else body
    # As somebody: of a stranger, whom the hub does not answer, the door takes little.
    lines = [f"{verb} {path or '/api/' + method} HTTP/{http}", HOST, "Authorization: Bearer somebody"]
    lines += [f"Content-Type: {form}"] if form is not None else []
    lines += [f"Connect-Protocol-Version: {version}"] if version is not None else []
    lines += [f"Content-Length: {len(body) if length is None else length}"] if length != "" else []
    return "\r\n".join([*lines, *fields, "", ""]).encode() + body


def asking(what, **more):
    """JSON that asks the fake hub for something."""
    return json.dumps({"association": {"id": what} | more}, ensure_ascii=False)


def about(text):
    """JSON of an association with these members."""
    return '{"association":{' + text + "}}"


def envelope(data, flags=0, length=None):
    data = data.encode() if isinstance(data, str) else data
    return bytes([flags]) + (len(data) if length is None else length).to_bytes(4, "big") + data


def follow(data, *fields, form="json", **more):
    """Asks for a stream with what is sent as it is, envelope and all."""
    return request(data, *fields, method=FOLLOW, form=f"application/connect+{form}", **more)


def stream(count, then="ok", *fields, records=False):
    """Asks for a stream of so many messages and then an end, or an error."""
    asked = {"afterRevision": str(count), "stopAtEnd": then == "ok", "includeRecords": records}
    return follow(envelope(json.dumps(asked)), *fields)
