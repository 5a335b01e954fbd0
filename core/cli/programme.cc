// programme list, create, change and import.
#include <algorithm>
#include <memory>
#include <optional>

#include <absl/strings/numbers.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/report/v1/programme_service.pb.h"

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/programme_file.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using report::v1::ImportProgrammeResponse;
using report::v1::Programme;

struct ProgrammeOptions {
  std::string short_name;
  std::string title;
  std::string from;
  std::string to;
  std::vector<std::string> municipalities;
  std::vector<std::string> associations;
  std::vector<std::string> without;
  std::vector<std::string> targets;
  std::string estimate;
  std::string source;
};

struct ImportOptions {
  std::string path;
  bool dry_run = false;
};

std::vector<Column> ProgrammeColumns() {
  return {{"short_name", "PROGRAMME"},
          {"title", "TITLE"},
          {"start_date", "FROM"},
          {"end_date", "TO"},
          {"municipalities", "MUNICIPALITIES"},
          {"associations", "ASSOCIATIONS"}};
}

std::vector<Cell> Cells(const Session& session, const Programme& programme) {
  return {{programme.short_name()},
          {programme.title()},
          {ShowField("date", programme.start_date(), session.language())},
          {ShowField("date", programme.end_date(), session.language())},
          {absl::StrJoin(programme.municipality_codes(), ", ")},
          {std::to_string(programme.association_ids_size())}};
}

void Write(Session& session, const Programme& programme) {
  WriteRecord(session, programme, [&] {
    return Rows{.columns = ProgrammeColumns(), .cells = {Cells(session, programme)}};
  });
}

absl::StatusOr<report::v1::ListProgrammesResponse> Load(Session& session) {
  return session.Call<report::v1::ListProgrammesResponse>(report::v1::ListProgrammesRequest());
}

Outcome List(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto listed, Load(session));
  BB_ASSIGN_OR_RETURN(auto writer, ListWriter::Make(session, "programmes", ProgrammeColumns()));
  for (const Programme& each : listed.programmes()) writer.Add(each, Cells(session, each));
  writer.Finish();
  if (listed.programmes().empty()) session.Say(CollabText("no_programme", session.language()));
  return 0;
}

absl::Status SetTargets(const std::vector<std::string>& typed, Programme& programme) {
  const auto words = EnumWords(*report::v1::ReportFigure_descriptor(), "REPORT_FIGURE_");
  for (const std::string& each : typed) {
    const std::size_t equals = each.find('=');
    const std::string word = each.substr(0, equals);
    std::int32_t value = 0;
    const bool known = std::find(words.begin(), words.end(), word) != words.end();
    const bool number =
        equals != std::string::npos && absl::SimpleAtoi(each.substr(equals + 1), &value);
    if (!known || !number) {
      return absl::InvalidArgumentError(
          fmt::format("--target '{}' is not FIGURE=NUMBER, as in new-collaborations=40; figures: "
                      "{}.",
                      each, fmt::join(words, ", ")));
    }
    auto& target = *programme.add_targets();
    target.set_figure(static_cast<report::v1::ReportFigure>(EnumNumber(words, word)));
    target.set_value(value);
  }
  return absl::OkStatus();
}

absl::Status SetAssociations(Session& session,
                             const ProgrammeOptions& options,
                             Programme& programme) {
  for (const std::string& typed : options.associations) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    programme.add_association_ids(association.id());
  }
  auto& ids = *programme.mutable_association_ids();
  for (const std::string& typed : options.without) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    ids.erase(std::remove(ids.begin(), ids.end(), association.id()), ids.end());
  }
  return absl::OkStatus();
}

// What was typed over what there is.
absl::Status Fill(Session& session, const ProgrammeOptions& options, Programme& programme) {
  if (!options.title.empty()) programme.set_title(options.title);
  if (!options.from.empty()) programme.set_start_date(options.from);
  if (!options.to.empty()) programme.set_end_date(options.to);
  if (!options.municipalities.empty()) {
    programme.mutable_municipality_codes()->Assign(options.municipalities.begin(),
                                                   options.municipalities.end());
  }
  if (!options.estimate.empty()) programme.set_national_estimate(options.estimate);
  if (!options.source.empty()) programme.set_national_source(options.source);
  if (!options.targets.empty()) programme.clear_targets();
  BB_RETURN_IF_ERROR(SetTargets(options.targets, programme));
  return SetAssociations(session, options, programme);
}

Outcome Put(Session& session, Programme programme, const std::string& done) {
  report::v1::PutProgrammeRequest request;
  *request.mutable_programme() = std::move(programme);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<report::v1::PutProgrammeResponse>(request));
  session.Say(fmt::format("{}: {}.", done, answer.programme().title()));
  Write(session, answer.programme());
  return 0;
}

