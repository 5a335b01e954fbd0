#include "core/scope/scoped_snapshot.h"

#include <optional>

#include "brobygger/registry/v1/association.pb.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/public_part.h"
#include "core/scope/redact.h"

namespace brobygger::scope {
namespace {

using access::Sight;
using registry::v1::Association;
using storage::Bytes;
using storage::Entry;
using storage::Index;
using storage::IndexEntry;
using storage::Kind;

// So that a walk over everything does not hold everything.
constexpr std::size_t kMostAtHand = 2000;

// Fewer at once than this are not asked for, since most may be somebody else's.
constexpr int kLeastAtOnce = 50;

// The kind of record that an index leads to; none where nothing of it is kept from anybody.
std::optional<Kind> KindAt(Index index) {
  switch (index) {
    case Index::kAssociationByName:
    case Index::kAssociationByIdentifier:
    case Index::kAssociationByUpdate:
      return Kind::kAssociation;
    case Index::kRelationByAssociation:
      return Kind::kRelation;
    case Index::kLinkByAssociation:
    case Index::kPastLinkByAssociation:
      return Kind::kLink;
    case Index::kDecisionByAssociation:
    case Index::kDecisionByTime:
      return Kind::kDecision;
    case Index::kMergeByAssociation:
      return Kind::kMerge;
    case Index::kQuestionByAssociation:
      return Kind::kMatchQuestion;
    case Index::kGrantByApplicant:
    case Index::kGrantByCvr:
    case Index::kGrantByAssignment:
      return Kind::kGrantApplication;
    case Index::kTouchpointByAssociation:
    case Index::kTouchpointByDepartment:
    case Index::kTouchpointByRecord:
    case Index::kFollowUpOwed:
      return Kind::kTouchpoint;
    case Index::kFeedKeyBySecret:
      return Kind::kFeedKey;
    case Index::kInvitationByAssociation:
    case Index::kInvitationToMail:
      return Kind::kInvitation;
    case Index::kPublicationByEvent:
      return Kind::kPublication;
    case Index::kNetworkByAssociation:
      return Kind::kNetwork;
    case Index::kCourseByAssociation:
      return Kind::kCourse;
    case Index::kPremisesByAssociation:
      return Kind::kPremises;
    case Index::kPremisesNeedByAssociation:
      return Kind::kPremisesNeed;
    case Index::kCollaborationByAssociation:
      return Kind::kCollaboration;
    case Index::kPersonByAssociation:
      return Kind::kPerson;
    case Index::kDepartmentByMunicipality:
    case Index::kKleByDepartment:
    case Index::kKleByNumber:
    case Index::kPolicyByMunicipality:
    case Index::kGroupByMunicipality:
    case Index::kPersonByDigest:
    case Index::kDepartmentByExternalId:
      return std::nullopt;
  }
  return std::nullopt;
}

absl::StatusOr<Association> Parsed(const Bytes& bytes) {
  Association association;
  if (association.ParseFromString(*bytes)) return association;
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "A stored association cannot be read; restore the store from a backup.",
                         {{"kind", association.GetTypeName()}});
}

bool IsCentre(const access::Caller& caller) {
  return caller.kind == access::CallerKind::kVolunteerCentre;
}

void ClearContact(Association& association) {
  association.clear_emails();
  association.clear_phones();
  association.clear_websites();
}

// An association as a volunteer centre at its home sees it.
absl::StatusOr<Bytes> CentreBytes(const Bytes& bytes) {
  BB_ASSIGN_OR_RETURN(Association association, Parsed(bytes));
  if (association.visibility_consent().contact()) return bytes;
  ClearContact(association);
  return std::make_shared<const std::string>(association.SerializeAsString());
}

}  // namespace

absl::StatusOr<Bytes> PublicBytes(const access::Caller& caller, const Bytes& bytes) {
  BB_ASSIGN_OR_RETURN(const Association association, Parsed(bytes));
  Association told = model::PublicPart(association);
  const bool contact = association.visibility_consent().contact();
  if (!contact) ClearContact(told);
  auto& consent = *told.mutable_visibility_consent();
  IsCentre(caller) ? consent.set_volunteer_centres(true) : consent.set_other_municipalities(true);
  consent.set_contact(contact);
  return std::make_shared<const std::string>(told.SerializeAsString());
}

void Sieve::Forget() {
  judge_.Forget();
  at_hand_.clear();
}

