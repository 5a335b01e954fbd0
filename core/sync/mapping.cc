#include "core/sync/mapping.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/places.h"
#include "core/model/validate.h"
#include "core/sync/record_text.h"

namespace brobygger::sync {
namespace {

using registry::v1::Address;
using registry::v1::Association;

// Short forms that add one more entry to a list.
const std::map<std::string, std::string>& ListTargets() {
  static const std::map<std::string, std::string> kTargets = {
      {"phone", "phones"},           {"email", "emails"},
      {"website", "websites"},       {"language_code", "language_codes"},
      {"other_name", "other_names"},
  };
  return kTargets;
}

using AddressSetter = void (*)(Address&, const std::string&);

const std::map<std::string, AddressSetter>& AddressTargets() {
  static const std::map<std::string, AddressSetter> kTargets = {
      {"address.street", [](Address& a, const std::string& t) { a.set_street(t); }},
      {"address.house_number", [](Address& a, const std::string& t) { a.set_house_number(t); }},
      {"address.floor_and_door", [](Address& a, const std::string& t) { a.set_floor_and_door(t); }},
      {"address.postal_code", [](Address& a, const std::string& t) { a.set_postal_code(t); }},
      {"address.postal_district",
       [](Address& a, const std::string& t) { a.set_postal_district(t); }},
  };
  return kTargets;
}

void AddToList(const std::string& target, const std::string& text, Association& association) {
  if (target == "phone") association.add_phones(text);
  if (target == "email") association.add_emails(text);
  if (target == "website") association.add_websites(text);
  if (target == "language_code") association.add_language_codes(text);
  if (target == "other_name") association.add_other_names()->set_text(text);
}

// Sets one target from its texts; none of them is "told to be empty".
absl::Status SetTarget(const std::string& target,
                       const std::vector<std::string>& texts,
                       Address& address,
                       Association& association) {
  if (ListTargets().count(target) > 0) {
    for (const std::string& text : texts) AddToList(target, text, association);
    return absl::OkStatus();
  }
  const std::string first = texts.empty() ? "" : texts.front();
  if (const auto part = AddressTargets().find(target); part != AddressTargets().end()) {
    part->second(address, first);
    return absl::OkStatus();
  }
  if (texts.size() > 1) {
    return model::SetFieldText(association, target, nlohmann::json(texts).dump());
  }
  return model::SetFieldText(association, Mapping::PathOf(target), first);
}

bool IsHubTarget(const std::string& target) {
  return target == kHubAssociationId || target == kHubStatus || target == kHubRevision ||
         target == kHubSuccessor;
}

bool IsTarget(const std::string& target) {
  return IsHubTarget(target) || model::IsFieldPath(Mapping::PathOf(target));
}

absl::Status WrongMapping(const v1::FieldMapping& mapping, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                         "the mapping of '" + mapping.source_field() + "' to '" + mapping.target() +
                             "' cannot be used: " + why,
                         {{"field", "mappings"}, {"target", mapping.target()}});
}

}  // namespace

std::string Mapping::PathOf(const std::string& target) {
  if (target == "cvr") return "identifiers.DK-CVR";
  if (const auto list = ListTargets().find(target); list != ListTargets().end())
    return list->second;
  if (AddressTargets().count(target) > 0) return "addresses";
  return target;
}

std::vector<std::string> ToldAssociation::FilledPaths() const {
  const std::vector<std::string> filled = model::FilledPaths(association);
  std::vector<std::string> both;
  std::set_intersection(filled.begin(), filled.end(), paths.begin(), paths.end(),
                        std::back_inserter(both));
  return both;
}

absl::StatusOr<ToldFields> ToldAssociation::Fields() const {
  ToldFields fields = hub_fields;
  for (const std::string& path : paths) {
    BB_ASSIGN_OR_RETURN(fields[path], model::FieldText(association, path));
  }
  return fields;
}

absl::StatusOr<Mapping> Mapping::Make(const v1::Connection& connection) {
  Mapping mapping;
  mapping.default_municipality_code_ = connection.default_municipality_code();
  mapping.mappings_.assign(connection.mappings().begin(), connection.mappings().end());
  std::set<std::string> used;
  bool has_name = false;
  for (const v1::FieldMapping& one : mapping.mappings_) {
    const bool repeats = ListTargets().count(one.target()) > 0;
    if (one.source_field().empty() || !IsTarget(one.target()) ||
        (!used.insert(one.target()).second && !repeats)) {
      return WrongMapping(one,
                          "the target is unknown or used twice; see the list of targets in "
                          "deploy/connection.example.toml");
    }
    has_name = has_name || one.target() == "official_name";
  }
  // Calendars have no associations, so there is nothing to map.
  if (!has_name && !connection.has_meetings()) {
    return base::MakeError(
        errors::v1::ERROR_REASON_CONNECTION_INVALID,
        "no source field is mapped to official_name; every association needs one",
        {{"field", "mappings"}});
  }
  BB_RETURN_IF_ERROR(mapping.TakePolicies());
  return mapping;
}

