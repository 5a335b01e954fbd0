"""A hub that does what a request asks for, on a Unix socket: behind the door it shows what the door
makes of an answer. `oracle.mjs` does the same under connect-node; README.md has the table."""
import concurrent.futures
import hashlib
import sys
import threading

import grpc

from places import BUILD, PATIENCE_SECONDS

sys.path.insert(0, str(BUILD / "gen" / "python"))
from brobygger.feed.v1 import feed_service_pb2 as feed  # noqa: E402
from brobygger.identity.v1 import identity_service_pb2 as identity  # noqa: E402
from brobygger.registry.v1 import registry_service_pb2 as registry  # noqa: E402
from google.protobuf import any_pb2, wrappers_pb2  # noqa: E402
from google.rpc import status_pb2  # noqa: E402

# What a test compares word by word, unlike the sentences about the protocol.
SAYS = "the hub says: "
REVISION = 7
HELD, ENDLESS, WITH_TRAILER, UNTIL_DEADLINE, ERROR_WITH_TRAILER = range(9001, 9006)
RECORD_BYTES = 100_000
# How soon the hub must see that nobody listens any more.
ENDED_SECONDS = 1
NAMED = {code.value[1].replace(" ", "_"): code for code in grpc.StatusCode}
NAMED["canceled"] = NAMED["cancelled"]


def packed(message):
    """An Any, whose name no generated code need know."""
    made = any_pb2.Any()
    made.Pack(message)
    return made


def details_of(kind):
    info = packed(status_pb2.ErrorInfo(reason="TOLD", domain="brobygger", metadata={"field": "id"}))
    retry = status_pb2.RetryInfo()
    retry.retry_delay.seconds = 5
    return {"": [info],
            "plain": [],
            "two": [info, packed(retry)],
            "same": [info, packed(status_pb2.ErrorInfo(reason="TOLD_TOO", domain="brobygger"))],
            "foreign": [any_pb2.Any(type_url="type.googleapis.com/example.Unheard", value=b"\x08\x01\xff")],
            "known": [packed(wrappers_pb2.StringValue(value="dansk: æøå"))]}[kind]


def fail(context, word, kind="", trailers=(("brobygger-revision", str(REVISION)),)):
    """Ends the call; does not return."""
    code = NAMED[word]
    text = SAYS + word
    rich = status_pb2.Status(code=code.value[0], message=text, details=details_of(kind))
    context.set_trailing_metadata((("grpc-status-details-bin", rich.SerializeToString()), *trailers))
    context.abort(code, text)


def reader_of(message):
    """Refuses octets after a message that are none, as a hub does; Python's protobuf only warns."""
    def read(data):
        made = message()
        if made.ParseFromString(data) != len(data):
            raise ValueError("octets are left over")
        return made
    return read


def handlers(service, kind, **calls):
    """A service's methods: what each is asked with, and what answers."""
    return grpc.method_handlers_generic_handler(service, {
        name: kind(call, reader_of(asked), lambda answer: answer.SerializeToString())
        for name, (asked, call) in calls.items()})


class FakeHub:
    """Ends with the test case."""

    def __init__(self, case, socket):
        self.address = f"unix:{socket}"
        self.over = threading.Event()
        self.waits = []
        self.steps = threading.Semaphore(0)
        self.noted, self.news = set(), threading.Condition()
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=16))
        self.server.add_generic_rpc_handlers((
            handlers("brobygger.registry.v1.RegistryService", grpc.unary_unary_rpc_method_handler,
                     UpdateAssociation=(registry.UpdateAssociationRequest, self.update_association)),
            handlers("brobygger.identity.v1.IdentityService", grpc.unary_unary_rpc_method_handler,
                     UseModel=(identity.UseModelRequest, self.use_model)),
            handlers("brobygger.feed.v1.FeedService", grpc.unary_stream_rpc_method_handler,
                     FollowChanges=(feed.FollowChangesRequest, self.follow_changes))))
        case.assertNotEqual(self.server.add_insecure_port(self.address), 0)
        self.server.start()
        case.addCleanup(self.stop)

    def stop(self):
        self.let_go()
        self.server.stop(0).wait(PATIENCE_SECONDS)

    def let_go(self):
        """Nobody waits here any more."""
        self.over.set()
        self.steps.release(16)
        for ended in self.waits:
            ended.set()

    def note(self, what):
        with self.news:
            self.noted.add(what)
            self.news.notify_all()

    def was_noted(self, what, seconds):
        """Whether it was, or is within these seconds; asked again, it must be noted again."""
        with self.news:
            seen = self.news.wait_for(lambda: what in self.noted, seconds)
            self.noted.discard(what)
            return seen

    def wait(self, context, what, seconds):
        """Until then, or until nobody waits for the call any more; notes that it came, and that."""
        ended = threading.Event()
        if not context.add_callback(ended.set):
            ended.set()
        self.waits.append(ended)
        self.note(f"{what} came")
        if ended.wait(seconds) and not self.over.is_set():
            self.note(f"{what} ended")

    def update_association(self, request, context):
        what, _, more = request.association.id.partition(":")
        answer = registry.UpdateAssociationResponse(association=request.association, revision=REVISION)
        if what == "error":
            fail(context, *more.split(":"))
        elif what == "wait":
            milliseconds, _, name = more.partition(":")
            self.wait(context, name or "call", int(milliseconds) / 1000)
        elif what == "large":
            answer.association.official_name = "a" * int(more)
        elif what == "trailer":
            context.set_trailing_metadata((("brobygger-revision", more), ("other", "kept inside")))
        elif what == "caller":
            answer.association.official_name = dict(context.invocation_metadata()).get("authorization", "nobody")
        elif what == "step":
            self.steps.release()
        elif what == "noted":
            seconds = ENDED_SECONDS if more.endswith("ended") else PATIENCE_SECONDS
            answer.association.official_name = str(self.was_noted(more, seconds))
        if request.update_mask.paths:
            answer.association.etag = ",".join(request.update_mask.paths)
        return answer

    def use_model(self, request, context):
        answer = identity.UseModelResponse(revision=REVISION)
        answer.model.digest = hashlib.sha256(request.model_text).hexdigest()
        answer.model.memory_bytes = len(request.model_text)
        return answer

    def follow_changes(self, request, context):
        if request.after_revision == WITH_TRAILER:
            context.set_trailing_metadata((("brobygger-revision", "9"),))
            return
        if request.after_revision == ERROR_WITH_TRAILER:
            fail(context, "failed_precondition")
        if request.after_revision == UNTIL_DEADLINE:
            self.wait(context, "stream", PATIENCE_SECONDS)
            return
        if request.after_revision == ENDLESS:
            yield feed.FollowChangesResponse(through_revision=1)
            self.wait(context, "stream", PATIENCE_SECONDS)
            return
        held = request.after_revision == HELD
        for number in range(1, (3 if held else request.after_revision) + 1):
            if held and number > 1 and not self.steps.acquire(timeout=PATIENCE_SECONDS):
                fail(context, "aborted")
            message = feed.FollowChangesResponse(through_revision=number)
            change = message.changes.add(revision=number, kind=feed.Change.KIND_UPDATED, association_id=f"a-{number}")
            if request.include_records:
                change.association.official_name = "a" * RECORD_BYTES
            yield message
        if not request.stop_at_end:
            fail(context, "failed_precondition", trailers=())
