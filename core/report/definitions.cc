#include "core/report/definitions.h"

#include <absl/strings/ascii.h>

#include "core/base/text_table.h"

namespace brobygger::report {
namespace {

const base::TextTable& Table() {
  static const auto* const kTable = new base::TextTable(kDefinitionsCsv);
  return *kTable;
}

}  // namespace

const std::string& DefinitionOf(v1::ReportFigure figure, const std::string& language) {
  return Table().Get(WordOf(figure), language);
}

const std::string& DefinitionsVersion() { return Table().Get("version", "en"); }

std::string WordOf(v1::ReportFigure figure) {
  constexpr std::size_t kPrefix = sizeof("REPORT_FIGURE_") - 1;
  return absl::AsciiStrToLower(v1::ReportFigure_Name(figure)).substr(kPrefix);
}

}  // namespace brobygger::report
