#include "core/collab/resource_statements.h"

#include <map>
#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/collab/data.h"
#include "core/collab/statement_lines.h"

namespace brobygger::collab {
namespace {

constexpr std::size_t kResourceParts = 6;
constexpr int kFewest = 3;
constexpr int kMost = 5;

absl::Status WrongResourceLine(std::size_t line, const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat("line ", line, ": ", what));
}

v1::ResourceStatement Statement(const std::vector<std::string>& parts,
                                v1::ResourceTopic topic,
                                bool association) {
  v1::ResourceStatement statement;
  statement.set_id(parts[0]);
  statement.set_topic(topic);
  statement.set_text_da(parts[association ? 2 : 3]);
  statement.set_text_en(parts[association ? 4 : 5]);
  return statement;
}

absl::Status CheckCounts(const std::map<int, int>& counts) {
  for (int topic = 1; topic <= v1::ResourceTopic_MAX; ++topic) {
    const auto count = counts.find(topic);
    if (count != counts.end() && count->second >= kFewest && count->second <= kMost) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(v1::ResourceTopic_Name(static_cast<v1::ResourceTopic>(topic)),
                     " wants three to five statements"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ResourceStatements> ParseResourceStatements(std::string_view file) {
  ResourceStatements statements;
  std::set<std::string> ids;
  std::map<int, int> counts;
  std::size_t number = 0;
  auto lines = LinesOf(file);
  if (!lines.ok()) return lines.status();
  for (const std::string& line : *lines) {
    ++number;
    if (line.empty()) continue;
    const std::vector<std::string> parts = absl::StrSplit(line, '|');
    if (parts.size() == 2 && parts[0] == "version") {
      statements.version = parts[1];
      continue;
    }
    if (parts.size() != kResourceParts)
      return WrongResourceLine(number, "wants an id, a topic and four texts");
    for (const std::string& part : parts) {
      if (part.empty()) return WrongResourceLine(number, "has an empty part");
    }
    v1::ResourceTopic topic = v1::RESOURCE_TOPIC_UNSPECIFIED;
    if (!v1::ResourceTopic_Parse(absl::StrCat("RESOURCE_TOPIC_", parts[1]), &topic)) {
      return WrongResourceLine(number, absl::StrCat("'", parts[1], "' is no topic"));
    }
    if (!ids.insert(parts[0]).second) {
      return WrongResourceLine(number, absl::StrCat("'", parts[0], "' is there twice"));
    }
    ++counts[topic];
    statements.of_associations.push_back(Statement(parts, topic, true));
    statements.of_municipalities.push_back(Statement(parts, topic, false));
  }
  if (statements.version.empty()) return WrongResourceLine(1, "wants a version: version|2026-11");
  if (absl::Status counted = CheckCounts(counts); !counted.ok()) return counted;
  return statements;
}

const ResourceStatements& ShippedResourceStatements() {
  static const auto* const kStatements = [] {
    auto parsed = ParseResourceStatements(kResourceStatementsCsv);
    // A test holds it, so a program that was built has a good one.
    return new ResourceStatements(parsed.ok() ? *std::move(parsed) : ResourceStatements());
  }();
  return *kStatements;
}

}  // namespace brobygger::collab
