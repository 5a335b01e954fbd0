#include "core/exchange/programme_page.h"

#include <cmath>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include "core/exchange/html.h"
#include "core/exchange/texts.h"
#include "core/model/labels.h"

namespace brobygger::exchange {
namespace {

using report::v1::ProgrammeReport;
using report::v1::ReportItem;
using report::v1::ReportValue;

constexpr char kTopicPrefix[] = "RESOURCE_TOPIC_";
// A list longer than this may be cut by the end of a page.
constexpr int kShortList = 12;

// With at most one decimal, and the comma of the language.
std::string Number(double number, const std::string& language) {
  const bool whole = std::round(number * 10) == std::round(number) * 10;
  std::string text = fmt::format("{:.{}f}", number, whole ? 0 : 1);
  return language == "en" ? text : absl::StrReplaceAll(text, {{".", ","}});
}

std::string Change(double number, const std::string& language) {
  const std::string text = fmt::format("{:+.1f}", number);
  return language == "en" ? text : absl::StrReplaceAll(text, {{".", ","}});
}

std::string Heading(const ReportValue& value, const std::string& language) {
  return std::string(model::Label("brobygger.report.v1.ReportFigure",
                                  report::v1::ReportFigure_Name(value.figure()), language));
}

std::string List(const ReportValue& value, const std::string& language) {
  if (value.items().empty()) return "";
  std::string out = "<ul>\n";
  for (const ReportItem& item : value.items()) {
    absl::StrAppend(&out, "<li><span dir=\"auto\">", Escaped(ItemTitle(item, language)), "</span>");
    const std::string detail = ItemDetail(item, language);
    if (!detail.empty()) {
      absl::StrAppend(&out, " <span class=\"under\" dir=\"auto\">", Escaped(detail), "</span>");
    }
    out += "</li>\n";
  }
  return out + "</ul>\n";
}

std::string Section(const ReportValue& value, const std::string& language) {
  const bool is_long = value.items_size() > kShortList;
  std::string figure = FigureText(value, language);
  if (value.has_target()) {
    absl::StrAppend(&figure, " (", Text("target", language), " ", value.target(), ")");
  }
  return absl::StrCat("<section", is_long ? " class=\"long\"" : "", ">\n<h2>",
                      Escaped(Heading(value, language)), "</h2>\n<p class=\"figure\">",
                      Escaped(figure), "</p>\n<p class=\"under\">",
                      Escaped(language == "en" ? value.definition_en() : value.definition_da()),
                      "</p>\n", List(value, language), "</section>\n");
}

std::string QuoteSection(const ProgrammeReport& report, const std::string& language) {
  if (report.quotes().empty()) return "";
  std::string out = absl::StrCat("<section>\n<h2>", Escaped(Text("quotes", language)), "</h2>\n");
  for (const report::v1::ReportQuote& quote : report.quotes()) {
    absl::StrAppend(&out, "<blockquote><p dir=\"auto\">", Escaped(quote.text()),
                    "</p>\n<p class=\"under\" dir=\"auto\">", Escaped(quote.said_by()), " · ",
                    Escaped(quote.collaboration_title()), " · ", quote.date(),
                    "</p></blockquote>\n");
  }
  return out + "</section>\n";
}

}  // namespace

std::string FigureText(const ReportValue& value, const std::string& language) {
  if (value.kept_back()) return Text("fewer_than_five", language);
  if (!value.text().empty()) return value.text();
  if (!value.has_value()) return "-";
  switch (value.figure()) {
    case report::v1::REPORT_FIGURE_RESOURCE_CHANGE:
      return absl::StrCat(Change(value.value(), language), " (", value.of(), " ",
                          Text("subjects", language), ")");
    case report::v1::REPORT_FIGURE_NOT_ABOUT_MONEY:
      return absl::StrCat(Number(std::round(value.value()), language), " % ", Text("of", language),
                          " ", value.of());
    default:
      return Number(value.value(), language);
  }
}

std::string ItemTitle(const ReportItem& item, const std::string& language) {
  if (!item.title().empty()) return item.title();
  if (item.id().rfind(kTopicPrefix, 0) != 0) return item.id();
  return std::string(model::Label("brobygger.collab.v1.ResourceTopic", item.id(), language));
}

std::string ItemDetail(const ReportItem& item, const std::string& language) {
  std::vector<std::string> parts;
  if (!item.date().empty()) parts.push_back(item.date());
  if (!item.detail().empty()) parts.push_back(item.detail());
  if (item.has_before() && item.has_after()) {
    parts.push_back(
        absl::StrCat(Number(item.before(), language), " → ", Number(item.after(), language)));
  }
  if (item.has_value()) parts.push_back(Change(item.value(), language));
  return absl::StrJoin(parts, " · ");
}

std::string ProgrammePage(const ProgrammeReport& report,
                          const std::string& language,
                          const std::string& day) {
  const std::string& title = report.programme().title();
  std::string out =
      absl::StrCat("<main>\n<h1 dir=\"auto\">", Escaped(title), "</h1>\n<p class=\"under\">",
                   report.start_date(), " - ", report.end_date(), "</p>\n");
  if (report.partial()) {
    absl::StrAppend(&out, "<p>", Escaped(Text("partial", language)), "</p>\n");
  }
  for (const ReportValue& value : report.values()) {
    const bool nothing = !value.has_value() && value.text().empty() && !value.kept_back();
    const bool estimate = value.figure() == report::v1::REPORT_FIGURE_NATIONAL_ESTIMATE;
    if (estimate && nothing) continue;
    out += Section(value, language);
  }
  out += QuoteSection(report, language);
  absl::StrAppend(&out, "</main>\n<footer>", Escaped(Text("report_foot", language)), Escaped(day),
                  ". ", Escaped(Text("definitions", language)), " ", report.definitions_version(),
                  ", ", Escaped(Text("revision", language)), " ", report.revision(),
                  ".</footer>\n");
  return HtmlPage(title, language, out);
}

}  // namespace brobygger::exchange
