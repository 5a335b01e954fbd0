#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

#include "core/conformance/kit.h"

namespace brobygger::conformance {
namespace {

std::string Escaped(const std::string& text) {
  std::string clean = text;
  for (char& sign : clean) {
    if (static_cast<unsigned char>(sign) < 0x20) sign = ' ';
  }
  return absl::StrReplaceAll(clean,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string InnerOf(const CaseResult& result) {
  switch (result.verdict) {
    case Verdict::kFailed:
      return absl::StrCat("<failure message=\"", Escaped(result.text), "\"/>");
    case Verdict::kNotApplicable:
      return absl::StrCat("<skipped message=\"not applicable: needs ", Escaped(result.text),
                          "\"/>");
    case Verdict::kNotBuilt:
      return "<skipped message=\"not built\"/>";
    default:
      return "";
  }
}

}  // namespace

std::string LevelName(Level level) {
  switch (level) {
    case Level::kBronze:
      return "bronze";
    case Level::kSilver:
      return "silver";
    case Level::kGold:
      return "gold";
    default:
      return "none";
  }
}

std::string LineOf(const CaseResult& result) {
  const std::string head = absl::StrFormat("%-4s", result.id);
  switch (result.verdict) {
    case Verdict::kOk:
      return absl::StrCat(head, "ok    ", result.title);
    case Verdict::kFailed:
      return absl::StrCat(head, "FAIL  ", result.title, ": ", result.text);
    case Verdict::kNotApplicable:
      return absl::StrCat(head, "-     ", result.title, ": not applicable: needs ", result.text);
    default:
      return absl::StrCat(head, "-     ", result.title, ": not built; ", result.text);
  }
}

std::string ToJUnit(const KitReport& report) {
  std::string xml = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"", Escaped(report.plugin),
      "\" tests=\"", report.results.size(), "\" failures=\"", report.Count(Verdict::kFailed),
      "\" skipped=\"", report.Count(Verdict::kNotApplicable) + report.Count(Verdict::kNotBuilt),
      "\">\n");
  for (const CaseResult& result : report.results) {
    absl::StrAppend(&xml, "  <testcase classname=\"", Escaped(report.plugin), "\" name=\"",
                    result.id, " ", Escaped(result.title), "\" time=\"",
                    absl::StrFormat("%.3f", result.seconds), "\">", InnerOf(result),
                    "</testcase>\n");
  }
  return xml + "</testsuite>\n";
}

}  // namespace brobygger::conformance
