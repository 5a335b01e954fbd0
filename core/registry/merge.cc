#include "core/registry/merge.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/model/fields.h"
#include "core/model/names.h"
#include "core/model/provenance.h"
#include "core/registry/records.h"
#include "core/registry/statements.h"

namespace brobygger::registry {
namespace {

using v1::Association;
using v1::Identifier;
using v1::Provenance;

constexpr char kIdentifiers[] = "identifiers.";
constexpr char kOtherNames[] = "other_names";
constexpr char kOfficialName[] = "official_name";

bool HasNumber(const Association& association, const Identifier& wanted) {
  return std::any_of(association.identifiers().begin(), association.identifiers().end(),
                     [&](const Identifier& known) {
                       return known.scheme() == wanted.scheme() && known.value() == wanted.value();
                     });
}

bool HasCurrentOfScheme(const Association& association, const std::string& scheme) {
  return std::any_of(
      association.identifiers().begin(), association.identifiers().end(),
      [&](const Identifier& known) { return known.scheme() == scheme && IsCurrent(known); });
}

void AddNumbers(const Association& from, const std::string& today, Together& together) {
  Association& to = together.association;
  for (const Identifier& identifier : from.identifiers()) {
    if (HasNumber(to, identifier)) continue;
    ++together.names;
    const bool ends = IsCurrent(identifier) && HasCurrentOfScheme(to, identifier.scheme());
    Identifier& added = *to.add_identifiers();
    added = identifier;
    if (ends) added.mutable_valid()->set_to_date(today);
  }
}

// Adds the names that the association does not have yet, by any spelling of case
// and accents.
void AddNames(const Association& from, Together& together) {
  Association& to = together.association;
  std::set<std::string> known = {model::FoldName(to.official_name())};
  for (const auto& name : to.other_names()) known.insert(model::FoldName(name.text()));
  const auto add = [&](const v1::OtherName& name) {
    if (name.text().empty() || !known.insert(model::FoldName(name.text())).second) return;
    *to.add_other_names() = name;
    ++together.names;
  };
  v1::OtherName official;
  official.set_text(from.official_name());
  add(official);
  for (const auto& name : from.other_names()) add(name);
}

void AddFields(const Association& from, Together& together) {
  Association& to = together.association;
  for (const std::string& path : model::FilledPaths(from)) {
    if (path == kOtherNames || path.starts_with(kIdentifiers)) continue;
    const std::string theirs = TextAt(from, path);
    const std::string ours = TextAt(to, path);
    if (ours.empty()) {
      SetTextAt(to, path, theirs);
      together.taken_paths.push_back(path);
    } else if (!model::SameValue(path, ours, theirs)) {
      together.kept_paths.push_back(path);
    }
  }
}

// A person who spoke of both associations keeps both words: the second under a
// number, since one statement says one thing about a field.
void AddStatement(const Association& from, const Provenance& statement, Association& to) {
  auto said = SaidIn(from, statement);
  const Provenance* known = StatementBy(to, SourceKey(statement));
  if (known == nullptr) return SetStatement(to, statement, said);
  auto all = SaidIn(to, *known);
  std::map<std::string, std::string> rest;
  for (const auto& [path, text] : said) {
    const auto [there, added] = all.emplace(path, text);
    if (!added && !model::SameValue(path, there->second, text)) rest[path] = text;
  }
  SetStatement(to, Provenance(*known), all);
  if (rest.empty()) return;
  // Not by the absorbed one's id: the digits in an id may look like a CPR number, and then
  // nobody could edit the association any more.
  Provenance apart = statement;
  for (int number = 2; StatementBy(to, SourceKey(apart)) != nullptr; ++number) {
    apart.set_actor(absl::StrCat(statement.actor(), " (", number, ")"));
  }
  SetStatement(to, apart, rest);
}

// The paths that only this source speaks about.
std::vector<std::string> OnlyBy(const Association& association, const Provenance& statement) {
  std::vector<std::string> only;
  for (const std::string& path : statement.paths()) {
    if (model::SourcesOf(association, path).size() == 1) only.push_back(path);
  }
  return only;
}

bool IsRequired(const std::string& path) {
  return path == kOfficialName || path == "municipality_code";
}

}  // namespace

bool SameButForWrite(const Association& left, const Association& right) {
  Association same = right;
  same.set_etag(left.etag());
  if (left.has_update_time()) {
    *same.mutable_update_time() = left.update_time();
  } else {
    same.clear_update_time();
  }
  return ToBytes(left) == ToBytes(same);
}

Together PutTogether(const Association& survivor,
                     const Association& absorbed,
                     const std::string& today) {
  Together together;
  together.association = survivor;
  AddNumbers(absorbed, today, together);
  AddNames(absorbed, together);
  AddFields(absorbed, together);
  model::SettleStatements(survivor, together.association);
  for (const Provenance& statement : absorbed.provenance()) {
    AddStatement(absorbed, statement, together.association);
    ++together.statements;
  }
  return together;
}

Split SplitOff(const Association& association, const Provenance& statement) {
  Split split;
  const auto said = SaidIn(association, statement);
  for (const auto& [path, text] : said) SetTextAt(split.own, path, text);
  if (split.own.official_name().empty()) {
    split.own.set_official_name(association.official_name());
  }
  if (split.own.municipality_code().empty()) {
    split.own.set_municipality_code(association.municipality_code());
  }

  split.rest = association;
  const std::vector<std::string> only = OnlyBy(association, statement);
  SetStatement(split.rest, statement, {});
  for (const std::string& path : only) {
    Association filled = split.rest;
    SetTextAt(filled, path, "");
    FillFromStatements(filled, path);
    if (!IsRequired(path) || !TextAt(filled, path).empty()) split.rest = std::move(filled);
  }

  // A number belongs to one association; this source goes on saying it beside.
  auto& identifiers = *split.own.mutable_identifiers();
  const auto taken =
      std::remove_if(identifiers.begin(), identifiers.end(), [&](const Identifier& identifier) {
        return IsCurrent(identifier) && HasNumber(split.rest, identifier);
      });
  identifiers.erase(taken, identifiers.end());
  SetStatement(split.own, statement, said);
  return split;
}

}  // namespace brobygger::registry
