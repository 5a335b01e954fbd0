"""Callers that write to a hub at once, and remember each write and its answer."""
import itertools
import random
import threading
import time
import uuid

import grpc

from brobygger.registry.v1 import association_pb2
from brobygger.registry.v1 import registry_service_pb2 as registry

PATIENCE = 20  # seconds for the writes of one round
ACKNOWLEDGED, UNKNOWN, REFUSED = "acknowledged", "unknown", "refused"
# Answers after which the write may or may not be there.
OPEN_ENDED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED,
              grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL}


class Write:
    """One write: what was asked, and what came of it."""

    def __init__(self, method, request, token=""):
        self.method = method
        self.request = request
        self.token = token  # a word that no other write uses; none in deletions
        self.outcome = UNKNOWN
        self.answer = None
        self.error = None

    def send(self, stub, timeout=10):
        try:
            self.answer = getattr(stub, self.method)(self.request, timeout=timeout)
            self.outcome = ACKNOWLEDGED
        except grpc.RpcError as error:
            self.error = error
            # What the audit log cannot take is not begun, so nothing of it is there.
            unwritten = "cannot be put into the audit log" in (error.details() or "")
            open_ended = error.code() in OPEN_ENDED and not unwritten
            self.outcome = UNKNOWN if open_ended else REFUSED
        return self.outcome


def word(number):
    letters = ""
    while True:
        letters += "abcdefghijklmnopqrstuvwxyz"[number % 26]
        number //= 26
        if number == 0:
            return letters


class Workload:
    """Writes of all callers through the whole life of a registry."""

    def __init__(self, callers=16, seed=0, padding=0):
        self.random = random.Random(seed)
        self.padding = padding
        self.writes = []
        self.seen_live = set()  # (revision, id) that a follower was told
        self.problems = []
        self.acknowledged = 0
        self.refused = 0
        self.words = itertools.count()
        self.rest = 0.0  # seconds that each caller rests after a write
        self.mutex = threading.Lock()
        self.callers = [Caller(self, number) for number in range(callers)]
        self.shared = None  # an association that all callers change

    def request_for(self, token, **fields):
        association = association_pb2.Association(official_name=f"Forening {token}", municipality_code="0615", **fields)
        association.purpose.by_language["da"] = token + " " + "x" * self.padding
        return association

    def do(self, write, stub):
        with self.mutex:
            self.writes.append(write)
        write.send(stub)
        with self.mutex:
            self.acknowledged += write.outcome == ACKNOWLEDGED
            self.refused += write.outcome == REFUSED
        return write.outcome

    def create(self, stub):
        token = word(next(self.words))
        write = Write("CreateAssociation", registry.CreateAssociationRequest(
            association=self.request_for(token), request_id=str(uuid.uuid4())), token)
        self.do(write, stub)
        return write

    def update(self, stub, association_id, etag=""):
        token = word(next(self.words))
        request = registry.UpdateAssociationRequest(
            association=self.request_for(token, id=association_id, etag=etag), request_id=str(uuid.uuid4()))
        request.update_mask.paths.extend(["official_name", "purpose"])
        write = Write("UpdateAssociation", request, token)
        self.do(write, stub)
        return write

    def delete(self, stub, association_id, etag):
        write = Write("DeleteAssociation", registry.DeleteAssociationRequest(
            association_id=association_id, etag=etag, request_id=str(uuid.uuid4())))
        self.do(write, stub)
        return write

    def run(self, hub, enough, fault):
        """Lets all callers write until `enough()`, strikes with `fault()`, and
        returns what that returned when the callers have stopped."""
        if self.shared is None:
            first = self.create(hub.stubs()[0])
            if first.outcome != ACKNOWLEDGED:
                raise RuntimeError(f"the first write failed: {first.error}")
            self.shared = first.answer.association.id
        stopping = threading.Event()
        follower = Follower(self, hub)
        threads = [threading.Thread(target=caller.run, args=(hub, stopping)) for caller in self.callers]
        threads.append(threading.Thread(target=follower.run))
        for thread in threads:
            thread.start()
        until = time.monotonic() + PATIENCE
        while not enough() and time.monotonic() < until:
            time.sleep(0.002)
        if not enough():
            self.problems.append(f"no progress for {PATIENCE} s\n{hub.threads()}\n{hub.log_tail()}")
        result = fault()
        stopping.set()
        for thread in threads[:-1]:
            thread.join()
        follower.stop()
        threads[-1].join()
        return result


class Caller:
    """Writes one after the other. Only this one writes to the associations it made."""

    def __init__(self, workload, number):
        self.workload = workload
        self.random = random.Random(f"{workload.random.random()}/{number}")
        self.own = {}  # id -> etag

    def run(self, hub, stopping):
        stub = hub.stubs()[0]
        while not stopping.is_set():
            write = self.next_write(stub)
            if write.outcome == UNKNOWN:
                # What comes after a lost answer is the oracle's to find out.
                self.own.pop(getattr(write.request, "association_id", "") or write.request.association.id, None)
                return
            time.sleep(max(self.workload.rest, 0.01 if write.outcome == REFUSED else 0))

    def next_write(self, stub):
        workload = self.workload
        chance = self.random.random()
        if chance < 0.2:
            return workload.update(stub, workload.shared)
        if chance < 0.5 or not self.own:
            write = workload.create(stub)
        else:
            association_id = self.random.choice(list(self.own))
            if chance < 0.55:
                write = workload.delete(stub, association_id, self.own.pop(association_id))
                return write
            write = workload.update(stub, association_id, self.own[association_id])
        if write.outcome == ACKNOWLEDGED:
            association = write.answer.association
            self.own[association.id] = association.etag
            if chance > 0.8:
                self.read_back(stub, association)
        return write

    def read_back(self, stub, association):
        """What was acknowledged is what the next reader gets."""
        try:
            answer = stub.GetAssociation(registry.GetAssociationRequest(association_id=association.id), timeout=10)
        except grpc.RpcError as error:
            if error.code() not in OPEN_ENDED:
                self.workload.problems.append(f"stale read: {association.id} is {error.code()}")
            return
        if answer.association != association:
            self.workload.problems.append(f"stale read: {association.id} has etag {answer.association.etag} "
                                          f"and was acknowledged with {association.etag}")


class Follower:
    """Follows the changes as they are made, until the hub is gone or it is stopped."""

    def __init__(self, workload, hub):
        self.workload = workload
        from brobygger.feed.v1 import feed_service_pb2 as feed
        self.stream = hub.stubs()[1].FollowChanges(feed.FollowChangesRequest(after_revision=0))

    def run(self):
        try:
            for answer in self.stream:
                for change in answer.changes:
                    self.workload.seen_live.add((change.revision, change.association_id))
        except grpc.RpcError:
            pass  # the hub is gone, or stop() was called

    def stop(self):
        self.stream.cancel()
