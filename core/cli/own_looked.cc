// own who-looked: who opened something about an association, as the audit log has it.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/audit/v1/audit_service.pb.h"
#include "brobygger/people/v1/people_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/access/access.h"
#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/own_words.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using audit::v1::Entry;
using audit::v1::ListAccessLogResponse;
using audit::v1::LogRecord;

constexpr int kAtOnce = 500;

struct LookedOptions {
  std::string association;
  std::string from;
};

// Something that a call was about, other than the association itself.
struct About {
  std::string title;
  bool shared = false;  // others take part in it, too
};

// What makes a pseudonym one that a reader knows.
struct Known {
  std::map<std::string, std::string> own_keys;        // "key:<id>", whose
  std::map<std::string, std::string> municipalities;  // name by code
  std::map<std::string, std::string> departments;     // name by id
  std::map<std::string, About> things;                // by id

  // What the entry is about; null where that is the association itself.
  const About* ThingOf(const Entry& entry) const {
    const std::string& object = entry.object_id();
    // Somebody may have typed the beginning of the id.
    const auto thing = things.lower_bound(object);
    const bool so =
        !object.empty() && thing != things.end() && absl::StartsWith(thing->first, object);
    return so ? &thing->second : nullptr;
  }
};

// What the association takes part in, applied for and was given.
std::map<std::string, About> ThingsOf(const people::v1::GetOwnViewResponse& own) {
  std::map<std::string, About> things;
  for (const auto& each : own.collaborations()) {
    things[each.collaboration_id()] = {.title = each.title(), .shared = true};
  }
  for (const auto& each : own.courses()) {
    things[each.course_id()] = {.title = each.title(), .shared = true};
  }
  for (const auto& each : own.networks()) {
    things[each.network_id()] = {.title = each.title(), .shared = true};
  }
  for (const auto& each : own.grants()) things[each.application_id()] = {.title = each.title()};
  for (const auto& each : own.premises_needs()) {
    things[each.premises_need_id()] = {.title = each.title()};
  }
  for (const auto& each : own.premises()) things[each.premises_id()] = {.title = each.place()};
  return things;
}

absl::StatusOr<Known> LoadKnown(Session& session, const std::string& association_id) {
  Known known;
  access::v1::ListAssociationKeysRequest keys;
  keys.set_association_id(association_id);
  BB_ASSIGN_OR_RETURN(const auto listed,
                      session.Call<access::v1::ListAssociationKeysResponse>(keys));
  for (const auto& key : listed.api_keys()) {
    known.own_keys[absl::StrCat("key:", key.id())] = key.title();
  }
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<registry::v1::ListMunicipalitiesResponse>(
                                             registry::v1::ListMunicipalitiesRequest()));
  for (const auto& each : answer.municipalities()) {
    known.municipalities[each.code()] = each.official_name();
  }
  registry::v1::ListDepartmentsRequest departments;
  departments.set_page_size(kAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page,
                        session.Call<registry::v1::ListDepartmentsResponse>(departments));
    for (const auto& each : page.departments()) known.departments[each.id()] = each.official_name();
    departments.set_page_token(page.next_page_token());
  } while (!departments.page_token().empty());
  return known;
}

std::string WhoText(const Entry& entry, const Known& known, const std::string& language) {
  const std::string& actor = entry.actor();
  const auto own = known.own_keys.find(actor);
  if (own != known.own_keys.end()) {
    return OwnText("who_yourselves", language, {{"title", own->second}});
  }
  if (actor == "operator") return OwnText("who_operator", language);
  if (actor == "stranger") return OwnText("who_code", language);
  const auto named = known.municipalities.find(entry.municipality_code());
  const std::string municipality =
      named == known.municipalities.end() ? entry.municipality_code() : named->second;
  const bool person = absl::StartsWith(actor, "user:");
  if (municipality.empty()) {
    if (person) return OwnText("who_somebody", language);
    const About* const thing = known.ThingOf(entry);
    const bool shared = thing != nullptr && thing->shared;
    return OwnText(shared ? "who_other" : "who_yourselves_before", language);
  }
  const auto department = known.departments.find(entry.department_id());
  if (person && department != known.departments.end()) {
    return absl::StrCat(OwnText("who_employee", language, {{"municipality", municipality}}), ", ",
                        department->second);
  }
  return OwnText(person ? "who_employee" : "who_system", language,
                 {{"municipality", municipality}});
}

// "registry" of "brobygger.registry.v1.RegistryService/GetAssociation".
std::string AreaOf(const std::string& method) {
  const std::size_t dot = method.find('.');
  if (dot == std::string::npos) return "";
  return method.substr(dot + 1, method.find('.', dot + 1) - dot - 1);
}

std::string DidText(const Entry& entry, const Known& known, const std::string& language) {
  const std::string area = OwnText(absl::StrCat("about_", AreaOf(entry.method())), language);
  const About* const thing = known.ThingOf(entry);
  const std::string what = thing == nullptr ? area : absl::StrCat(area, " – ", thing->title);
  const auto access = access::AccessOfPath("/" + entry.method());
  const bool joined = absl::EndsWith(entry.method(), "/Join");
  const bool wrote = access.ok() && access::IsToWrite(access->right());
  const std::string did = joined ? OwnText("did_join", language)
                                 : OwnText(wrote ? "did_write" : "did_read", language,
                                           {{"what", what.empty() ? entry.method() : what}});
  const bool nothing = entry.outcome() == audit::v1::OUTCOME_NOT_FOUND ||
                       entry.outcome() == audit::v1::OUTCOME_FAILED;
  if (nothing) return OwnText("did_nothing", language);
  if (entry.decision() != audit::v1::DECISION_REFUSED) return did;
  return OwnText("did_refused", language, {{"did", did}});
}