absl::StatusOr<Bytes> Sieve::Told(Kind kind, const std::string& key, const Bytes& bytes) {
  if (bytes == nullptr) return bytes;
  BB_ASSIGN_OR_RETURN(const Sight sight, judge_.SightOf(kind, key, bytes));
  if (sight == Sight::kNothing) return Bytes();
  if (sight == Sight::kPublic) return PublicBytes(caller_, bytes);
  if (kind == Kind::kAssociation && IsCentre(caller_)) return CentreBytes(bytes);
  return Redacted(judge_, kind, bytes);
}

absl::StatusOr<Bytes> Sieve::Find(Kind kind, const std::string& key) {
  const auto known = at_hand_.find(std::pair(kind, key));
  if (known != at_hand_.end()) return known->second;
  BB_ASSIGN_OR_RETURN(const Bytes bytes, then_.Find(kind, key));
  return Told(kind, key, bytes);
}

absl::StatusOr<std::vector<Entry>> Sieve::Scan(Kind kind, storage::KeyRange range) {
  const auto wanted = static_cast<std::size_t>(range.limit);
  std::vector<Entry> told;
  while (true) {
    BB_ASSIGN_OR_RETURN(std::vector<Entry> entries, then_.Scan(kind, range));
    for (Entry& entry : entries) {
      BB_ASSIGN_OR_RETURN(Bytes bytes, Told(kind, entry.key, entry.bytes));
      if (bytes != nullptr) told.push_back({entry.key, std::move(bytes)});
      if (told.size() == wanted) return told;
    }
    const bool end = entries.size() < static_cast<std::size_t>(range.limit);
    if (end || entries.empty()) return told;
    range.after = std::move(entries.back().key);
    range.limit = std::max(range.limit, kLeastAtOnce);
  }
}

// That somebody there is on record is told with the association, or with the department.
absl::StatusOr<Bytes> Sieve::FindAt(Kind kind, const IndexEntry& place) {
  if (kind != Kind::kPerson) return Find(kind, place.key);
  BB_ASSIGN_OR_RETURN(const Sight sight, judge_.SightOfAssociation(place.value));
  BB_ASSIGN_OR_RETURN(const bool own, judge_.OwnsDepartment(place.value));
  return own || sight == Sight::kWhole ? Find(kind, place.key) : Bytes();
}

absl::StatusOr<std::vector<IndexEntry>> Sieve::ScanIndex(Index index, storage::IndexRange range) {
  const auto kind = KindAt(index);
  if (!kind) return then_.ScanIndex(index, range);
  if (at_hand_.size() > kMostAtHand) at_hand_.clear();
  const auto wanted = static_cast<std::size_t>(range.limit);
  std::vector<IndexEntry> told;
  while (true) {
    BB_ASSIGN_OR_RETURN(std::vector<IndexEntry> places, then_.ScanIndex(index, range));
    for (const IndexEntry& place : places) {
      BB_ASSIGN_OR_RETURN(Bytes bytes, FindAt(*kind, place));
      if (bytes == nullptr) continue;
      at_hand_[std::pair(*kind, place.key)] = std::move(bytes);
      told.push_back(place);
      if (told.size() == wanted) return told;
    }
    const bool end = places.size() < static_cast<std::size_t>(range.limit);
    if (end || places.empty()) return told;
    range.after = std::move(places.back());
    range.limit = std::max(range.limit, kLeastAtOnce);
  }
}

absl::StatusOr<std::vector<std::string>> Sieve::KeysAt(Index index, const std::string& value) {
  BB_ASSIGN_OR_RETURN(std::vector<std::string> keys, then_.KeysAt(index, value));
  const auto kind = KindAt(index);
  if (!kind) return keys;
  if (at_hand_.size() > kMostAtHand) at_hand_.clear();
  std::vector<std::string> told;
  for (std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(Bytes bytes, FindAt(*kind, {.value = value, .key = key}));
    if (bytes == nullptr) continue;
    at_hand_[std::pair(*kind, key)] = std::move(bytes);
    told.push_back(std::move(key));
  }
  return told;
}

std::shared_ptr<const storage::Snapshot> Seen(const access::Caller& caller,
                                              std::shared_ptr<const storage::Snapshot> snapshot) {
  if (access::SeesAll(caller)) return snapshot;
  auto now = snapshot;
  return std::make_shared<const ScopedSnapshot>(caller, std::move(snapshot), std::move(now));
}

}  // namespace brobygger::scope
