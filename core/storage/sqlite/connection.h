#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <sqlite3.h>

#include "core/storage/store.h"

namespace brobygger::storage {

// Turns a result code into STORAGE_FULL, STORAGE_CORRUPT or STORAGE_FAILED. The
// text holds neither SQL nor paths; the code is in the metadata. `db` may be null.
absl::Status ToStatus(sqlite3* db, int code);

// Whether `status` tells of a disk that failed, after which nothing that was not
// flushed before may be believed. A full disk is not one.
bool IsDiskFailure(const absl::Status& status);

// Text to bind as a blob.
struct Blob {
  const std::string& text;
};

// A prepared statement in use. What is bound must stay alive until it is gone.
// Trouble met while preparing or binding is reported by Step().
class Statement {
 public:
  Statement(sqlite3* db, sqlite3_stmt* statement, int code)
      : db_(db), statement_(statement), code_(code) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Binds all parameters, first to last.
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    (BindNext(values), ...);
    return *this;
  }

  // Whether there is a row.
  absl::StatusOr<bool> Step();
  // Step() for statements that answer nothing.
  absl::Status Run();

  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string Text(int column) const;
  // Null where the column is.
  Bytes ToBytes(int column) const;

 private:
  void BindNext(std::int64_t number);
  void BindNext(Revision revision) { BindNext(static_cast<std::int64_t>(revision)); }
  void BindNext(int number) { BindNext(static_cast<std::int64_t>(number)); }
  void BindNext(Kind kind) { BindNext(static_cast<std::int64_t>(kind)); }
  void BindNext(Index index) { BindNext(static_cast<std::int64_t>(index)); }
  void BindNext(const std::string& text);
  void BindNext(const Blob& blob);
  void BindNext(const Bytes& bytes);
  // None is NULL.
  void BindNext(const std::optional<Revision>& revision);
  // None is above all text.
  void BindNext(const std::optional<std::string>& bound);
  void Keep(int code);

  sqlite3* const db_;
  sqlite3_stmt* const statement_;
  int code_;
  int next_ = 1;
};

// One connection to a database file, with the statements it has prepared. For
// one thread at a time.
class Connection {
 public:
  struct Settings {
    std::string path;
    std::string vfs;  // empty: the default one
    int cache_kib = 2048;
  };
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Settings& settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `sql` must be a literal: its address is the key under which it is kept.
  Statement Use(const char* sql);
  // Runs statements that answer nothing and take no parameters.
  absl::Status Execute(const std::string& sql);
  // A statement's single number.
  absl::StatusOr<std::int64_t> Number(const std::string& sql);

  sqlite3* raw() const { return db_; }

 private:
  explicit Connection(sqlite3* db) : db_(db) {}

  sqlite3* const db_;
  absl::flat_hash_map<const char*, sqlite3_stmt*> statements_;
};

// A read transaction, so that several statements see one state of the file.
class ReadScope {
 public:
  explicit ReadScope(Connection& connection);
  ~ReadScope();
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;
  const absl::Status& status() const { return status_; }

 private:
  Connection& connection_;
  // A write in progress on the same connection already is one.
  const bool owns_;
  absl::Status status_;
};

}  // namespace brobygger::storage