std::string PurposeText(const Entry& entry, const std::string& language) {
  const std::string text = OwnText(absl::StrCat("purpose_", entry.purpose()), language);
  return text.empty() ? entry.purpose() : text;
}

// Of one thing, by its id.
absl::Status AddLogOf(Session& session,
                      const std::string& id,
                      base::Instant begin,
                      std::vector<LogRecord>& records) {
  audit::v1::ListAccessLogRequest request;
  request.set_object_id(id);
  request.set_page_size(kAtOnce);
  *request.mutable_from_time() = base::ToTimestamp(begin);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, session.Call<ListAccessLogResponse>(request));
    records.insert(records.end(), page.records().begin(), page.records().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

// All that the log has of the association under every id it had, and of what it takes part in,
// the newest first.
absl::StatusOr<std::vector<LogRecord>> LoadLog(Session& session,
                                               const std::string& association_id,
                                               const std::string& from,
                                               Known& known) {
  people::v1::GetOwnViewRequest view;
  view.set_association_id(association_id);
  BB_ASSIGN_OR_RETURN(const auto own, session.Call<people::v1::GetOwnViewResponse>(view));
  known.things = ThingsOf(own);
  BB_ASSIGN_OR_RETURN(const auto begin, ToAsOf(from));
  const base::Instant since = base::ToInstant(begin.time());
  std::vector<LogRecord> records;
  for (const std::string& id : own.association_ids()) {
    BB_RETURN_IF_ERROR(AddLogOf(session, id, since, records));
  }
  for (const auto& [id, thing] : known.things) {
    BB_RETURN_IF_ERROR(AddLogOf(session, id, since, records));
  }
  std::erase_if(records, [](const LogRecord& record) { return !record.has_entry(); });
  std::sort(records.begin(), records.end(), [](const LogRecord& left, const LogRecord& right) {
    return left.sequence() > right.sequence();
  });
  return records;
}

// The same on one day is one line, with how often.
struct Looked {
  std::string day;
  std::string who;
  std::string did;
  std::string purpose;

  bool operator==(const Looked&) const = default;
};

std::vector<std::pair<Looked, std::uint64_t>> Counted(const std::vector<LogRecord>& records,
                                                      const Known& known,
                                                      const std::string& language) {
  std::vector<std::pair<Looked, std::uint64_t>> lines;
  for (const LogRecord& record : records) {
    const Entry& entry = record.entry();
    const Looked looked{base::DanishDayOf(base::ToInstant(record.record_time())),
                        WhoText(entry, known, language), DidText(entry, known, language),
                        PurposeText(entry, language)};
    const std::uint64_t times = std::max<std::uint64_t>(entry.times(), 1);
    const auto same = std::find_if(lines.begin(), lines.end(),
                                   [&](const auto& line) { return line.first == looked; });
    if (same == lines.end()) {
      lines.emplace_back(looked, times);
    } else {
      same->second += times;
    }
  }
  return lines;
}

Outcome WhoLooked(Session& session, const LookedOptions& options) {
  constexpr int kYearBack = -365;
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const auto association, OwnOrTyped(session, options.association));
  const std::string from =
      options.from.empty() ? base::DayOf(base::SystemClock().Now(), kYearBack) : options.from;
  BB_ASSIGN_OR_RETURN(Known known, LoadKnown(session, association.id()));
  BB_ASSIGN_OR_RETURN(const auto records, LoadLog(session, association.id(), from, known));
  ListAccessLogResponse all;
  for (const LogRecord& record : records) *all.add_records() = record;
  WriteRecord(session, all, [&] {
    Rows rows{.columns = {{"day", OwnText("head_day", language)},
                          {"who", OwnText("head_who", language)},
                          {"did", OwnText("head_did", language)},
                          {"times", OwnText("head_times", language)},
                          {"purpose", OwnText("head_purpose", language)}},
              .cells = {}};
    for (const auto& [looked, times] : Counted(records, known, language)) {
      rows.cells.push_back({{DayText(looked.day, language)},
                            {looked.who},
                            {looked.did},
                            {absl::StrCat(times)},
                            {looked.purpose}});
    }
    return rows;
  });
  if (records.empty()) session.Say(OwnText("looked_none", language));
  session.Say(OwnText("looked_scope", language));
  return 0;
}

}  // namespace

void AddOwnLooked(const Command& own) {
  const auto options = std::make_shared<LookedOptions>();
  own.Add("who-looked", "Show who opened something about your association, the newest first")
      .Option("--association", options->association,
              {.summary = "For an employee: which one", .completes = Completes::kAssociation})
      .Option("--from", options->from, {.summary = "From this day on; else the last year"})
      .Does([options](Session& session) { return WhoLooked(session, *options); });
}

}  // namespace brobygger::cli
