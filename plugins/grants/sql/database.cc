#include "plugins/grants/sql/database.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include <sql.h>
#include <sqlext.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

#include "brobygger/sdk/error.h"

#include "plugins/grants/sql/trouble.h"

namespace brobygger::sql {
namespace {

constexpr std::size_t kCellUnits = 16384;                    // UTF-16 units a cell may have
constexpr std::size_t kWindowBytes = std::size_t{16} << 20;  // all cells fetched at once
constexpr std::size_t kMostRows = 128;
constexpr SQLULEN kLoginSeconds = 10;
constexpr SQLULEN kQuerySeconds = 100;

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));

std::u16string Widen(const std::string& text) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
  return {wide.getBuffer(), static_cast<std::size_t>(wide.length())};
}

SQLWCHAR* Wide(std::u16string& text) { return reinterpret_cast<SQLWCHAR*>(text.data()); }

// UTF-8 of `units`; false if they are no text.
bool Narrow(const SQLWCHAR* units, std::size_t count, std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = 0;
  text.resize(count * 3);
  u_strToUTF8(text.data(), static_cast<int32_t>(text.size()), &size,
              reinterpret_cast<const UChar*>(units), static_cast<int32_t>(count), &error);
  text.resize(U_FAILURE(error) ? 0 : static_cast<std::size_t>(size));
  return U_SUCCESS(error);
}

bool Worked(SQLRETURN result) { return SQL_SUCCEEDED(result); }

