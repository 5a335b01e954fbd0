// Whose the work of a municipality is: contacts, events, applications and keys. See judge.h.
#include <algorithm>

#include "brobygger/access/v1/api_key.pb.h"
#include "brobygger/access/v1/join_code.pb.h"
#include "brobygger/collab/v1/advice.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/collab/v1/course.pb.h"
#include "brobygger/collab/v1/network.pb.h"
#include "brobygger/collab/v1/resource_check.pb.h"
#include "brobygger/contact/v1/touchpoint.pb.h"
#include "brobygger/event/v1/event.pb.h"
#include "brobygger/grant/v1/grant_application.pb.h"
#include "brobygger/grant/v1/premises.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/report/v1/programme.pb.h"
#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/status_macros.h"
#include "core/scope/fields.h"
#include "core/scope/judge.h"

namespace brobygger::scope {

using access::Sight;
using storage::Bytes;
using storage::Kind;

absl::StatusOr<bool> Judge::OwnsWork(Kind kind, const std::string& key, std::string_view bytes) {
  switch (kind) {
    case Kind::kGrantApplication:
      return OwnsApplication(bytes);
    case Kind::kFollowUp: {
      BB_ASSIGN_OR_RETURN(const Bytes application, then_.Find(Kind::kGrantApplication, key));
      if (application == nullptr) return false;
      return OwnsApplication(*application);
    }
    case Kind::kTouchpoint: {
      using contact::v1::Touchpoint;
      const auto touchpoint = TextIn(bytes, contact::v1::StoredTouchpoint::kTouchpointFieldNumber);
      const auto about = TextIn(touchpoint, Touchpoint::kAssociationIdFieldNumber);
      BB_ASSIGN_OR_RETURN(const bool itself, IsItself(std::string(about)));
      if (itself) return true;
      return OwnsDepartment(std::string(TextIn(touchpoint, Touchpoint::kDepartmentIdFieldNumber)));
    }
    case Kind::kTouchpointCount: {
      BB_ASSIGN_OR_RETURN(const bool itself, IsItself(std::string(PartOf(key, 0))));
      if (itself) return true;
      return OwnsDepartment(std::string(PartOf(key, 1)));
    }
    case Kind::kEvent:
      return OwnsHosted(key, bytes);
    case Kind::kInvitation: {
      BB_ASSIGN_OR_RETURN(const Sight sight, SightOfAssociation(std::string(PartOf(key, 1))));
      if (sight == Sight::kNothing) return false;
      return OwnsEvent(std::string(PartOf(key, 0)));
    }
    case Kind::kPublication:
      return caller_.kind == access::CallerKind::kAssociation
                 ? false
                 : OwnsEvent(std::string(PartOf(key, 1)));
    case Kind::kFeedKey:
      return OwnsDepartment(
          std::string(TextIn(bytes, event::v1::FeedKey::kDepartmentIdFieldNumber)));
    case Kind::kApiKey: {
      const auto told = TextIn(bytes, access::v1::StoredApiKey::kApiKeyFieldNumber);
      const auto association = TextIn(told, access::v1::ApiKey::kAssociationIdFieldNumber);
      if (!association.empty()) return OwnsAccess(std::string(association));
      return access::IsOwn(
          caller_, std::string(TextIn(told, access::v1::ApiKey::kMunicipalityCodeFieldNumber)));
    }
    case Kind::kJoinCode: {
      const auto told = TextIn(bytes, access::v1::StoredJoinCode::kJoinCodeFieldNumber);
      return OwnsAccess(std::string(TextIn(told, access::v1::JoinCode::kAssociationIdFieldNumber)));
    }
    case Kind::kCollaboration:
      return TakesPart(bytes);
    case Kind::kAlignmentRound:
      return OwnsCollaboration(std::string(PartOf(key, 0)));
    case Kind::kResourceCheck:
      return SeesResources(bytes);
    case Kind::kCourse:
      return OwnsCourse(bytes);
    case Kind::kNetwork:
      return IsInNetwork(bytes);
    case Kind::kPremisesNeed: {
      using grant::v1::PremisesNeed;
      const std::string about(TextIn(bytes, PremisesNeed::kAssociationIdFieldNumber));
      return IsOfAssociation(about);
    }
    case Kind::kPremises:
      return OwnsAllocation(bytes);
    case Kind::kProgramme:
      return SeesProgramme(bytes);
    case Kind::kDismissedAdvice: {
      const std::string side(TextIn(bytes, collab::v1::DismissedAdvice::kSideIdFieldNumber));
      if (caller_.kind == access::CallerKind::kAssociation) return IsItself(side);
      return access::IsOwn(caller_, side);
    }
    // Whatever has no line here is the hub's own business.
    default:
      return false;
  }
}

// The ways in of an association are its own and its home's; who only reads of it has no say in
// them.
absl::StatusOr<bool> Judge::OwnsAccess(const std::string& association_id) {
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return false;
  BB_ASSIGN_OR_RETURN(const Sight sight, SightOfAssociation(association_id));
  return sight == Sight::kWhole;
}

absl::StatusOr<bool> Judge::OwnsEvent(const std::string& id) {
  if (const auto known = events_.find(id); known != events_.end()) return known->second;
  BB_ASSIGN_OR_RETURN(const Bytes bytes, now_.Find(Kind::kEvent, id));
  if (bytes == nullptr) return false;
  BB_ASSIGN_OR_RETURN(const bool owns, OwnsHosted(id, *bytes));
  return events_[id] = owns;
}

absl::StatusOr<bool> Judge::OwnsCollaboration(const std::string& id) {
  BB_ASSIGN_OR_RETURN(const Bytes bytes, now_.Find(Kind::kCollaboration, id));
  return bytes == nullptr ? false : TakesPart(*bytes);
}

// The municipalities of its departments and the homes of its associations; and each of these.
absl::StatusOr<bool> Judge::TakesPart(std::string_view collaboration) {
  using collab::v1::Party;
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return Proposed(collaboration);
  for (const auto party : TextsIn(collaboration, collab::v1::Collaboration::kPartiesFieldNumber)) {
    const std::string department(TextIn(party, Party::kDepartmentIdFieldNumber));
    if (!department.empty()) {
      BB_ASSIGN_OR_RETURN(const bool own, OwnsDepartment(department));
      if (own) return true;
    }
    const std::string association(TextIn(party, Party::kAssociationIdFieldNumber));
    if (association.empty()) continue;
    BB_ASSIGN_OR_RETURN(const bool part, TakesPartAs(association));
    if (part) return true;
  }
  return false;
}

// As the volunteer centre of its municipality, and not for what else the others do.
bool Judge::Proposed(std::string_view collaboration) const {
  using collab::v1::Party;
  const auto parties = TextsIn(collaboration, collab::v1::Collaboration::kPartiesFieldNumber);
  return std::any_of(parties.begin(), parties.end(), [&](std::string_view party) {
    const auto side = NumberIn(party, Party::kSideFieldNumber);
    const std::string code(TextIn(party, Party::kMunicipalityCodeFieldNumber));
    const bool left = !TextIn(party, Party::kLeftDateFieldNumber).empty();
    return side == collab::v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE && !left &&
           access::IsOwn(caller_, code);
  });
}

// By itself, or as the municipality that it is at home in. A volunteer centre takes part in nothing
// by living there.
absl::StatusOr<bool> Judge::TakesPartAs(const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const bool itself, IsItself(association_id));
  if (itself || caller_.kind == access::CallerKind::kVolunteerCentre) return itself;
  BB_ASSIGN_OR_RETURN(const std::string municipality, HomeOf(association_id));
  return access::IsOwn(caller_, municipality);
}

