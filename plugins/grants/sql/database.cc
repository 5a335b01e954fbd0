#include "plugins/grants/sql/database.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "brobygger/sdk/error.h"

#include "plugins/grants/sql/odbc.h"

namespace brobygger::sql {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{8} << 20;  // all cells fetched at once
constexpr std::size_t kMostRows = 128;
constexpr std::size_t kMostPrepared = 64;
constexpr SQLULEN kLoginSeconds = 10;
constexpr SQLULEN kQuerySeconds = 100;
constexpr int kLockSeconds = 3;

Product ProductOf(const std::string& name) {
  if (name == "PostgreSQL") return Product::kPostgres;
  if (name == "MariaDB" || name == "MySQL") return Product::kMaria;
  if (name == "SQLite") return Product::kSqlite;
  return Product::kOther;
}

std::string AskDriver(const Handle& connection, SQLUSMALLINT what) {  // glossary: ok
  SQLWCHAR units[64] = {};
  SQLSMALLINT bytes = 0;
  std::string text;
  if (!Worked(SQLGetInfoW(connection.get(), what, units, sizeof(units), &bytes))) return text;
  const auto most = static_cast<SQLSMALLINT>(sizeof(units) - sizeof(SQLWCHAR));
  Narrow(units, static_cast<std::size_t>(std::clamp<SQLSMALLINT>(bytes, 0, most)) / 2, text);
  return text;
}

}  // namespace

Database::Database(const TableConfig& table, std::string secret, Access access)
    : table_{.name = table.FullName(), .part = table.part},
      secret_(std::move(secret)),
      access_(access) {}

Database::~Database() {
  prepared_.clear();
  if (!connected_) return;
  if (access_ == Access::kWrite) Rollback();
  SQLDisconnect(connection_->get());
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& connection_string,
                                                         const TableConfig& table,
                                                         const std::string& secret,
                                                         Access access) {
  std::unique_ptr<Database> database(new Database(table, secret, access));
  if (absl::Status wrong = database->Connect(connection_string); !wrong.ok()) return wrong;
  return database;
}

absl::Status Database::Connect(const std::string& connection_string) {
  environment_ = std::make_unique<Handle>(SQL_HANDLE_ENV, nullptr);
  SQLSetEnvAttr(environment_->get(), SQL_ATTR_ODBC_VERSION,
                reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  connection_ = std::make_unique<Handle>(SQL_HANDLE_DBC, environment_->get());
  SQLSetConnectAttrW(connection_->get(), SQL_ATTR_LOGIN_TIMEOUT,
                     reinterpret_cast<SQLPOINTER>(kLoginSeconds), 0);
  WideText text(connection_string, u';');
  SQLSMALLINT ignored = 0;
  const SQLRETURN result =
      SQLDriverConnectW(connection_->get(), nullptr, text.units(), text.size(), nullptr, 0,
                        &ignored, SQL_DRIVER_NOPROMPT);  // glossary: ok
  if (!Worked(result)) return Trouble(*connection_);
  connected_ = true;
  quote_ = AskDriver(*connection_, SQL_IDENTIFIER_QUOTE_CHAR).substr(0, 1);
  if (quote_ == " ") quote_.clear();
  product_ = ProductOf(AskDriver(*connection_, SQL_DBMS_NAME));
  if (product_ == Product::kSqlite) {
    // A table is read once from end to end: pages kept for another time are memory lost.
    if (const auto small = Execute("PRAGMA cache_size = -256", {}); !small.ok()) {
      return small.status();
    }
  }
  if (access_ == Access::kWrite) return PrepareToWrite();
  // Asks for a little more safety than the rights already give; not all know it.
  SQLSetConnectAttrW(connection_->get(), SQL_ATTR_ACCESS_MODE,
                     reinterpret_cast<SQLPOINTER>(SQL_MODE_READ_ONLY), 0);
  return absl::OkStatus();
}

absl::Status Database::PrepareToWrite() {
  if (absl::Status failed = WaitForLocks(kLockSeconds); !failed.ok()) return failed;
  if (product_ == Product::kMaria) {
    // Without it a text that is too long would be cut, and a wrong date become 0000-00-00.
    const auto strict =
        Execute("SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')", {});
    if (!strict.ok()) return strict.status();
  }
  if (product_ == Product::kPostgres) {
    // Rows are looked for one by one, so an index wins, however small the table was when the
    // question was first planned. Older servers do not know all of it.
    for (const char* sql :
         {"SET plan_cache_mode = force_custom_plan", "SET enable_seqscan = off"}) {
      Execute(sql, {}).IgnoreError();
    }
  }
  const SQLRETURN manual =
      SQLSetConnectAttrW(connection_->get(), SQL_ATTR_AUTOCOMMIT,
                         reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), SQL_IS_UINTEGER);
  return Worked(manual) ? absl::OkStatus() : Trouble(*connection_);
}

