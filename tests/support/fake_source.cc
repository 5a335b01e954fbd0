#include "tests/support/fake_source.h"

#include <limits>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::support {
namespace {

using plugin::v1::ReadResponse;

class FakeSession final : public supervisor::Session {
 public:
  explicit FakeSession(FakeSource& source)
      : source_(source), scope_hash_(source.scope_hash), version_(source.version) {}

  const std::string& scope_hash() const override { return scope_hash_; }
  std::uint64_t epoch() const override { return 1; }
  const std::string& plugin_version() const override { return version_; }
  absl::StatusOr<plugin::v1::UpgradeStateResponse> UpgradeState(
      plugin::v1::UpgradeStateRequest request) override {
    if (source_.upgrade != nullptr) return source_.upgrade(request);
    return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED, "no UpgradeState", {});
  }

  absl::StatusOr<plugin::v1::CheckResponse> Check() override {
    plugin::v1::CheckResponse response;
    (*response.mutable_visible_records())["associations"] = source_.records.size();
    return response;
  }

  absl::StatusOr<plugin::v1::DiscoverResponse> Discover() override {
    plugin::v1::DiscoverResponse response;
    for (const char* name : {"associations", "applications"}) {
      auto& stream = *response.add_streams();
      stream.set_name(name);
      stream.mutable_abilities()->set_snapshot(!source_.delta);
      stream.mutable_abilities()->set_delta(source_.delta);
    }
    return response;
  }

  absl::Status Read(const plugin::v1::ReadRequest& request,
                    absl::FunctionRef<absl::Status(const ReadResponse&)> on_event,
                    const supervisor::CancelToken& /*cancel*/) override {
    for (int i = 0; i < source_.malformed_rows; ++i) {
      ReadResponse event;
      auto& diagnostic = *event.mutable_record_error()->mutable_diagnostic();
      event.mutable_record_error()->set_external_id(source_.malformed_id);
      diagnostic.set_code("fake.malformed");
      diagnostic.set_path("file.csv:" + std::to_string(i + 2));
      BB_RETURN_IF_ERROR(on_event(event));
    }
    if (request.mode() == plugin::v1::ReadRequest::MODE_DELTA) {
      return SendChanges(request.cursor(), on_event);
    }
    const auto& records =
        request.stream() == "applications" ? source_.applications : source_.records;
    BB_RETURN_IF_ERROR(SendRecords(records, request.cursor(), on_event));
    ReadResponse end;
    end.mutable_snapshot_end()->set_complete(source_.complete);
    end.mutable_snapshot_end()->set_record_count(records.size());
    return on_event(end);
  }

