// resource-check statements, record, show and picture.
#include <algorithm>
#include <memory>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/collab/v1/resource_check_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/words.h"
#include "core/exchange/radar.h"

namespace brobygger::cli {
namespace {

using collab::v1::ListResourceChecksResponse;
using collab::v1::ResourceCheck;
using collab::v1::ResourceStatement;
using collab::v1::ResourceSubject;
using collab::v1::TopicMean;

constexpr double kHighestScore = 5;
// More lines than these nobody reads in one picture.
constexpr std::size_t kMostRounds = 4;

struct CheckOptions {
  std::string association;
  std::string department;
  std::string municipality;
  std::string date;
  std::string mode = "self";
  std::vector<std::string> set;
  bool shared = false;
  std::string next_steps;
};

struct Subject {
  ResourceSubject kind = collab::v1::RESOURCE_SUBJECT_UNSPECIFIED;
  std::string id;
  std::string title;
};

absl::StatusOr<Subject> ToSubject(Session& session, const CheckOptions& options) {
  const int given =
      !options.association.empty() + !options.department.empty() + !options.municipality.empty();
  if (given != 1) {
    return absl::InvalidArgumentError(
        "Say whose: one of --association, --department and --municipality.");
  }
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    return Subject{collab::v1::RESOURCE_SUBJECT_ASSOCIATION, association.id(),
                   association.official_name()};
  }
  if (!options.department.empty()) {
    BB_ASSIGN_OR_RETURN(const auto department, FindDepartment(session, options.department));
    return Subject{collab::v1::RESOURCE_SUBJECT_DEPARTMENT, department.id(),
                   department.official_name()};
  }
  return Subject{collab::v1::RESOURCE_SUBJECT_MUNICIPALITY, options.municipality,
                 options.municipality};
}

using Asked = collab::v1::ListResourceStatementsResponse;

absl::StatusOr<Asked> AskedOf(Session& session, ResourceSubject subject) {
  collab::v1::ListResourceStatementsRequest request;
  request.set_subject(subject);
  return session.Call<Asked>(request);
}

const std::string& TextOf(const ResourceStatement& statement, const std::string& language) {
  return language == "da" ? statement.text_da() : statement.text_en();
}

std::string TopicText(int topic, const std::string& language) {
  return EnumText(*collab::v1::ResourceTopic_descriptor(), topic, language);
}

Outcome ShowStatements(Session& session, const CheckOptions& options) {
  BB_ASSIGN_OR_RETURN(const Subject subject, ToSubject(session, options));
  BB_ASSIGN_OR_RETURN(const auto asked, AskedOf(session, subject.kind));
  BB_ASSIGN_OR_RETURN(
      ListWriter writer,
      ListWriter::Make(session, "statements",
                       {{"id", "STATEMENT"}, {"topic", "ABOUT"}, {"text", "TEXT"}}));
  for (const ResourceStatement& each : asked.statements()) {
    writer.Add(each, {{each.id()},
                      {TopicText(each.topic(), session.language())},
                      {TextOf(each, session.language())}});
  }
  writer.Finish();
  return 0;
}

absl::StatusOr<int> ToScore(const std::string& typed) {
  if (typed.empty()) return 0;
  if (typed.size() == 1 && typed[0] >= '1' && typed[0] <= '5') return typed[0] - '0';
  return absl::InvalidArgumentError(
      fmt::format("'{}' is no score: write 1 (there is none) to 5 (there and in use).", typed));
}

absl::Status SetGiven(const CheckOptions& options, ResourceCheck& check) {
  for (const std::string& typed : options.set) {
    const std::size_t equals = typed.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          fmt::format("--set '{}' is not STATEMENT=1..5, as in vision-1=4.", typed));
    }
    auto& score = *check.add_scores();
    score.set_statement_id(typed.substr(0, equals));
    BB_ASSIGN_OR_RETURN(const int value, ToScore(typed.substr(equals + 1)));
    score.set_score(value);
  }
  return absl::OkStatus();
}

// Asks a person at the terminal for each statement.
absl::Status AskAll(Session& session,
                    const google::protobuf::RepeatedPtrField<ResourceStatement>& statements,
                    ResourceCheck& check) {
  const std::string& language = session.language();
  int topic = 0;
  for (const ResourceStatement& statement : statements) {
    if (statement.topic() != topic) session.Say("\n" + TopicText(statement.topic(), language));
    topic = statement.topic();
    session.Say(TextOf(statement, language));
    while (true) {
      const std::string typed = session.AskLine(CollabText("ask_score", language) + ": ");
      if (session.InputEnded()) return absl::CancelledError("Nothing was written down.");
      const auto value = ToScore(typed);
      if (value.ok()) {
        auto& score = *check.add_scores();
        score.set_statement_id(statement.id());
        score.set_score(*value);
        break;
      }
      session.Say(std::string(value.status().message()));
    }
  }
  return absl::OkStatus();
}

std::string Number(double value) { return fmt::format("{:.1f}", value); }

std::vector<Column> CheckColumns() {
  return {{"date", "DAY"},      {"topic", "ABOUT"},       {"mean", "MEAN"},
          {"change", "CHANGE"}, {"answered", "ANSWERED"}, {"shared", "SHARED"}};
}

// A line a topic.
void AddLines(const ResourceCheck& check, const std::string& language, Rows& rows) {
  for (const TopicMean& topic : check.topics()) {
    rows.cells.push_back(
        {{ShowField("date", check.date(), language)},
         {TopicText(topic.topic(), language)},
         {topic.has_mean() ? Number(topic.mean()) : ""},
         {topic.has_change() ? fmt::format("{:+.1f}", topic.change()) : ""},
         {fmt::format("{}/{}", topic.answered(), topic.asked())},
         {check.shared() ? CollabText("shared", language) : CollabText("not_shared", language)}});
  }
  if (check.next_steps().empty()) return;
  rows.cells.push_back(
      {{ShowField("date", check.date(), language)},
       {absl::StrCat(CollabText("next_steps", language), ": ", check.next_steps())},
       {},
       {},
       {},
       {}});
}