// Its municipality, and each association in it. Where that is at home has no part in it.
absl::StatusOr<bool> Judge::OwnsCourse(std::string_view course) {
  using collab::v1::Course;
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return false;
  if (caller_.kind != access::CallerKind::kAssociation) {
    return access::IsOwn(caller_,
                         std::string(TextIn(course, Course::kMunicipalityCodeFieldNumber)));
  }
  for (const auto participant : TextsIn(course, Course::kParticipantsFieldNumber)) {
    const auto id = TextIn(participant, collab::v1::CourseParticipant::kAssociationIdFieldNumber);
    BB_ASSIGN_OR_RETURN(const bool itself, IsItself(std::string(id)));
    if (itself) return true;
  }
  return false;
}

// Whoever calls it together, and its members: the municipalities of departments and the homes of
// associations; and each of these.
absl::StatusOr<bool> Judge::IsInNetwork(std::string_view network) {
  using collab::v1::Network;
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return false;
  const std::string department(TextIn(network, Network::kConvenorDepartmentIdFieldNumber));
  if (!department.empty()) {
    BB_ASSIGN_OR_RETURN(const bool own, OwnsDepartment(department));
    if (own) return true;
  }
  const bool employee = caller_.kind != access::CallerKind::kAssociation;
  for (const auto member : TextsIn(network, Network::kMembersFieldNumber)) {
    const auto left = TextIn(member, collab::v1::NetworkMember::kLeftDateFieldNumber);
    if (employee && !left.empty()) continue;
    const auto id = TextIn(member, collab::v1::NetworkMember::kAssociationIdFieldNumber);
    BB_ASSIGN_OR_RETURN(const bool part, TakesPartAs(std::string(id)));
    if (part) return true;
  }
  return false;
}