Slots Mapping::SlotsIn(const v1::Claim& claim) const {
  Slots slots;
  std::set<std::string> endless;
  for (const v1::FieldMapping& one : mappings_) {
    if (!ListTargets().contains(one.target())) continue;
    const std::string path = PathOf(one.target());
    for (const plugin::v1::Record* const record : {&claim.told(), &claim.agreed()}) {
      const auto field = record->fields().find(one.source_field());
      if (field == record->fields().end()) continue;
      if (field->second.has_list()) endless.insert(path);
    }
    // A field that the source does not tell holds nothing of the list.
    if (claim.told().fields().contains(one.source_field())) ++slots[path];
  }
  for (const std::string& path : endless) slots.erase(path);
  return slots;
}

absl::Status Mapping::TakePolicies() {
  using v1::FieldMapping;
  std::map<std::string, FieldMapping::Policy> known;
  for (const FieldMapping& one : mappings_) {
    const std::string path = PathOf(one.target());
    FieldMapping::Policy policy = one.policy();
    if (IsHubTarget(path)) {
      if (policy != FieldMapping::POLICY_UNSPECIFIED && policy != FieldMapping::POLICY_HUB) {
        return WrongMapping(one, "only the hub decides what it says of itself");
      }
      policy = FieldMapping::POLICY_HUB;
    }
    if (!known.emplace(path, policy).second && known[path] != policy) {
      return WrongMapping(one, "another mapping to " + path + " has another policy");
    }
    if (policy == FieldMapping::POLICY_SHARED || policy == FieldMapping::POLICY_HUB) {
      writable_.insert(path);
    }
    if (policy == FieldMapping::POLICY_HUB) hub_decides_.insert(path);
  }
  return absl::OkStatus();
}

absl::StatusOr<ToldAssociation> Mapping::Tell(const plugin::v1::Record& record) const {
  ToldAssociation told;
  Association& association = told.association;
  Address address;
  for (const v1::FieldMapping& mapping : mappings_) {
    if (mapping.target() == kHubAssociationId) {
      told.hub_fields[kHubAssociationId] = record.foreign_id();
      continue;
    }
    const auto field = record.fields().find(mapping.source_field());
    if (field == record.fields().end() || mapping.target() == kHubRevision) continue;
    std::vector<std::string> texts = TextsOf(field->second);
    if (!Translate(mapping, texts)) continue;
    if (IsHubTarget(mapping.target())) {
      told.hub_fields[mapping.target()] = texts.empty() ? "" : texts.front();
      continue;
    }
    BB_RETURN_IF_ERROR(SetTarget(mapping.target(), texts, address, association));
    told.paths.insert(PathOf(mapping.target()));
  }
  if (address.ByteSizeLong() > 0) *association.add_addresses() = address;
  BB_RETURN_IF_ERROR(PlaceAndCheck(told));
  return told;
}

absl::Status Mapping::PlaceAndCheck(ToldAssociation& told) const {
  Association& association = told.association;
  if (association.municipality_code().empty() && !default_municipality_code_.empty()) {
    association.set_municipality_code(default_municipality_code_);
    told.paths.insert("municipality_code");
  }
  // An association that the registry has need not be told its home; decide.cc asks for
  // that of a new one.
  const bool homeless =
      association.municipality_code().empty() && told.paths.count("municipality_code") == 0;
  if (homeless) association.set_municipality_code(model::kFictionalMunicipality);
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(association));
  if (homeless) association.clear_municipality_code();
  return absl::OkStatus();
}

std::vector<std::string> Mapping::SourceFields() const {
  std::set<std::string> fields;
  for (const v1::FieldMapping& mapping : mappings_) {
    // That one is the record's own foreign_id.
    if (mapping.target() != kHubAssociationId) fields.insert(mapping.source_field());
  }
  return {fields.begin(), fields.end()};
}

void Mapping::KeepWanted(plugin::v1::Record& record) const { KeepMapped(mappings_, record); }

}  // namespace brobygger::sync
