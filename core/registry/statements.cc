#include "core/registry/statements.h"

#include <algorithm>

#include "core/base/log.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"

namespace brobygger::registry {

using v1::Association;
using v1::Provenance;

std::string SourceKey(const Provenance& statement) {
  if (statement.connection_id().empty()) return "\n" + statement.actor();
  return statement.connection_id() + "\n" + statement.external_id();
}

std::string SourceKeyOfLink(const std::string& link_key) {
  const std::size_t connection = link_key.find('/');
  const std::size_t stream = link_key.find('/', connection + 1);
  return link_key.substr(0, connection) + "\n" + link_key.substr(stream + 1);
}

const Provenance* StatementBy(const Association& association, const std::string& key) {
  for (const Provenance& statement : association.provenance()) {
    if (SourceKey(statement) == key) return &statement;
  }
  return nullptr;
}

std::string TextAt(const Association& association, const std::string& path) {
  return model::FieldText(association, path).value_or("");
}

void SetTextAt(Association& association, const std::string& path, const std::string& text) {
  const absl::Status set = model::SetFieldText(association, path, text);
  if (!set.ok()) base::LogError("field_not_set", {{"code", set.raw_code()}});
}

std::map<std::string, std::string> SaidIn(const Association& association,
                                          const Provenance& statement) {
  std::map<std::string, std::string> said(statement.other_values().begin(),
                                          statement.other_values().end());
  for (const std::string& path : statement.paths()) said[path] = TextAt(association, path);
  return said;
}

void SetStatement(Association& association,
                  const Provenance& who,
                  const std::map<std::string, std::string>& said) {
  Provenance next = who;
  next.clear_paths();
  next.clear_other_values();
  for (const auto& [path, text] : said) {
    if (model::SameValue(path, text, TextAt(association, path))) {
      next.add_paths(path);
    } else {
      (*next.mutable_other_values())[path] = text;
    }
  }
  const std::string key = SourceKey(who);
  auto& statements = *association.mutable_provenance();
  const auto known = std::find_if(statements.begin(), statements.end(),
                                  [&](const auto& each) { return SourceKey(each) == key; });
  if (known != statements.end()) {
    if (said.empty()) {
      statements.erase(known);
    } else {
      *known = std::move(next);
    }
  } else if (!said.empty()) {
    *statements.Add() = std::move(next);
  }
}

void FillFromStatements(Association& association, const std::string& path) {
  if (!TextAt(association, path).empty()) return;
  const auto& statements = association.provenance();
  const auto told = std::find_if(statements.begin(), statements.end(), [&](const auto& each) {
    const auto other = each.other_values().find(path);
    return other != each.other_values().end() && !other->second.empty();
  });
  if (told == statements.end()) return;
  const Association before = association;
  SetTextAt(association, path, told->other_values().at(path));
  model::SettleStatements(before, association);
}

}  // namespace brobygger::registry
