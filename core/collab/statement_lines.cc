#include "core/collab/statement_lines.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "core/model/text.h"

namespace brobygger::collab {

absl::StatusOr<std::vector<std::string>> LinesOf(std::string_view file) {
  absl::string_view text(file.data(), file.size());
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  std::vector<std::string> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::ConsumeSuffix(&line, "\r");
    lines.emplace_back(line);
    if (model::IsUtf8(lines.back())) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("line ", lines.size(), ": is not UTF-8; save the file as UTF-8"));
  }
  return lines;
}

}  // namespace brobygger::collab
