// identity pile: a file of applications, grouped by association.
#include <algorithm>
#include <memory>
#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/struct.pb.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/identity.h"
#include "core/cli/identity_words.h"
#include "core/cli/pile.h"
#include "core/cli/record_file.h"
#include "core/cli/text_width.h"

namespace brobygger::cli {
namespace {

using identity::v1::IdentityRecord;
using identity::v1::ResolveRecordsRequest;
using identity::v1::ResolveRecordsResponse;

// What fits in one request with room to spare.
constexpr std::size_t kRecordsInRequest = 1000;

struct PileOptions {
  std::string file;
  bool alone = false;
};

// Which columns hold the board and the account, by their usual headings.
const std::set<std::string>& BoardHeadings() {
  static const std::set<std::string> kHeadings = {
      "board",   "chair",    "treasurer", "contact",      "bestyrelse", "bestyrelsesmedlemmer",
      "formand", "kasserer", "forperson", "kontaktperson"};
  return kHeadings;
}
const std::set<std::string>& AccountHeadings() {
  static const std::set<std::string> kHeadings = {"account",     "iban",    "konto",
                                                  "kontonummer", "kontonr", "nemkonto"};
  return kHeadings;
}

std::string Lower(const std::string& heading) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(heading));
}

void AddBoard(const std::string& text, const RunKey& key, Application& application) {
  for (const auto one : absl::StrSplit(text, absl::ByAnyChar(",;"), absl::SkipWhitespace())) {
    const std::string sign = key.SignOf(std::string(one));
    if (!sign.empty()) application.board.push_back(sign);
  }
  std::sort(application.board.begin(), application.board.end());
  application.board.erase(std::unique(application.board.begin(), application.board.end()),
                          application.board.end());
}

void AddRow(const CsvRows& rows, std::size_t row, const RunKey& key, Application& application) {
  for (std::size_t i = 0; i < rows.headings.size() && i < rows.rows[row].size(); ++i) {
    const std::string heading = Lower(rows.headings[i]);
    if (BoardHeadings().contains(heading)) AddBoard(rows.rows[row][i], key, application);
    if (AccountHeadings().contains(heading)) application.account = key.SignOf(rows.rows[row][i]);
  }
}

// Names, addresses and accounts are signs from here on; the texts are dropped.
absl::StatusOr<std::vector<Application>> ReadPile(Session& session, const std::string& file) {
  BB_ASSIGN_OR_RETURN(const RecordList list, ReadRecords({file}, session.options().columns));
  BB_ASSIGN_OR_RETURN(const CsvRows rows, ReadCsv(file));
  const RunKey key;
  std::vector<Application> pile;
  for (std::size_t i = 0; i < list.records.size(); ++i) {
    Application application;
    application.id = list.ids[i];
    application.record = list.records.At(i);
    matching::Record& record = application.record;
    if (!record.names.empty()) application.title = record.names.front();
    for (const std::string& name : record.contacts) AddBoard(name, key, application);
    record.contacts.clear();
    AddRow(rows, i, key, application);
    application.address =
        key.SignOf(record.street + " " + record.house_number + " " + record.postal_code);
    if (record.street.empty()) application.address.clear();
    for (const std::string& phone : record.phones) {
      application.phones.push_back(key.SignOf(phone));
    }
    pile.push_back(std::move(application));
  }
  return pile;
}

IdentityRecord ToMessage(const matching::Record& record) {
  IdentityRecord message;
  message.mutable_official_names()->Assign(record.names.begin(), record.names.end());
  message.set_cvr(record.cvr);
  message.mutable_emails()->Assign(record.emails.begin(), record.emails.end());
  message.mutable_phones()->Assign(record.phones.begin(), record.phones.end());
  message.mutable_websites()->Assign(record.websites.begin(), record.websites.end());
  message.set_street(record.street);
  message.set_house_number(record.house_number);
  message.set_postal_code(record.postal_code);
  message.set_postal_district(record.city);
  message.set_municipality_code(record.municipality_code);
  message.set_founded_date(record.founded);
  message.set_national_association(record.parent);
  return message;
}

