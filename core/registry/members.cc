#include "core/registry/members.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/matching/record_fields.h"
#include "core/model/fields.h"
#include "core/model/identifiers.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using v1::Association;
using v1::Provenance;

void CopyCvr(const Association& from, Association& to) {
  for (const v1::Identifier& identifier : from.identifiers()) {
    if (identifier.scheme() == model::kSchemeCvr && IsCurrent(identifier)) {
      *to.add_identifiers() = identifier;
    }
  }
}

// The fields that the comparison looks at, and how to take one over.
struct ComparedField {
  const char* path;
  void (*copy)(const Association& from, Association& to);
};

constexpr std::array<ComparedField, 9> kCompared = {{
    {"official_name",
     [](const Association& from, Association& to) { to.set_official_name(from.official_name()); }},
    {"other_names", [](const Association& from,
                       Association& to) { *to.mutable_other_names() = from.other_names(); }},
    {"identifiers.DK-CVR", CopyCvr},
    {"emails",
     [](const Association& from, Association& to) { *to.mutable_emails() = from.emails(); }},
    {"phones",
     [](const Association& from, Association& to) { *to.mutable_phones() = from.phones(); }},
    {"websites",
     [](const Association& from, Association& to) { *to.mutable_websites() = from.websites(); }},
    {"addresses",
     [](const Association& from, Association& to) { *to.mutable_addresses() = from.addresses(); }},
    {"municipality_code",
     [](const Association& from, Association& to) {
       to.set_municipality_code(from.municipality_code());
     }},
    {"founded_date",
     [](const Association& from, Association& to) { to.set_founded_date(from.founded_date()); }},
}};

bool StandsBehind(const Provenance& statement, const std::string& path) {
  return std::find(statement.paths().begin(), statement.paths().end(), path) !=
         statement.paths().end();
}

// What the statement's source says, as an association of its own; empty if it
// says nothing that is compared.
Association SaidBy(const Provenance& statement, const Association& association, bool* says) {
  Association said;
  for (const ComparedField& field : kCompared) {
    if (StandsBehind(statement, field.path)) {
      field.copy(association, said);
      *says = true;
      continue;
    }
    const auto other = statement.other_values().find(field.path);
    if (other == statement.other_values().end()) continue;
    // A text of a form that a later version wrote says nothing to this one.
    if (model::SetFieldText(said, field.path, other->second).ok()) *says = true;
  }
  if (said.official_name().empty()) said.set_official_name(association.official_name());
  if (said.municipality_code().empty()) said.set_municipality_code(association.municipality_code());
  return said;
}

void AddName(const std::string& name, std::vector<std::string>& names) {
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  names.push_back(name);
}

}  // namespace

matching::Record RecordOf(const Association& association, const std::string& source) {
  matching::Record record;
  record.source = source;
  AddName(association.official_name(), record.names);
  for (const v1::OtherName& name : association.other_names()) AddName(name.text(), record.names);
  for (const v1::Identifier& identifier : association.identifiers()) {
    const bool cvr = identifier.scheme() == model::kSchemeCvr && IsCurrent(identifier);
    if (cvr && record.cvr.empty()) record.cvr = identifier.value();
  }
  record.emails = {association.emails().begin(), association.emails().end()};
  record.phones = {association.phones().begin(), association.phones().end()};
  record.websites = {association.websites().begin(), association.websites().end()};
  if (!association.addresses().empty()) {
    const v1::Address& address = association.addresses(0);
    record.street = address.street();
    record.house_number = address.house_number();
    record.postal_code = address.postal_code();
    record.city = address.postal_district();
  }
  record.municipality_code = association.municipality_code();
  record.founded = association.founded_date();
  return record;
}

std::vector<Member> MembersOf(const Association& association) {
  std::vector<Member> members;
  std::set<std::string> seen;
  for (const Provenance& statement : association.provenance()) {
    bool says = false;
    const Association said = SaidBy(statement, association, &says);
    if (!says) continue;
    Member member{RecordOf(said, statement.connection_id()), statement.connection_id(),
                  statement.external_id()};
    for (const v1::OtherName& name : association.other_names()) {
      AddName(name.text(), member.record.names);
    }
    if (seen.insert(matching::WholeText(member.record)).second)
      members.push_back(std::move(member));
  }
  if (members.empty()) members.push_back({RecordOf(association, ""), "", ""});
  return members;
}

std::vector<matching::Record> RecordsOf(const Association& association) {
  std::vector<matching::Record> records;
  for (Member& member : MembersOf(association)) records.push_back(std::move(member.record));
  return records;
}

}  // namespace brobygger::registry
