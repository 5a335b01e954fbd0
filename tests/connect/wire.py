"""HTTP as octets: sends what it is told, however wrong, and reads what comes back to the letter."""
import dataclasses
import socket

from places import PATIENCE_SECONDS

GONE = "gone"  # where an answer should be: the connection ended without one


@dataclasses.dataclass
class Told:
    """An answer."""
    status: int
    fields: list  # pairs; names in small letters
    body: bytes
    chunked: bool = False
    foreign: bool = False  # in chunks, to a client that does not know them
    cut: bool = False  # chunks without the last one

    def all(self, name):
        return [value for key, value in self.fields if key == name]

    def one(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name} stands {len(values)} times"
        return values[0] if values else None


def read_head(source):
    """Status line and fields; nothing if the connection ends before them."""
    line = source.readline()
    if not line:
        return None
    version, status = line.split(b" ", 2)[:2]
    assert version == b"HTTP/1.1" and line.endswith(b"\r\n"), line
    fields = []
    while (line := source.readline()) != b"\r\n":
        assert line.endswith(b"\r\n"), line
        name, _, value = line.decode("latin1").partition(":")
        fields.append((name.lower(), value.strip()))
    return Told(int(status), fields, b"")


def read_exactly(source, count):
    data = source.read(count)
    assert len(data) == count, f"{len(data)} octets of {count}"
    return data


def read_chunks(source):
    """What came of a body in chunks, and whether its end came, too."""
    body = b""
    while line := source.readline():
        size = int(line.strip(), 16)
        body += read_exactly(source, size)
        assert source.readline() == b"\r\n"
        if size == 0:
            return body, True
    return body, False


def read_answer(source, is_head, is_old):
    """To a client of HTTP/1.0 (`is_old`) chunks are as they come: it does not know them."""
    told = read_head(source)
    while told is not None and told.status < 200:
        told = read_head(source)
    if told is None:
        return GONE
    if is_head or told.status in (204, 304):
        return told
    told.chunked = told.one("transfer-encoding") == "chunked"
    if told.chunked and not is_old:
        assert told.one("content-length") is None
        told.body, ended = read_chunks(source)
        told.cut = not ended
    elif told.one("content-length") is not None:
        told.body = read_exactly(source, int(told.one("content-length")))
    else:
        told.body = source.read()
        told.foreign = told.chunked
    return told


def exchange(place, octets, answers=1, *, ends=False):
    """The answers to what is sent at once, and whether the connection then ended. With `ends`, the
    client has nothing more to say and shows it."""
    with socket.create_connection(place, PATIENCE_SECONDS) as connection:
        with connection.makefile("rb") as source:
            try:
                connection.sendall(octets)
                if ends:
                    connection.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass  # what it answered may still be there
            told = []
            try:
                while len(told) < answers and (not told or told[-1] != GONE):
                    told.append(read_answer(source, octets.startswith(b"HEAD "), b"HTTP/1.0\r\n" in octets))
            except ConnectionResetError:
                told.append(GONE)
            return told