// The one with this id, if there is one.
absl::StatusOr<std::optional<Programme>> FindProgramme(Session& session,
                                                       const std::string& short_name) {
  BB_ASSIGN_OR_RETURN(const auto listed, Load(session));
  for (const Programme& each : listed.programmes()) {
    if (each.short_name() == short_name) return std::optional<Programme>(each);
  }
  return std::optional<Programme>();
}

Outcome Create(Session& session, const ProgrammeOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto there, FindProgramme(session, options.short_name));
  if (there) {
    return absl::AlreadyExistsError(
        fmt::format("there is a programme '{}' already: {}; see brobygger programme change",
                    options.short_name, there->title()));
  }
  Programme programme;
  programme.set_short_name(options.short_name);
  BB_RETURN_IF_ERROR(Fill(session, options, programme));
  return Put(session, std::move(programme), "Made");
}

Outcome Change(Session& session, const ProgrammeOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto there, FindProgramme(session, options.short_name));
  if (!there) {
    return absl::NotFoundError(
        fmt::format("there is no programme '{}' that you may see; see brobygger programme list",
                    options.short_name));
  }
  Programme programme = *there;
  BB_RETURN_IF_ERROR(Fill(session, options, programme));
  return Put(session, std::move(programme), "Changed");
}

std::string ImportText(const ImportProgrammeResponse& response, bool dry_run) {
  return fmt::format(
      "{}{} associations, {} departments, {} collaborations and {} days are new; {} were there "
      "already.",
      dry_run ? "Nothing is done yet; it would be: " : "", response.created_associations(),
      response.created_departments(), response.created_collaborations(), response.created_days(),
      response.known());
}

Outcome Import(Session& session, const ImportOptions& options) {
  BB_ASSIGN_OR_RETURN(const std::string text, ReadText(options.path));
  BB_ASSIGN_OR_RETURN(ProgrammeFile file, ReadProgrammeFile(options.path, text));
  file.request.set_validate_only(options.dry_run);
  file.request.set_request_id(base::MakeUuid());
  const auto answer = session.Call<ImportProgrammeResponse>(file.request);
  if (!answer.ok()) return file.Explained(answer.status());
  session.Say(ImportText(*answer, options.dry_run));
  Write(session, answer->programme());
  return 0;
}

void AddWhatItIs(Command& command, const std::shared_ptr<ProgrammeOptions>& options) {
  command
      .Options("--municipality", options->municipalities,
               {.summary = "Code of one that takes part; repeatable"})
      .Options("--association", options->associations,
               {.summary = "One that takes part; repeatable", .completes = Completes::kAssociation})
      .Options("--target", options->targets,
               {.summary = "FIGURE=NUMBER, as in new-collaborations=40; repeatable"})
      .Option("--national-estimate", options->estimate,
              {.summary = "How many such associations there are in the country: 500+"})
      .Option("--national-source", options->source, {.summary = "Who says so"});
}

}  // namespace

void AddProgramme(const Command& root) {
  Command group = root.Add("programme", "What several municipalities do together, and its report");
  group.Add("list", "List programmes").Does([](Session& session) { return List(session); });
  const auto options = std::make_shared<ProgrammeOptions>();
  const ValueHint id = {.summary = "A short name: kem"};
  Command create = group.Add("create", "Make a programme");
  create.Argument("PROGRAMME", options->short_name, id)
      .Argument("TITLE", options->title, {.summary = "What it is called"})
      .Required("--from", options->from, {.summary = "The first day: 2014-05-01"})
      .Required("--to", options->to, {.summary = "The last day"});
  AddWhatItIs(create, options);
  create.Does([options](Session& session) { return Create(session, *options); });
  Command change = group.Add("change", "Change a programme");
  change.Argument("PROGRAMME", options->short_name, id)
      .Option("--title", options->title, {.summary = "What it is called"})
      .Option("--from", options->from, {.summary = "The first day"})
      .Option("--to", options->to, {.summary = "The last day"});
  AddWhatItIs(change, options);
  change
      .Options("--without", options->without,
               {.summary = "An association that does not take part; repeatable",
                .completes = Completes::kAssociation})
      .Does([options](Session& session) { return Change(session, *options); });
  const auto import = std::make_shared<ImportOptions>();
  group.Add("import", "Write down a programme from a file, with what is over already")
      .Argument("FILE", import->path,
                {.summary = "TOML, see deploy/demo/kem.toml; - is standard input",
                 .completes = Completes::kFile})
      .Flag("--dry-run", import->dry_run, "Only say what would be done")
      .Does([import](Session& session) { return Import(session, *import); });
  AddProgrammeReport(group);
}

}  // namespace brobygger::cli
