#include "tests/support/fake_source.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::support {
namespace {

using plugin::v1::ReadResponse;

class FakeSession final : public supervisor::Session {
 public:
  explicit FakeSession(FakeSource& source) : source_(source), scope_hash_(source.scope_hash) {}

  const std::string& scope_hash() const override { return scope_hash_; }
  std::uint64_t epoch() const override { return 1; }

  absl::StatusOr<plugin::v1::CheckResponse> Check() override {
    plugin::v1::CheckResponse response;
    (*response.mutable_visible_records())["associations"] = source_.records.size();
    return response;
  }

  absl::StatusOr<plugin::v1::DiscoverResponse> Discover() override {
    plugin::v1::DiscoverResponse response;
    auto& stream = *response.add_streams();
    stream.set_name("associations");
    stream.mutable_abilities()->set_snapshot(true);
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
    BB_RETURN_IF_ERROR(SendRecords(request.cursor(), on_event));
    ReadResponse end;
    end.mutable_snapshot_end()->set_complete(source_.complete);
    end.mutable_snapshot_end()->set_record_count(source_.records.size());
    return on_event(end);
  }

  absl::StatusOr<plugin::v1::LookupResponse> Lookup(
      plugin::v1::LookupRequest /*request*/) override {
    return absl::UnimplementedError("this source cannot look up");
  }

  absl::StatusOr<std::vector<plugin::v1::OperationResult>> Write(
      plugin::v1::WriteRequest /*request*/) override {
    return absl::UnimplementedError("this source cannot be written to");
  }

 private:
  // The cursor is "snapshot:" and the last id sent; a new snapshot ignores the
  // one of a finished snapshot.
  absl::Status SendRecords(const std::string& cursor,
                           absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    const std::string after = cursor.starts_with("at:") ? cursor.substr(3) : "";
    ReadResponse batch;
    std::string last;
    for (const auto& [id, record] : source_.records) {
      if (!after.empty() && id <= after) continue;
      if (source_.dies_after_records == 0) {
        source_.dies_after_records = -1;
        return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "the process is gone",
                               {{"retry_after_seconds", "0"}});
      }
      if (source_.dies_after_records > 0) --source_.dies_after_records;
      ++source_.records_sent;
      *batch.mutable_batch()->add_records() = record;
      last = id;
      if (batch.batch().records_size() < source_.batch_records) continue;
      BB_RETURN_IF_ERROR(Send(batch, "at:" + last, on_event));
    }
    return Send(batch, "done", on_event);
  }

  static absl::Status Send(ReadResponse& batch,
                           const std::string& cursor,
                           absl::FunctionRef<absl::Status(const ReadResponse&)> on_event) {
    BB_RETURN_IF_ERROR(on_event(batch));
    batch.Clear();
    batch.mutable_batch();
    ReadResponse checkpoint;
    checkpoint.mutable_checkpoint()->set_cursor(cursor);
    return on_event(checkpoint);
  }

  FakeSource& source_;
  const std::string scope_hash_;
};

}  // namespace

void FakeSource::Tell(const std::string& id, const std::map<std::string, std::string>& fields) {
  plugin::v1::Record record;
  record.set_external_id(id);
  for (const auto& [name, text] : fields) {
    auto& value = (*record.mutable_fields())[name];
    if (text.empty()) {
      value.mutable_empty();
    } else {
      value.set_text(text);
    }
  }
  records[id] = record;
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
