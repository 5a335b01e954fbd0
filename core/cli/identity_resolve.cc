// identity resolve.
#include <memory>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/identity.h"
#include "core/cli/identity_words.h"
#include "core/cli/text_width.h"

namespace brobygger::cli {
namespace {

using identity::v1::Candidate;
using identity::v1::IdentityRecord;

struct ResolveOptions {
  std::vector<std::string> names;
  std::vector<std::string> emails;
  std::vector<std::string> phones;
  std::vector<std::string> websites;
  std::string cvr;
  std::string street;
  std::string house_number;
  std::string postal_code;
  std::string postal_district;
  std::string municipality;
  std::string founded;
  std::string national;
};

IdentityRecord ToRecord(const ResolveOptions& options) {
  IdentityRecord record;
  record.mutable_official_names()->Assign(options.names.begin(), options.names.end());
  record.mutable_emails()->Assign(options.emails.begin(), options.emails.end());
  record.mutable_phones()->Assign(options.phones.begin(), options.phones.end());
  record.mutable_websites()->Assign(options.websites.begin(), options.websites.end());
  record.set_cvr(options.cvr);
  record.set_street(options.street);
  record.set_house_number(options.house_number);
  record.set_postal_code(options.postal_code);
  record.set_postal_district(options.postal_district);
  record.set_municipality_code(options.municipality);
  record.set_founded_date(options.founded);
  record.set_national_association(options.national);
  return record;
}

std::vector<Cell> Cells(const Candidate& candidate, const std::string& language) {
  return {{ShortId(candidate.association_id())},
          {OneCleanLine(candidate.official_name())},
          {VerdictText(candidate.verdict(), language)},
          {fmt::format("{:+.2f}", candidate.score())},
          {ShowProbability(candidate.probability())}};
}

Outcome Resolve(Session& session, const ResolveOptions& options) {
  if (options.names.empty()) return absl::InvalidArgumentError("Give at least one --name.");
  identity::v1::ResolveRecordRequest request;
  *request.mutable_record() = ToRecord(options);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<identity::v1::ResolveRecordResponse>(request));
  const auto& resolution = answer.resolution();
  const std::string& language = session.language();
  WriteRecord(session, answer, [&] {
    Rows rows{.columns = {{"association_id", "ID"},
                          {"official_name", "NAME"},
                          {"verdict", "VERDICT"},
                          {"score", "SCORE"},
                          {"probability", "SAME"}},
              .cells = {}};
    for (const auto& candidate : resolution.candidates()) {
      rows.cells.push_back(Cells(candidate, language));
    }
    return rows;
  });
  if (resolution.candidates().empty()) {
    session.Say(IdentityText("no_candidates", language));
  } else {
    session.Say(FillText("resolve_says", language, VerdictText(resolution.verdict(), language)));
  }
  if (resolution.too_common()) session.Say(IdentityText("too_common", language));
  return 0;
}

}  // namespace

void AddIdentityResolve(const Command& parent) {
  const auto options = std::make_shared<ResolveOptions>();
  Command resolve =
      parent.Add("resolve", "Which association of the registry a record means; changes nothing");
  resolve.Options("--name", options->names, {.summary = "Its name; more of them are other names"})
      .Option("--cvr", options->cvr, {.summary = "CVR number in any spelling"})
      .Options("--email", options->emails, {.summary = "E-mail address"})
      .Options("--phone", options->phones, {.summary = "Telephone number"})
      .Options("--website", options->websites, {.summary = "Web page"})
      .Option("--street", options->street, {.summary = "Street, with or without the number"})
      .Option("--house-number", options->house_number, {.summary = "House number"})
      .Option("--postal-code", options->postal_code, {.summary = "Postal code"})
      .Option("--postal-district", options->postal_district, {.summary = "Town"})
      .Option("--municipality", options->municipality, {.summary = "Municipality code"})
      .Option("--founded", options->founded, {.summary = "Year or day it was founded"})
      .Option("--national", options->national,
              {.summary = "The national association it belongs to"})
      .Does([options](Session& session) { return Resolve(session, *options); });
}

}  // namespace brobygger::cli
