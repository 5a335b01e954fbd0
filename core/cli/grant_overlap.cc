#include "core/cli/grant_overlap.h"

#include <map>

#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "core/cli/pool_words.h"

namespace brobygger::cli {
namespace {

using grant::v1::GrantApplication;
using grant::v1::Overlap;

std::string DepartmentOf(const GrantApplication& application) {
  const std::string& department = application.written_department();
  return department.empty() ? application.connection_id() : department;
}

std::string TextOf(const Overlap& overlap,
                   const GrantApplication& first,
                   const GrantApplication& second,
                   const std::string& language) {
  const char* key = "overlap_applied";
  if (overlap.kind() == Overlap::KIND_BOTH_GRANTED) key = "overlap_both";
  if (overlap.kind() == Overlap::KIND_ONE_GRANTED) key = "overlap_one";
  const bool across = DepartmentOf(first) != DepartmentOf(second);
  return absl::StrCat(
      PoolText(key, language,
               {{"first", NamedApplication(first)}, {"second", NamedApplication(second)}}),
      " ", PoolText(across ? "overlap_departments" : "overlap_agree", language));
}

}  // namespace

std::string NamedApplication(const GrantApplication& application) {
  return fmt::format("\"{}\" ({}, {})", application.title(), application.pool(),
                     DepartmentOf(application));
}

void WriteOverlaps(Session& session,
                   const Overlaps& overlaps,
                   const Applications& applications,
                   const std::string& application_id) {
  std::map<std::string, const GrantApplication*> by_id;
  for (const auto& application : applications) by_id[application.id()] = &application;
  std::string lines;
  for (const Overlap& overlap : overlaps) {
    const std::string& first = overlap.first_application_id();
    const std::string& second = overlap.second_application_id();
    const bool wanted =
        application_id.empty() || application_id == first || application_id == second;
    if (!wanted) continue;
    absl::StrAppend(&lines, "! ",
                    TextOf(overlap, *by_id.at(first), *by_id.at(second), session.language()), "\n");
  }
  if (!lines.empty()) session.Write("\n" + lines);
}

}  // namespace brobygger::cli
