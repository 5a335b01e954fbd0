#include <memory>
#include <set>
#include <string>
#include <utility>

#include <absl/container/flat_hash_set.h>

#include "brobygger/sdk/connector.h"

#include "plugins/common/digest.h"
#include "plugins/files/csv/source_file.h"
#include "plugins/files/csv/table.h"

namespace brobygger::csv {
namespace {

constexpr char kStream[] = "associations";
constexpr std::uint32_t kCursorVersion = 1;

std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// The cursor, if it is one of ours. Another version's may look alike and mean something
// else; without a cursor the file is read from its beginning.
std::string CursorOf(const sdk::ReadRequest& request) {
  return request.cursor_version() == kCursorVersion ? request.cursor() : "";
}

// How many rows a cursor "<digest>:<rows>" lets us skip; 0 if it is of another file.
std::size_t RowsBefore(const std::string& cursor, const std::string& digest) {
  if (cursor.size() <= digest.size() + 1 || cursor.compare(0, digest.size(), digest) != 0) return 0;
  std::size_t rows = 0;
  for (const char sign : cursor.substr(digest.size() + 1)) {
    if (sign < '0' || sign > '9') return 0;
    rows = rows * 10 + static_cast<std::size_t>(sign - '0');
  }
  return rows;
}

// Reads one CSV file: the whole of it, or nothing.
class CsvConnector final : public sdk::Connector {
 public:
  explicit CsvConnector(sdk::Context context) : log_(context.log) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(common::WithColumns(kConfigSchema));
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    config_ = *std::move(config);
    selected_.clear();
    // A cursor is good for as long as the same text would be told in the same way.
    form_ = request.config_json();
    for (const auto& stream : request.streams()) {
      if (stream.stream() == kStream)
        selected_.insert(stream.fields().begin(), stream.fields().end());
    }
    for (const std::string& field : selected_) form_ += "\n" + field;
    return common::Sha256(config_.path + "\n" + config_.pattern, "").substr(0, 16);
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    std::string path;
    std::string text;
    if (absl::Status wrong = Load(path, text); !wrong.ok()) return wrong;
    const auto wanted = [&call] {
      return call.cancelled() ? absl::CancelledError("nobody waits for it") : absl::OkStatus();
    };
    const auto table = OpenTable(config_, BaseName(path), text, selected_, wanted);
    if (!table.ok()) return table.status();
    sdk::CheckResponse response;
    (*response.mutable_visible_records())[kStream] = table->row_count;
    for (const std::string& header : table->layout.missing) {
      sdk::Diagnostic warning = sdk::ToDiagnostic(
          {.kind = sdk::Diagnostic::CLASS_CONFIG,
           .code = "files.csv.missing_column",
           .da = "Filen har ingen kolonne '" + header + "'; feltet bliver ikke oplyst.",
           .en = "The file has no column '" + header + "'; the field is not told.",
           .path = "columns." + header});
      warning.set_severity(sdk::Diagnostic::SEVERITY_WARNING);
      *response.add_diagnostics() = std::move(warning);
    }
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    sdk::StreamSchema stream;
    stream.set_name(kStream);
    stream.set_schema_version(1);
    stream.mutable_abilities()->set_snapshot(true);
    for (const Column& column : config_.columns) *stream.add_fields() = common::FieldOf(column);
    return std::vector{std::move(stream)};
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    if (absl::Status wrong = Judge(request); !wrong.ok()) return wrong;
    absl::StatusOr<std::string> path = FindFile(config_);
    if (!path.ok()) return path.status();
    std::uint64_t beats = 0;
    const absl::Status stable = WaitUntilStable(*path, config_.stable_for, [&] {
      return sink.Beat(sdk::Heartbeat::STATE_WAITING_REMOTE, ++beats);
    });
    if (!stable.ok()) return stable;
    const absl::StatusOr<std::string> text = ReadWhole(*path);
    if (!text.ok()) return text.status();
    const std::string digest = common::Sha256(*text, form_);
    if (CursorOf(request) == digest) return EndUnchanged(sink);
    const auto table = OpenTable(config_, BaseName(*path), *text, selected_,
                                 [&] { return sink.Beat(sdk::Heartbeat::STATE_WORKING, ++beats); });
    if (!table.ok()) return table.status();
    for (const std::string& header : table->layout.missing) {
      log_.Warn("the file has no column '" + header + "'; its field is not told");
    }
    return SendRows(*table, digest, request, sink);
  }

