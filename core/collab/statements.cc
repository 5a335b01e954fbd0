#include "core/collab/statements.h"

#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/collab/data.h"
#include "core/collab/statement_lines.h"

namespace brobygger::collab {
namespace {

constexpr std::size_t kParts = 4;

absl::Status Wrong(std::size_t line, const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat("line ", line, ": ", what));
}

absl::StatusOr<v1::AlignmentStatement> ParseLine(std::size_t line,
                                                 const std::vector<std::string>& parts) {
  if (parts.size() != kParts)
    return Wrong(line, "wants an id, a topic, a Danish and an English text");
  v1::AlignmentStatement statement;
  v1::AlignmentTopic topic = v1::ALIGNMENT_TOPIC_UNSPECIFIED;
  const bool known = v1::AlignmentTopic_Parse(absl::StrCat("ALIGNMENT_TOPIC_", parts[1]), &topic) &&
                     topic != v1::ALIGNMENT_TOPIC_UNSPECIFIED;
  if (!known) return Wrong(line, absl::StrCat("'", parts[1], "' is no topic"));
  if (parts[0].empty() || parts[2].empty() || parts[3].empty()) {
    return Wrong(line, "has an empty part");
  }
  statement.set_id(parts[0]);
  statement.set_topic(topic);
  statement.set_text_da(parts[2]);
  statement.set_text_en(parts[3]);
  return statement;
}

}  // namespace

absl::StatusOr<Statements> ParseStatements(std::string_view file) {
  Statements statements;
  std::set<std::string> ids;
  std::set<int> topics;
  std::size_t number = 0;
  auto lines = LinesOf(file);
  if (!lines.ok()) return lines.status();
  for (const std::string& text : *lines) {
    ++number;
    if (text.empty()) continue;
    const std::vector<std::string> parts = absl::StrSplit(text, '|');
    if (parts.size() == 2 && parts[0] == "version") {
      statements.version = parts[1];
      continue;
    }
    auto statement = ParseLine(number, parts);
    if (!statement.ok()) return statement.status();
    if (!ids.insert(statement->id()).second) {
      return Wrong(number, absl::StrCat("'", statement->id(), "' is there twice"));
    }
    topics.insert(statement->topic());
    statements.all.push_back(*std::move(statement));
  }
  if (statements.version.empty()) return Wrong(1, "wants a version: version|2026-11");
  for (int topic = 1; topic <= v1::AlignmentTopic_MAX; ++topic) {
    if (!topics.contains(topic)) {
      return absl::FailedPreconditionError(
          absl::StrCat("no statement is about ",
                       v1::AlignmentTopic_Name(static_cast<v1::AlignmentTopic>(topic))));
    }
  }
  return statements;
}

const Statements& ShippedStatements() {
  static const auto* const kStatements = [] {
    auto parsed = ParseStatements(kStatementsCsv);
    // A test holds it, so a program that was built has a good one.
    return new Statements(parsed.ok() ? *std::move(parsed) : Statements());
  }();
  return *kStatements;
}

}  // namespace brobygger::collab