// Asks the hub which of its associations each application is.
absl::Status Recognise(Session& session, std::vector<Application>& pile) {
  std::size_t answered = 0;
  for (std::size_t begin = 0; begin < pile.size(); begin += kRecordsInRequest) {
    ResolveRecordsRequest request;
    const std::size_t end = std::min(pile.size(), begin + kRecordsInRequest);
    for (std::size_t i = begin; i < end; ++i) *request.add_records() = ToMessage(pile[i].record);
    const auto take = [&](const ResolveRecordsResponse& response) {
      for (const auto& resolution : response.resolutions()) {
        Application& application = pile[answered++];
        const bool same = resolution.verdict() == identity::v1::VERDICT_SAME;
        if (!same && resolution.verdict() != identity::v1::VERDICT_ASK) continue;
        if (same) application.association_id = resolution.candidates(0).association_id();
        application.association_name = resolution.candidates(0).official_name();
      }
      return answered < pile.size();
    };
    const std::size_t wanted = end;
    BB_RETURN_IF_ERROR(
        session.hub().Stream<ResolveRecordsResponse>(request, session.patience(), take));
    if (answered < wanted) return absl::UnavailableError("the hub's answer ended too early");
  }
  return absl::OkStatus();
}

std::string SharedText(const PileGroup& group, const std::string& language) {
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : "; ") + one; };
  for (const Shared& shared : group.shared) {
    const std::size_t number = shared.other + 1;
    if (shared.board > 0) {
      add(FillText("pile_board", language, shared.board, shared.board_size, number));
    }
    if (shared.account) add(FillText("pile_account", language, number));
    if (shared.address) add(FillText("pile_address", language, number));
    if (shared.phone) add(FillText("pile_phone", language, number));
  }
  return text;
}

std::vector<Cell> Cells(std::size_t number,
                        const PileGroup& group,
                        const Application& application,
                        const std::string& language) {
  const std::string name = OneCleanLine(application.association_name);
  const std::string unsure =
      name.empty() ? IdentityText("pile_new", language) : FillText("pile_maybe", language, name);
  const std::string registry = application.association_id.empty()
                                   ? unsure
                                   : ShortId(application.association_id) + " " + name;
  return {{std::to_string(number)},
          {application.id},
          {OneCleanLine(application.title)},
          {registry},
          {SharedText(group, language)}};
}

// The same for JSON; the API has no message for it, since the hub never sees it.
google::protobuf::Struct ToMessage(std::size_t number,
                                   const PileGroup& group,
                                   const Application& application,
                                   const std::string& language) {
  google::protobuf::Struct message;
  auto& fields = *message.mutable_fields();
  fields["group"].set_number_value(static_cast<double>(number));
  fields["application"].set_string_value(application.id);
  fields["officialName"].set_string_value(application.title);
  fields["associationId"].set_string_value(application.association_id);
  fields["maybeOfficialName"].set_string_value(
      application.association_id.empty() ? application.association_name : "");
  fields["shared"].set_string_value(SharedText(group, language));
  return message;
}

Outcome Pile(Session& session, const PileOptions& options) {
  BB_ASSIGN_OR_RETURN(auto pile, ReadPile(session, options.file));
  if (!options.alone) BB_RETURN_IF_ERROR(Recognise(session, pile));
  const auto groups = GroupPile(pile, matching::Model::Shipped());
  ListWriter writer(session, "applications",
                    {{"group", "GROUP"},
                     {"application", "APPLICATION"},
                     {"name", "NAME"},
                     {"association", "REGISTRY"},
                     {"shared", "SHARED WITH OTHER GROUPS"}});
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const std::size_t place : groups[i].applications) {
      writer.Add(ToMessage(i + 1, groups[i], pile[place], session.language()),
                 Cells(i + 1, groups[i], pile[place], session.language()));
    }
  }
  writer.Finish();
  session.Say(FillText("pile_groups", session.language(), pile.size(), groups.size()));
  return 0;
}

}  // namespace

void AddIdentityPile(const Command& parent) {
  const auto options = std::make_shared<PileOptions>();
  parent.Add("pile", "Group a file of applications by association; --columns as in name=Navn")
      .Argument("FILE", options->file,
                {.summary = "CSV, one application a line", .completes = Completes::kFile})
      .Flag("--alone", options->alone, "Do not ask the hub; only compare them with each other")
      .Does([options](Session& session) { return Pile(session, *options); });
}

}  // namespace brobygger::cli
