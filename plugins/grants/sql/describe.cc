#include <algorithm>
#include <initializer_list>
#include <utility>

#include "brobygger/sdk/error.h"

#include "plugins/grants/sql/database.h"
#include "plugins/grants/sql/odbc.h"

namespace brobygger::sql {
namespace {

bool IsOneOf(int type, std::initializer_list<int> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// SQLite over ODBC calls every type text that it does not know, and takes the digits
// behind its point for its length.
bool NamesText(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](char sign) {
    return sign >= 'a' && sign <= 'z' ? static_cast<char>(sign - 32) : sign;
  });
  return name.find("CHAR") != std::string::npos || name.find("TEXT") != std::string::npos ||
         name.find("CLOB") != std::string::npos;
}

// Columns, each with the configuration key that names it.
using NamedColumns = std::vector<std::pair<std::string, std::string>>;

// What a read of `columns` asks for.
NamedColumns ColumnsRead(const TableConfig& config, const std::vector<Column>& columns) {
  NamedColumns read = {{config.part + "key", config.key}};
  for (const Column& column : columns) {
    read.emplace_back(config.part + "columns." + column.source, column.source);
  }
  for (const Filter& filter : config.filters) {
    read.emplace_back(config.part + "filter_equals." + filter.column, filter.column);
  }
  if (config.write) read.emplace_back("write.id", config.write->id);
  return read;
}

// All that is needed.
NamedColumns Needed(const TableConfig& config) {
  NamedColumns needed = ColumnsRead(config, config.columns);
  if (!config.write) return needed;
  if (!config.write->version.empty()) needed.emplace_back("write.version", config.write->version);
  for (const Filter& value : config.write->defaults) {
    needed.emplace_back("write.defaults." + value.column, value.column);
  }
  return needed;
}

const ColumnInfo kAnyText = {.type = SQL_WVARCHAR};

}  // namespace

ColumnInfo Database::InfoOf(int type, long size, bool nullable) const {
  ColumnInfo info;
  info.type = type;
  info.nullable = nullable;
  info.whole = IsOneOf(type, {SQL_INTEGER, SQL_SMALLINT, SQL_BIGINT, SQL_TINYINT});
  const bool bounded = IsOneOf(type, {SQL_CHAR, SQL_VARCHAR, SQL_WCHAR, SQL_WVARCHAR});
  info.text = bounded || IsOneOf(type, {SQL_LONGVARCHAR, SQL_WLONGVARCHAR});
  // SQLite keeps a decimal number as a binary one.
  const bool exact = product_ != Product::kSqlite && IsOneOf(type, {SQL_DECIMAL, SQL_NUMERIC});
  info.comparable = info.text || info.whole || exact || type == SQL_TYPE_DATE;
  // What a long text's size counts differs; the database itself refuses those.
  if (bounded && size > 0) info.max_length = static_cast<std::size_t>(size);
  return info;
}

absl::Status Database::Describe(const TableConfig& config) {
  const std::map<std::string, ColumnInfo> before = std::exchange(columns_, {});
  absl::Status done = ReadCatalogue(config);
  if (done.ok() && config.write) done = RefineLengths(config);
  if (done.ok()) done = Compare(config);
  if (done.ok() && access_ == Access::kWrite) done = NeedTransactions(config);
  if (access_ == Access::kWrite) Rollback();
  // What was prepared for another table's shape no longer fits.
  if (columns_ != before) prepared_.clear();
  return done;
}

SQLRETURN Database::AskForColumns(const Handle& statement, const TableConfig& config) const {
  // MariaDB takes names as patterns; what is found is held against them.
  const char16_t tail = product_ == Product::kMaria ? u'%' : u'\0';
  WideText schema(config.table.size() > 1 ? config.table[0] : "", tail);
  WideText table(config.table.back(), tail);
  // MySQL's family calls a schema a catalogue.
  const bool catalogue = quote_ == "`" && schema.size() > 0;
  const bool schemas = !catalogue && schema.size() > 0;
  return SQLColumnsW(statement.get(), catalogue ? schema.units() : nullptr,
                     catalogue ? schema.size() : 0, schemas ? schema.units() : nullptr,
                     schemas ? schema.size() : 0, table.units(), table.size(), nullptr, 0);
}

absl::Status Database::ReadCatalogue(const TableConfig& config) {
  Handle statement(SQL_HANDLE_STMT, connection_->get());
  if (!Worked(AskForColumns(statement, config))) return Trouble(statement);
  columns_.clear();
  while (Worked(SQLFetch(statement.get()))) {
    // A name is taken as a pattern, in which "_" is any sign.
    const bool same = statement.Text(3) == config.table.back();
    const std::string column = statement.Text(4);
    const long type = statement.Number(5, SQL_VARCHAR);
    const std::string type_name = statement.Text(6);
    const long length = statement.Number(7, 0);
    const long nullable = statement.Number(11, SQL_NULLABLE);
    if (!same) continue;
    ColumnInfo& info = columns_[column];
    info = InfoOf(static_cast<int>(type), length, nullable != SQL_NO_NULLS);
    if (product_ == Product::kSqlite && !NamesText(type_name)) {
      info.text = info.comparable = false;
      info.max_length = 0;
    }
  }
  return absl::OkStatus();
}

