#include "core/registry/records.h"

#include <algorithm>
#include <utility>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include "core/base/status_macros.h"
#include "core/model/names.h"
#include "core/registry/ingest.h"

namespace brobygger::registry {
namespace {

using storage::Index;
using storage::IndexTerm;
using storage::Kind;

std::vector<IndexTerm> TermsOf(const v1::Association& association, storage::Revision revision) {
  std::vector<IndexTerm> terms;
  terms.push_back({Index::kAssociationByName, model::FoldName(association.official_name())});
  terms.push_back(storage::UpdateTerm(revision));
  if (association.has_delete_time()) return terms;
  for (const v1::Identifier& identifier : association.identifiers()) {
    if (!IsCurrent(identifier)) continue;
    terms.push_back(
        {Index::kAssociationByIdentifier, IdentifierTerm(identifier.scheme(), identifier.value())});
  }
  return terms;
}

}  // namespace

absl::Status ParseRecord(const storage::Bytes& bytes, google::protobuf::MessageLite& record) {
  if (bytes != nullptr && record.ParseFromString(*bytes)) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "A stored record of type " + record.GetTypeName() +
                             " cannot be read; restore the store from a backup.",
                         {{"kind", record.GetTypeName()}});
}

std::string ToBytes(const google::protobuf::MessageLite& record) {
  // Of its full size at once: growing by and by copied each record four times.
  std::string bytes(record.ByteSizeLong(), '\0');
  {
    google::protobuf::io::ArrayOutputStream stream(bytes.data(), static_cast<int>(bytes.size()));
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    record.SerializeWithCachedSizes(&coded);
  }
  return bytes;
}

std::string EtagOf(storage::Revision revision) { return "r" + std::to_string(revision); }

absl::Status CheckEtag(const std::string& wanted,
                       const std::string& current,
                       const base::ErrorField& id) {
  if (wanted.empty() || wanted == current) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_ETAG_MISMATCH,
                         "The record " + id.second +
                             " has changed since it was read; read it again and repeat the change.",
                         {{"current_etag", current}, id});
}

std::string IdentifierTerm(const std::string& scheme, const std::string& value) {
  return scheme + ":" + value;
}

bool IsCurrent(const v1::Identifier& identifier) { return identifier.valid().to_date().empty(); }

std::string Shown(const std::string& word) {
  const bool plain = word.size() <= 64 && std::all_of(word.begin(), word.end(),
                                                      [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? word : "";
}

absl::Status AssociationNotFound(const std::string& id) {
  return base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
                         "There is no association with the id \"" + Shown(id) + "\".",
                         {{"association_id", Shown(id)}});
}

absl::StatusOr<v1::Association> GetAssociation(const storage::Snapshot& snapshot,
                                               const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto association, FindAssociation(snapshot, id));
  if (!association.has_value()) return AssociationNotFound(id);
  return *std::move(association);
}

absl::Status CheckNotMerged(const v1::Association& association) {
  const std::string& into = association.merged_into_association_id();
  if (into.empty()) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_ASSOCIATION_MERGED,
      "The association " + association.id() + " was merged into " + into + "; change that one.",
      {{"association_id", association.id()}, {"merged_into_association_id", into}});
}

std::string MergedInto(const std::string& association_bytes) {
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream input(
      reinterpret_cast<const std::uint8_t*>(association_bytes.data()),
      static_cast<int>(association_bytes.size()));
  while (const std::uint32_t tag = input.ReadTag()) {
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    std::string id;
    if (field == v1::Association::kMergedIntoAssociationIdFieldNumber) {
      return WireFormatLite::ReadString(&input, &id) ? id : "";
    }
    // Bytes come in the order of their fields.
    if (field > v1::Association::kMergedIntoAssociationIdFieldNumber) break;
    if (!WireFormatLite::SkipField(&input, tag)) break;
  }
  return "";
}

absl::Status CheckIdentifiersFree(const storage::Snapshot& snapshot,
                                  const v1::Association& association) {
  for (const v1::Identifier& identifier : association.identifiers()) {
    if (!IsCurrent(identifier)) continue;
    BB_ASSIGN_OR_RETURN(const auto owner,
                        FindByIdentifier(snapshot, identifier.scheme(), identifier.value()));
    if (!owner.has_value() || *owner == association.id()) continue;
    // Whose it is tells nobody who may not see it, but two of one number there cannot be.
    BB_ASSIGN_OR_RETURN(const storage::Bytes seen, snapshot.Find(Kind::kAssociation, *owner));
    if (seen == nullptr) {
      return base::MakeError(errors::v1::ERROR_REASON_IDENTIFIER_TAKEN,
                             "The registry already has this identifier of scheme " +
                                 identifier.scheme() + "; ask whoever runs the hub.",
                             {{"association_id", ""}, {"scheme", identifier.scheme()}});
    }
    return base::MakeError(errors::v1::ERROR_REASON_IDENTIFIER_TAKEN,
                           "The association " + *owner + " already has this identifier of scheme " +
                               identifier.scheme() + "; it may be the same association.",
                           {{"association_id", *owner}, {"scheme", identifier.scheme()}});
  }
  return absl::OkStatus();
}

absl::Status StoreAssociation(storage::Transaction& transaction, v1::Association& association) {
  association.set_etag(EtagOf(transaction.revision()));
  *association.mutable_update_time() = base::ToTimestamp(transaction.now());
  return transaction.Put(Kind::kAssociation, association.id(), ToBytes(association),
                         TermsOf(association, transaction.revision()));
}

}  // namespace brobygger::registry
