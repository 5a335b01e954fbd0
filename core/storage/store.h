#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/clock.h"

namespace brobygger::storage {

// Counts commits. Zero is the empty store; each commit adds exactly one.
using Revision = std::uint64_t;

// Serialized bytes of one record, shared without copying. Never null where a
// record is promised; null stands for "there is none".
using Bytes = std::shared_ptr<const std::string>;

// What a record is. Numbers are stored: never reuse one.
//
// Kinds below 32 are the registry's: every past version stays readable, and each
// write is a change that followers see. The others are working state: only the
// newest value is kept, and no follower hears of it.
enum class Kind : std::uint8_t {
  kAssociation = 1,        // registry.v1.Association, by id
  kRelation = 2,           // registry.v1.AssociationRelation, by id
  kDepartment = 3,         // registry.v1.Department, by id
  kGrantApplication = 4,   // grant.v1.GrantApplication, by id
  kFollowUp = 5,           // grant.v1.FollowUp, by application id
  kKleAssignment = 6,      // registry.v1.KleAssignment, by id
  kPolicy = 7,             // registry.v1.Policy, by id
  kCoordinationGroup = 8,  // registry.v1.CoordinationGroup, by id
  kCollaboration = 9,      // collab.v1.Collaboration, by id
  kAlignmentRound = 10,    // collab.v1.AlignmentRound, by collaboration/version
  kResourceCheck = 11,     // collab.v1.ResourceCheck, by subject id/id
  kCourse = 12,            // collab.v1.Course, by id
  kNetwork = 13,           // collab.v1.Network, by id
  kPool = 14,              // grant.v1.Pool, by id
  kPremisesNeed = 15,      // grant.v1.PremisesNeed, by id
  kPremises = 16,          // grant.v1.PremisesAllocation, by id
  kProgramme = 17,         // report.v1.Programme, by id

  kConnection = 32,     // sync.v1.Connection, by id
  kClaim = 33,          // sync.v1.Claim, by connection/stream/external id
  kLink = 34,           // sync.v1.Link, by connection/stream/external id
  kPending = 35,        // nothing, by connection/stream/external id: told, not yet applied
  kStreamState = 36,    // sync.v1.StreamState, by connection/stream
  kPlan = 37,           // sync.v1.Plan, by id
  kPlanPart = 38,       // sync.v1.PlanPart, by plan id/part number
  kRun = 39,            // sync.v1.Run, by connection/start time/id
  kRejected = 40,       // sync.v1.RejectedRecord, by connection/place
  kConflict = 41,       // sync.v1.Conflict, by connection/external id/path
  kRequestAnswer = 42,  // sync.v1.RequestAnswer, by method/request id
  kDecision = 43,       // identity.v1.Decision, by id
  kMatchQuestion = 44,  // identity.v1.MatchQuestion, by "open" or "done"/id
  kMerge = 45,          // identity.v1.StoredMerge, by id
  kModel = 46,          // identity.v1.StoredModel, by "current"
  kDirty = 47,          // sync.v1.DirtyMark, by connection/stream/association id
  kOperation = 48,      // sync.v1.Operation, by connection/stream/association id
  kDeadLetter = 49,     // sync.v1.DeadLetter, by connection/stream/association id
  kOverruled = 50,      // sync.v1.OverruledValue, by connection/time/number
  kRunPart = 51,        // sync.v1.RunPart, by run id/part number
  kMailState = 52,      // mail.v1.MailState, by e-mail address

