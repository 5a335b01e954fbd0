#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/read.pb.h"
#include "brobygger/sdk/call.h"
#include "brobygger/sdk/error.h"
#include "brobygger/sdk/utf8.h"

namespace brobygger::sdk {

using plugin::v1::Heartbeat;
using plugin::v1::ReadResponse;
using plugin::v1::Record;
using plugin::v1::RecordError;
using plugin::v1::SnapshotEnd;
using plugin::v1::Value;

inline constexpr int kMaxBatchRecords = 500;
inline constexpr std::size_t kMaxBatchBytes = std::size_t{512} << 10;
inline constexpr std::size_t kMaxExternalIdBytes = 200;
inline constexpr std::size_t kMaxRawBytes = 4096;

// Where Read() puts what it reads. Collects records into batches. Every method
// fails with CANCELLED when nobody listens any more: return that from Read().
// Belongs to the thread that called Read().
class Sink {
 public:
  Sink(Call& call, std::uint64_t epoch, int batch_records) : call_(call) {
    out_.set_epoch(epoch);
    batch_.set_epoch(epoch);
    if (batch_records > 0 && batch_records < kMaxBatchRecords) most_records_ = batch_records;
  }

  // False: stop within a second.
  bool Open() const { return open_ && !call_.cancelled(); }

  // True when the batch has as much as one message takes: a good time for Checkpoint.
  bool full() const {
    return batch_.batch().records_size() >= most_records_ || bytes_ >= kMaxBatchBytes;
  }

  // Adds a record to the batch, sending the batch first if the record does not fit.
  // A record no hub would take is reported as a RecordError instead.
  absl::Status Add(Record record) {
    if (const char* fault = FaultOf(record); fault != nullptr) {
      return Reject(Unfit(record, fault));
    }
    const std::size_t bytes = record.ByteSizeLong();
    if (bytes > kMaxBatchBytes) return Reject(Unfit(record, "too_large"));
    if (full() || bytes_ + bytes > kMaxBatchBytes) {
      if (absl::Status sent = SendBatch(); !sent.ok()) return sent;
    }
    bytes_ += bytes;
    *batch_.mutable_batch()->add_records() = std::move(record);
    return absl::OkStatus();
  }

  // Adds what `make` gives. If it fails or throws, the record at `path` becomes a
  // RecordError with `raw`, and the others go on.
  absl::Status AddFrom(const std::string& path,
                       std::string_view raw,
                       absl::FunctionRef<absl::StatusOr<Record>()> make) {
    absl::StatusOr<Record> record;
    try {
      record = make();
    } catch (const std::exception& problem) {
      record = MakeError({.kind = Diagnostic::CLASS_BUG,
                          .code = "sdk.exception",
                          .da = "Posten kunne ikke læses på grund af en fejl i plugin'et.",
                          .en = "The record could not be read because of a fault in the plugin.",
                          .detail = problem.what()});
    }
    if (record.ok()) return Add(*std::move(record));
    RecordError error;
    *error.mutable_diagnostic() = DiagnosticOf(record.status());
    if (error.diagnostic().path().empty()) error.mutable_diagnostic()->set_path(path);
    error.set_raw(std::string(raw.substr(0, kMaxRawBytes)));
    return Reject(std::move(error));
  }

  // One record that could not be read. The others go on.
  absl::Status Reject(RecordError error) {
    error.set_external_id(Utf8Prefix(error.external_id(), kMaxExternalIdBytes));
    *out_.mutable_record_error() = std::move(error);
    return Send(out_);
  }

  // Sends the batch, and then a place to resume from.
  absl::Status Checkpoint(std::string cursor, std::uint32_t cursor_version) {
    if (absl::Status sent = SendBatch(); !sent.ok()) return sent;
    auto& checkpoint = *out_.mutable_checkpoint();
    checkpoint.set_cursor(std::move(cursor));
    checkpoint.set_cursor_version(cursor_version);
    checkpoint.set_records_since_last(std::exchange(since_checkpoint_, 0));
    return Send(out_);
  }

  // A sign of life while there is nothing to send.
  absl::Status Beat(Heartbeat::State state, std::uint64_t position) {
    out_.mutable_heartbeat()->set_state(state);
    out_.mutable_heartbeat()->set_position(position);
    return Send(out_);
  }

  // Sends the batch and ends the snapshot. Only with `complete` may the hub
  // conclude anything from a record that is absent.
  absl::Status EndSnapshot(SnapshotEnd end) {
    if (absl::Status sent = SendBatch(); !sent.ok()) return sent;
    *out_.mutable_snapshot_end() = std::move(end);
    return Send(out_);
  }

 private:
  // What is wrong with a value, or null. Looks into lists, not into groups of groups.
  static const char* FaultOf(const Value& value) {
    switch (value.kind_case()) {
      case Value::KIND_NOT_SET:
        return "value_without_kind";
      case Value::kText:
        return IsUtf8(value.text()) ? nullptr : "text_not_utf8";
      case Value::kList:
        for (const Value& item : value.list().items()) {
          if (const char* fault = FaultOf(item); fault != nullptr) return fault;
        }
        return nullptr;
      case Value::kGroup:
        return FaultOf(value.group().fields());
      default:
        return nullptr;
    }
  }

  static const char* FaultOf(const google::protobuf::Map<std::string, Value>& fields) {
    for (const auto& [name, value] : fields) {
      if (!IsUtf8(name)) return "text_not_utf8";
      if (const char* fault = FaultOf(value); fault != nullptr) return fault;
    }
    return nullptr;
  }

  static const char* FaultOf(const Record& record) {
    if (record.external_id().empty()) return "no_external_id";
    if (record.external_id().size() > kMaxExternalIdBytes) return "external_id_too_long";
    if (!IsUtf8(record.external_id())) return "external_id_not_utf8";
    return FaultOf(record.fields());
  }

  static RecordError Unfit(const Record& record, const std::string& fault) {
    RecordError error;
    error.set_external_id(record.external_id());
    *error.mutable_diagnostic() = ToDiagnostic(
        {.kind = Diagnostic::CLASS_REJECTED,
         .code = "sdk." + fault,
         .da = "Posten kan ikke sendes til hub'en (" + fault + "). Ret den i kildesystemet.",
         .en = "The record cannot be sent to the hub (" + fault + "). Mend it at the source."});
    return error;
  }

  absl::Status SendBatch() {
    if (batch_.batch().records().empty()) return absl::OkStatus();
    since_checkpoint_ += static_cast<std::uint64_t>(batch_.batch().records_size());
    absl::Status sent = Send(batch_);
    batch_.mutable_batch()->mutable_records()->Clear();
    bytes_ = 0;
    return sent;
  }

  absl::Status Send(const ReadResponse& response) {
    if (open_) open_ = call_.Reply(response);
    return open_ ? absl::OkStatus() : absl::CancelledError("the hub does not listen any more");
  }

  Call& call_;
  int most_records_ = kMaxBatchRecords;
  ReadResponse batch_;
  ReadResponse out_;
  std::size_t bytes_ = 0;
  std::uint64_t since_checkpoint_ = 0;
  bool open_ = true;
};

}  // namespace brobygger::sdk
