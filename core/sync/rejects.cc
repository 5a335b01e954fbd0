#include "core/sync/rejects.h"

#include <set>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/model/labels.h"
#include "core/sync/claims.h"

namespace brobygger::sync {
namespace {

using storage::Kind;

std::string ReadPrefix(const StreamKey& stream) { return stream.prefix() + "row/"; }

std::string PlanPrefix(const StreamKey& stream) { return stream.prefix() + "record/"; }

std::string PlanKey(const StreamKey& stream, const std::string& external_id) {
  return PlanPrefix(stream) + external_id;
}

// What to tell Danish readers about a record the hub refused.
std::string DanishText(errors::v1::ErrorReason reason, const std::string& field) {
  std::string text(
      model::Label("brobygger.errors.v1.ErrorReason", errors::v1::ErrorReason_Name(reason), "da"));
  if (!text.empty() && !field.empty()) text += " (" + field + ")";
  return text;
}

}  // namespace

v1::RejectedRecord RejectedByPlugin(const plugin::v1::RecordError& error) {
  v1::RejectedRecord rejected;
  rejected.set_external_id(error.external_id());
  rejected.set_place(error.diagnostic().path());
  rejected.set_code(error.diagnostic().code());
  const auto& text = error.diagnostic().text();
  if (const auto da = text.find("da"); da != text.end()) rejected.set_text_da(da->second);
  if (const auto en = text.find("en"); en != text.end()) rejected.set_text_en(en->second);
  return rejected;
}

v1::RejectedRecord RejectedByHub(const std::string& external_id,
                                 const std::string& place,
                                 const absl::Status& status) {
  v1::RejectedRecord rejected;
  rejected.set_external_id(external_id);
  rejected.set_place(place);
  const auto reason = base::ReasonOf(status);
  rejected.set_code(errors::v1::ErrorReason_Name(reason).substr(sizeof("ERROR_REASON_") - 1));
  rejected.set_text_en(std::string(status.message()));
  rejected.set_text_da(DanishText(reason, base::ErrorMetadata(status, "field")));
  return rejected;
}

absl::Status BadKey(const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, why, {{"field", "external_id"}});
}

absl::Status KeepAside(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const std::string& run_id,
                       v1::RejectedRecord rejected,
                       bool from_reading) {
  if (model::LooksLikeCpr(rejected.external_id())) rejected.clear_external_id();
  const std::string key = from_reading
                              ? ReadPrefix(stream) + rejected.place() + "/" + rejected.external_id()
                              : PlanKey(stream, rejected.external_id());
  BB_ASSIGN_OR_RETURN(const auto before,
                      Load<v1::RejectedRecord>(transaction, Kind::kRejected, key));
  *rejected.mutable_last_time() = base::ToTimestamp(transaction.now());
  *rejected.mutable_first_time() = before ? before->first_time() : rejected.last_time();
  rejected.set_connection_id(stream.connection_id);
  rejected.set_run_id(run_id);
  return transaction.Put(Kind::kRejected, key, rejected.SerializeAsString());
}

absl::Status NoLongerAside(storage::Transaction& transaction,
                           const StreamKey& stream,
                           const std::string& external_id) {
  return transaction.Remove(Kind::kRejected, PlanKey(stream, external_id));
}

absl::StatusOr<bool> IsAside(const storage::Snapshot& snapshot,
                             const StreamKey& stream,
                             const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes row,
                      snapshot.Find(Kind::kRejected, PlanKey(stream, external_id)));
  return row != nullptr;
}

absl::Status RenameAside(storage::Transaction& transaction,
                         const StreamKey& stream,
                         const std::map<std::string, std::string>& renamed) {
  std::vector<v1::RejectedRecord> rows;
  for (const auto& [old_id, new_id] : renamed) {
    const std::string key = PlanKey(stream, old_id);
    BB_ASSIGN_OR_RETURN(auto row, Load<v1::RejectedRecord>(transaction, Kind::kRejected, key));
    if (!row) continue;
    row->set_external_id(new_id);
    rows.push_back(*std::move(row));
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kRejected, key));
  }
  for (const auto& row : rows) {
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kRejected, PlanKey(stream, row.external_id()),
                                       row.SerializeAsString()));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> AnyAside(const storage::Snapshot& snapshot, const StreamKey& stream) {
  BB_ASSIGN_OR_RETURN(
      const auto first,
      snapshot.Scan(Kind::kRejected, {.prefix = PlanPrefix(stream), .after = "", .limit = 1}));
  return !first.empty();
}

absl::Status ForgetReadsOf(storage::Transaction& transaction,
                           const StreamKey& stream,
                           const std::vector<std::string>& external_ids) {
  if (external_ids.empty()) return absl::OkStatus();
  const std::set<std::string> mended(external_ids.begin(), external_ids.end());
  std::vector<std::string> over;
  const auto visit = [&](const std::string& key, const std::string& bytes) {
    v1::RejectedRecord rejected;
    const bool about = rejected.ParseFromString(bytes) && !rejected.external_id().empty();
    if (about && mended.contains(rejected.external_id())) over.push_back(key);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kRejected, ReadPrefix(stream), visit));
  for (const std::string& key : over) {
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kRejected, key));
  }
  return absl::OkStatus();
}

absl::Status ForgetOlderReads(storage::Transaction& transaction,
                              const StreamKey& stream,
                              const std::string& run_id,
                              const std::function<bool(const std::string& external_id)>& has) {
  std::vector<std::string> over;
  const auto visit = [&](const std::string& key, const std::string& bytes) {
    v1::RejectedRecord rejected;
    const bool read = rejected.ParseFromString(bytes);
    const bool from_plan = key.starts_with(PlanPrefix(stream));
    const bool still = from_plan ? has(rejected.external_id()) : rejected.run_id() == run_id;
    if (!read || !still) over.push_back(key);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kRejected, stream.prefix(), visit));
  for (const std::string& key : over) {
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kRejected, key));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