  // Working state for the sake of trust: what was taken away must be gone.
  kTouchpoint = 53,       // contact.v1.StoredTouchpoint, by id
  kTouchpointCount = 54,  // contact.v1.TouchpointCount, by association/department/quarter
  kEvent = 55,            // event.v1.Event, by id
  kInvitation = 56,       // event.v1.Invitation, by event/association
  kPublication = 57,      // event.v1.Publication, by connection/event/calendar
  kFeedKey = 58,          // event.v1.FeedKey, by id
  kPerson = 59,           // people.v1.StoredPerson, by id
  kPersonKey = 60,        // not in use: core/people keeps keys in a file of its own
  kSuppression = 61,      // people.v1.Suppression, by keyed digest
  kApiKey = 62,           // access.v1.StoredApiKey, by id
  kCorrection = 63,       // people.v1.Correction, by association/id
  kJoinCode = 64,         // access.v1.StoredJoinCode, by id
  kDismissedAdvice = 65,  // collab.v1.DismissedAdvice, by advice/about whom/whose side
};

constexpr bool IsVersioned(Kind kind) { return static_cast<std::uint8_t>(kind) < 32; }

// A second way to find records. Numbers are stored: never reuse one.
enum class Index : std::uint8_t {
  kAssociationByName = 1,        // folded official name
  kAssociationByIdentifier = 2,  // "DK-CVR:12345678"; live associations only
  kRelationByAssociation = 3,    // association id, both ends
  kDepartmentByMunicipality = 4,
  kLinkByAssociation = 5,       // association id
  kAssociationByUpdate = 6,     // revision of the last change: see UpdateTerm()
  kDecisionByAssociation = 7,   // association id, both ends
  kDecisionByTime = 8,          // microseconds, as 16 hexadecimal digits
  kMergeByAssociation = 9,      // association id, survivor and absorbed
  kQuestionByAssociation = 10,  // association id, both ends
  kPastLinkByAssociation = 11,  // association id; links that are not live
  kGrantByApplicant = 12,       // "connection/stream/external id" of the applicant's record
  kGrantByCvr = 13,             // the CVR number written on it
  kGrantByAssignment = 14,      // association id that a person gave it
  kTouchpointByAssociation = 15,
  kTouchpointByDepartment = 16,
  kTouchpointByRecord = 17,  // "connection/stream/external id" of what tells it
  kFeedKeyBySecret = 18,     // SHA-256 of the secret, in hex
  kInvitationByAssociation = 19,
  kPublicationByEvent = 20,
  kInvitationToMail = 21,  // "waiting"; only while a mail is to be sent
  kFollowUpOwed = 22,      // id of the department that owes it; touchpoints, only while it is open
  kKleByDepartment = 23,
  kKleByNumber = 24,  // "0615/18.15.05": municipality code and KLE number
  kPolicyByMunicipality = 25,
  kGroupByMunicipality = 26,
  kPersonByAssociation = 27,
  kPersonByDigest = 28,          // keyed digest of what tells a person apart
  kDepartmentByExternalId = 29,  // "OS2MO:<uuid>"
  kNetworkByAssociation = 30,
  kCourseByAssociation = 31,
  kPremisesByAssociation = 32,
  kCollaborationByAssociation = 33,
  kPremisesNeedByAssociation = 34,
};

// One value under which an index holds a record.
struct IndexTerm {
  Index index;
  std::string value;
  auto operator<=>(const IndexTerm&) const = default;
};

// The place in kAssociationByUpdate of a record that `revision` writes: the
// revision as 16 hexadecimal digits. A store may work these places out instead of
// keeping them, so nothing else may stand in that index.
IndexTerm UpdateTerm(Revision revision);

// A record with its key.
struct Entry {
  std::string key;
  Bytes bytes;
};

// A place in an index: the value and the record's key, in that order.
struct IndexEntry {
  std::string value;
  std::string key;
  auto operator<=>(const IndexEntry&) const = default;
};

// What a scan walks: entries that start with `prefix`, in byte order, from the
// first one past `after` (empty: from the start), at most `limit`.
// `backwards` walks from the end, and `after` then bounds from above.
template <typename Place>
struct ScanRange {
  std::string prefix = {};
  Place after = {};
  int limit = 500;
  bool backwards = false;
};
using KeyRange = ScanRange<std::string>;
using IndexRange = ScanRange<IndexEntry>;

// One version of one record.
struct Version {
  Revision revision;
  base::Instant registered_time;
  std::string actor;
  Bytes bytes;  // null: the record was taken away
};

// One record that a revision changed.
struct Change {
  Revision revision;
  base::Instant registered_time;
  Kind kind;
  std::string key;
  bool created;  // the record was not there before
  Bytes bytes;   // as this revision left it; null: it was taken away
};

// The registry's records at one revision. Immutable; safe to share across
// threads; valid for as long as it is held, also after the Store is gone.
// Working state (kinds from 32) is read as it is now, whatever the revision.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual Revision revision() const = 0;

