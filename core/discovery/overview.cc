#include "core/discovery/overview.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "core/access/disclosure.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/discovery/familiarity.h"
#include "core/grants/owner.h"
#include "core/registry/links.h"
#include "core/registry/query.h"

namespace brobygger::discovery {
namespace {

using access::Caller;
using Level = access::Disclosure::Level;
using registry::v1::Association;
using registry::v1::Department;
using v1::Acquaintance;

constexpr int kMostTouchpoints = 20;
constexpr int kMostListed = 500;  // of an association, the newest of all departments

// A day, where the source told one.
int DayOfApplication(const grants::GrantApplication& application) {
  for (const std::string* date : {&application.received_date(), &application.decided_date()}) {
    if (!date->empty()) return base::DayNumber(*date);
  }
  return base::DayNumber(base::DayOf(base::ToInstant(application.create_time())));
}

// The pair of a department, or of a name that is none's.
PairContacts& PairOf(std::vector<PairContacts>& pairs,
                     const std::string& department_id,
                     const std::string& written_name) {
  for (PairContacts& pair : pairs) {
    if (pair.department_id == department_id && pair.written_name == written_name) return pair;
  }
  PairContacts& pair = pairs.emplace_back();
  pair.department_id = department_id;
  pair.written_name = written_name;
  return pair;
}

// Whether the first is to stand before the second: who knows it better, then who met it last.
bool ComesBefore(const Acquaintance& left, const Acquaintance& right) {
  // Dormant comes after everything that is alive.
  const auto rank = [](const Acquaintance& each) {
    const auto grade = each.familiarity().grade();
    return grade == v1::FAMILIARITY_GRADE_DORMANT ? 0 : static_cast<int>(grade);
  };
  return std::forward_as_tuple(-rank(left), right.familiarity().last_date(),
                               left.department_name()) <
         std::forward_as_tuple(-rank(right), left.familiarity().last_date(),
                               right.department_name());
}

}  // namespace

Overview::Overview(std::shared_ptr<const storage::Snapshot> snapshot,
                   const ContactIndex& index,
                   const Caller& caller,
                   base::Instant now)
    : snapshot_(std::move(snapshot)),
      seen_(scope::Seen(caller, snapshot_)),
      cases_(*snapshot_),
      index_(index),
      caller_(caller),
      now_(now),
      today_(base::DayNumber(base::DanishDayOf(now))) {}

absl::StatusOr<std::vector<PairContacts>> Overview::ContactsOf(const Association& association) {
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(*snapshot_, association.id()));
  std::vector<PairContacts> pairs = index_.Of(ids);
  BB_ASSIGN_OR_RETURN(const auto applications,
                      grants::ApplicationsOf(*snapshot_, association.id()));
  for (const auto& application : applications) {
    if (application.has_gone_time()) continue;
    BB_ASSIGN_OR_RETURN(const std::string department_id,
                        cases_.Of(application, association.municipality_code()));
    Contact contact;
    contact.day = DayOfApplication(application);
    contact.channel = contact::v1::CONTACT_CHANNEL_APPLICATION;
    contact.purpose = contact::v1::CONTACT_PURPOSE_GRANT;
    contact.initiator = contact::v1::CONTACT_INITIATOR_ASSOCIATION;
    contact.written = true;
    std::string written_name;
    if (department_id.empty()) {
      BB_ASSIGN_OR_RETURN(written_name, cases_.WrittenName(application));
    }
    PairOf(pairs, department_id, written_name).contacts.push_back(contact);
  }
  return pairs;
}

absl::StatusOr<const Department*> Overview::FindDepartment(const std::string& id) {
  const auto known = departments_.find(id);
  if (known != departments_.end()) return &known->second;
  auto department = registry::GetDepartment(*snapshot_, id);
  if (base::ReasonOf(department.status()) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND) {
    return nullptr;
  }
  BB_RETURN_IF_ERROR(department.status());
  return &(departments_[id] = *std::move(department));
}

absl::StatusOr<std::optional<Department>> Overview::DepartmentOf(const PairContacts& pair,
                                                                 const Association& association) {
  if (pair.department_id.empty()) {
    // Whose it is nobody told; that somebody there has its case is the municipality's to know.
    Department unknown;
    unknown.set_official_name(pair.written_name);
    unknown.set_municipality_code(association.municipality_code());
    return unknown;
  }
  BB_ASSIGN_OR_RETURN(const Department* const known, FindDepartment(pair.department_id));
  return known == nullptr ? std::nullopt : std::optional<Department>(*known);
}