absl::Status Database::WaitForLocks(int seconds) {
  const std::string number = std::to_string(seconds);
  std::string sql;
  if (product_ == Product::kPostgres) sql = "SET lock_timeout = '" + number + "s'";
  if (product_ == Product::kMaria) sql = "SET SESSION innodb_lock_wait_timeout = " + number;
  return sql.empty() ? absl::OkStatus() : Execute(sql, {}).status();
}

absl::Status Database::Commit() {
  if (Worked(SQLEndTran(SQL_HANDLE_DBC, connection_->get(), SQL_COMMIT))) return absl::OkStatus();
  return Trouble(*connection_);
}

void Database::Rollback() { SQLEndTran(SQL_HANDLE_DBC, connection_->get(), SQL_ROLLBACK); }

bool Database::alive() const {
  SQLULEN dead = SQL_CD_FALSE;
  const SQLRETURN asked =
      SQLGetConnectAttrW(connection_->get(), SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr);
  return Worked(asked) && static_cast<SQLUINTEGER>(dead) == SQL_CD_FALSE;
}

std::string Database::QuotedTable(const std::vector<std::string>& parts) const {
  std::string name;
  for (const std::string& part : parts) name += (name.empty() ? "" : ".") + Quoted(part);
  return name;
}

std::string Database::Ask(const std::string& expression) {
  std::string answer;
  const absl::Status asked = Select("SELECT " + expression, {}, 1, [&](const auto& values) {
    answer = values[0].text;
    return absl::OkStatus();
  });
  if (!asked.ok() && access_ == Access::kWrite) Rollback();
  return answer;
}

// Names come quoted from the configuration, which refuses quotes in them; values are bound.
std::string Database::Where(const TableConfig& config, Parameters& parameters) const {
  std::string sql;
  for (const Filter& filter : config.filters) {
    sql += (sql.empty() ? " WHERE " : " AND ") + Quoted(filter.column) + " = ?";
    parameters.push_back({&Info(filter.column), filter.value});
  }
  return sql;
}

absl::StatusOr<std::uint64_t> Database::Count(const TableConfig& config) {
  Parameters parameters;
  const std::string where = Where(config, parameters);
  std::string count = "0";
  const absl::Status asked =
      Select("SELECT COUNT(*) FROM " + Table(config) + where, parameters, 1, [&](const auto& row) {
        count += row[0].text;
        return absl::OkStatus();
      });
  if (!asked.ok()) return asked;
  return std::stoull(count);
}

absl::Status Database::Rows(const TableConfig& config,
                            const std::vector<Column>& columns,
                            OnRow on_row) {
  std::string wanted;
  for (const Column& column : columns) wanted += Quoted(column.source) + ", ";
  if (config.write) wanted += Quoted(config.write->id) + ", ";
  Parameters parameters;
  const std::string where = Where(config, parameters);
  const absl::Status read = Select("SELECT " + wanted + Quoted(config.key) + " FROM " +
                                       Table(config) + where + " ORDER BY " + Quoted(config.key),
                                   parameters, columns.size() + (config.write ? 2 : 1), on_row);
  return read.ok() ? read : NameForbidden(config, columns, read);
}

absl::StatusOr<Handle*> Database::Prepared(const std::string& sql) {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) {
    SQLFreeStmt(known->second->get(), SQL_CLOSE);
    SQLFreeStmt(known->second->get(), SQL_RESET_PARAMS);
    return known->second.get();
  }
  if (prepared_.size() >= kMostPrepared) prepared_.clear();
  auto statement = std::make_unique<Handle>(SQL_HANDLE_STMT, connection_->get());
  statement->Set(SQL_ATTR_QUERY_TIMEOUT, kQuerySeconds);
  WideText text(sql, u' ');
  const SQLRETURN result = SQLPrepareW(statement->get(), text.units(), text.long_size());
  if (!Worked(result)) return Trouble(*statement);
  return (prepared_[sql] = std::move(statement)).get();
}