 private:
  static absl::Status Judge(const sdk::ReadRequest& request) {
    if (request.stream() == kStream && request.mode() == sdk::ReadRequest::MODE_SNAPSHOT) {
      return absl::OkStatus();
    }
    return sdk::MakeError(
        {.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
         .code = "files.csv.unsupported",
         .da = "En fil har kun strømmen 'associations', og den læses altid hel.",
         .en = "A file has only the stream 'associations', and is always read whole.",
         .path = request.stream()});
  }

  absl::Status Load(std::string& path, std::string& text) const {
    absl::StatusOr<std::string> found = FindFile(config_);
    if (!found.ok()) return found.status();
    absl::StatusOr<std::string> bytes = ReadWhole(*found);
    if (!bytes.ok()) return bytes.status();
    path = *std::move(found);
    text = *std::move(bytes);
    return absl::OkStatus();
  }

  static absl::Status EndUnchanged(sdk::Sink& sink) {
    sdk::SnapshotEnd end;
    end.set_complete(true);
    end.set_unchanged(true);
    return sink.EndSnapshot(std::move(end));
  }

  static absl::Status SendRow(const Table& table,
                              const Row& row,
                              absl::flat_hash_set<std::string>& ids,
                              sdk::Sink& sink) {
    absl::StatusOr<sdk::Record> record = MapRow(table.layout, row);
    if (record.ok() && !ids.insert(record->external_id()).second) {
      record = RowError(table.layout, row, "duplicate_id",
                        "nøglen står på flere rækker; den første bruges",
                        "the key stands on several rows; the first is used");
    }
    if (record.ok()) return sink.Add(*std::move(record));
    sdk::RecordError error;
    error.set_external_id(IdOf(table.layout, row));
    *error.mutable_diagnostic() = sdk::DiagnosticOf(record.status());
    error.set_raw(std::string(row.raw.substr(0, sdk::kMaxRawBytes)));
    return sink.Reject(std::move(error));
  }

  static absl::Status SendRows(const Table& table,
                               const std::string& digest,
                               const sdk::ReadRequest& request,
                               sdk::Sink& sink) {
    const std::size_t skip = RowsBefore(CursorOf(request), digest);
    absl::flat_hash_set<std::string> ids;
    ids.reserve(table.row_count);
    const std::unique_ptr<RowSource> reader = table.rows();
    Row row;
    std::size_t at = 0;
    std::size_t sent = 0;
    for (; reader->Next(row); ++at) {
      if (at < skip) {
        // Sent before the restart, but its key is still taken.
        if (auto record = MapRow(table.layout, row); record.ok()) ids.insert(record->external_id());
        continue;
      }
      if (request.max_records() > 0 && sent == request.max_records()) {
        return sink.Checkpoint(digest + ":" + std::to_string(at), kCursorVersion);
      }
      if (absl::Status gone = SendRow(table, row, ids, sink); !gone.ok()) return gone;
      ++sent;
      if (!sink.full()) continue;
      if (absl::Status gone =
              sink.Checkpoint(digest + ":" + std::to_string(at + 1), kCursorVersion);
          !gone.ok()) {
        return gone;
      }
    }
    // The digest alone says: this file was read to its end.
    if (absl::Status gone = sink.Checkpoint(digest, kCursorVersion); !gone.ok()) return gone;
    sdk::SnapshotEnd end;
    end.set_record_count(ids.size());
    // The file was looked through before: as many rows must have come again.
    end.set_complete(at == table.row_count);
    return sink.EndSnapshot(std::move(end));
  }

  sdk::Log& log_;
  Config config_;
  std::set<std::string> selected_;
  std::string form_;
};

}  // namespace
}  // namespace brobygger::csv

BROBYGGER_PLUGIN(brobygger::csv::CsvConnector, "files.csv", "1.0.0")