// One ODBC handle, freed with it.
class Handle {
 public:
  Handle(SQLSMALLINT kind, SQLHANDLE parent) : kind_(kind) {
    if (!Worked(SQLAllocHandle(kind, parent, &handle_))) handle_ = SQL_NULL_HANDLE;
  }
  ~Handle() {
    if (handle_ != SQL_NULL_HANDLE) SQLFreeHandle(kind_, handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  SQLHANDLE get() const { return handle_; }

  OdbcMessage Message() const {
    OdbcMessage message;
    SQLWCHAR state[6] = {};
    SQLWCHAR text[1024] = {};
    SQLINTEGER native = 0;
    SQLSMALLINT size = 0;
    if (!Worked(SQLGetDiagRecW(kind_, handle_, 1, state, &native, text, 1024, &size))) {
      return {.state = "HY000", .text = "no message"};
    }
    message.native = native;
    Narrow(state, 5, message.state);
    Narrow(text, static_cast<std::size_t>(std::clamp<int>(size, 0, 1023)), message.text);
    return message;
  }

 private:
  SQLSMALLINT kind_;
  SQLHANDLE handle_ = SQL_NULL_HANDLE;
};

// The cells of one column over several rows, as ODBC fills them.
struct BoundColumn {
  std::vector<SQLWCHAR> units;
  std::vector<SQLLEN> sizes;

  SqlValue At(std::size_t row) const {
    SqlValue value;
    const SQLLEN bytes = sizes[row];
    value.null = bytes == SQL_NULL_DATA;
    if (value.null) return value;
    const auto count = static_cast<std::size_t>(bytes) / sizeof(SQLWCHAR);
    // One unit is for the end; a driver that cannot tell the length gives SQL_NO_TOTAL. glossary:
    // ok
    value.too_long = bytes < 0 || count >= kCellUnits;
    const std::size_t kept = value.too_long ? 256 : count;
    value.broken = !Narrow(units.data() + row * kCellUnits, kept, value.text) && !value.too_long;
    return value;
  }
};

}  // namespace

class Database::Impl {
 public:
  Impl(std::string table, std::string secret)
      : table_(std::move(table)),
        secret_(std::move(secret)),
        environment_(SQL_HANDLE_ENV, SQL_NULL_HANDLE) {
    SQLSetEnvAttr(environment_.get(), SQL_ATTR_ODBC_VERSION,
                  reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
    connection_ = std::make_unique<Handle>(SQL_HANDLE_DBC, environment_.get());
  }

  ~Impl() {
    if (connected_) SQLDisconnect(connection_->get());
  }

  absl::Status Connect(const std::string& connection_string) {
    SQLSetConnectAttrW(connection_->get(), SQL_ATTR_LOGIN_TIMEOUT,
                       reinterpret_cast<SQLPOINTER>(kLoginSeconds), 0);
    std::u16string text = Widen(connection_string);
    SQLSMALLINT ignored = 0;
    const SQLRETURN result =
        SQLDriverConnectW(connection_->get(), nullptr, Wide(text),
                          static_cast<SQLSMALLINT>(text.size()), nullptr, 0, &ignored,
                          SQL_DRIVER_NOPROMPT);  // glossary: ok
    if (!Worked(result)) return Trouble(*connection_);
    connected_ = true;
    // Asks for a little more safety than the rights already give; not all know it.
    SQLSetConnectAttrW(connection_->get(), SQL_ATTR_ACCESS_MODE,
                       reinterpret_cast<SQLPOINTER>(SQL_MODE_READ_ONLY), 0);
    SQLWCHAR quote[8] = {};
    SQLSMALLINT size = 0;
    SQLGetInfoW(connection_->get(), SQL_IDENTIFIER_QUOTE_CHAR, quote, sizeof(quote), &size);
    Narrow(quote, 1, quote_);
    if (quote_ == " ") quote_.clear();
    return absl::OkStatus();
  }

  absl::Status Describe(const Config& config) {
    Handle statement(SQL_HANDLE_STMT, connection_->get());
    std::u16string schema = config.table.size() > 1 ? Widen(config.table[0]) : u"";
    std::u16string table = Widen(config.table.back());
    // MySQL's family calls a schema a catalogue.
    const bool catalogue = quote_ == "`" && !schema.empty();
    const auto size = [](const std::u16string& text) {
      return static_cast<SQLSMALLINT>(text.size());
    };
    const SQLRETURN result = SQLColumnsW(statement.get(), catalogue ? Wide(schema) : nullptr,
                                         catalogue ? size(schema) : SQLSMALLINT{0},
                                         catalogue || schema.empty() ? nullptr : Wide(schema),
                                         catalogue ? SQLSMALLINT{0} : size(schema), Wide(table),
                                         size(table), nullptr, 0);
    if (!Worked(result)) return Trouble(statement);
    types_.clear();
    while (Worked(SQLFetch(statement.get()))) {
      // A name is taken as a pattern, in which "_" is any sign.
      if (Text(statement, 3) == config.table.back()) types_[Text(statement, 4)] = Type(statement);
    }
    return Compare(config);
  }

  absl::StatusOr<std::uint64_t> Count(const Config& config) {
    Handle statement(SQL_HANDLE_STMT, connection_->get());
    const absl::Status asked = Execute(statement, config, "COUNT(*)", "");
    if (!asked.ok()) return asked;
    if (!Worked(SQLFetch(statement.get()))) return Trouble(statement);
    return std::stoull("0" + Text(statement, 1));
  }

  absl::Status Rows(const Config& config,
                    const std::vector<Column>& columns,
                    absl::FunctionRef<absl::Status(const std::vector<SqlValue>&)> on_row) {
    Handle statement(SQL_HANDLE_STMT, connection_->get());
    std::string wanted;
    for (const Column& column : columns) wanted += Quoted(column.source) + ", ";
    std::vector<BoundColumn> bound(columns.size() + 1);
    const SQLULEN asked_rows = std::clamp<SQLULEN>(
        kWindowBytes / (bound.size() * kCellUnits * sizeof(SQLWCHAR)), 1, kMostRows);
    SQLULEN fetched = 0;
    Set(statement, SQL_ATTR_ROW_ARRAY_SIZE, asked_rows);
    SQLSetStmtAttrW(statement.get(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    const absl::Status asked =
        Execute(statement, config, wanted + Quoted(config.key), " ORDER BY " + Quoted(config.key));
    if (!asked.ok()) return asked;
    if (!Bind(statement, bound, asked_rows)) return Trouble(statement);

    std::vector<SqlValue> values(bound.size());
    while (true) {
      const SQLRETURN result = SQLFetch(statement.get());
      if (result == SQL_NO_DATA) return absl::OkStatus();
      if (!Worked(result)) return Trouble(statement);
      for (std::size_t row = 0; row < fetched; ++row) {
        for (std::size_t at = 0; at < bound.size(); ++at) values[at] = bound[at].At(row);
        if (absl::Status stopped = on_row(values); !stopped.ok()) return stopped;
      }
    }
  }

 private:
  static void Set(const Handle& statement, SQLINTEGER attribute, SQLULEN value) {
    SQLSetStmtAttrW(statement.get(), attribute, reinterpret_cast<SQLPOINTER>(value), 0);
  }

  static bool Bind(const Handle& statement, std::vector<BoundColumn>& bound, SQLULEN rows) {
    for (std::size_t at = 0; at < bound.size(); ++at) {
      bound[at].units.resize(rows * kCellUnits);
      bound[at].sizes.resize(rows);
      const SQLRETURN result =
          SQLBindCol(statement.get(), static_cast<SQLUSMALLINT>(at + 1), SQL_C_WCHAR,
                     bound[at].units.data(), kCellUnits * sizeof(SQLWCHAR), bound[at].sizes.data());
      if (!Worked(result)) return false;
    }
    return true;
  }

  // The current row's column as text.
  static std::string Text(const Handle& statement, SQLUSMALLINT column) {
    SQLWCHAR units[kCellUnits / 16] = {};
    SQLLEN bytes = 0;
    std::string text;
    if (!Worked(SQLGetData(statement.get(), column, SQL_C_WCHAR, units, sizeof(units), &bytes))) {
      return text;
    }
    if (bytes > 0 && static_cast<std::size_t>(bytes) < sizeof(units)) {
      Narrow(units, static_cast<std::size_t>(bytes) / sizeof(SQLWCHAR), text);
    }
    return text;
  }

  static SQLSMALLINT Type(const Handle& statement) {
    SQLSMALLINT type = SQL_VARCHAR;
    SQLLEN size = 0;
    SQLGetData(statement.get(), 5, SQL_C_SSHORT, &type, sizeof(type), &size);
    return type;
  }

  absl::Status Compare(const Config& config) const {
    if (types_.empty())
      return Explain({.state = "42S02", .text = "the catalogue has no such table"}, table_);
    std::vector<std::pair<std::string, std::string>> needed = {{"key", config.key}};
    for (const Column& column : config.columns)
      needed.emplace_back("columns." + column.source, column.source);
    for (const Filter& filter : config.filters) {
      needed.emplace_back("filter_equals." + filter.column, filter.column);
    }
    for (const auto& [path, column] : needed) {
      if (types_.count(column) > 0) continue;
      return sdk::MakeError(
          {.kind = sdk::Diagnostic::CLASS_CONFIG,
           .code = "grants.sql.no_column",
           .da = "Tabellen " + table_ + " har ingen kolonne '" + column +
                 "'. Ret opsætningen, eller spørg databasens ejer, om den har fået "
                 "nyt navn.",
           .en = "The table " + table_ + " has no column '" + column +
                 "'. Mend the configuration, or ask the database's owner whether it "
                 "was renamed.",
           .path = path});
    }
    return absl::OkStatus();
  }

  std::string Quoted(const std::string& name) const { return quote_ + name + quote_; }

  // Names come quoted from the configuration, which refuses quotes in them; values are
  // bound.
  absl::Status Execute(Handle& statement,
                       const Config& config,
                       const std::string& wanted,
                       const std::string& order) {
    std::string sql = "SELECT " + wanted + " FROM ";
    for (const std::string& part : config.table) {
      sql += (&part == config.table.data() ? "" : ".") + Quoted(part);
    }
    std::vector<std::u16string> values;
    std::vector<SQLLEN> sizes;
    values.reserve(config.filters.size());
    sizes.reserve(config.filters.size());
    for (const Filter& filter : config.filters) {
      sql += (values.empty() ? " WHERE " : " AND ") + Quoted(filter.column) + " = ?";
      std::u16string& value = values.emplace_back(Widen(filter.value));
      sizes.push_back(static_cast<SQLLEN>(value.size() * sizeof(char16_t)));
      // As the column's own type, so that the database need not guess.
      SQLBindParameter(statement.get(), static_cast<SQLUSMALLINT>(values.size()), SQL_PARAM_INPUT,
                       SQL_C_WCHAR, types_[filter.column], std::max<SQLULEN>(value.size(), 1), 0,
                       value.data(), sizes.back(), &sizes.back());
    }
    Set(statement, SQL_ATTR_QUERY_TIMEOUT, kQuerySeconds);
    std::u16string text = Widen(sql + order);
    const SQLRETURN result =
        SQLExecDirectW(statement.get(), Wide(text), static_cast<SQLINTEGER>(text.size()));
    return Worked(result) ? absl::OkStatus() : Trouble(statement);
  }

  absl::Status Trouble(const Handle& handle) const {
    OdbcMessage message = handle.Message();
    for (std::size_t at = 0;
         !secret_.empty() && (at = message.text.find(secret_)) != std::string::npos;) {
      message.text.replace(at, secret_.size(), "***");
    }
    return Explain(message, table_);
  }

  const std::string table_;
  const std::string secret_;
  Handle environment_;
  std::unique_ptr<Handle> connection_;
  bool connected_ = false;
  std::string quote_;
  std::map<std::string, SQLSMALLINT> types_;
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& connection_string,
                                                         const std::string& table,
                                                         const std::string& secret) {
  auto impl = std::make_unique<Impl>(table, secret);
  if (absl::Status wrong = impl->Connect(connection_string); !wrong.ok()) return wrong;
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

absl::Status Database::Describe(const Config& config) { return impl_->Describe(config); }

absl::StatusOr<std::uint64_t> Database::Count(const Config& config) { return impl_->Count(config); }

absl::Status Database::Rows(const Config& config,
                            const std::vector<Column>& columns,
                            absl::FunctionRef<absl::Status(const std::vector<SqlValue>&)> on_row) {
  return impl_->Rows(config, columns, on_row);
}

}  // namespace brobygger::sql
