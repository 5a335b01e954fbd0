#include "core/scope/judge.h"

#include <algorithm>
#include <utility>

#include "brobygger/grant/v1/pool.pb.h"
#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/identity/v1/merge.pb.h"
#include "brobygger/identity/v1/question.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"
#include "brobygger/registry/v1/municipality_work.pb.h"
#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/status_macros.h"
#include "core/scope/fields.h"

namespace brobygger::scope {
namespace {

using access::Sight;
using registry::v1::Association;
using storage::Bytes;
using storage::Kind;
using storage::Snapshot;

// Of merges that lead from one id to another.
constexpr int kLongestChain = 1000;

std::string MergedInto(const std::string& association) {
  return std::string(TextIn(association, Association::kMergedIntoAssociationIdFieldNumber));
}

access::AssociationFacts FactsOf(std::string id, const std::string& association) {
  const auto consent = TextIn(association, Association::kVisibilityConsentFieldNumber);
  using Consent = registry::v1::VisibilityConsent;
  return {.id = std::move(id),
          .municipality_code =
              std::string(TextIn(association, Association::kMunicipalityCodeFieldNumber)),
          .other_municipalities = FlagIn(consent, Consent::kOtherMunicipalitiesFieldNumber),
          .volunteer_centres = FlagIn(consent, Consent::kVolunteerCentresFieldNumber)};
}

// Where a connection's own settings say whose it is: its department, or the first of its
// calendars'.
std::string_view DepartmentOf(std::string_view connection) {
  const auto own = TextIn(connection, sync::v1::Connection::kDepartmentIdFieldNumber);
  if (!own.empty()) return own;
  const auto meetings = TextIn(connection, sync::v1::Connection::kMeetingsFieldNumber);
  const auto calendars = TextsIn(meetings, sync::v1::MeetingStream::kCalendarsFieldNumber);
  if (calendars.empty()) return {};
  return TextIn(calendars.front(), sync::v1::CalendarMapping::kDepartmentIdFieldNumber);
}

// The association that work of a connection is about, if it tells the registry's side of it.
std::string_view AboutOf(Kind kind, std::string_view bytes) {
  switch (kind) {
    case Kind::kConflict:
      return TextIn(bytes, sync::v1::Conflict::kAssociationIdFieldNumber);
    case Kind::kDeadLetter:
      return TextIn(bytes, sync::v1::DeadLetter::kAssociationIdFieldNumber);
    case Kind::kOverruled:
      return TextIn(bytes, sync::v1::OverruledValue::kAssociationIdFieldNumber);
    default:
      return {};
  }
}

// The association that an id leads to after merges, and its bytes; null if there is none.
absl::StatusOr<std::pair<std::string, Bytes>> RootOf(const Snapshot& snapshot,
                                                     std::string id,
                                                     Bytes bytes) {
  for (int steps = 0; bytes != nullptr && steps < kLongestChain; ++steps) {
    std::string into = MergedInto(*bytes);
    if (into.empty()) return std::pair(std::move(id), std::move(bytes));
    id = std::move(into);
    BB_ASSIGN_OR_RETURN(bytes, snapshot.Find(Kind::kAssociation, id));
  }
  return std::pair(std::move(id), Bytes());
}

}  // namespace

void Judge::Forget() {
  associations_.clear();
  departments_.clear();
  connections_.clear();
  events_.clear();
}

absl::StatusOr<Sight> Judge::SightOf(Kind kind, const std::string& key, const Bytes& bytes) {
  switch (kind) {
    case Kind::kAssociation:
      return SightFrom(key, bytes);
    // What a municipality says of itself is public.
    case Kind::kDepartment:
    case Kind::kKleAssignment:
    case Kind::kPolicy:
    case Kind::kCoordinationGroup:
    case Kind::kPool:
    // The hub's own, of nobody: the model, and digests of who is not to be recorded again.
    case Kind::kModel:
    case Kind::kSuppression:
    // Sealed; core/people decides by the roles within.
    case Kind::kPerson:
    // Its key names a run, by which alone it is reached.
    case Kind::kRunPart:
      return Sight::kWhole;
    default: {
      BB_ASSIGN_OR_RETURN(const bool owns, Owns(kind, key, *bytes));
      return owns ? Sight::kWhole : Sight::kNothing;
    }
  }
}

absl::StatusOr<bool> Judge::MayChange(Kind kind, const std::string& key, const Bytes& bytes) {
  const bool association = caller_.kind == access::CallerKind::kAssociation;
  const bool theirs =
      kind == Kind::kAssociation || kind == Kind::kCorrection || kind == Kind::kCollaboration ||
      kind == Kind::kAlignmentRound || kind == Kind::kResourceCheck || kind == Kind::kCourse ||
      kind == Kind::kNetwork || kind == Kind::kDismissedAdvice || kind == Kind::kPremisesNeed ||
      kind == Kind::kApiKey || kind == Kind::kInvitation;
  if (association && !theirs) return false;
  // Who may be told less than all of it would write back less.
  const bool centre = caller_.kind == access::CallerKind::kVolunteerCentre;
  if (centre && kind == Kind::kAssociation) return false;
  switch (kind) {
    case Kind::kDepartment:
      return access::IsOwn(
          caller_,
          std::string(TextIn(*bytes, registry::v1::Department::kMunicipalityCodeFieldNumber)));
    case Kind::kPolicy:
      return access::IsOwn(
          caller_, std::string(TextIn(*bytes, registry::v1::Policy::kMunicipalityCodeFieldNumber)));
    case Kind::kCoordinationGroup:
      return access::IsOwn(
          caller_, std::string(TextIn(
                       *bytes, registry::v1::CoordinationGroup::kMunicipalityCodeFieldNumber)));
    // A national one is of no municipality, so the operator's.
    case Kind::kPool:
      return access::IsOwn(
          caller_, std::string(TextIn(*bytes, grant::v1::Pool::kMunicipalityCodeFieldNumber)));
    case Kind::kKleAssignment:
      return OwnsDepartment(
          std::string(TextIn(*bytes, registry::v1::KleAssignment::kDepartmentIdFieldNumber)));
    case Kind::kProgramme:
      return OwnsProgramme(*bytes);
    // A member's home sees it; who calls it together changes it.
    case Kind::kNetwork:
      return association ? IsInNetwork(*bytes) : Convenes(*bytes);
    case Kind::kModel:
      return false;
    default: {
      BB_ASSIGN_OR_RETURN(const Sight sight, SightOf(kind, key, bytes));
      return sight == Sight::kWhole;
    }
  }
}

absl::StatusOr<bool> Judge::Owns(Kind kind, const std::string& key, std::string_view bytes) {
  switch (kind) {
    case Kind::kRelation:
    case Kind::kDecision:
    case Kind::kMatchQuestion:
    case Kind::kMerge:
    case Kind::kCorrection:
      return OwnsOfAssociation(kind, key, bytes);
    case Kind::kConnection: {
      BB_ASSIGN_OR_RETURN(const std::string municipality, MunicipalityOfConnection(bytes));
      return access::IsOwn(caller_, municipality);
    }
    case Kind::kClaim:
    case Kind::kLink:
    case Kind::kPending:
    case Kind::kStreamState:
    case Kind::kPlan:
    case Kind::kPlanPart:
    case Kind::kRun:
    case Kind::kRejected:
    case Kind::kConflict:
    case Kind::kDirty:
    case Kind::kOperation:
    case Kind::kDeadLetter:
    case Kind::kOverruled:
      return OwnsOfConnection(kind, key, bytes);
    default:
      return OwnsWork(kind, key, bytes);
  }
}

absl::StatusOr<bool> Judge::OwnsOfAssociation(Kind kind,
                                              const std::string& key,
                                              std::string_view bytes) {
  switch (kind) {
    case Kind::kRelation: {
      using Relation = registry::v1::AssociationRelation;
      return SeesBoth(TextIn(bytes, Relation::kFromAssociationIdFieldNumber),
                      TextIn(bytes, Relation::kToAssociationIdFieldNumber), /*whole=*/false);
    }
    // What was found out by comparing two associations tells of both.
    case Kind::kDecision:
      return SeesBoth(TextIn(bytes, identity::v1::Decision::kFromAssociationIdFieldNumber),
                      TextIn(bytes, identity::v1::Decision::kToAssociationIdFieldNumber),
                      /*whole=*/true);
    case Kind::kMatchQuestion:
      return SeesBoth(TextIn(bytes, identity::v1::MatchQuestion::kLeftAssociationIdFieldNumber),
                      TextIn(bytes, identity::v1::MatchQuestion::kRightAssociationIdFieldNumber),
                      /*whole=*/true);
    case Kind::kMerge: {
      using Record = identity::v1::MergeRecord;
      const auto record = TextIn(bytes, identity::v1::StoredMerge::kRecordFieldNumber);
      return SeesBoth(TextIn(record, Record::kSurvivorAssociationIdFieldNumber),
                      TextIn(record, Record::kAbsorbedAssociationIdFieldNumber), /*whole=*/true);
    }
    default:
      return SeesBoth(PartOf(key, 0), {}, /*whole=*/true);
  }
}

absl::StatusOr<bool> Judge::OwnsOfConnection(Kind kind,
                                             const std::string& key,
                                             std::string_view bytes) {
  if (kind == Kind::kPlanPart) {
    BB_ASSIGN_OR_RETURN(const Bytes plan, now_.Find(Kind::kPlan, std::string(PartOf(key, 0))));
    if (plan == nullptr) return false;
    return OwnsConnection(std::string(TextIn(*plan, sync::v1::Plan::kConnectionIdFieldNumber)));
  }
  if (kind == Kind::kLink && caller_.kind == access::CallerKind::kAssociation) {
    return IsItself(std::string(TextIn(bytes, sync::v1::Link::kAssociationIdFieldNumber)));
  }
  const auto connection = kind == Kind::kPlan
                              ? TextIn(bytes, sync::v1::Plan::kConnectionIdFieldNumber)
                              : PartOf(key, 0);
  BB_ASSIGN_OR_RETURN(const bool owns, OwnsConnection(std::string(connection)));
  const auto about = AboutOf(kind, bytes);
  if (!owns || about.empty()) return owns;
  BB_ASSIGN_OR_RETURN(const Sight sight, SightOfAssociation(std::string(about)));
  return sight != Sight::kNothing;
}

absl::StatusOr<bool> Judge::OwnsDepartment(const std::string& id) {
  BB_ASSIGN_OR_RETURN(const std::string municipality, MunicipalityOfDepartment(id));
  return access::IsOwn(caller_, municipality);
}

absl::StatusOr<bool> Judge::OwnsConnection(const std::string& id) {
  if (const auto known = connections_.find(id); known != connections_.end()) return known->second;
  BB_ASSIGN_OR_RETURN(const Bytes bytes, now_.Find(Kind::kConnection, id));
  if (bytes == nullptr) return false;
  BB_ASSIGN_OR_RETURN(const std::string municipality, MunicipalityOfConnection(*bytes));
  return connections_[id] = access::IsOwn(caller_, municipality);
}

absl::StatusOr<bool> Judge::SeesBoth(std::string_view left, std::string_view right, bool whole) {
  Sight least = Sight::kWhole;
  Sight most = Sight::kNothing;
  for (const std::string_view id : {left, right}) {
    if (id.empty()) continue;
    BB_ASSIGN_OR_RETURN(const Sight sight, SightOfAssociation(std::string(id)));
    least = std::min(least, sight);
    most = std::max(most, sight);
  }
  if (most != Sight::kWhole) return false;
  return whole ? least == Sight::kWhole : least != Sight::kNothing;
}

absl::StatusOr<bool> Judge::IsItself(const std::string& association_id) {
  if (caller_.kind != access::CallerKind::kAssociation) return false;
  BB_ASSIGN_OR_RETURN(const Sight sight, SightOfAssociation(association_id));
  return sight == Sight::kWhole;
}

absl::StatusOr<Sight> Judge::SightOfAssociation(const std::string& id) {
  if (const auto known = associations_.find(id); known != associations_.end()) {
    return known->second;
  }
  BB_ASSIGN_OR_RETURN(const Bytes bytes, then_.Find(Kind::kAssociation, id));
  if (bytes == nullptr) return Sight::kNothing;
  BB_ASSIGN_OR_RETURN(const Sight sight, SightFrom(id, bytes));
  return associations_[id] = sight;
}

absl::StatusOr<Sight> Judge::SightFrom(const std::string& id, const Bytes& bytes) {
  BB_ASSIGN_OR_RETURN(const Sight at_the_time, SightAt(then_, id, bytes));
  if (&then_ == &now_ || at_the_time == Sight::kNothing) return at_the_time;
  // A consent that was taken back closes the past, too.
  BB_ASSIGN_OR_RETURN(const Bytes newest, now_.Find(Kind::kAssociation, id));
  if (newest == nullptr) return at_the_time;
  BB_ASSIGN_OR_RETURN(const Sight today, SightAt(now_, id, newest));
  return std::min(at_the_time, today);
}

// One that was merged is seen as the one it is part of, and speaks as it, too.
absl::StatusOr<Sight> Judge::SightAt(const Snapshot& snapshot, std::string id, Bytes bytes) {
  BB_ASSIGN_OR_RETURN(auto root, RootOf(snapshot, std::move(id), std::move(bytes)));
  if (root.second == nullptr) return Sight::kNothing;
  if (caller_.kind == access::CallerKind::kAssociation && caller_.association_id != root.first) {
    BB_ASSIGN_OR_RETURN(Bytes own, snapshot.Find(Kind::kAssociation, caller_.association_id));
    BB_ASSIGN_OR_RETURN(const auto itself,
                        RootOf(snapshot, caller_.association_id, std::move(own)));
    return itself.first == root.first ? Sight::kWhole : Sight::kNothing;
  }
  return access::SightOf(caller_, FactsOf(std::move(root.first), *root.second));
}

absl::StatusOr<std::string> Judge::MunicipalityOfDepartment(const std::string& id) {
  if (const auto known = departments_.find(id); known != departments_.end()) return known->second;
  BB_ASSIGN_OR_RETURN(const Bytes bytes, now_.Find(Kind::kDepartment, id));
  if (bytes == nullptr) return std::string();
  return departments_[id] =
             std::string(TextIn(*bytes, registry::v1::Department::kMunicipalityCodeFieldNumber));
}

absl::StatusOr<std::string> Judge::MunicipalityOfConnection(std::string_view connection) {
  const auto department = DepartmentOf(connection);
  if (!department.empty()) return MunicipalityOfDepartment(std::string(department));
  return std::string(TextIn(connection, sync::v1::Connection::kDefaultMunicipalityCodeFieldNumber));
}

}  // namespace brobygger::scope
