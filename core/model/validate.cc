#include "core/model/validate.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/error.h"
#include "core/model/identifiers.h"
#include "core/model/rules.h"
#include "core/model/rules_profile.h"

namespace brobygger::model {
namespace {

using registry::v1::Association;

template <std::size_t N>
absl::Status FixWord(const Place& place,
                     const std::array<std::string_view, N>& words,
                     std::string& text) {
  BB_RETURN_IF_ERROR(FixLine(place, {1, 50}, text));
  if (std::find(words.begin(), words.end(), text) != words.end()) return absl::OkStatus();
  std::string all;
  for (const std::string_view word : words) all += (all.empty() ? "" : ", ") + std::string(word);
  return BrokenRule(place, "is not one of " + all);
}

absl::Status RequirePerspective(const Place& place, registry::v1::Perspective perspective) {
  if (perspective != registry::v1::PERSPECTIVE_UNSPECIFIED) return absl::OkStatus();
  return BrokenRule({&place, "perspective"}, "is required and is not set");
}

absl::Status FixOtherName(const Place& place, registry::v1::OtherName& name) {
  BB_RETURN_IF_ERROR(FixLine({&place, "text"}, {1, 200}, *name.mutable_text()));
  BB_RETURN_IF_ERROR(FixLanguage({&place, "language_code"}, *name.mutable_language_code()));
  return name.has_valid() ? FixInterval({&place, "valid"}, *name.mutable_valid())
                          : absl::OkStatus();
}

absl::Status FixIdentifier(const Place& place, registry::v1::Identifier& identifier) {
  BB_ASSIGN_OR_RETURN(*identifier.mutable_value(),
                      NormalizeIdentifier(identifier.scheme(), identifier.value()));
  return identifier.has_valid() ? FixInterval({&place, "valid"}, *identifier.mutable_valid())
                                : absl::OkStatus();
}

// An association has one number of each scheme at a time.
absl::Status FixIdentifiers(Association& association) {
  auto& identifiers = *association.mutable_identifiers();
  const Place list{nullptr, "identifiers"};
  BB_RETURN_IF_ERROR(FixParts(list, FixIdentifier, identifiers));
  std::set<std::string> current;
  for (const auto& identifier : identifiers) {
    const bool ended = !identifier.valid().to_date().empty();
    if (ended || current.insert(identifier.scheme()).second) continue;
    return BrokenRule({nullptr, "identifiers"},
                      "holds two numbers of scheme " + identifier.scheme() +
                          " in use; give the older one the day it ended (valid.to_date)");
  }
  return absl::OkStatus();
}

absl::Status FixStatutes(registry::v1::Statutes& statutes) {
  const Place place{nullptr, "statutes"};
  const auto fix_item = [](const Place& where, std::string& text) {
    return FixLine(where, {0, 200}, text);
  };
  BB_RETURN_IF_ERROR(FixUrl({&place, "document_url"}, *statutes.mutable_document_url()));
  BB_RETURN_IF_ERROR(FixDate({&place, "adopted_date"}, *statutes.mutable_adopted_date()));
  BB_RETURN_IF_ERROR(
      FixTexts({&place, "items_present"}, fix_item, *statutes.mutable_items_present()));
  return FixTexts({&place, "items_missing"}, fix_item, *statutes.mutable_items_missing());
}

absl::Status FixApproval(const Place& place, registry::v1::Approval& approval) {
  constexpr std::array<std::string_view, 4> kDecisions = {"approved", "refused", "withdrawn",
                                                          "pending"};
  BB_RETURN_IF_ERROR(FixLine({&place, "act"}, {1, 200}, *approval.mutable_act()));
  BB_RETURN_IF_ERROR(FixWord({&place, "decision"}, kDecisions, *approval.mutable_decision()));
  if (approval.has_valid()) {
    BB_RETURN_IF_ERROR(FixInterval({&place, "valid"}, *approval.mutable_valid()));
  }
  return FixUuid({&place, "decided_by_department_id"},
                 *approval.mutable_decided_by_department_id());
}

absl::Status FixConfirmation(const Place& place, registry::v1::Confirmation& confirmation) {
  constexpr std::array<std::string_view, 4> kSections = {"contact", "activities", "resources",
                                                         "purpose"};
  BB_RETURN_IF_ERROR(FixWord({&place, "section"}, kSections, *confirmation.mutable_section()));
  BB_RETURN_IF_ERROR(FixDate({&place, "date"}, *confirmation.mutable_date()));
  if (confirmation.date().empty()) return BrokenRule({&place, "date"}, "is required and is empty");
  return RequirePerspective(place, confirmation.perspective());
}

absl::Status FixInterest(const Place& place, registry::v1::CollaborationInterest& interest) {
  BB_RETURN_IF_ERROR(RequirePerspective(place, interest.perspective()));
  BB_RETURN_IF_ERROR(CheckRange({&place, "level"}, interest.level(), 0, 4));
  if (!interest.has_motivation()) return absl::OkStatus();
  return FixLocalized({&place, "motivation"}, 1000, *interest.mutable_motivation());
}

absl::Status CheckMinority(const registry::v1::MinorityStatement& minority) {
  const bool based = minority.basis() != registry::v1::MinorityStatement::BASIS_UNSPECIFIED;
  if (minority.has_is_minority_association() == based) return absl::OkStatus();
  return BrokenRule({nullptr, "minority"},
                    "must say both is_minority_association and its basis, or neither");
}

absl::Status FixNamesAndTexts(Association& association) {
  BB_RETURN_IF_ERROR(
      FixLine({nullptr, "official_name"}, {1, 200}, *association.mutable_official_name()));
  BB_RETURN_IF_ERROR(
      FixParts({nullptr, "other_names"}, FixOtherName, *association.mutable_other_names()));
  BB_RETURN_IF_ERROR(
      FixLine({nullptr, "coverage_area"}, {0, 200}, *association.mutable_coverage_area()));
  // Each is asked for first: asking for it mutable would set it.
  if (association.has_purpose()) {
    BB_RETURN_IF_ERROR(FixLocalized({nullptr, "purpose"}, 2000, *association.mutable_purpose()));
    if (association.purpose().by_language().empty()) association.clear_purpose();
  }
  if (association.has_offers()) {
    BB_RETURN_IF_ERROR(FixLocalized({nullptr, "offers"}, 1000, *association.mutable_offers()));
    if (association.offers().by_language().empty()) association.clear_offers();
  }
  if (association.has_wishes()) {
    BB_RETURN_IF_ERROR(FixLocalized({nullptr, "wishes"}, 1000, *association.mutable_wishes()));
    if (association.wishes().by_language().empty()) association.clear_wishes();
  }
  return absl::OkStatus();
}

absl::Status FixDates(Association& association) {
  const Place dissolved{nullptr, "dissolved_date"};
  BB_RETURN_IF_ERROR(FixDate({nullptr, "founded_date"}, *association.mutable_founded_date()));
  BB_RETURN_IF_ERROR(FixDate(dissolved, *association.mutable_dissolved_date()));
  if (association.has_digital_readiness()) {
    const Place readiness{nullptr, "digital_readiness"};
    BB_RETURN_IF_ERROR(FixDate({&readiness, "as_of_date"},
                               *association.mutable_digital_readiness()->mutable_as_of_date()));
  }
  const bool both = !association.founded_date().empty() && !association.dissolved_date().empty();
  if (!both || association.founded_date() <= association.dissolved_date()) return absl::OkStatus();
  return BrokenRule(dissolved, "is before founded_date");
}

absl::Status FixPlacesAndContacts(Association& association) {
  const Place home{nullptr, "municipality_code"};
  BB_RETURN_IF_ERROR(FixMunicipality(home, *association.mutable_municipality_code()));
  if (association.municipality_code().empty()) {
    return BrokenRule(home, "is required and is empty");
  }
  BB_RETURN_IF_ERROR(FixTexts({nullptr, "coverage_municipality_codes"}, FixMunicipality,
                              *association.mutable_coverage_municipality_codes()));
  BB_RETURN_IF_ERROR(
      FixParts({nullptr, "addresses"}, FixAddress, *association.mutable_addresses()));
  BB_RETURN_IF_ERROR(FixTexts({nullptr, "phones"}, FixPhone, *association.mutable_phones()));
  BB_RETURN_IF_ERROR(FixTexts({nullptr, "emails"}, FixEmail, *association.mutable_emails()));
  BB_RETURN_IF_ERROR(FixTexts({nullptr, "websites"}, FixUrl, *association.mutable_websites()));
  return FixTexts({nullptr, "language_codes"}, FixLanguage, *association.mutable_language_codes());
}

absl::Status FixProfile(Association& association) {
  const Place activities{nullptr, "activities"};
  const Place resources{nullptr, "resource_statements"};
  const Place seats{nullptr, "board_seats"};
  const Place groups{nullptr, "work_groups"};
  const auto id_of = [](const auto& part) { return part.id(); };
  BB_RETURN_IF_ERROR(FixParts(activities, FixActivity, *association.mutable_activities()));
  BB_RETURN_IF_ERROR(CheckUnique(activities, id_of, association.activities()));
  BB_RETURN_IF_ERROR(FixParts(resources, FixResources, *association.mutable_resource_statements()));
  BB_RETURN_IF_ERROR(CheckUnique(
      resources, [](const auto& part) { return part.year(); }, association.resource_statements()));
  BB_RETURN_IF_ERROR(FixParts(seats, FixSeat, *association.mutable_board_seats()));
  BB_RETURN_IF_ERROR(CheckUnique(seats, id_of, association.board_seats()));
  BB_RETURN_IF_ERROR(FixParts(groups, FixWorkGroup, *association.mutable_work_groups()));
  return CheckUnique(groups, id_of, association.work_groups());
}

absl::Status FixStatements(Association& association) {
  const Place interests{nullptr, "collaboration_interests"};
  if (association.has_statutes()) BB_RETURN_IF_ERROR(FixStatutes(*association.mutable_statutes()));
  BB_RETURN_IF_ERROR(
      FixParts({nullptr, "approvals"}, FixApproval, *association.mutable_approvals()));
  BB_RETURN_IF_ERROR(
      FixParts({nullptr, "confirmations"}, FixConfirmation, *association.mutable_confirmations()));
  BB_RETURN_IF_ERROR(
      FixParts(interests, FixInterest, *association.mutable_collaboration_interests()));
  BB_RETURN_IF_ERROR(CheckUnique(
      interests, [](const auto& part) { return part.perspective(); },
      association.collaboration_interests()));
  return CheckMinority(association.minority());
}

}  // namespace

absl::Status NormalizeAndCheck(Association& association) {
  BB_RETURN_IF_ERROR(CheckEverywhere(association, {}));
  BB_RETURN_IF_ERROR(FixNamesAndTexts(association));
  BB_RETURN_IF_ERROR(FixPlacesAndContacts(association));
  BB_RETURN_IF_ERROR(FixIdentifiers(association));
  BB_RETURN_IF_ERROR(FixDates(association));
  BB_RETURN_IF_ERROR(FixStatements(association));
  return FixProfile(association);
}

absl::Status NormalizeAndCheck(registry::v1::AssociationRelation& relation) {
  const Place from{nullptr, "from_association_id"};
  const Place to{nullptr, "to_association_id"};
  BB_RETURN_IF_ERROR(CheckEverywhere(relation, {}));
  BB_RETURN_IF_ERROR(FixUuid(from, *relation.mutable_from_association_id()));
  BB_RETURN_IF_ERROR(FixUuid(to, *relation.mutable_to_association_id()));
  if (relation.from_association_id().empty()) return BrokenRule(from, "is required and is empty");
  if (relation.to_association_id().empty()) return BrokenRule(to, "is required and is empty");
  if (relation.from_association_id() == relation.to_association_id()) {
    return BrokenRule(to, "is the same association as from_association_id");
  }
  if (relation.kind() == registry::v1::AssociationRelation::KIND_UNSPECIFIED) {
    return BrokenRule({nullptr, "kind"}, "is required and is not set");
  }
  if (!relation.has_valid()) return absl::OkStatus();
  return FixInterval({nullptr, "valid"}, *relation.mutable_valid());
}

absl::Status NormalizeAndCheckAt(const Place& place, registry::v1::Confirmation& confirmation) {
  return FixConfirmation(place, confirmation);
}

}  // namespace brobygger::model