absl::StatusOr<Level> Overview::LevelTold(const PairContacts& pair,
                                          const Association& association) {
  BB_ASSIGN_OR_RETURN(const auto department, DepartmentOf(pair, association));
  if (!department) return v1::DISCLOSURE_LEVEL_UNSPECIFIED;
  const Level level = access::LevelFor(caller_, *department, association.visibility_consent());
  // That somebody is going to meet them is a contact to those who may see more than that it is.
  const bool hears_of_plans = level >= v1::DISCLOSURE_LEVEL_SUMMARY;
  return hears_of_plans || HasTakenPlace(pair, today_) ? level : v1::DISCLOSURE_LEVEL_UNSPECIFIED;
}

absl::StatusOr<bool> Overview::Tell(const PairContacts& pair,
                                    const Association& association,
                                    Acquaintance& acquaintance) {
  BB_ASSIGN_OR_RETURN(const Level level, LevelTold(pair, association));
  if (level == v1::DISCLOSURE_LEVEL_UNSPECIFIED) return false;
  BB_ASSIGN_OR_RETURN(const auto department, DepartmentOf(pair, association));
  acquaintance.set_department_id(department->id());
  acquaintance.set_department_name(department->official_name());
  acquaintance.set_contact_email(department->contact_email());
  acquaintance.set_contact_phone(department->contact_phone());
  acquaintance.set_level(level);
  if (level < v1::DISCLOSURE_LEVEL_SUMMARY) return true;
  *acquaintance.mutable_familiarity() = FamiliarityOf(pair, today_);
  if (level >= v1::DISCLOSURE_LEVEL_ROLES) {
    std::set<std::string> roles;
    for (const Contact& contact : pair.contacts) roles.insert(index_.RoleOf(contact.role));
    roles.erase("");
    for (const std::string& role : roles) acquaintance.add_our_roles(role);
  }
  if (level >= v1::DISCLOSURE_LEVEL_TOUCHPOINTS) {
    BB_RETURN_IF_ERROR(AddTouchpoints(pair, association, acquaintance));
  }
  return true;
}

absl::Status Overview::AddTouchpoints(const PairContacts& pair,
                                      const Association& association,
                                      Acquaintance& acquaintance) {
  if (listed_of_ != association.id()) {
    contact::v1::ListTouchpointsRequest request;
    request.set_association_id(association.id());
    request.set_page_size(kMostListed);
    BB_ASSIGN_OR_RETURN(auto listed, contact::ListAllTouchpoints(*snapshot_, now_, request));
    listed_.assign(listed.touchpoints().begin(), listed.touchpoints().end());
    listed_of_ = association.id();
  }
  for (const auto& touchpoint : listed_) {
    if (touchpoint.department_id() != pair.department_id) continue;
    if (acquaintance.touchpoints_size() == kMostTouchpoints) break;
    *acquaintance.add_touchpoints() = touchpoint;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Overview::KnownBy(const Association& association) {
  BB_ASSIGN_OR_RETURN(const auto pairs, ContactsOf(association));
  std::vector<std::string> department_ids;
  for (const PairContacts& pair : pairs) {
    BB_ASSIGN_OR_RETURN(const Level level, LevelTold(pair, association));
    // Nobody asks for one that has no name in the registry.
    if (pair.department_id.empty()) continue;
    if (level != v1::DISCLOSURE_LEVEL_UNSPECIFIED) department_ids.push_back(pair.department_id);
  }
  return department_ids;
}

absl::StatusOr<std::vector<Acquaintance>> Overview::AcquaintancesOf(
    const Association& association) {
  BB_ASSIGN_OR_RETURN(const auto pairs, ContactsOf(association));
  std::vector<Acquaintance> acquaintances;
  for (const PairContacts& pair : pairs) {
    Acquaintance acquaintance;
    BB_ASSIGN_OR_RETURN(const bool told, Tell(pair, association, acquaintance));
    if (told) acquaintances.push_back(std::move(acquaintance));
  }
  std::sort(acquaintances.begin(), acquaintances.end(), ComesBefore);
  return acquaintances;
}

}  // namespace brobygger::discovery