// The municipality whose department, or whose association, calls it together.
absl::StatusOr<bool> Judge::Convenes(std::string_view network) {
  using collab::v1::Network;
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return false;
  const std::string department(TextIn(network, Network::kConvenorDepartmentIdFieldNumber));
  if (!department.empty()) return OwnsDepartment(department);
  return IsOfAssociation(std::string(TextIn(network, Network::kConvenorAssociationIdFieldNumber)));
}

// What is the association's own and its municipality's.
absl::StatusOr<bool> Judge::IsOfAssociation(const std::string& id) {
  if (caller_.kind == access::CallerKind::kAssociation) return IsItself(id);
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return false;
  BB_ASSIGN_OR_RETURN(const std::string home, HomeOf(id));
  return access::IsOwn(caller_, home);
}

// By the department that allocates; its association sees it, and changes nothing.
absl::StatusOr<bool> Judge::OwnsAllocation(std::string_view premises) {
  using grant::v1::PremisesAllocation;
  if (caller_.kind == access::CallerKind::kVolunteerCentre) return false;
  if (caller_.kind == access::CallerKind::kAssociation) {
    return IsItself(std::string(TextIn(premises, PremisesAllocation::kAssociationIdFieldNumber)));
  }
  return OwnsDepartment(
      std::string(TextIn(premises, PremisesAllocation::kDepartmentIdFieldNumber)));
}

absl::StatusOr<std::string> Judge::HomeOf(const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const Bytes bytes, now_.Find(Kind::kAssociation, association_id));
  if (bytes == nullptr) return std::string();
  return std::string(TextIn(*bytes, registry::v1::Association::kMunicipalityCodeFieldNumber));
}

// Its subject, and where that shares it the other side: an association's municipality, or a
// municipality's associations.
absl::StatusOr<bool> Judge::SeesResources(std::string_view check) {
  using collab::v1::ResourceCheck;
  const std::string id(TextIn(check, ResourceCheck::kSubjectIdFieldNumber));
  const bool shared = FlagIn(check, ResourceCheck::kSharedFieldNumber);
  const bool association = caller_.kind == access::CallerKind::kAssociation;
  const bool centre = caller_.kind == access::CallerKind::kVolunteerCentre;
  const auto subject = NumberIn(check, ResourceCheck::kSubjectFieldNumber);
  if (centre) return false;
  if (subject == collab::v1::RESOURCE_SUBJECT_ASSOCIATION) {
    if (association) return IsItself(id);
    BB_ASSIGN_OR_RETURN(const std::string home, HomeOf(id));
    return shared && access::IsOwn(caller_, home);
  }
  std::string municipality = id;
  if (subject == collab::v1::RESOURCE_SUBJECT_DEPARTMENT) {
    BB_ASSIGN_OR_RETURN(municipality, MunicipalityOfDepartment(id));
  }
  if (!association) return access::IsOwn(caller_, municipality);
  BB_ASSIGN_OR_RETURN(const std::string home, HomeOf(caller_.association_id));
  return shared && !home.empty() && home == municipality;
}

