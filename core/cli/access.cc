// access: explain, rights, key and log.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>

#include <absl/strings/escaping.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "brobygger/access/v1/access_service.pb.h"
#include "brobygger/audit/v1/audit_service.pb.h"

#include "core/access/policy.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/session.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using access::v1::ApiKey;
using audit::v1::ListAccessLogRequest;
using audit::v1::ListAccessLogResponse;

struct AccessOptions {
  std::string method;
  std::vector<std::string> roles;
  std::string title;
  std::string municipality;
  std::uint64_t calls_per_minute = 0;
  std::vector<std::string> fields;
  std::string key_id;
  std::string association;
  std::string person;
  std::string actor;
  std::string from;
  std::string to;
  PageOptions page;
};

Outcome Explain(Session& session, const AccessOptions& options) {
  access::v1::ExplainAccessRequest request;
  request.set_method(options.method);
  for (const std::string& role : options.roles) request.add_roles(role);
  request.set_purpose(session.options().purpose);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<access::v1::ExplainAccessResponse>(request));
  WriteRecord(session, answer, [&] {
    Rows rows{.columns = {{"allowed", answer.allowed() ? "ALLOWED" : "REFUSED"}}, .cells = {}};
    for (const std::string& reason : answer.reasons()) rows.cells.push_back({{reason}});
    return rows;
  });
  return answer.allowed() ? 0 : 1;
}

Outcome Rights(Session& session) {
  for (int i = access::v1::Right_MIN; i <= access::v1::Right_MAX; ++i) {
    const std::string word = access::RightWord(static_cast<access::Right>(i));
    if (access::v1::Right_IsValid(i) && !word.empty()) session.Write(word + "\n");
  }
  return 0;
}

std::vector<Column> KeyColumns() {
  return {{"title", "HOLDER"},
          {"municipality", "MUNICIPALITY"},
          {"association", "ASSOCIATION"},
          {"roles", "ROLES"},
          {"fields", "FIELDS"},
          {"used", "LAST USED"},
          {"until", "UNTIL"},
          {"revoked", "REVOKED"},
          {"id", "ID"}};
}

std::vector<std::string> FieldWords() {
  return EnumWords(*access::v1::AssociationField_descriptor(), "ASSOCIATION_FIELD_");
}

// "all" where the roles alone decide.
std::string FieldsText(const ApiKey& key) {
  if (key.fields().empty()) return "all";
  const std::vector<std::string> words = FieldWords();
  std::vector<std::string> names;
  for (const int field : key.fields()) {
    const auto place = static_cast<std::size_t>(field) - 1;
    if (field > 0 && place < words.size()) names.push_back(words[place]);
  }
  return absl::StrJoin(names, ", ");
}

absl::Status AddFields(const std::vector<std::string>& typed, ApiKey& key) {
  const std::vector<std::string> words = FieldWords();
  for (const std::string& list : typed) {
    for (const absl::string_view word : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
      const int number = EnumNumber(words, std::string(word));
      if (number == 0) {
        return absl::InvalidArgumentError(
            fmt::format("'{}' is no field that can be granted. There is: {}.", std::string(word),
                        absl::StrJoin(words, ", ")));
      }
      key.add_fields(static_cast<access::v1::AssociationField>(number));
    }
  }
  return absl::OkStatus();
}

std::vector<Cell> KeyCells(const ApiKey& key, const std::string& language) {
  return {{key.title()},
          {key.municipality_code()},
          {key.association_id().substr(0, 8)},
          {absl::StrJoin(key.roles(), ", ")},
          {FieldsText(key)},
          {ShowTime(key.last_use_time(), language)},
          {ShowTime(key.expire_time(), language)},
          {ShowTime(key.revoke_time(), language)},
          {key.id()}};
}