Outcome RecordCheck(Session& session, const CheckOptions& options) {
  collab::v1::RecordResourceCheckRequest request;
  ResourceCheck& check = *request.mutable_resource_check();
  BB_ASSIGN_OR_RETURN(const Subject subject, ToSubject(session, options));
  check.set_subject(subject.kind);
  check.set_subject_id(subject.id);
  check.set_date(options.date);
  const auto modes = EnumWords(*collab::v1::ResourceCheckMode_descriptor(), "RESOURCE_CHECK_MODE_");
  check.set_mode(static_cast<collab::v1::ResourceCheckMode>(EnumNumber(modes, options.mode)));
  check.set_shared(options.shared);
  check.set_next_steps(options.next_steps);
  if (options.set.empty() && session.CanAsk()) {
    BB_ASSIGN_OR_RETURN(const auto asked, AskedOf(session, subject.kind));
    check.set_statements_version(asked.statements_version());
    BB_RETURN_IF_ERROR(AskAll(session, asked.statements(), check));
  }
  BB_RETURN_IF_ERROR(SetGiven(options, check));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<collab::v1::RecordResourceCheckResponse>(request));
  WriteRecord(session, answer.resource_check(), [&] {
    Rows rows{.columns = CheckColumns(), .cells = {}};
    AddLines(answer.resource_check(), session.language(), rows);
    return rows;
  });
  return 0;
}

absl::StatusOr<ListResourceChecksResponse> Load(Session& session, const Subject& subject) {
  collab::v1::ListResourceChecksRequest request;
  request.set_subject(subject.kind);
  request.set_subject_id(subject.id);
  return session.Call<ListResourceChecksResponse>(request);
}

Outcome Show(Session& session, const CheckOptions& options) {
  BB_ASSIGN_OR_RETURN(const Subject subject, ToSubject(session, options));
  BB_ASSIGN_OR_RETURN(const auto listed, Load(session, subject));
  WriteRecord(session, listed, [&] {
    Rows rows{.columns = CheckColumns(), .cells = {}};
    for (const ResourceCheck& each : listed.resource_checks()) {
      AddLines(each, session.language(), rows);
    }
    return rows;
  });
  if (listed.resource_checks().empty()) session.Say(CollabText("no_check", session.language()));
  return 0;
}

Outcome Picture(Session& session, const CheckOptions& options) {
  BB_ASSIGN_OR_RETURN(const Subject subject, ToSubject(session, options));
  BB_ASSIGN_OR_RETURN(const auto listed, Load(session, subject));
  const std::string& language = session.language();
  if (listed.resource_checks().empty()) {
    return absl::NotFoundError(CollabText("no_check", language));
  }
  std::vector<std::string> axes;
  for (int topic = 1; topic <= collab::v1::ResourceTopic_MAX; ++topic) {
    axes.push_back(TopicText(topic, language));
  }
  // The first one, since change is counted from there, and the newest.
  std::vector<exchange::RadarSeries> rounds;
  const auto& checks = listed.resource_checks();
  for (int i = 0; i < checks.size(); ++i) {
    const bool shown = i == 0 || checks.size() - i < static_cast<int>(kMostRounds);
    if (!shown) continue;
    exchange::RadarSeries& series = rounds.emplace_back();
    series.title = ShowField("date", checks[i].date(), language);
    for (const TopicMean& topic : checks[i].topics()) {
      series.values.push_back(topic.has_mean() ? std::optional(topic.mean()) : std::nullopt);
    }
  }
  session.Write(
      exchange::RadarSvg(absl::StrCat(CollabText("resource_check", language), ": ", subject.title),
                         axes, kHighestScore, rounds));
  return 0;
}

void AddWhose(Command& command, const std::shared_ptr<CheckOptions>& options) {
  command
      .Option("--association", options->association,
              {.summary = "Of this association", .completes = Completes::kAssociation})
      .Option("--department", options->department, {.summary = "Of this department"})
      .Option("--municipality", options->municipality,
              {.summary = "Of this municipality as a whole, by code"});
}

}  // namespace

void AddResourceCheck(const Command& root) {
  Command check = root.Add("resource-check", "What each side has to work with, on eight topics");
  const auto options = std::make_shared<CheckOptions>();
  Command statements = check.Add("statements", "Show what is asked, in the words for a subject");
  AddWhose(statements, options);
  statements.Does([options](Session& session) { return ShowStatements(session, *options); });
  Command record = check.Add("record", "Write a round down; asks at a terminal");
  AddWhose(record, options);
  record.Options("--set", options->set, {.summary = "STATEMENT=1..5, as in vision-1=4"})
      .Option("--mode", options->mode,
              {.summary = "How it came about",
               .completes = Completes::kWord,
               .words = {"self", "facilitated", "together"}})
      .Option("--date", options->date, {.summary = "The day; else today"})
      .Option("--next-steps", options->next_steps,
              {.summary = "What its subject wants to do next, in its own words"})
      .Flag("--shared", options->shared, "Its subject lets the other side see it")
      .Does([options](Session& session) { return RecordCheck(session, *options); });
  Command show = check.Add("show", "Show the rounds, and what changed since the one before");
  AddWhose(show, options);
  show.Does([options](Session& session) { return Show(session, *options); });
  Command picture = check.Add("picture", "Write a radar picture as SVG");
  AddWhose(picture, options);
  picture.Does([options](Session& session) { return Picture(session, *options); });
}

}  // namespace brobygger::cli
