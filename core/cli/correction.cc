// correction request, list and close.
#include <memory>

#include <absl/strings/str_cat.h>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/own_words.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using people::v1::Correction;

struct CorrectionOptions {
  std::string id;
  std::string association;
  std::string field;
  std::string statement;
  std::string wanted_value;
  std::string date;
  std::string note;
  bool declined = false;
  bool all = false;
};

std::vector<Column> CorrectionColumns() {
  return {{"date", "DAY"},
          {"association", "ASSOCIATION"},
          {"field_path", "FIELD"},
          {"state", "STATE"},
          {"wanted_value", "SHOULD BE"},
          {"statement", "WHAT THEY SAY"},
          {"by", "WRITTEN BY"},
          {"note", "NOTE"},
          {"id", "ID"}};
}

std::vector<Cell> Cells(const Correction& correction, const std::string& language) {
  return {{ShowField("date", correction.date(), language)},
          {correction.official_name()},
          {correction.field_path()},
          {EnumText(*Correction::State_descriptor(), correction.state(), language)},
          {correction.wanted_value()},
          {correction.statement()},
          {OwnText(absl::StrCat("written_by_", correction.perspective()), language)},
          {correction.note()},
          {correction.id().substr(0, kShownIdLength)}};
}

void Write(Session& session, const Correction& correction) {
  WriteRecord(session, correction, [&] {
    return Rows{.columns = CorrectionColumns(), .cells = {Cells(correction, session.language())}};
  });
}

Outcome Request(Session& session, const CorrectionOptions& options) {
  people::v1::RequestCorrectionRequest request;
  Correction& correction = *request.mutable_correction();
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  correction.set_association_id(association.id());
  correction.set_field_path(ToFieldPath(options.field));
  correction.set_statement(options.statement);
  correction.set_wanted_value(options.wanted_value);
  correction.set_date(options.date.empty() ? Today() : options.date);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<people::v1::RequestCorrectionResponse>(request));
  session.Say("Written down. When it is done: brobygger correction close ID");
  Write(session, answer.correction());
  return 0;
}

Outcome List(Session& session, const CorrectionOptions& options) {
  people::v1::ListCorrectionsRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  request.set_show_closed(options.all);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<people::v1::ListCorrectionsResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "corrections", CorrectionColumns()));
  for (const Correction& correction : answer.corrections()) {
    writer.Add(correction, Cells(correction, session.language()));
  }
  writer.Finish();
  return 0;
}

Outcome Close(Session& session, const CorrectionOptions& options) {
  people::v1::CloseCorrectionRequest request;
  request.set_correction_id(options.id);
  request.set_corrected(!options.declined);
  request.set_note(options.note);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<people::v1::CloseCorrectionResponse>(request));
  session.Say(options.declined ? "It is declined. An association that is signed in can read why."
                               : "It is corrected. An association that is signed in can read it.");
  Write(session, answer.correction());
  return 0;
}

}  // namespace

void AddCorrection(const Command& root) {
  Command group = root.Add("correction", "What associations want corrected about themselves");
  const auto options = std::make_shared<CorrectionOptions>();
  const ValueHint association = {.summary = "Its id, CVR number or official name",
                                 .completes = Completes::kAssociation};
  group.Add("request", "Write down that something about an association is not right")
      .Argument("ASSOCIATION", options->association, association)
      .Required("--field", options->field, {.summary = "What is not right: purpose, activities"})
      .Required("--statement", options->statement,
                {.summary = "What they say; nothing about single persons"})
      .Option("--to", options->wanted_value, {.summary = "What it should say instead"})
      .Option("--date", options->date, {.summary = "The day they said so; else today"})
      .Does([options](Session& session) { return Request(session, *options); });
  group.Add("list", "List what is to be corrected, the oldest first")
      .Option("--association", options->association, association)
      .Flag("--all", options->all, "Those that were answered, too")
      .Does([options](Session& session) { return List(session, *options); });
  group.Add("close", "Say that it is corrected, or why not")
      .Argument("ID", options->id, {.summary = "As brobygger correction list shows it"})
      .Flag("--declined", options->declined, "It was not corrected; with --note")
      .Option("--note", options->note, {.summary = "Why; nothing about single persons"})
      .Does([options](Session& session) { return Close(session, *options); });
}

}  // namespace brobygger::cli
