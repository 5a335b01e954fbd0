#include "core/registry/edit.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/field_table.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/model/validate.h"
#include "core/registry/ingest.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using google::protobuf::FieldMask;

v1::Provenance StatementOf(const storage::Transaction& transaction, const std::string& actor) {
  v1::Provenance who;
  who.set_actor(actor);
  *who.mutable_registered_time() = base::ToTimestamp(transaction.now());
  return who;
}

absl::Status WrongMask(const std::string& path, const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, "update_mask: " + what + ".",
                         {{"field", "update_mask"}, {"path", Shown(path)}});
}

// The top-level fields that a mask names.
absl::StatusOr<std::set<std::string>> FieldsOf(const FieldMask& mask) {
  std::set<std::string> fields;
  if (mask.paths().empty()) {
    return WrongMask("", "is required: name the fields to replace, or \"*\" for all");
  }
  for (const std::string& path : mask.paths()) {
    if (path == "*" && mask.paths_size() > 1) {
      return WrongMask(path, "\"*\" stands for all fields and must stand alone");
    }
    if (path == "*") continue;
    if (model::IsOutputOnly(path)) {
      return WrongMask(path, "\"" + path + "\" is set by the hub alone; leave it out");
    }
    if (Association::descriptor()->FindFieldByName(path) == nullptr) {
      return WrongMask(path,
                       "an association has no field \"" + Shown(path) + "\" at its top level");
    }
    fields.insert(path);
  }
  if (fields.empty()) {
    for (const model::FieldSpec& spec : model::FieldTable()) fields.insert(spec.name);
  }
  return fields;
}

void ReplaceFields(const std::set<std::string>& fields, Association wanted, Association& next) {
  std::vector<const google::protobuf::FieldDescriptor*> replaced;
  for (const model::FieldSpec& spec : model::FieldTable()) {
    if (fields.contains(spec.name)) replaced.push_back(spec.field);
  }
  Association::GetReflection()->SwapFields(&next, &wanted, replaced);
}

// When a number was checked is not for the caller to say; it stays with the
// number it was said about.
void KeepVerifiedTimes(const Association& before, Association& after) {
  for (v1::Identifier& identifier : *after.mutable_identifiers()) {
    identifier.clear_verified_time();
    for (const v1::Identifier& known : before.identifiers()) {
      if (known.scheme() != identifier.scheme() || known.value() != identifier.value()) continue;
      if (known.has_verified_time()) *identifier.mutable_verified_time() = known.verified_time();
    }
  }
}

// Whether the association is live and as the caller read it.
absl::Status CheckForChange(const Association& association, const std::string& etag) {
  const std::string& id = association.id();
  BB_RETURN_IF_ERROR(CheckNotMerged(association));
  if (association.has_delete_time()) {
    return base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_DELETED,
                           "The association " + id + " is deleted; undelete it first.",
                           {{"association_id", id}});
  }
  return CheckEtag(etag, association.etag(), {"association_id", id});
}

bool NamesIdentifier(const std::vector<std::string>& paths) {
  return std::any_of(paths.begin(), paths.end(),
                     [](const std::string& path) { return path.starts_with("identifiers."); });
}

absl::StatusOr<PreparedUpdate> WorkOut(const storage::Snapshot& snapshot,
                                       const Association& wanted,
                                       const FieldMask& mask) {
  BB_ASSIGN_OR_RETURN(const std::set<std::string> fields, FieldsOf(mask));
  PreparedUpdate update;
  BB_ASSIGN_OR_RETURN(update.base, snapshot.Find(storage::Kind::kAssociation, wanted.id()));
  if (update.base == nullptr) return AssociationNotFound(wanted.id());
  Association before;
  BB_RETURN_IF_ERROR(ParseRecord(update.base, before));
  BB_RETURN_IF_ERROR(CheckForChange(before, wanted.etag()));

  update.after = before;
  ReplaceFields(fields, wanted, update.after);
  KeepVerifiedTimes(before, update.after);
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(update.after));
  update.changed = model::ChangedPaths(before, update.after);
  if (update.changed.empty()) {
    update.after = std::move(before);
  } else {
    model::SettleStatements(before, update.after, update.changed);
  }
  return update;
}

}  // namespace

absl::StatusOr<Association> CreateAssociation(storage::Transaction& transaction,
                                              Association wanted,
                                              const std::string& actor) {
  wanted.clear_etag();
  wanted.clear_delete_time();
  wanted.clear_merged_into_association_id();
  wanted.clear_provenance();
  KeepVerifiedTimes(Association(), wanted);
  wanted.set_id(base::MakeUuid());
  *wanted.mutable_create_time() = base::ToTimestamp(transaction.now());

  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(wanted));
  BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, wanted));
  model::RecordStatement(wanted, StatementOf(transaction, actor), model::FilledPaths(wanted));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, wanted));
  return wanted;
}

PreparedUpdate PrepareUpdate(const storage::Snapshot& snapshot,
                             const Association& wanted,
                             const FieldMask& mask) {
  auto prepared = WorkOut(snapshot, wanted, mask);
  return prepared.ok() ? *std::move(prepared) : PreparedUpdate();
}

absl::StatusOr<Association> UpdateAssociation(storage::Transaction& transaction,
                                              const Association& wanted,
                                              const FieldMask& mask,
                                              const std::string& actor,
                                              PreparedUpdate prepared) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes now,
                      transaction.Find(storage::Kind::kAssociation, wanted.id()));
  if (now == nullptr || prepared.base != now) {
    BB_ASSIGN_OR_RETURN(prepared, WorkOut(transaction, wanted, mask));
  }
  Association& after = prepared.after;
  if (prepared.changed.empty()) return std::move(after);

  // The numbers it has had all along are in the index as its own.
  if (NamesIdentifier(prepared.changed)) {
    BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, after));
  }
  model::RecordStatement(after, StatementOf(transaction, actor), prepared.changed);
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, after));
  return std::move(after);
}

absl::StatusOr<Association> DeleteAssociation(storage::Transaction& transaction,
                                              const std::string& id,
                                              const std::string& etag,
                                              const std::string& /*actor*/) {
  BB_ASSIGN_OR_RETURN(Association association, GetAssociation(transaction, id));
  BB_RETURN_IF_ERROR(CheckForChange(association, etag));
  *association.mutable_delete_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, association));
  return association;
}

absl::StatusOr<Association> UndeleteAssociation(storage::Transaction& transaction,
                                                const std::string& id,
                                                const std::string& etag,
                                                const std::string& /*actor*/) {
  BB_ASSIGN_OR_RETURN(Association association, GetAssociation(transaction, id));
  BB_RETURN_IF_ERROR(CheckNotMerged(association));
  if (!association.has_delete_time()) {
    return base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_NOT_DELETED,
                           "The association " + id + " is not deleted.", {{"association_id", id}});
  }
  BB_RETURN_IF_ERROR(CheckEtag(etag, association.etag(), {"association_id", id}));
  association.clear_delete_time();
  BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, association));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, association));
  return association;
}

}  // namespace brobygger::registry
