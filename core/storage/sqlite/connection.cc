#include "core/storage/sqlite/connection.h"

#include <cerrno>
#include <utility>

#include <absl/strings/numbers.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::storage {
namespace {

// An fsync that failed is never "full", whatever the system calls it: what it
// covered may be lost.
bool IsFull(sqlite3* db, int code) {
  if (code == SQLITE_FULL) return true;
  if (code == SQLITE_IOERR_SHMSIZE) return true;
  if (code != SQLITE_IOERR_WRITE || db == nullptr) return false;
  const int reason = sqlite3_system_errno(db);
  return reason == ENOSPC || reason == EDQUOT;
}

}  // namespace

absl::Status ToStatus(sqlite3* db, int code) {
  const int primary = code & 0xFF;
  const std::vector<base::ErrorField> facts = {{"code", std::to_string(code)}};
  if (IsFull(db, code)) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_FULL,
                           "the registry's disk is full: nothing was written; make room there and "
                           "write again, reading goes on meanwhile",
                           facts);
  }
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                           "the registry's file is damaged; restore it from a backup", facts);
  }
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_FAILED,
                         "the registry's disk failed (code " + std::to_string(code) +
                             "); see the hub's log on its machine",
                         facts);
}

bool IsDiskFailure(const absl::Status& status) {
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_STORAGE_FAILED) return false;
  int code = 0;
  return absl::SimpleAtoi(base::ErrorMetadata(status, "code"), &code) &&
         (code & 0xFF) == SQLITE_IOERR;
}

Statement::~Statement() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

void Statement::Keep(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

void Statement::BindNext(std::int64_t number) {
  Keep(sqlite3_bind_int64(statement_, next_++, number));
}

void Statement::BindNext(const std::string& text) {
  Keep(sqlite3_bind_text64(statement_, next_++, text.data(), text.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
}

void Statement::BindNext(const Blob& blob) {
  Keep(sqlite3_bind_blob64(statement_, next_++, blob.text.data(), blob.text.size(), SQLITE_STATIC));
}

void Statement::BindNext(const Bytes& bytes) {
  if (bytes == nullptr) {
    Keep(sqlite3_bind_null(statement_, next_++));
  } else {
    BindNext(Blob{*bytes});
  }
}

void Statement::BindNext(const std::optional<Revision>& revision) {
  if (revision.has_value()) {
    BindNext(*revision);
  } else {
    Keep(sqlite3_bind_null(statement_, next_++));
  }
}

void Statement::BindNext(const std::optional<std::string>& bound) {
  if (bound.has_value()) {
    BindNext(*bound);
  } else {
    Keep(sqlite3_bind_zeroblob(statement_, next_++, 0));
  }
}

absl::StatusOr<bool> Statement::Step() {
  if (code_ != SQLITE_OK) return ToStatus(db_, code_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ToStatus(db_, sqlite3_extended_errcode(db_));
}

absl::Status Statement::Run() { return Step().status(); }

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return text == nullptr ? std::string() : std::string(text, static_cast<size_t>(size));
}

Bytes Statement::ToBytes(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return nullptr;
  return std::make_shared<const std::string>(Text(column));
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Settings& settings) {
  constexpr int kWaitMs = 10'000;
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(settings.path.c_str(), &db,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                   settings.vfs.empty() ? nullptr : settings.vfs.c_str());
  // Even a failed open gives a handle that must be closed.
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) return ToStatus(db, db == nullptr ? code : sqlite3_extended_errcode(db));
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, kWaitMs);
  // Closing must not sync or delete the log behind our back: after a failed
  // fsync that would be the retry that hides the loss.
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_wal_autocheckpoint(db, 0);
  BB_RETURN_IF_ERROR(
      connection->Execute("PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
                          "PRAGMA cache_size=-" +
                          std::to_string(settings.cache_kib)));
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

Statement Connection::Use(const char* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  int code = SQLITE_OK;
  if (statement == nullptr) {
    code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) code = sqlite3_extended_errcode(db_);
  }
  return Statement(db_, statement, code);
}

absl::Status Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : ToStatus(db_, sqlite3_extended_errcode(db_));
}

absl::StatusOr<std::int64_t> Connection::Number(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(db_, sql.c_str(), -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(prepared, sqlite3_finalize);
  if (code != SQLITE_OK) return ToStatus(db_, sqlite3_extended_errcode(db_));
  Statement statement(db_, prepared, SQLITE_OK);
  BB_ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Int(0) : 0;
}

ReadScope::ReadScope(Connection& connection)
    : connection_(connection), owns_(sqlite3_get_autocommit(connection.raw()) != 0) {
  if (owns_) status_ = connection_.Use("BEGIN DEFERRED").Run();
}

ReadScope::~ReadScope() {
  if (!owns_ || !status_.ok()) return;
  // A read transaction has nothing to lose: what COMMIT answers changes nothing.
  connection_.Use("COMMIT").Run().IgnoreError();
}

}  // namespace brobygger::storage
