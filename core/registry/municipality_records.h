#pragma once

#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/departments.h"
#include "core/registry/index_scan.h"
#include "core/registry/records.h"
#include "core/storage/store.h"

// Policies and coordination groups are kept in one way: by id, found by municipality. For
// this module's own files.
namespace brobygger::registry {

// One such kind of record, and what its errors say.
struct MunicipalityKind {
  storage::Kind kind;
  storage::Index index;  // by municipality code
  base::ErrorReason not_found;
  const char* noun;
  const char* id_field;  // in an error's metadata
};

// The record's bytes; `what.not_found` where there is none.
inline absl::StatusOr<storage::Bytes> GetRecordBytes(const storage::Snapshot& snapshot,
                                                     const MunicipalityKind& what,
                                                     const std::string& id) {
  BB_ASSIGN_OR_RETURN(storage::Bytes bytes, snapshot.Find(what.kind, id));
  if (bytes != nullptr) return bytes;
  return base::MakeError(
      what.not_found,
      std::string("There is no ") + what.noun + " with the id \"" + Shown(id) + "\".",
      {{what.id_field, Shown(id)}});
}

// The record that `wanted` replaces, or an empty one if `wanted` has no id. ETAG_MISMATCH.
template <typename Record>
absl::StatusOr<Record> ReplacedBy(const storage::Snapshot& snapshot,
                                  const MunicipalityKind& what,
                                  const Record& wanted) {
  Record before;
  if (wanted.id().empty()) return before;
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, GetRecordBytes(snapshot, what, wanted.id()));
  BB_RETURN_IF_ERROR(ParseRecord(bytes, before));
  BB_RETURN_IF_ERROR(CheckEtag(wanted.etag(), before.etag(), {what.id_field, before.id()}));
  return before;
}

// Stores `wanted` in place of what has its id, or under a new one. `check(record)` brings
// the record into normal form or refuses it. FIELD_INVALID if it would move to another
// municipality.
template <typename Record, typename Check>
absl::StatusOr<Record> PutRecord(storage::Transaction& transaction,
                                 const MunicipalityKind& what,
                                 Record wanted,
                                 const Check& check) {
  BB_ASSIGN_OR_RETURN(Record before, ReplacedBy(transaction, what, wanted));
  wanted.set_etag(before.etag());
  wanted.clear_update_time();
  BB_RETURN_IF_ERROR(check(wanted));
  if (!before.id().empty() && before.municipality_code() != wanted.municipality_code()) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           std::string("municipality_code: a ") + what.noun +
                               " stays with its municipality; make a new one there.",
                           {{"field", "municipality_code"}});
  }
  if (before.has_update_time()) *wanted.mutable_update_time() = before.update_time();
  if (!before.id().empty() && ToBytes(before) == ToBytes(wanted)) return before;

  if (wanted.id().empty()) wanted.set_id(base::MakeUuid());
  wanted.set_etag(EtagOf(transaction.revision()));
  *wanted.mutable_update_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(transaction.Put(what.kind, wanted.id(), ToBytes(wanted),
                                     {{what.index, wanted.municipality_code()}}));
  return wanted;
}

// Takes the record away; `what.not_found` where there is none.
inline absl::Status RemoveRecord(storage::Transaction& transaction,
                                 const MunicipalityKind& what,
                                 const std::string& id) {
  BB_RETURN_IF_ERROR(GetRecordBytes(transaction, what, id).status());
  return transaction.Remove(what.kind, id);
}

// All of a municipality's, in the order of their ids. MUNICIPALITY_NOT_FOUND.
template <typename Record>
absl::StatusOr<std::vector<Record>> RecordsOf(const storage::Snapshot& snapshot,
                                              const MunicipalityKind& what,
                                              const std::string& municipality_code) {
  BB_RETURN_IF_ERROR(CheckMunicipality(municipality_code));
  BB_ASSIGN_OR_RETURN(const auto ids, KeysAt(snapshot, what.index, municipality_code));
  std::vector<Record> records;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, GetRecordBytes(snapshot, what, id));
    BB_RETURN_IF_ERROR(ParseRecord(bytes, records.emplace_back()));
  }
  return records;
}

}  // namespace brobygger::registry