// PostgreSQL over ODBC tells a length of 255 for texts without one, and calls many types
// text; and the table may be in another schema too, with other columns.
absl::Status Database::RefineLengths(const TableConfig& config) {
  if (product_ != Product::kPostgres || columns_.empty()) return absl::OkStatus();
  std::map<std::string, ColumnInfo> columns;
  const absl::Status asked = Select(
      "SELECT a.attname, CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 "
      "THEN a.atttypmod - 4 ELSE 0 END, CASE WHEN t.typcategory = 'S' THEN 1 ELSE 0 END, "
      "CASE WHEN a.attnotnull THEN 0 ELSE 1 END, pg_catalog.format_type(a.atttypid, -1) "
      "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
      "WHERE a.attrelid = CAST(CAST(? AS text) AS regclass) AND a.attnum > 0 "
      "AND NOT a.attisdropped",
      {{&kAnyText, Table(config)}}, 5, [&](const std::vector<SqlValue>& values) {
        ColumnInfo info = columns_[values[0].text];
        info.max_length = std::stoul("0" + values[1].text);
        const bool text = values[2].text == "1";
        info.comparable = info.comparable && text == info.text;
        info.text = text;
        info.nullable = values[3].text == "1";
        info.type_name = values[4].text;
        columns[values[0].text] = info;
        return absl::OkStatus();
      });
  if (asked.ok()) columns_ = std::move(columns);
  return asked;
}

// A storage engine without transactions would keep half of what was rolled back.
absl::Status Database::NeedTransactions(const TableConfig& config) {
  if (product_ != Product::kMaria) return absl::OkStatus();
  std::string engine;
  const std::string schema = config.table.size() > 1 ? "?" : "DATABASE()";
  Parameters parameters = {{&kAnyText, config.table.back()}};
  if (config.table.size() > 1) parameters.push_back({&kAnyText, config.table[0]});
  const absl::Status asked = Select(
      "SELECT e.ENGINE FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON "
      "e.ENGINE = t.ENGINE WHERE e.TRANSACTIONS = 'NO' AND t.TABLE_NAME = ? AND t.TABLE_SCHEMA = " +
          schema,
      parameters, 1, [&](const std::vector<SqlValue>& values) {
        engine = values[0].text;
        return absl::OkStatus();
      });
  if (!asked.ok() || engine.empty()) return asked;
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_CONFIG,
       .code = "grants.sql.no_transactions",
       .da =
           "Tabellen " + table_.name + " ligger i " + engine +
           ", som ikke kan fortryde. Bed databasens ejer om at flytte den til InnoDB, eller fjern "
           "'write' fra opsætningen.",
       .en = "The table " + table_.name + " is kept by " + engine +
             ", which cannot roll back. Ask the database's owner to move it to InnoDB, or take "
             "'write' out of the configuration.",
       .path = "write"});
}

// PostgreSQL says that the table may not be read, and not for which of its columns. MariaDB
// does not even show the column, so Compare misses it.
absl::Status Database::NameForbidden(const TableConfig& config,
                                     const std::vector<Column>& columns,
                                     const absl::Status& failed) {
  const bool forbidden = sdk::DiagnosticOf(failed).code() == "grants.sql.no_right";
  if (product_ != Product::kPostgres || !forbidden) return failed;
  if (access_ == Access::kWrite) Rollback();
  for (const auto& [path, column] : ColumnsRead(config, columns)) {
    const std::string may = "has_column_privilege('" + Table(config) + "', '" + column + "', ";
    if (Ask("CASE WHEN " + may + "'SELECT') THEN '' ELSE 'no' END").empty()) continue;
    const std::string grant = "GRANT SELECT (" + Quoted(column) + ") ON " + Table(config);
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_AUTH,
                           .code = "grants.sql.no_right",
                           .da = "Brugeren må ikke læse kolonnen '" + column + "' i tabellen " +
                                 table_.name + ". Bed databasens ejer om: " + grant +
                                 ", eller fjern den fra opsætningen.",
                           .en = "The user may not read the column '" + column + "' of the table " +
                                 table_.name + ". Ask the database's owner for: " + grant +
                                 ", or take it out of the configuration.",
                           .path = path,
                           .detail = sdk::DiagnosticOf(failed).detail()});
  }
  return failed;
}

absl::Status Database::Compare(const TableConfig& config) const {
  if (columns_.empty()) {
    return Explain({.state = "42S02", .text = "the catalogue has no such table"}, table_);
  }
  for (const auto& [path, column] : Needed(config)) {
    if (columns_.count(column) > 0) continue;
    return sdk::MakeError(
        {.kind = sdk::Diagnostic::CLASS_CONFIG,
         .code = "grants.sql.no_column",
         .da = "Tabellen " + table_.name + " har ingen kolonne '" + column +
               "', som brugeren kan se. Ret opsætningen, eller spørg databasens ejer, om den har "
               "fået nyt navn, eller om brugeren mangler ret til den.",
         .en = "The table " + table_.name + " has no column '" + column +
               "' that the user can see. Mend the configuration, or ask the database's owner "
               "whether it was renamed, or whether the user lacks the right to it.",
         .path = path});
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sql