  // The record, or null.
  virtual absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const = 0;

  // Records of one kind in the order of their keys.
  virtual absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const = 0;

  // Places in an index in the order of value, then key. `range.prefix` is a
  // prefix of the value.
  virtual absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                            const IndexRange& range) const = 0;

  // Keys of the records that stand at this very value of an index, in their order. Cheaper than a
  // scan where nothing stands, which is the commonest answer.
  virtual absl::StatusOr<std::vector<std::string>> KeysAt(Index index,
                                                          const std::string& value) const;
};

// A write in progress. Sees its own writes. Belongs to one thread. `revision()`
// is the revision this write will make if it is committed.
class Transaction : public Snapshot {
 public:
  // When this write happens; never earlier than the write before it.
  virtual base::Instant now() const = 0;

  // Adds or replaces a record, and all of its places in indexes.
  virtual absl::Status Put(Kind kind,
                           const std::string& key,
                           std::string bytes,
                           std::vector<IndexTerm> terms = {}) = 0;

  // Takes a record away, with its places in indexes. Nothing happens if there is
  // none.
  virtual absl::Status Remove(Kind kind, const std::string& key) = 0;
};

// Keeps the registry's records and, in the same commit, the list of changes to
// them: whoever sees the record can see the change, and the other way round.
//
// Safe to use from many threads. Reads never wait for writes. Every store passes
// tests/conformance/store_test.cc; see core/storage/README.md to add one.
class Store {
 public:
  using Body = std::function<absl::Status(Transaction&)>;
  using Done = std::function<void(absl::StatusOr<Revision>)>;

  virtual ~Store() = default;

  // The newest revision.
  virtual absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() const = 0;

  // The registry as it was right after `revision`. REVISION_UNKNOWN if that is
  // newer than the newest.
  virtual absl::StatusOr<std::shared_ptr<const Snapshot>> At(Revision revision) const = 0;

  // The newest revision made at or before `instant`; 0 if there is none.
  virtual absl::StatusOr<Revision> RevisionAt(base::Instant instant) const = 0;

  // Runs `body`, commits it durably, and calls `done` with the new revision. If
  // `body` fails nothing is written and `done` gets its error. A body that
  // writes nothing makes no revision; `done` then gets the newest one.
  //
  // Bodies run one at a time and in order, on the store's own thread, so a body
  // must not call Submit() or Write() and must not wait for a source system.
  // `done` runs on that thread too, once the commit is durable, and must be
  // short. Several bodies may share one disk flush. `actor` says who writes.
  // STORAGE_FULL: no room; nothing was written. STOPPING: the store is closing.
  virtual void Submit(std::string actor, Body body, Done done) = 0;

  // Submit(), and wait.
  absl::StatusOr<Revision> Write(std::string actor,
                                 absl::FunctionRef<absl::Status(Transaction&)> body);

  // Changes after `after`, oldest first. At most `limit`, but a revision's
  // changes always come together. Empty when there are none yet.
  virtual absl::StatusOr<std::vector<Change>> ChangesAfter(Revision after, int limit) const = 0;

  // Versions of one record older than `before` (0: from the newest), newest
  // first, at most `limit`.
  virtual absl::StatusOr<std::vector<Version>> VersionsOf(Kind kind,
                                                          const std::string& key,
                                                          Revision before,
                                                          int limit) const = 0;

  // When it returns OK, what was taken away before the call is in no file of the store any more,
  // whatever the file system itself keeps. Costs a copy of the write-ahead log, during which
  // writes wait. STORAGE_BUSY: a reader was in the way for too long; nothing is lost, try again.
  // A store without files has nothing to do.
  virtual absl::Status Scrub() { return absl::OkStatus(); }

  // Calls `listener` after each commit with the newest revision, on the store's
  // own thread; it must be short. One listener; set before the first write.
  virtual void OnCommit(std::function<void(Revision)> listener) = 0;
};

// The error of At() for a revision that is not there yet.
absl::Status RevisionUnknown(Revision revision, Revision latest);

}  // namespace brobygger::storage