  absl::StatusOr<plugin::v1::LookupResponse> Lookup(plugin::v1::LookupRequest request) override {
    if (!source_.can_look_up) {
      return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED, "no Lookup", {});
    }
    plugin::v1::LookupResponse response;
    const auto look = [&](const std::string& wanted, auto matches) -> void {
      bool found = false;
      if (source_.denies_all) {
        response.add_definitely_absent(wanted);
        return;
      }
      for (const auto& [id, record] : source_.records) {
        if (!matches(record, wanted)) continue;
        *response.add_records() = record;
        found = true;
      }
      for (const auto& [id, record] : source_.gone) {
        if (!matches(record, wanted)) continue;
        *response.add_records() = record;
        response.mutable_records()->rbegin()->set_deleted(true);
        found = true;
      }
      if (!found) response.add_definitely_absent(wanted);
    };
    for (const auto& id : request.external_ids()) {
      look(id, [](const auto& record, const auto& key) { return record.external_id() == key; });
    }
    for (const auto& id : request.foreign_ids()) {
      look(id, [](const auto& record, const auto& key) { return record.foreign_id() == key; });
    }
    return response;
  }

  absl::StatusOr<std::vector<plugin::v1::OperationResult>> Write(
      plugin::v1::WriteRequest request) override {
    if (!source_.can_write) {
      return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED, "no Write", {});
    }
    if (source_.loses_calls > 0) {
      --source_.loses_calls;
      return Gone();
    }
    std::vector<plugin::v1::OperationResult> results;
    for (const auto& operation : request.operations()) {
      if (source_.dies_of.contains(operation.foreign_id())) return Gone();
      results.push_back(source_.Carry(operation));
      results.back().set_op_id(operation.op_id());
    }
    if (source_.loses_answers == 0) return results;
    --source_.loses_answers;
    return Gone();
  }

 private:
  // The cursor is "snapshot:" and the last id sent; a new snapshot ignores the
  // one of a finished snapshot.
  absl::Status SendRecords(const std::map<std::string, plugin::v1::Record>& records,
                           const std::string& cursor,
                           absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    const std::string after = cursor.starts_with("at:") ? cursor.substr(3) : "";
    ReadResponse batch;
    std::string last;
    for (const auto& [id, record] : records) {
      if (source_.shows_nothing || (!after.empty() && id <= after)) continue;
      BB_RETURN_IF_ERROR(LiveOn());
      *batch.mutable_batch()->add_records() = record;
      last = id;
      if (batch.batch().records_size() < source_.batch_records) continue;
      BB_RETURN_IF_ERROR(Send(batch, "at:" + last, on_event));
    }
    return Send(batch, "done", on_event);
  }

  static absl::Status Gone() {
    return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "the process is gone",
                           {{"retry_after_seconds", "0"}});
  }

  // For one record more, if the process does not die here.
  absl::Status LiveOn() {
    if (source_.dies_after_records == 0) {
      source_.dies_after_records = -1;
      return Gone();
    }
    if (source_.dies_after_records > 0) --source_.dies_after_records;
    ++source_.records_sent;
    return absl::OkStatus();
  }

  // A time and a key: several records may have been changed at one time.
  using Place = std::pair<std::int64_t, std::string>;

  std::optional<Place> FirstPast(const Place& place) const {
    std::optional<Place> first;
    for (const auto& [id, time] : source_.changed_at) {
      const Place here{time, id};
      if (here > place && (!first || here < *first)) first = here;
    }
    return first;
  }

  plugin::v1::Record RecordAt(const Place& place) const {
    const auto there = source_.records.find(place.second);
    if (there != source_.records.end()) return there->second;
    plugin::v1::Record gone;
    gone.set_external_id(place.second);
    gone.set_deleted(true);
    return gone;
  }

  // The cursor is when this read began, and the place it has come to. The next read
  // starts from that time, or a little before: whatever was changed meanwhile is later.
  absl::Status SendChanges(const std::string& cursor,
                           absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    std::string began = std::to_string(source_.clock);
    Place place{std::numeric_limits<std::int64_t>::min(), ""};
    if (!cursor.empty()) {
      const std::size_t first = cursor.find('|');
      const std::size_t second = cursor.find('|', first + 1);
      place = {std::stoll(cursor.substr(first + 1)), cursor.substr(second + 1)};
      if (first > 0) began = cursor.substr(0, first);
    }
    ReadResponse batch;
    if (source_.shows_nothing) return Send(batch, cursor, on_event);
    while (true) {
      const auto next = FirstPast(place);
      if (!next) break;
      BB_RETURN_IF_ERROR(LiveOn());
      place = *next;
      *batch.mutable_batch()->add_records() = RecordAt(place);
      if (batch.batch().records_size() < source_.batch_records) continue;
      const std::string so_far = began + "|" + std::to_string(place.first) + "|" + place.second;
      BB_RETURN_IF_ERROR(Send(batch, so_far, on_event));
      if (source_.between_batches) source_.between_batches();
    }
    const std::int64_t next_time = std::stoll(began) - source_.overlap;
    return Send(batch, "|" + std::to_string(next_time) + "|", on_event);
  }

  absl::Status Send(ReadResponse& batch,
                    const std::string& cursor,
                    absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    BB_RETURN_IF_ERROR(on_event(batch));
    if (source_.dies_before_checkpoint) {
      source_.dies_before_checkpoint = false;
      return Gone();
    }
    batch.Clear();
    batch.mutable_batch();
    ReadResponse checkpoint;
    checkpoint.mutable_checkpoint()->set_cursor(cursor);
    return on_event(checkpoint);
  }

  FakeSource& source_;
  const std::string scope_hash_;
  const std::string version_;
};

}  // namespace

std::string FakeSource::Text(const std::string& id, const std::string& field) const {
  const auto record = records.find(id);
  if (record == records.end()) return "(no record)";
  const auto value = record->second.fields().find(field);
  if (value == record->second.fields().end()) return "(not told)";
  return value->second.kind_case() == plugin::v1::Value::kNumber
             ? std::to_string(value->second.number())
             : value->second.text();
}

namespace {

using plugin::v1::Record;

Record RecordOf(const std::string& id, const std::map<std::string, std::string>& fields) {
  Record record;
  record.set_external_id(id);
  for (const auto& [name, text] : fields) {
    auto& value = (*record.mutable_fields())[name];
    if (text.empty()) {
      value.mutable_empty();
    } else {
      value.set_text(text);
    }
  }
  return record;
}

}  // namespace

void FakeSource::Tell(const std::string& id, const std::map<std::string, std::string>& fields) {
  Record record = RecordOf(id, fields);
  // Our id stays on a record that somebody edits.
  if (records.count(id) > 0) record.set_foreign_id(records[id].foreign_id());
  records[id] = record;
  Touch(id);
}

void FakeSource::TakeAway(const std::string& id) {
  gone[id] = records.at(id);
  records.erase(id);
  Touch(id);
}

void FakeSource::BringBack(const std::string& id) {
  records[id] = gone.at(id);
  gone.erase(id);
  Touch(id);
}

void FakeSource::TellApplication(const std::string& id,
                                 const std::map<std::string, std::string>& fields) {
  applications[id] = RecordOf(id, fields);
}

std::vector<supervisor::PluginFile> FakeSource::Plugins() const { return {}; }

absl::StatusOr<std::unique_ptr<supervisor::Session>> FakeSource::Open(
    const supervisor::ProcessSpec& spec) {
  ++opens;
  BB_RETURN_IF_ERROR(open_error);
  wanted_fields.assign(spec.streams.at(0).fields().begin(), spec.streams.at(0).fields().end());
  return std::make_unique<FakeSession>(*this);
}

void FakeSource::Committed(const base::ConnectionId& /*connection*/) { ++committed; }

supervisor::ProcessStatus FakeSource::StatusOf(const base::ConnectionId& /*connection*/) const {
  return {};
}

void FakeSource::Stop(const base::ConnectionId& /*connection*/) {}

}  // namespace brobygger::support
