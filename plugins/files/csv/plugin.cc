#include <memory>
#include <set>
#include <string>
#include <utility>

#include <absl/container/flat_hash_set.h>

#include "brobygger/sdk/connector.h"

#include "plugins/common/digest.h"
#include "plugins/files/csv/cursor.h"
#include "plugins/files/csv/remote_file.h"
#include "plugins/files/csv/source_file.h"
#include "plugins/files/csv/table.h"

namespace brobygger::csv {
namespace {

constexpr char kStream[] = "associations";
constexpr char kPassword[] = "password";
constexpr char kPrivateKey[] = "private_key";

std::string SecretIn(const sdk::ConfigureRequest& request, const char* name) {
  const auto found = request.secrets().find(name);
  return found == request.secrets().end() ? "" : found->second;
}

std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// Reads one file: the whole of it, or nothing.
class CsvConnector final : public sdk::Connector {
 public:
  explicit CsvConnector(sdk::Context context) : log_(context.log) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(common::WithColumns(kConfigSchema));
    const auto add = [&](const char* name, const char* da, const char* en) {
      auto& secret = *spec.add_secrets();
      secret.set_name(name);
      (*secret.mutable_title())["da"] = da;
      (*secret.mutable_title())["en"] = en;
    };
    add(kPassword, "Adgangskode til serveren, eller til den private nøgle",
        "The password for the server, or for the private key");
    add(kPrivateKey, "Privat nøgle til SFTP", "The private key for SFTP");
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    config_ = *std::move(config);
    remote_.reset();
    if (!config_.url.empty()) {
      remote_ = std::make_unique<RemoteFile>(
          config_, Credentials{.password = SecretIn(request, kPassword),
                               .private_key = SecretIn(request, kPrivateKey)});
    }
    selected_.clear();
    // A cursor is good for as long as the same text would be told in the same way.
    form_ = request.config_json();
    for (const auto& stream : request.streams()) {
      if (stream.stream() == kStream)
        selected_.insert(stream.fields().begin(), stream.fields().end());
    }
    for (const std::string& field : selected_) form_ += "\n" + field;
    form_ = common::Sha256(form_);
    // As it was before a file could be fetched, where none is.
    const std::string where = config_.url.empty() ? "" : "\n" + config_.url;
    return common::Sha256(config_.path + "\n" + config_.pattern, where).substr(0, 16);
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    const auto wanted = [&call] {
      return call.cancelled() ? absl::CancelledError("nobody waits for it") : absl::OkStatus();
    };
    const absl::StatusOr<LoadedFile> file = Load("", /*patient=*/false, wanted);
    if (!file.ok()) return file.status();
    const auto table = OpenTable(config_, file->name, file->bytes, selected_, wanted);
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
    std::uint64_t beats = 0;
    const auto beat = [&] { return sink.Beat(sdk::Heartbeat::STATE_WAITING_REMOTE, ++beats); };
    const Cursor cursor = CursorOf(request);
    const bool same_form = cursor.form == form_.substr(0, kFormSigns);
    const absl::StatusOr<LoadedFile> file =
        Load(same_form ? cursor.etag : "", /*patient=*/true, beat);
    if (!file.ok()) return file.status();
    if (file->unchanged) return EndUnchanged(sink);
    const std::string digest = common::Sha256(file->bytes, form_);
    if (cursor.digest == digest && cursor.rows == 0) return EndUnchanged(sink);
    const auto table = OpenTable(config_, file->name, file->bytes, selected_, beat);
    if (!table.ok()) return table.status();
    for (const std::string& header : table->layout.missing) {
      log_.Warn("the file has no column '" + header + "'; its field is not told");
    }
    Cursor whole = {.digest = digest};
    if (!file->etag.empty()) {
      whole.form = form_.substr(0, kFormSigns);
      whole.etag = file->etag;
    }
    const std::size_t skip = cursor.digest == digest ? cursor.rows : 0;
    return SendRows(*table, whole, {.skip = skip, .most = request.max_records()}, sink);
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

  // A file that is here whole.
  struct LoadedFile {
    std::string name = {};
    std::string bytes = {};
    std::string etag = {};
    bool unchanged = false;
  };

  // `patient`: waits until a young file is still.
  absl::StatusOr<LoadedFile> Load(const std::string& known_etag, bool patient, Beat beat) const {
    if (remote_ != nullptr) {
      absl::StatusOr<FetchedFile> fetched = remote_->Fetch(known_etag, beat);
      if (!fetched.ok()) return fetched.status();
      return LoadedFile{.name = remote_->name(),
                        .bytes = std::move(fetched->bytes),
                        .etag = std::move(fetched->etag),
                        .unchanged = fetched->unchanged};
    }
    const absl::StatusOr<std::string> path = FindFile(config_);
    if (!path.ok()) return path.status();
    if (patient) {
      const absl::Status still = WaitUntilStable(*path, config_.stable_for, beat);
      if (!still.ok()) return still;
    }
    absl::StatusOr<std::string> bytes = ReadWhole(*path);
    if (!bytes.ok()) return bytes.status();
    return LoadedFile{.name = BaseName(*path), .bytes = *std::move(bytes)};
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

  // Which of the rows are sent.
  struct Range {
    std::size_t skip = 0;
    std::size_t most = 0;  // 0: all
  };

  // `whole` is the cursor of a file that was read to its end.
  static absl::Status SendRows(const Table& table,
                               const Cursor& whole,
                               const Range& range,
                               sdk::Sink& sink) {
    const auto until = [&](std::size_t rows) {
      return Cursor{.digest = whole.digest, .rows = rows}.Text();
    };
    absl::flat_hash_set<std::string> ids;
    ids.reserve(table.row_count);
    const std::unique_ptr<RowSource> reader = table.rows();
    Row row;
    std::size_t at = 0;
    std::size_t sent = 0;
    for (; reader->Next(row); ++at) {
      if (at < range.skip) {
        // Sent before the restart, but its key is still taken.
        if (auto record = MapRow(table.layout, row); record.ok()) ids.insert(record->external_id());
        continue;
      }
      if (range.most > 0 && sent == range.most) {
        return sink.Checkpoint(until(at), kCursorVersion);
      }
      if (absl::Status gone = SendRow(table, row, ids, sink); !gone.ok()) return gone;
      ++sent;
      if (!sink.full()) continue;
      if (absl::Status gone = sink.Checkpoint(until(at + 1), kCursorVersion); !gone.ok()) {
        return gone;
      }
    }
    // A cursor without rows says: this file was read to its end.
    if (absl::Status gone = sink.Checkpoint(whole.Text(), kCursorVersion); !gone.ok()) return gone;
    sdk::SnapshotEnd end;
    end.set_record_count(ids.size());
    // The file was looked through before: as many rows must have come again.
    end.set_complete(at == table.row_count);
    return sink.EndSnapshot(std::move(end));
  }

  sdk::Log& log_;
  Config config_;
  std::set<std::string> selected_;
  std::string form_;  // digest of how the file is told
  std::unique_ptr<RemoteFile> remote_;
};

}  // namespace
}  // namespace brobygger::csv

BROBYGGER_PLUGIN(brobygger::csv::CsvConnector, "files.csv", "1.0.0")