// MariaDB takes UTF-8, and must: of UTF-16 it would read past the end (see WideText) and
// store what stands there. The others' narrow strings depend on the locale.
bool Database::Bind(const Handle& statement,
                    std::size_t at,
                    const Parameter& parameter,
                    Bound& bound) const {
  const bool narrow = product_ == Product::kMaria;
  bound.size = SQL_NULL_DATA;
  std::size_t length = 0;
  SQLPOINTER data = nullptr;
  if (parameter.text && narrow) {
    bound.narrow = *parameter.text;
    length = bound.narrow.size();
    bound.size = static_cast<SQLLEN>(length);
    data = bound.narrow.data();
  } else if (parameter.text) {
    bound.wide = Widen(*parameter.text);
    length = bound.wide.size();
    bound.size = static_cast<SQLLEN>(length * sizeof(char16_t));
    data = bound.wide.data();
  }
  // As the column's own type, so that the database need not guess.
  return Worked(SQLBindParameter(
      statement.get(), static_cast<SQLUSMALLINT>(at + 1), SQL_PARAM_INPUT,
      narrow ? SQL_C_CHAR : SQL_C_WCHAR, static_cast<SQLSMALLINT>(parameter.column->type),
      std::max<SQLULEN>(length, 1), 0, data, std::max<SQLLEN>(bound.size, 0), &bound.size));
}

absl::StatusOr<Handle*> Database::Run(const std::string& sql, const Parameters& parameters) {
  const absl::StatusOr<Handle*> prepared = Prepared(sql);
  if (!prepared.ok()) return prepared;
  Handle& statement = **prepared;
  std::vector<Bound> bound(parameters.size());
  for (std::size_t at = 0; at < parameters.size(); ++at) {
    if (!Bind(statement, at, parameters[at], bound[at])) return Trouble(statement);
  }
  const SQLRETURN result = SQLExecute(statement.get());
  // No row changed is an answer too.
  if (Worked(result) || result == SQL_NO_DATA) return &statement;
  absl::Status trouble = Trouble(statement);
  prepared_.erase(sql);
  return trouble;
}

absl::StatusOr<std::int64_t> Database::Execute(const std::string& sql,
                                               const Parameters& parameters) {
  const absl::StatusOr<Handle*> ran = Run(sql, parameters);
  if (!ran.ok()) return ran.status();
  SQLLEN rows = 0;
  SQLRowCount((*ran)->get(), &rows);
  SQLFreeStmt((*ran)->get(), SQL_CLOSE);
  return rows;
}

absl::Status Database::BindCells(const Handle& statement, std::size_t width, std::size_t rows) {
  while (cells_.size() < width) cells_.push_back(std::make_unique<Cells>());
  for (std::size_t at = 0; at < width; ++at) {
    Cells& cells = *cells_[at];
    if (cells.sizes.size() < rows) {
      cells.units.reset(new SQLWCHAR[rows * kCellUnits]);
      cells.sizes.resize(rows);
    }
    const SQLRETURN result =
        SQLBindCol(statement.get(), static_cast<SQLUSMALLINT>(at + 1), SQL_C_WCHAR,
                   cells.units.get(), kCellUnits * sizeof(SQLWCHAR), cells.sizes.data());
    if (!Worked(result)) return Trouble(statement);
  }
  return absl::OkStatus();
}

absl::Status Database::Select(const std::string& sql,
                              const Parameters& parameters,
                              std::size_t width,
                              OnRow on_row) {
  const absl::StatusOr<Handle*> prepared = Prepared(sql);
  if (!prepared.ok()) return prepared.status();
  const std::size_t rows =
      std::clamp<std::size_t>(kWindowBytes / (width * kCellUnits * sizeof(SQLWCHAR)), 1, kMostRows);
  SQLULEN fetched = 0;
  (*prepared)->Set(SQL_ATTR_ROW_ARRAY_SIZE, rows);
  SQLSetStmtAttrW((*prepared)->get(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
  const absl::StatusOr<Handle*> ran = Run(sql, parameters);
  if (!ran.ok()) return ran.status();
  const Handle& statement = **ran;
  if (absl::Status failed = BindCells(statement, width, rows); !failed.ok()) return failed;
  absl::Status end;
  std::vector<SqlValue> values(width);
  while (end.ok()) {
    const SQLRETURN result = SQLFetch(statement.get());
    if (result == SQL_NO_DATA) break;
    if (!Worked(result)) end = Trouble(statement);
    for (std::size_t row = 0; end.ok() && row < fetched; ++row) {
      values.resize(width);
      for (std::size_t at = 0; at < width; ++at) values[at] = cells_[at]->At(row);
      end = on_row(values);
    }
  }
  SQLFreeStmt(statement.get(), SQL_CLOSE);
  SQLFreeStmt(statement.get(), SQL_UNBIND);
  SQLSetStmtAttrW(statement.get(), SQL_ATTR_ROWS_FETCHED_PTR, nullptr, 0);
  return end;
}

absl::Status Database::Trouble(const Handle& handle) const {
  OdbcMessage message = handle.Message();
  for (std::size_t at = 0;
       !secret_.empty() && (at = message.text.find(secret_, at)) != std::string::npos; at += 3) {
    message.text.replace(at, secret_.size(), "***");
  }
  return access_ == Access::kWrite ? ExplainWrite(message, table_) : Explain(message, table_);
}

}  // namespace brobygger::sql
