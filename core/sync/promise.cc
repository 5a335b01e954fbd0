#include "core/sync/promise.h"

#include <map>
#include <utility>

namespace brobygger::sync {
namespace {

using plugin::v1::Diagnostic;
using v1::CheckConnectionResponse;

Diagnostic Trouble(Diagnostic::Severity severity,
                   const std::string& code,
                   const std::string& field,
                   const std::string& text) {
  Diagnostic diagnostic;
  diagnostic.set_severity(severity);
  diagnostic.set_class_(Diagnostic::CLASS_CONFIG);
  diagnostic.set_code(code);
  diagnostic.set_path(field);
  (*diagnostic.mutable_text())["en"] = text;
  return diagnostic;
}

}  // namespace

Promise PromiseOf(const plugin::v1::StreamSchema& stream) {
  const auto& can = stream.abilities();
  Promise promise;
  if (!can.update() && !can.create()) {
    promise.missing.emplace_back("it cannot be written");
    return promise;
  }
  promise.level = CheckConnectionResponse::LEVEL_B;
  const std::pair<bool, const char*> wanted[] = {
      {can.delta() || can.snapshot(), "it cannot say that it told everything"},
      {can.partial_update(), "it cannot write single fields"},
      {can.etag(), "it cannot write only if nothing has changed"},
      {can.stores_foreign_id() || can.client_assigned_id() || can.idempotency_key(),
       "a record made there cannot be found again by the hub's id"}};
  for (const auto& [there, lack] : wanted) {
    if (!there) promise.missing.emplace_back(lack);
  }
  if (promise.missing.empty()) promise.level = CheckConnectionResponse::LEVEL_A;
  return promise;
}

std::vector<Diagnostic> TroubleWithMappings(const plugin::v1::StreamSchema& stream,
                                            const Mapping& mapping) {
  std::map<std::string, const plugin::v1::FieldSchema*> fields;
  for (const auto& field : stream.fields()) fields[field.name()] = &field;
  std::vector<Diagnostic> troubles;
  for (const auto& one : mapping.mappings()) {
    // The hub's id stands on the record itself, not in a field.
    if (one.target() == kHubAssociationId || fields.empty()) continue;
    const auto field = fields.find(one.source_field());
    if (field == fields.end()) {
      troubles.push_back(
          Trouble(Diagnostic::SEVERITY_ERROR, "sync.no_such_field", one.source_field(),
                  "the source has no field '" + one.source_field() + "', which is mapped to " +
                      one.target() + "; correct the mapping or the plugin's columns"));
      continue;
    }
    const bool written = mapping.writable().count(Mapping::PathOf(one.target())) > 0;
    if (!written || field->second->writable()) continue;
    troubles.push_back(Trouble(Diagnostic::SEVERITY_ERROR, "sync.not_writable", one.source_field(),
                               "the policy of " + one.target() + " says that the field '" +
                                   one.source_field() +
                                   "' is written, and the source does not let it be; change the "
                                   "policy, or let the plugin write it"));
  }
  return troubles;
}

}  // namespace brobygger::sync
