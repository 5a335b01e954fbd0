#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/sdk/connector.h"

#include "plugins/common/digest.h"
#include "plugins/grants/sql/hint.h"
#include "plugins/grants/sql/lookup.h"
#include "plugins/grants/sql/rights.h"
#include "plugins/grants/sql/write.h"

namespace brobygger::sql {
namespace {

constexpr char kAssociations[] = "associations";
constexpr char kApplications[] = "applications";
constexpr char kPassword[] = "password";
constexpr std::uint32_t kCursorVersion = 1;
constexpr std::size_t kScopeSigns = 16;

absl::Status UnknownStream(const std::string& stream) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
       .code = "grants.sql.unsupported",
       .da = "Forbindelsen har strømmen 'associations', og 'applications', hvis opsætningen har "
             "den. De læses altid hele.",
       .en = "The connection has the stream 'associations', and 'applications' if its "
             "configuration has it. They are always read whole.",
       .path = stream});
}

absl::Status OnlyRead(const std::string& stream) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
                         .code = "grants.sql.unsupported",
                         .da = "Ansøgninger læses kun: der skrives aldrig i deres tabel.",
                         .en = "Applications are only read: their table is never written to.",
                         .path = stream});
}

// One table, as the stream it is read as.
struct Stream {
  std::string name;
  TableConfig table;
  std::vector<Column> columns;  // those that the hub wants
};

// The columns of `table` that `request` selects for this stream; all if it selects none.
std::vector<Column> SelectedColumns(const sdk::ConfigureRequest& request,
                                    const std::string& name,
                                    const TableConfig& table) {
  std::set<std::string> selected;
  for (const auto& stream : request.streams()) {
    if (stream.stream() == name) selected.insert(stream.fields().begin(), stream.fields().end());
  }
  std::vector<Column> columns;
  std::copy_if(
      table.columns.begin(), table.columns.end(), std::back_inserter(columns),
      [&](const Column& column) { return selected.empty() || selected.count(column.field) > 0; });
  return columns;
}

// Other rows are visible when the database, the table or the filter differs.
std::string ScopeOf(const std::string& connection_string, const TableConfig& table) {
  std::string scope = connection_string + "\n" + table.FullName();
  for (const Filter& filter : table.filters) scope += "\n" + filter.column + "=" + filter.value;
  return common::Sha256(scope).substr(0, kScopeSigns);
}

// A row number says how far we were, for people: a table that may have changed is
// read from its beginning.
absl::Status Save(std::uint64_t rows, sdk::Sink& sink) {
  return sink.Checkpoint("row:" + std::to_string(rows), kCursorVersion);
}

absl::Status SendRow(const Stream& stream,
                     const std::vector<SqlValue>& values,
                     std::uint64_t rows,
                     sdk::Sink& sink) {
  absl::StatusOr<sdk::Record> record = MapRow(stream.table.FullName(), stream.columns, values);
  if (!record.ok()) {
    sdk::RecordError error;
    error.set_external_id(values.back().text);
    *error.mutable_diagnostic() = sdk::DiagnosticOf(record.status());
    return sink.Reject(std::move(error));
  }
  if (absl::Status gone = sink.Add(*std::move(record)); !gone.ok()) return gone;
  return sink.full() ? Save(rows, sink) : absl::OkStatus();
}