Outcome CreateKey(Session& session, const AccessOptions& options) {
  access::v1::CreateApiKeyRequest request;
  ApiKey& key = *request.mutable_api_key();
  key.set_title(options.title);
  key.set_municipality_code(options.municipality);
  for (const std::string& role : options.roles) key.add_roles(role);
  BB_RETURN_IF_ERROR(AddFields(options.fields, key));
  constexpr std::uint64_t kMostShown = std::numeric_limits<std::int32_t>::max();
  key.set_calls_per_minute(
      static_cast<std::int32_t>(std::min(options.calls_per_minute, kMostShown)));
  BB_ASSIGN_OR_RETURN(const auto made, session.Call<access::v1::CreateApiKeyResponse>(request));
  session.Say("The key is shown this once. Give it to its holder on a safe way:");
  WriteRecord(session, made, [&] {
    return Rows{.columns = {{"key", "KEY"}}, .cells = {{{made.key()}}}};
  });
  return 0;
}

Outcome ListKeys(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto listed, session.Call<access::v1::ListApiKeysResponse>(
                                             access::v1::ListApiKeysRequest()));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "apiKeys", KeyColumns()));
  for (const ApiKey& key : listed.api_keys()) {
    writer.Add(key, KeyCells(key, session.language()));
  }
  writer.Finish();
  return 0;
}

Outcome RevokeKey(Session& session, const AccessOptions& options) {
  access::v1::RevokeApiKeyRequest request;
  request.set_api_key_id(options.key_id);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<access::v1::RevokeApiKeyResponse>(request));
  session.Say(fmt::format("The key of {} no longer works.", answer.api_key().title()));
  return 0;
}

// "WhoKnows" of "brobygger.discovery.v1.DiscoveryService/WhoKnows".
std::string ShortMethod(const std::string& method) { return method.substr(method.rfind('/') + 1); }

// What was found where, of a log that could not go on where it ended.
std::string BreakText(const audit::v1::ChainBreak& found) {
  using Break = audit::v1::ChainBreak;
  std::string what = "is broken";
  if (found.kind() == Break::KIND_RECORD_CHANGED) what = "holds a record that was changed";
  if (found.kind() == Break::KIND_RECORDS_MISSING) what = "lacks records that were written";
  if (found.kind() == Break::KIND_RECORD_REPLACED) what = "holds another record than was written";
  return fmt::format("THE LOG {}: {:06}.log, byte {}, behind record {}", what, found.segment(),
                     found.offset(), found.last_good_sequence());
}

// What the log says of itself.
std::string OfItself(const audit::v1::LogRecord& record) {
  if (record.has_chain_break()) return BreakText(record.chain_break());
  if (!record.has_torn_tail()) return "(the log itself)";
  return fmt::format("the log lost the last {} bytes of {:06}.log in a crash; nobody was answered",
                     record.torn_tail().cut_bytes(), record.torn_tail().segment());
}

// What came of a call; of an old record only whether it might be made.
std::string OutcomeWord(const audit::v1::Entry& entry) {
  switch (entry.outcome()) {
    case audit::v1::OUTCOME_TOLD:
      return "told";
    case audit::v1::OUTCOME_BEGUN:
      return "done";
    case audit::v1::OUTCOME_NOT_FOUND:
      return "not found";
    case audit::v1::OUTCOME_FAILED:
      return "failed";
    default:
      return entry.decision() == audit::v1::DECISION_REFUSED ? "refused" : "allowed";
  }
}

std::vector<Cell> LogCells(const audit::v1::LogRecord& record, const std::string& language) {
  const auto& entry = record.entry();
  const std::string changed = record.changed() ? ", CHANGED SINCE" : "";
  if (!record.has_entry()) {
    return {{ShowTime(record.record_time(), language)},
            {"-"},
            {OfItself(record) + changed},
            {},
            {},
            {}};
  }
  return {{ShowTime(record.record_time(), language)},
          {entry.actor()},
          {ShortMethod(entry.method())},
          {entry.object_id().substr(0, 8)},
          {entry.purpose()},
          {OutcomeWord(entry) + (entry.times() > 1 ? fmt::format(" x{}", entry.times()) : "") +
           changed}};
}

