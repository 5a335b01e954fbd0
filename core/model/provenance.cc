#include "core/model/provenance.h"

#include <algorithm>

#include "core/model/fields.h"

namespace brobygger::model {
namespace {

using Statements = google::protobuf::RepeatedPtrField<Provenance>;

bool SameSource(const Provenance& left, const Provenance& right) {
  if (left.connection_id() != right.connection_id()) return false;
  return left.connection_id().empty() ? left.actor() == right.actor()
                                      : left.external_id() == right.external_id();
}

bool HasPath(const Provenance& statement, const std::string& path) {
  return std::find(statement.paths().begin(), statement.paths().end(), path) !=
         statement.paths().end();
}

void RemovePath(Provenance& statement, const std::string& path) {
  auto* paths = statement.mutable_paths();
  paths->erase(std::remove(paths->begin(), paths->end(), path), paths->end());
}

// The statement of that source, made if there is none, with the actor, run and
// time of `who`.
Provenance& StatementOf(Association& association, const Provenance& who) {
  Provenance* statement = nullptr;
  for (Provenance& known : *association.mutable_provenance()) {
    if (SameSource(known, who)) statement = &known;
  }
  if (statement == nullptr) statement = association.add_provenance();
  statement->set_connection_id(who.connection_id());
  statement->set_external_id(who.external_id());
  statement->set_actor(who.actor());
  statement->set_run_id(who.run_id());
  *statement->mutable_registered_time() = who.registered_time();
  return *statement;
}

void SetPaths(Provenance& statement, std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  statement.mutable_paths()->Assign(paths.begin(), paths.end());
}

void DropSilent(Association& association) {
  Statements* statements = association.mutable_provenance();
  const auto end =
      std::remove_if(statements->begin(), statements->end(), [](const auto& statement) {
        return statement.paths().empty() && statement.other_values().empty();
      });
  statements->erase(end, statements->end());
}

// The record held `old_text` at `path` and now holds `new_text`.
void Settle(Provenance& statement,
            const std::string& path,
            const std::string& old_text,
            const std::string& new_text) {
  auto* others = statement.mutable_other_values();
  if (HasPath(statement, path)) {
    if (SameValue(path, old_text, new_text)) return;
    RemovePath(statement, path);
    (*others)[path] = old_text;
  } else if (const auto other = others->find(path);
             other != others->end() && SameValue(path, other->second, new_text)) {
    others->erase(other);
    std::vector<std::string> paths(statement.paths().begin(), statement.paths().end());
    paths.push_back(path);
    SetPaths(statement, std::move(paths));
  }
}

}  // namespace

void RecordStatement(Association& association,
                     const Provenance& who,
                     const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  Provenance& statement = StatementOf(association, who);
  std::vector<std::string> all(statement.paths().begin(), statement.paths().end());
  all.insert(all.end(), paths.begin(), paths.end());
  SetPaths(statement, std::move(all));
  for (const std::string& path : paths) statement.mutable_other_values()->erase(path);
}

void RecordOtherValue(Association& association,
                      const Provenance& who,
                      const std::string& path,
                      const std::string& text) {
  Provenance& statement = StatementOf(association, who);
  RemovePath(statement, path);
  (*statement.mutable_other_values())[path] = text;
}

void SettleStatements(const Association& before, Association& after) {
  SettleStatements(before, after, ChangedPaths(before, after));
}

void SettleStatements(const Association& before,
                      Association& after,
                      const std::vector<std::string>& changed) {
  for (const std::string& path : changed) {
    const std::string old_text = FieldText(before, path).value_or("");
    const std::string new_text = FieldText(after, path).value_or("");
    for (Provenance& statement : *after.mutable_provenance()) {
      Settle(statement, path, old_text, new_text);
    }
  }
  DropSilent(after);
}

void RetractStatement(Association& association,
                      const Provenance& who,
                      const std::vector<std::string>& paths) {
  for (Provenance& statement : *association.mutable_provenance()) {
    if (!SameSource(statement, who)) continue;
    for (const std::string& path : paths) {
      RemovePath(statement, path);
      statement.mutable_other_values()->erase(path);
    }
  }
  DropSilent(association);
}

std::vector<std::string> ForgetSource(Association& association, const Provenance& who) {
  Statements* statements = association.mutable_provenance();
  const auto end = std::remove_if(statements->begin(), statements->end(),
                                  [&](const auto& known) { return SameSource(known, who); });
  statements->erase(end, statements->end());

  std::vector<std::string> orphans = FilledPaths(association);
  std::erase_if(orphans,
                [&](const std::string& path) { return !SourcesOf(association, path).empty(); });
  return orphans;
}

std::vector<const Provenance*> SourcesOf(const Association& association, const std::string& path) {
  std::vector<const Provenance*> sources;
  for (const Provenance& statement : association.provenance()) {
    if (HasPath(statement, path)) sources.push_back(&statement);
  }
  return sources;
}

const Provenance* FindStatement(const Association& association, const Provenance& who) {
  for (const Provenance& statement : association.provenance()) {
    if (SameSource(statement, who)) return &statement;
  }
  return nullptr;
}

}  // namespace brobygger::model
