#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/sdk/connector.h"

#include "plugins/common/digest.h"
#include "plugins/grants/sql/lookup.h"
#include "plugins/grants/sql/rights.h"
#include "plugins/grants/sql/write.h"

namespace brobygger::sql {
namespace {

constexpr char kStream[] = "associations";
constexpr char kPassword[] = "password";
constexpr std::uint32_t kCursorVersion = 1;
constexpr std::size_t kScopeSigns = 16;

absl::Status UnknownStream(const std::string& stream) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
       .code = "grants.sql.unsupported",
       .da = "Tabellen har kun strømmen 'associations', og den læses altid hel.",
       .en = "The table has only the stream 'associations', and is always read whole.",
       .path = stream});
}

// Reads one table of a database, whole, and only the columns it was told to. Writes to
// it what the configuration's "write" allows.
class SqlConnector final : public sdk::Connector {
 public:
  explicit SqlConnector(sdk::Context /*context*/) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(kConfigSchema);
    auto& secret = *spec.add_secrets();
    secret.set_name(kPassword);
    (*secret.mutable_title())["da"] = "Databasebrugerens adgangskode";
    (*secret.mutable_title())["en"] = "The database user's password";
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    connection_string_ = config->connection_string;
    config_ = std::move(config->associations);
    writing_.reset();
    const auto password = request.secrets().find(kPassword);
    password_ = password == request.secrets().end() ? "" : password->second;
    SelectColumns(request);
    // Other rows are visible when the database, the table or the filter differs.
    std::string scope = connection_string_ + "\n" + config_.FullName();
    for (const Filter& filter : config_.filters) scope += "\n" + filter.column + "=" + filter.value;
    return common::Sha256(scope).substr(0, kScopeSigns);
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& /*call*/) override {
    const auto database = Open(config_.write ? Access::kWrite : Access::kRead);
    if (!database.ok()) return database.status();
    const auto count = (*database)->Count(config_);
    if (!count.ok()) return count.status();
    // Counting needs fewer rights than reading the columns.
    const absl::Status readable = (*database)->Rows(
        config_, columns_, [](const auto&) { return absl::CancelledError("one row is enough"); });
    if (!readable.ok() && !absl::IsCancelled(readable)) return readable;
    if (config_.write) {
      if (absl::Status wrong = MissingRights(config_, **database); !wrong.ok()) return wrong;
    }
    sdk::CheckResponse response;
    (*response.mutable_visible_records())[kStream] = *count;
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    sdk::StreamSchema stream;
    stream.set_name(kStream);
    stream.set_schema_version(1);
    stream.mutable_abilities()->set_snapshot(true);
    for (const Column& column : config_.columns) *stream.add_fields() = common::FieldOf(column);
    if (config_.write) {
      if (absl::Status wrong = TellWhatCanBeWritten(stream); !wrong.ok()) return wrong;
    }
    return std::vector{std::move(stream)};
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    if (request.stream() != kStream || request.mode() != sdk::ReadRequest::MODE_SNAPSHOT) {
      return UnknownStream(request.stream());
    }
    const auto database = Open(Access::kRead);
    if (!database.ok()) return database.status();
    std::uint64_t rows = 0;
    bool enough = false;
    const absl::Status read = (*database)->Rows(config_, columns_, [&](const auto& values) {
      enough = request.max_records() > 0 && rows == request.max_records();
      if (enough) return absl::CancelledError("enough");
      return SendRow(values, ++rows, sink);
    });
    if (enough) return Save(rows, sink);
    if (!read.ok()) return read;
    return End(**database, rows, sink);
  }

  absl::StatusOr<sdk::LookupResponse> Lookup(const sdk::LookupRequest& request,
                                             sdk::Call& call) override {
    if (request.stream() != kStream) return UnknownStream(request.stream());
    const auto database = Open(Access::kRead);
    if (!database.ok()) return database.status();
    return LookUp(request, config_, columns_, **database, call);
  }

  absl::StatusOr<sdk::WriteResponse> Write(const sdk::WriteRequest& request,
                                           sdk::Call& call) override {
    if (request.stream() != kStream) return UnknownStream(request.stream());
    if (!config_.write) return Unsupported("Write");
    std::unique_ptr<Database> database = std::move(writing_);
    if (database == nullptr || !database->alive() || !database->Describe(config_).ok()) {
      database.reset();
      auto opened = Open(Access::kWrite);
      // Nothing was sent yet, so nothing can be lost or done twice.
      if (!opened.ok()) return AllAlike(request, OperationResult::OUTCOME_RETRY, opened.status());
      database = *std::move(opened);
    }
    sdk::WriteResponse response;
    Writer writer(config_, columns_, *database, call);
    writer.Write(request, response);
    if (writer.sound()) writing_ = std::move(database);
    return response;
  }

 private:
  absl::Status TellWhatCanBeWritten(sdk::StreamSchema& stream) const {
    const auto database = Open(Access::kRead);
    if (!database.ok()) return database.status();
    const WriteConfig& write = *config_.write;
    sdk::Abilities& abilities = *stream.mutable_abilities();
    abilities.set_by_ids(true);
    abilities.set_create(write.insert || !write.link_by.empty());
    abilities.set_update(true);
    abilities.set_partial_update(true);
    abilities.set_dry_run(true);
    abilities.set_stores_foreign_id(true);
    abilities.set_read_back(true);
    if (!write.link_by.empty()) stream.add_natural_key(write.link_by);
    const auto is_one_of = [](const std::string& field, const std::vector<std::string>& fields) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    };
    for (sdk::FieldSchema& field : *stream.mutable_fields()) {
      const ColumnInfo& info = (*database)->Info(config_.ColumnOf(field.name())->source);
      const bool once = write.insert && is_one_of(field.name(), write.insert_columns);
      field.set_write_once(once);
      field.set_writable(once || is_one_of(field.name(), write.columns));
      field.set_max_length(static_cast<std::uint32_t>(info.text ? info.max_length : 0));
      // A text may be "" where it may not be NULL.
      if (field.writable() && !info.nullable && !info.text) field.set_required(true);
    }
    return absl::OkStatus();
  }

  void SelectColumns(const sdk::ConfigureRequest& request) {
    std::set<std::string> selected;
    for (const auto& stream : request.streams()) {
      if (stream.stream() == kStream)
        selected.insert(stream.fields().begin(), stream.fields().end());
    }
    columns_.clear();
    for (const Column& column : config_.columns) {
      if (selected.empty() || selected.count(column.field) > 0) columns_.push_back(column);
    }
  }

  absl::StatusOr<std::unique_ptr<Database>> Open(Access access) const {
    std::string connection_string = connection_string_;
    if (access == Access::kWrite) connection_string = ForWriting(connection_string);
    auto database = Database::Open(WithPassword(connection_string, password_), config_.FullName(),
                                   password_, access);
    if (!database.ok()) return database.status();
    if (absl::Status wrong = (*database)->Describe(config_); !wrong.ok()) return wrong;
    return database;
  }

  // A row number says how far we were, for people: a table that may have changed is
  // read from its beginning.
  static absl::Status Save(std::uint64_t rows, sdk::Sink& sink) {
    return sink.Checkpoint("row:" + std::to_string(rows), kCursorVersion);
  }

  absl::Status SendRow(const std::vector<SqlValue>& values,
                       std::uint64_t rows,
                       sdk::Sink& sink) const {
    absl::StatusOr<sdk::Record> record = MapRow(config_.FullName(), columns_, values);
    if (!record.ok()) {
      sdk::RecordError error;
      error.set_external_id(values.back().text);
      *error.mutable_diagnostic() = sdk::DiagnosticOf(record.status());
      return sink.Reject(std::move(error));
    }
    if (absl::Status gone = sink.Add(*std::move(record)); !gone.ok()) return gone;
    return sink.full() ? Save(rows, sink) : absl::OkStatus();
  }

  // An answer without rows is believed only if another question agrees.
  absl::Status End(Database& database, std::uint64_t rows, sdk::Sink& sink) const {
    if (rows == 0) {
      const auto count = database.Count(config_);
      if (!count.ok()) return count.status();
      if (*count != 0) {
        return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_TRANSIENT,
                               .code = "grants.sql.disagree",
                               .da = "Databasen gav ingen rækker, men siger, at der er " +
                                     std::to_string(*count) + ". Der prøves igen.",
                               .en = "The database gave no rows, but says that there are " +
                                     std::to_string(*count) + ". It is tried again.",
                               .path = "table"});
      }
    }
    if (absl::Status gone = Save(rows, sink); !gone.ok()) return gone;
    sdk::SnapshotEnd end;
    end.set_record_count(rows);
    end.set_complete(true);
    return sink.EndSnapshot(std::move(end));
  }

  std::string connection_string_;
  TableConfig config_;
  std::unique_ptr<Database> writing_;  // kept between writes: opening costs more than a batch
  std::vector<Column> columns_;
  std::string password_;
};

}  // namespace
}  // namespace brobygger::sql

BROBYGGER_PLUGIN(brobygger::sql::SqlConnector, "grants.sql", "1.0.0")