absl::Status SetTimes(const AccessOptions& options, ListAccessLogRequest& request) {
  if (!options.from.empty()) {
    BB_ASSIGN_OR_RETURN(const auto from, ToAsOf(options.from));
    *request.mutable_from_time() = from.time();
  }
  if (!options.to.empty()) {
    BB_ASSIGN_OR_RETURN(const auto to, ToAsOf(options.to));
    *request.mutable_to_time() = to.time();
  }
  return absl::OkStatus();
}

Outcome Log(Session& session, const AccessOptions& options) {
  ListAccessLogRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_object_id(association.id());
  }
  request.set_person_id(options.person);
  request.set_actor(options.actor);
  BB_RETURN_IF_ERROR(SetTimes(options, request));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "records",
                                                          {{"time", "WHEN"},
                                                           {"actor", "WHO"},
                                                           {"method", "DID"},
                                                           {"object", "WITH"},
                                                           {"purpose", "FOR"},
                                                           {"decision", "WAS"}}));
  bool damaged = false;
  const auto add = [&](const ListAccessLogResponse& page) {
    damaged = damaged || page.damaged();
    for (const auto& record : page.records()) {
      writer.Add(record, LogCells(record, session.language()));
    }
    return page.records_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListAccessLogResponse>(session, request, options.page, add)));
  pages.last.clear_records();
  pages.last.set_damaged(damaged);
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "record", pages.last.next_page_token());
  if (damaged) {
    session.Warn(
        "The log is damaged: part of it cannot be read or is not what was written, so what is "
        "shown may be wrong and more may be missing. brobygger audit verify says where.");
  }
  return 0;
}

void AddKeys(const Command& access, const std::shared_ptr<AccessOptions>& options) {
  Command key = access.Add("key", "Keys with which systems call, most often a volunteer centre's");
  key.Add("create", "Make one; it is shown once")
      .Argument("HOLDER", options->title, {.summary = "Whose it is; no person's name"})
      .Required("--municipality", options->municipality, {.summary = "Municipality code"})
      .Options("--role", options->roles, {.summary = "Role of the policy: volunteer-centre"})
      .Options("--field", options->fields,
               {.summary = "What of an association it may see and ask by, beside the name, as in "
                           "theme,language; else all that its roles may",
                .completes = Completes::kWord,
                .words = FieldWords()})
      .Number("--calls-per-minute", options->calls_per_minute,
              "Calls a minute; usually what the hub gives everybody")
      .Does([options](Session& session) { return CreateKey(session, *options); });
  key.Add("list", "List them, also those that no longer work").Does(ListKeys);
  key.Add("revoke", "End one; the next call with it is refused")
      .Argument("ID", options->key_id, {.summary = "As brobygger access key list shows it"})
      .Does([options](Session& session) { return RevokeKey(session, *options); });
}

}  // namespace

void AddAccess(const Command& root) {
  Command access = root.Add("access", "Who may do what, and who did");
  const auto options = std::make_shared<AccessOptions>();
  access.Add("explain", "Why a call is or is not allowed")
      .Argument("METHOD", options->method, {.summary = "The call, as in WhoKnows"})
      .Options("--role", options->roles, {.summary = "Role of whoever would call"})
      .Does([options](Session& session) { return Explain(session, *options); });
  access.Add("rights", "The rights that a policy may give").Does(Rights);
  AddKeys(access, options);
  Command log = access.Add("log", "Who looked at what and who changed what, the oldest first");
  log.Option("--association", options->association,
             {.summary = "Only this association", .completes = Completes::kAssociation})
      .Option("--person", options->person, {.summary = "Only this person, by their id"})
      .Option("--actor", options->actor, {.summary = "Only what this one did"})
      .Option("--from", options->from, {.summary = "From this day or moment on"})
      .Option("--to", options->to, {.summary = "Before this day or moment"});
  AddPageOptions(log, options->page);
  log.Does([options](Session& session) { return Log(session, *options); });
}

}  // namespace brobygger::cli