// By itself, or as one that turned out to be the same.
absl::StatusOr<bool> Judge::WasAsked(const std::string& event_id) {
  constexpr int kAtOnce = 500;
  storage::KeyRange range{.prefix = event_id + "/", .after = "", .limit = kAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto asked, now_.Scan(Kind::kInvitation, range));
    if (asked.empty()) return false;
    for (const storage::Entry& entry : asked) {
      BB_ASSIGN_OR_RETURN(const bool itself, IsItself(std::string(PartOf(entry.key, 1))));
      if (itself) return true;
    }
    range.after = asked.back().key;
  }
}

// Employees of any municipality in it; which associations of it they are told says redact.h.
bool Judge::SeesProgramme(std::string_view programme) const {
  const bool employee = caller_.kind != access::CallerKind::kAssociation &&
                        caller_.kind != access::CallerKind::kVolunteerCentre;
  const auto codes = TextsIn(programme, report::v1::Programme::kMunicipalityCodesFieldNumber);
  return employee && std::any_of(codes.begin(), codes.end(), [&](std::string_view code) {
           return access::IsOwn(caller_, std::string(code));
         });
}

// Who is told less than all of it would write back less.
bool Judge::OwnsProgramme(std::string_view programme) const {
  const auto codes = TextsIn(programme, report::v1::Programme::kMunicipalityCodesFieldNumber);
  return SeesProgramme(programme) &&
         std::all_of(codes.begin(), codes.end(), [&](std::string_view code) {
           return access::IsOwn(caller_, std::string(code));
         });
}

absl::StatusOr<bool> Judge::OwnsHosted(const std::string& id, std::string_view event) {
  if (caller_.kind == access::CallerKind::kAssociation) {
    return WasAsked(id);
  }
  for (const auto host : TextsIn(event, event::v1::Event::kHostDepartmentIdsFieldNumber)) {
    BB_ASSIGN_OR_RETURN(const bool owns, OwnsDepartment(std::string(host)));
    if (owns) return true;
  }
  return false;
}

// As grants::SetOwner() says whose it is.
absl::StatusOr<bool> Judge::AppliedItself(std::string_view application) {
  using grant::v1::Applicant;
  using grant::v1::GrantApplication;
  const std::string assigned(
      TextIn(application, GrantApplication::kAssignedAssociationIdFieldNumber));
  if (!assigned.empty()) return IsItself(assigned);
  const auto applicant = TextIn(application, GrantApplication::kApplicantFieldNumber);
  std::string key(TextIn(application, GrantApplication::kConnectionIdFieldNumber));
  for (const int part : {Applicant::kStreamFieldNumber, Applicant::kExternalIdFieldNumber}) {
    key.append("/").append(TextIn(applicant, part));
  }
  BB_ASSIGN_OR_RETURN(const Bytes link, now_.Find(Kind::kLink, key));
  if (link != nullptr) {
    return IsItself(std::string(TextIn(*link, sync::v1::Link::kAssociationIdFieldNumber)));
  }
  const auto cvr = TextIn(applicant, Applicant::kWrittenCvrFieldNumber);
  if (cvr.empty()) return false;
  storage::IndexRange range;
  range.prefix.append("DK-CVR:").append(cvr);
  range.limit = 1;
  BB_ASSIGN_OR_RETURN(const auto places,
                      now_.ScanIndex(storage::Index::kAssociationByIdentifier, range));
  return places.empty() ? false : IsItself(places.front().key);
}

// By the department that decides, and where nobody says which that is, by who told it.
absl::StatusOr<bool> Judge::OwnsApplication(std::string_view application) {
  using grant::v1::GrantApplication;
  if (caller_.kind == access::CallerKind::kAssociation) return AppliedItself(application);
  const auto department = TextIn(application, GrantApplication::kDepartmentIdFieldNumber);
  if (!department.empty()) {
    BB_ASSIGN_OR_RETURN(const auto municipality, MunicipalityOfDepartment(std::string(department)));
    if (!municipality.empty()) return access::IsOwn(caller_, municipality);
  }
  return OwnsConnection(
      std::string(TextIn(application, GrantApplication::kConnectionIdFieldNumber)));
}

}  // namespace brobygger::scope
