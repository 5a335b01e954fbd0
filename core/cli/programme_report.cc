// programme report: what came of a programme, figure by figure.
#include <algorithm>
#include <memory>

#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "brobygger/report/v1/programme_service.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/words.h"
#include "core/exchange/programme_page.h"
#include "core/exchange/texts.h"

namespace brobygger::cli {
namespace {

using report::v1::ProgrammeReport;
using report::v1::ReportItem;
using report::v1::ReportValue;

struct ReportOptions {
  std::string programme;
  std::string from;
  std::string to;
  std::string as_of;
  std::string figure;
  bool html = false;
};

std::vector<std::string> FigureWords() {
  return EnumWords(*report::v1::ReportFigure_descriptor(), "REPORT_FIGURE_");
}

std::string Title(const ReportValue& value, const std::string& language) {
  return EnumText(*report::v1::ReportFigure_descriptor(), value.figure(), language);
}

const std::string& Definition(const ReportValue& value, const std::string& language) {
  return language == "en" ? value.definition_en() : value.definition_da();
}

// The one that is meant: the one there is, if none was named.
absl::StatusOr<std::string> WhichProgramme(Session& session, const std::string& typed) {
  if (!typed.empty()) return typed;
  BB_ASSIGN_OR_RETURN(const auto listed, session.Call<report::v1::ListProgrammesResponse>(
                                             report::v1::ListProgrammesRequest()));
  if (listed.programmes_size() == 1) return listed.programmes(0).id();
  if (listed.programmes().empty()) {
    return absl::NotFoundError(CollabText("no_programme", session.language()));
  }
  std::vector<std::string> ids;
  for (const auto& each : listed.programmes()) ids.push_back(each.short_name());
  return absl::InvalidArgumentError(
      fmt::format("Say which: --programme {}.", fmt::join(ids, " or ")));
}

// An estimate that nobody made is no line.
bool IsTold(const ReportValue& value) {
  return value.figure() != report::v1::REPORT_FIGURE_NATIONAL_ESTIMATE || !value.text().empty();
}

bool HasNothing(const ProgrammeReport& report) {
  return std::all_of(report.values().begin(), report.values().end(), [](const ReportValue& value) {
    const bool of_itself = value.figure() <= report::v1::REPORT_FIGURE_ASSOCIATIONS ||
                           value.figure() == report::v1::REPORT_FIGURE_NATIONAL_ESTIMATE;
    return of_itself || (!value.kept_back() && value.value() == 0);
  });
}

Rows FigureRows(const ProgrammeReport& report, const std::string& language, bool for_people) {
  Rows rows{.columns = {{"figure", "FIGURE"}, {"value", "VALUE"}, {"target", "TARGET"}},
            .cells = {}};
  if (!for_people) rows.columns.push_back({"definition", "DEFINITION"});
  for (const ReportValue& value : report.values()) {
    if (!IsTold(value)) continue;
    auto& cells = rows.cells.emplace_back();
    cells = {{Title(value, language)},
             {exchange::FigureText(value, language)},
             {value.has_target() ? std::to_string(value.target()) : ""}};
    if (!for_people) cells.push_back({Definition(value, language)});
  }
  return rows;
}

void WriteQuotes(Session& session, const ProgrammeReport& report) {
  if (report.quotes().empty()) return;
  std::string out = absl::StrCat("\n", exchange::Text("quotes", session.language()), "\n");
  for (const report::v1::ReportQuote& quote : report.quotes()) {
    exchange::AddWrapped(absl::StrCat("\"", quote.text(), "\" ", quote.said_by(), " (",
                                      quote.collaboration_title(), ")"),
                         out);
  }
  session.Write(out);
}

void WriteDefinitions(Session& session, const ProgrammeReport& report) {
  const std::string& language = session.language();
  std::string out = absl::StrCat("\n", CollabText("what_is_counted", language), "\n");
  for (const ReportValue& value : report.values()) {
    if (!IsTold(value)) continue;
    exchange::AddWrapped(absl::StrCat(Title(value, language), ": ", Definition(value, language)),
                         out);
  }
  session.Write(out);
}

void WriteFigures(Session& session, const ProgrammeReport& report) {
  const bool for_people = session.format() == Format::kTable;
  const std::string& language = session.language();
  if (for_people) {
    session.Write(fmt::format("{}, {} - {}\n\n", report.programme().title(),
                              ShowField("date", report.start_date(), language),
                              ShowField("date", report.end_date(), language)));
  }
  WriteRecord(session, report, [&] { return FigureRows(report, language, for_people); });
  if (for_people) {
    WriteQuotes(session, report);
    WriteDefinitions(session, report);
  }
  if (report.partial()) session.Say(exchange::Text("partial", language));
  if (HasNothing(report)) session.Say(CollabText("nothing_in_period", language));
}

Outcome WriteList(Session& session, const ProgrammeReport& report, const std::string& word) {
  const int number = EnumNumber(FigureWords(), word);
  const std::string& language = session.language();
  for (const ReportValue& value : report.values()) {
    if (value.figure() != number) continue;
    BB_ASSIGN_OR_RETURN(auto writer, ListWriter::Make(session, "items",
                                                      {{"id", "ID"},
                                                       {"date", "DAY"},
                                                       {"title", "TITLE"},
                                                       {"detail", "WHOSE"},
                                                       {"value", "VALUE"}}));
    for (const ReportItem& item : value.items()) {
      writer.Add(item, {{item.id()},
                        {ShowField("date", item.date(), language)},
                        {exchange::ItemTitle(item, language)},
                        {item.detail()},
                        {item.has_value() ? fmt::format("{:+.1f}", item.value()) : ""}});
    }
    writer.Finish();
    session.Say(fmt::format("{}: {}. {}", Title(value, language),
                            exchange::FigureText(value, language), Definition(value, language)));
  }
  return 0;
}

Outcome Report(Session& session, const ReportOptions& options) {
  report::v1::GetProgrammeReportRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_programme_id(), WhichProgramme(session, options.programme));
  request.set_start_date(options.from);
  request.set_end_date(options.to);
  BB_ASSIGN_OR_RETURN(*request.mutable_as_of(), ToAsOf(options.as_of));
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<report::v1::GetProgrammeReportResponse>(request));
  if (options.html) {
    session.Write(exchange::ProgrammePage(answer.report(), session.language(),
                                          base::DanishDayOf(base::SystemClock().Now())));
    return 0;
  }
  if (!options.figure.empty()) return WriteList(session, answer.report(), options.figure);
  WriteFigures(session, answer.report());
  return 0;
}

}  // namespace

void AddProgrammeReport(const Command& programme) {
  const auto options = std::make_shared<ReportOptions>();
  programme.Add("report", "Show what came of a programme, and what is behind each figure")
      .Option("--programme", options->programme,
              {.summary = "Which, as programme list shows it; the one there is, if it is alone"})
      .Option("--figure", options->figure,
              {.summary = "Only what is behind this one",
               .completes = Completes::kWord,
               .words = FigureWords()})
      .Option("--from", options->from, {.summary = "From this day on; else the programme's first"})
      .Option("--to", options->to, {.summary = "Until this day; else the programme's last"})
      .Option("--as-of", options->as_of, {.summary = "As it was at a revision, date or instant"})
      .Flag("--html", options->html, "As an HTML page to print, with all lists")
      .Does([options](Session& session) { return Report(session, *options); });
}

}  // namespace brobygger::cli