// Reads tables of a database, whole, and only the columns it was told to. Writes to the
// associations' what the configuration's "write" allows.
class SqlConnector final : public sdk::Connector {
 public:
  explicit SqlConnector(sdk::Context /*context*/) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(common::WithColumns(kConfigSchema));
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
    writing_.reset();
    const auto password = request.secrets().find(kPassword);
    password_ = password == request.secrets().end() ? "" : password->second;
    streams_.clear();
    AddStream(request, kAssociations, std::move(config->associations));
    if (config->applications) AddStream(request, kApplications, *std::move(config->applications));
    // The applications' scope is told where each of their snapshots ends, so that another
    // filter there hides no association.
    return ScopeOf(connection_string_, streams_[0].table);
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& /*call*/) override {
    sdk::CheckResponse response;
    for (const Stream& stream : streams_) {
      const absl::StatusOr<std::uint64_t> count = CheckTable(stream);
      if (!count.ok()) return count.status();
      (*response.mutable_visible_records())[stream.name] = *count;
    }
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    std::vector<sdk::StreamSchema> schemas;
    for (const Stream& stream : streams_) {
      sdk::StreamSchema& schema = schemas.emplace_back();
      schema.set_name(stream.name);
      schema.set_schema_version(1);
      schema.mutable_abilities()->set_snapshot(true);
      for (const Column& column : stream.table.columns) {
        *schema.add_fields() = common::FieldOf(column);
      }
      if (!stream.table.write) continue;
      if (absl::Status wrong = TellWhatCanBeWritten(stream.table, schema); !wrong.ok()) {
        return wrong;
      }
    }
    return schemas;
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    const Stream* stream = FindStream(request.stream());
    if (stream == nullptr || request.mode() != sdk::ReadRequest::MODE_SNAPSHOT) {
      return UnknownStream(request.stream());
    }
    const auto database = Open(stream->table, Access::kRead);
    if (!database.ok()) return database.status();
    const std::optional<ChangeHint> hint = AskHint(*stream, request, **database);
    if (hint && hint->unchanged()) return EndUnchanged(stream->table, sink);
    std::uint64_t rows = 0;
    bool enough = false;
    const absl::Status read =
        (*database)->Rows(stream->table, stream->columns, [&](const auto& values) {
          enough = request.max_records() > 0 && rows == request.max_records();
          if (enough) return absl::CancelledError("enough");
          return SendRow(*stream, values, ++rows, sink);
        });
    if (enough) return Save(rows, sink);
    if (!read.ok()) return read;
    if (absl::Status wrong = Agree(stream->table, **database, rows); !wrong.ok()) return wrong;
    const absl::Status saved =
        hint ? sink.Checkpoint(hint->CursorOfWholeRead(), kHintCursorVersion) : Save(rows, sink);
    return saved.ok() ? End(stream->table, rows, sink) : saved;
  }

  absl::StatusOr<sdk::LookupResponse> Lookup(const sdk::LookupRequest& request,
                                             sdk::Call& call) override {
    const Stream* stream = FindStream(request.stream());
    if (stream == nullptr) return UnknownStream(request.stream());
    const auto database = Open(stream->table, Access::kRead);
    if (!database.ok()) return database.status();
    return LookUp(request, stream->table, stream->columns, **database, call);
  }

  absl::StatusOr<sdk::WriteResponse> Write(const sdk::WriteRequest& request,
                                           sdk::Call& call) override {
    const Stream* stream = FindStream(request.stream());
    if (stream == nullptr) return UnknownStream(request.stream());
    if (stream->name != kAssociations) return OnlyRead(stream->name);
    if (!stream->table.write) return Unsupported("Write");
    std::unique_ptr<Database> database = std::move(writing_);
    if (database == nullptr || !database->alive() || !database->Describe(stream->table).ok()) {
      database.reset();
      auto opened = Open(stream->table, Access::kWrite);
      // Nothing was sent yet, so nothing can be lost or done twice.
      if (!opened.ok()) return AllAlike(request, OperationResult::OUTCOME_RETRY, opened.status());
      database = *std::move(opened);
    }
    sdk::WriteResponse response;
    Writer writer(stream->table, stream->columns, *database, call);
    writer.Write(request, response);
    if (writer.sound()) writing_ = std::move(database);
    return response;
  }

 private:
  void AddStream(const sdk::ConfigureRequest& request, const std::string& name, TableConfig table) {
    std::vector<Column> columns = SelectedColumns(request, name, table);
    streams_.push_back({name, std::move(table), std::move(columns)});
  }

  const Stream* FindStream(const std::string& name) const {
    const auto found = std::find_if(streams_.begin(), streams_.end(),
                                    [&](const Stream& stream) { return stream.name == name; });
    return found == streams_.end() ? nullptr : &*found;
  }

  // How many rows can be seen, once it is sure that they can be read, and written to.
  absl::StatusOr<std::uint64_t> CheckTable(const Stream& stream) const {
    const TableConfig& table = stream.table;
    const auto database = Open(table, table.write ? Access::kWrite : Access::kRead);
    if (!database.ok()) return database.status();
    const auto count = (*database)->Count(table);
    if (!count.ok()) return count.status();
    // Counting needs fewer rights than reading the columns.
    const absl::Status readable = (*database)->Rows(table, stream.columns, [](const auto&) {
      return absl::CancelledError("one row is enough");
    });
    if (!readable.ok() && !absl::IsCancelled(readable)) return readable;
    if (table.hint) {
      const auto hint = ChangeHint::Ask(**database, table, "", "", {});
      if (!hint.ok()) return hint.status();
    }
    if (table.write) {
      if (absl::Status wrong = MissingRights(table, **database); !wrong.ok()) return wrong;
    }
    return *count;
  }

  absl::Status TellWhatCanBeWritten(const TableConfig& table, sdk::StreamSchema& stream) const {
    const auto database = Open(table, Access::kRead);
    if (!database.ok()) return database.status();
    const WriteConfig& write = *table.write;
    sdk::Abilities& abilities = *stream.mutable_abilities();
    abilities.set_by_ids(true);
    abilities.set_create(write.insert || !write.link_by.empty());
    abilities.set_update(true);
    abilities.set_partial_update(true);
    abilities.set_dry_run(true);
    abilities.set_etag(true);
    abilities.set_stores_foreign_id(true);
    abilities.set_read_back(true);
    if (!write.link_by.empty()) stream.add_natural_key(write.link_by);
    const auto is_one_of = [](const std::string& field, const std::vector<std::string>& fields) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    };
    for (sdk::FieldSchema& field : *stream.mutable_fields()) {
      const ColumnInfo& info = (*database)->Info(table.ColumnOf(field.name())->source);
      const bool once = write.insert && is_one_of(field.name(), write.insert_columns);
      field.set_write_once(once);
      field.set_writable(once || is_one_of(field.name(), write.columns));
      field.set_max_length(static_cast<std::uint32_t>(info.text ? RoomIn(info) : 0));
      // A text may be "" where it may not be NULL.
      if (field.writable() && !info.nullable && !info.text) field.set_required(true);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<Database>> Open(const TableConfig& table, Access access) const {
    std::string connection_string = connection_string_;
    if (access == Access::kWrite) connection_string = ForWriting(connection_string);
    auto database =
        Database::Open(WithPassword(connection_string, password_), table, password_, access);
    if (!database.ok()) return database.status();
    if (absl::Status wrong = (*database)->Describe(table); !wrong.ok()) return wrong;
    return database;
  }

  // Nothing if there is no hint, or none to be had: the table is read then.
  std::optional<ChangeHint> AskHint(const Stream& stream,
                                    const sdk::ReadRequest& request,
                                    Database& database) const {
    if (!stream.table.hint || request.max_records() > 0) return std::nullopt;
    const bool ours = request.cursor_version() == kHintCursorVersion;
    auto hint =
        ChangeHint::Ask(database, stream.table, WhatIsRead(stream), ours ? request.cursor() : "",
                        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    if (!hint.ok()) return std::nullopt;
    return *std::move(hint);
  }

  // Differs when other rows or other columns are read.
  std::string WhatIsRead(const Stream& stream) const {
    std::string what = ScopeOf(connection_string_, stream.table) + "\n" + stream.table.key;
    for (const Column& column : stream.columns) what += "\n" + column.source + "=" + column.field;
    return common::Sha256(what).substr(0, kScopeSigns);
  }

  absl::Status EndUnchanged(const TableConfig& table, sdk::Sink& sink) const {
    sdk::SnapshotEnd end;
    end.set_complete(true);
    end.set_unchanged(true);
    end.set_scope_hash(ScopeOf(connection_string_, table));
    return sink.EndSnapshot(std::move(end));
  }

  // An answer without rows is believed only if another question agrees.
  static absl::Status Agree(const TableConfig& table, Database& database, std::uint64_t rows) {
    if (rows != 0) return absl::OkStatus();
    const auto count = database.Count(table);
    if (!count.ok()) return count.status();
    if (*count == 0) return absl::OkStatus();
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_TRANSIENT,
                           .code = "grants.sql.disagree",
                           .da = "Databasen gav ingen rækker, men siger, at der er " +
                                 std::to_string(*count) + ". Der prøves igen.",
                           .en = "The database gave no rows, but says that there are " +
                                 std::to_string(*count) + ". It is tried again.",
                           .path = table.part + "table"});
  }

  absl::Status End(const TableConfig& table, std::uint64_t rows, sdk::Sink& sink) const {
    sdk::SnapshotEnd end;
    end.set_record_count(rows);
    end.set_complete(true);
    end.set_scope_hash(ScopeOf(connection_string_, table));
    return sink.EndSnapshot(std::move(end));
  }

  std::string connection_string_;
  std::string password_;
  std::vector<Stream> streams_;        // the associations first
  std::unique_ptr<Database> writing_;  // kept between writes: opening costs more than a batch
};

}  // namespace
}  // namespace brobygger::sql

BROBYGGER_PLUGIN(brobygger::sql::SqlConnector, "grants.sql", "1.0.0")
