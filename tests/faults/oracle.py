"""Holds what a hub shows against what it acknowledged."""
import random

import grpc

from brobygger.feed.v1 import feed_service_pb2 as feed
from brobygger.registry.v1 import registry_service_pb2 as registry

from workload import ACKNOWLEDGED, REFUSED, UNKNOWN

RETRIES = 25


class Replay:
    """The registry as the feed from its beginning tells it."""

    def __init__(self, hub):
        self.changes = []
        self.through = 0
        request = feed.FollowChangesRequest(after_revision=0, stop_at_end=True, include_records=True)
        for answer in hub.stubs()[1].FollowChanges(request, timeout=60):
            self.changes.extend(answer.changes)
            self.through = max(self.through, answer.through_revision)

    def state(self, revision=None):
        """Id -> association as of a revision; default: now."""
        state = {}
        for change in self.changes:
            if revision is None or change.revision <= revision:
                state[change.association_id] = change.association
        return state


def token_of(association):
    return association.official_name.removeprefix("Forening ")


class Oracle:
    """Checks one registry after each fault; `problems` is what it found."""

    def __init__(self, workload, seed=0):
        self.workload = workload
        self.random = random.Random(seed)
        self.problems = []
        self.unknown_there = 0
        self.unknown_absent = 0

    def problem(self, text):
        self.problems.append(text)

    def check(self, hub):
        """Checks, and settles every write whose answer was lost by asking again."""
        self.problems += self.workload.problems
        self.workload.problems.clear()
        try:
            replay = Replay(hub)
            self.check_feed(replay)
            self.check_histories(hub, replay)
            self.check_writes(replay)
            self.check_state(hub, replay)
            self.check_retries(hub, replay)
        except grpc.RpcError as error:
            self.problem(f"a check could not be made: {error.code()} {error.details()}")

    def check_feed(self, replay):
        last = 0
        for change in replay.changes:
            if change.revision < last:
                self.problem(f"the feed goes back from revision {last} to {change.revision}")
            last = change.revision
        if last > replay.through:
            self.problem(f"the feed ends at {last} and says {replay.through}")
        there = {(change.revision, change.association_id) for change in replay.changes}
        for revision, association_id in sorted(self.workload.seen_live - there):
            self.problem(f"lost: revision {revision} of {association_id}, which a follower was told")
        self.workload.seen_live &= there

    def check_histories(self, hub, replay):
        """The feed tells each version that the registry remembers, and no other. A
        revision without any (the hub closed a match question) is passed over."""
        told = {(change.revision, change.association_id) for change in replay.changes}
        kept = set()
        for association_id in replay.state().keys() | self.list_all(hub, None).keys():
            kept |= {(revision, association_id) for revision in self.revisions_of(hub, association_id)}
        for revision, association_id in sorted(kept - told):
            self.problem(f"the feed skips revision {revision} of {association_id}")
        for revision, association_id in sorted(told - kept):
            self.problem(f"the feed tells revision {revision} of {association_id}, which its history lacks")

    def revisions_of(self, hub, association_id):
        request = registry.ListAssociationHistoryRequest(association_id=association_id, page_size=500)
        while True:
            answer = hub.stubs()[0].ListAssociationHistory(request, timeout=30)
            yield from (version.revision for version in answer.versions)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def check_writes(self, replay):
        made = {}
        tokens = {}
        before = {}
        for change in replay.changes:
            association = change.association
            made[(change.association_id, change.revision)] = association
            token = token_of(association)
            if association.purpose.by_language["da"].split(" ")[0] != token:
                self.problem(f"half a write: {change.association_id} in revision {change.revision}")
            if before.get(change.association_id) != token:
                tokens.setdefault(token, []).append(change.revision)
            before[change.association_id] = token
        self.check_acknowledged(made)
        known = {write.token: write for write in self.workload.writes}
        for token, revisions in tokens.items():
            if token not in known or known[token].outcome == REFUSED:
                self.problem(f"nobody was told of a write that is there, in revision {revisions[0]}")
            if len(revisions) > 1:
                self.problem(f"done {len(revisions)} times: the write of {token}, in revisions {revisions}")

    def check_acknowledged(self, made):
        for write in self.workload.writes:
            if write.outcome != ACKNOWLEDGED:
                continue
            wanted = write.answer.association
            found = made.get((wanted.id, write.answer.revision))
            if found is None:
                self.problem(f"lost: {write.method} of {wanted.id}, acknowledged as revision {write.answer.revision}")
            elif found != wanted:
                self.problem(f"changed: {write.method} of {wanted.id} in revision {write.answer.revision}")

    def check_state(self, hub, replay):
        self.compare(self.list_all(hub, None), replay.state(), "now")
        if replay.through > 0:
            revision = self.random.randint(1, replay.through)
            self.compare(self.list_all(hub, revision), replay.state(revision), f"as of revision {revision}")

    def reads_public(self, hub):
        return bool(hub.stubs()[0].ListMunicipalities(
            registry.ListMunicipalitiesRequest(), timeout=30).municipalities)

    def list_all(self, hub, revision):
        stub = hub.stubs()[0]
        listed = {}
        request = registry.ListAssociationsRequest(page_size=500, show_deleted=True)
        if revision is not None:
            request.as_of.revision = revision
        while True:
            answer = stub.ListAssociations(request, timeout=30)
            listed |= {association.id: association for association in answer.associations}
            if not answer.next_page_token:
                return listed
            request.page_token = answer.next_page_token

    def compare(self, listed, replayed, when):
        for association_id in sorted(listed.keys() ^ replayed.keys()):
            where = "list" if association_id in listed else "feed"
            self.problem(f"{association_id} is only in the {where}, {when}")
        for association_id in listed.keys() & replayed.keys():
            if listed[association_id] != replayed[association_id]:
                self.problem(f"list and feed differ on {association_id}, {when}")

    def check_retries(self, hub, replay):
        """A retry of what was done is answered the same and done no second time."""
        stub = hub.stubs()[0]
        done = [write for write in self.workload.writes if write.outcome == ACKNOWLEDGED]
        for write in self.random.sample(done, min(RETRIES, len(done))):
            first = write.answer
            if write.send(stub) != ACKNOWLEDGED:
                self.problem(f"a retry of {write.method} was refused: {write.error.code()} {write.error.details()}")
                write.outcome = ACKNOWLEDGED
            elif write.answer != first:
                self.problem(f"a retry of {write.method} was answered otherwise: revision {first.revision}, "
                             f"then {write.answer.revision}")
            write.answer = first
        revisions = {change.revision for change in replay.changes}
        for write in self.workload.writes:
            if write.outcome == UNKNOWN:
                self.settle(write, stub, revisions)
        after = Replay(hub)
        fresh = {change.revision for change in after.changes} - revisions
        settled = {write.answer.revision for write in self.workload.writes if write.outcome == ACKNOWLEDGED}
        for revision in sorted(fresh - settled):
            self.problem(f"a retry made revision {revision}")

    def settle(self, write, stub, revisions):
        if write.send(stub) != ACKNOWLEDGED:
            self.problem(f"a retry of an unanswered {write.method} was refused: "
                         f"{write.error.code()} {write.error.details()}")
            write.outcome = UNKNOWN
        elif write.answer.revision in revisions:
            self.unknown_there += 1
        else:
            self.unknown_absent += 1
