#include "core/daemon/demo_people.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/access/table_reader.h"
#include "core/base/status_macros.h"
#include "core/daemon/web_addresses.h"

namespace brobygger::daemon {
namespace {

constexpr std::size_t kMostPeople = 20;
constexpr std::size_t kLongestKey = 40;
constexpr std::size_t kLongestTitle = 100;
constexpr std::size_t kMunicipalityDigits = 4;

bool IsKey(const std::string& text) {
  return !text.empty() && text.size() <= kLongestKey &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool IsTitle(const std::string& text) { return !text.empty() && text.size() <= kLongestTitle; }

bool IsMunicipality(const std::string& code) {
  return code.size() == kMunicipalityDigits &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::StatusOr<DemoPerson> ReadPerson(const toml::table& table, const std::string& file) {
  access::TableReader reader(table, file);
  DemoPerson person;
  person.key = reader.Text("key");
  person.title_da = reader.Text("title_da");
  person.title_en = reader.Text("title_en");
  person.roles = reader.Texts("roles");
  person.municipality_code = reader.Text("municipality");
  person.department_id = reader.Text("department_id");
  if (!IsKey(person.key)) {
    reader.ComplainAbout("key",
                         "key must be 1 to 40 small letters from a to z, digits and hyphens");
  }
  if (!IsTitle(person.title_da)) reader.ComplainAbout("title_da", "a person needs a title");
  if (!IsTitle(person.title_en)) reader.ComplainAbout("title_en", "a person needs a title");
  if (person.roles.empty()) {
    reader.ComplainAbout("roles", "a person needs a role of the policy, such as \"caseworker\"");
  }
  if (!person.municipality_code.empty() && !IsMunicipality(person.municipality_code)) {
    reader.ComplainAbout("municipality", "municipality must be a code of four digits: \"0998\"");
  }
  BB_RETURN_IF_ERROR(reader.Done());
  return person;
}

absl::Status Unfit(const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("access.demo_people lets everybody sign in without a password, so ", why,
                   "; take access.demo_people out, unless this hub is a demo on one machine"));
}

absl::Status CheckIsDemo(const Config& config) {
  if (!config.access_issuer.empty()) {
    return Unfit("there must be no login provider beside it, as access.issuer names one");
  }
  if (config.web_beyond_loopback || !ListensHereAlone(config.web_listen)) {
    return Unfit(absl::StrCat(
        "the web door must listen on this machine alone: web.listen = \"127.0.0.1:8480\" and "
        "web.beyond_loopback = false, not \"",
        config.web_listen, "\""));
  }
  if (!config.web_public_url.empty() && !IsOfThisMachine(config.web_public_url)) {
    return Unfit(absl::StrCat("web.public_url must be an address of this machine, not \"",
                              config.web_public_url, "\""));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DemoPeople> DemoPeople::Parse(const std::string& text, const std::string& name) {
  BB_ASSIGN_OR_RETURN(const toml::table file, access::ReadTables(text, name, {"person"}));
  DemoPeople people;
  people.revision_ = access::RevisionOf(text);
  const toml::array* const list = file["person"].as_array();
  if (list == nullptr || !list->is_array_of_tables() || list->size() > kMostPeople) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ":1: write 1 to ", kMostPeople, " persons, each after [[person]]"));
  }
  for (const toml::node& each : *list) {
    BB_ASSIGN_OR_RETURN(DemoPerson person, ReadPerson(*each.as_table(), name));
    if (people.Find(person.key) != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(name, ":", each.source().begin.line,
                                                        ": the person '", person.key,
                                                        "' stands here twice"));
    }
    people.people_.push_back(std::move(person));
  }
  return people;
}

const DemoPerson* DemoPeople::Find(const std::string& key) const {
  const auto found = std::find_if(people_.begin(), people_.end(),
                                  [&key](const DemoPerson& each) { return each.key == key; });
  return found == people_.end() ? nullptr : &*found;
}

absl::StatusOr<std::unique_ptr<DemoPeopleKeeper>> OpenDemoPeople(const Config& config,
                                                                 const base::Clock& clock) {
  if (config.access_demo_people.empty()) return nullptr;
  BB_RETURN_IF_ERROR(CheckIsDemo(config));
  return DemoPeopleKeeper::Open(
      config.access_demo_people, clock,
      {DemoPeople::Parse, "access.demo_people", "demo_people_read", "demo_people_refused"});
}

}  // namespace brobygger::daemon
