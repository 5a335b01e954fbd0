// How fast rows are made, against a bare loop over the same ODBC driver. Run by hand:
//   build/tests/bin/sql_write_bench "[bench]"

#include <chrono>
#include <iostream>

#include <catch2/catch.hpp>
#include <sql.h>
#include <sqlext.h>

#include "tests/plugins/grants/sql/sql_write_support.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Operation;
using plugin::v1::OperationResult;

constexpr int kRows = 100000;
constexpr int kBatch = 500;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::u16string Wide(const std::string& text) { return {text.begin(), text.end()}; }
SQLWCHAR* Units(std::u16string& text) { return reinterpret_cast<SQLWCHAR*>(text.data()); }

// The bare loop: rows go in 500 at a time, each time in a transaction of their own.
double BareRowsPerSecond(const DatabaseServer& server) {
  SQLHENV environment = nullptr;
  SQLHDBC connection = nullptr;
  SQLHSTMT statement = nullptr;
  SQLAllocHandle(SQL_HANDLE_ENV, nullptr, &environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
  std::string password = server.password();
  for (std::size_t at = 0; (at = password.find('}', at)) != std::string::npos; at += 2) {
    password.insert(at, 1, '}');
  }
  std::u16string where =
      Wide(server.connection_string() + (password.empty() ? "" : ";PWD={" + password + "}"));
  SQLSMALLINT ignored = 0;
  REQUIRE(SQL_SUCCEEDED(SQLDriverConnectW(connection, nullptr, Units(where), SQL_NTS, nullptr, 0,
                                          &ignored, SQL_DRIVER_NOPROMPT)));
  SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
  std::string sql = "INSERT INTO ansoeger (ekstern_id, navn, cvr, telefon, slettet) VALUES ";
  for (int row = 0; row < kBatch; ++row) sql += row == 0 ? "(?,?,?,?,?)" : ",(?,?,?,?,?)";
  sql += server.name() == "MariaDB" ? " ON DUPLICATE KEY UPDATE telefon = VALUES(telefon)"
                                    : " ON CONFLICT (ekstern_id) DO UPDATE SET telefon = "
                                      "excluded.telefon";
  std::u16string wide = Wide(sql);
  const auto start = std::chrono::steady_clock::now();
  const SQLRETURN prepared = SQLPrepareW(statement, Units(wide), SQL_NTS);
  SQLCHAR state[6] = {};
  SQLCHAR text[512] = {};
  SQLINTEGER native = 0;
  SQLSMALLINT size = 0;
  SQLGetDiagRec(SQL_HANDLE_STMT, statement, 1, state, &native, text, sizeof(text), &size);
  INFO(state << " " << text);
  REQUIRE(SQL_SUCCEEDED(prepared));
  for (int begin = 0; begin < kRows; begin += kBatch) {
    std::vector<std::u16string> cells;
    for (int row = begin; row < begin + kBatch; ++row) {
      const std::string number = std::to_string(10000000 + row);
      for (const std::string& cell :
           {"hub-" + number, "Forening " + number, number, number, std::string("0")}) {
        cells.push_back(Wide(cell));
      }
    }
    std::vector<SQLLEN> sizes(cells.size(), SQL_NTS);
    for (std::size_t at = 0; at < cells.size(); ++at) {
      SQLBindParameter(statement, static_cast<SQLUSMALLINT>(at + 1), SQL_PARAM_INPUT, SQL_C_WCHAR,
                       at % 5 == 4 ? SQL_INTEGER : SQL_WVARCHAR, cells[at].size(), 0,
                       cells[at].data(), 0, &sizes[at]);
    }
    REQUIRE(SQL_SUCCEEDED(SQLExecute(statement)));
    SQLFreeStmt(statement, SQL_CLOSE);
  }
  const double seconds = SecondsSince(start);
  SQLFreeHandle(SQL_HANDLE_STMT, statement);
  SQLDisconnect(connection);
  SQLFreeHandle(SQL_HANDLE_DBC, connection);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
  return kRows / seconds;
}

double PluginRowsPerSecond(const DatabaseServer& server, int in_request) {
  WritingPlugin plugin(server);
  std::size_t applied = 0;
  for (int begin = 0; begin < kRows; begin += in_request) {
    std::vector<Operation> operations;
    for (int row = begin; row < std::min(begin + in_request, kRows); ++row) {
      const std::string number = std::to_string(10000000 + row);
      operations.push_back(Create("hub-" + number, {{"name", TextValue("Forening " + number)},
                                                    {"cvr", TextValue(number)},
                                                    {"phone", TextValue(number)}}));
    }
    for (const OperationResult& result : plugin.Write(operations)) {
      applied += result.outcome() == OperationResult::OUTCOME_APPLIED ? 1 : 0;
    }
  }
  REQUIRE(applied == kRows);
  return kRows / plugin.time_in_writes().count();
}

TEST_CASE("creates go in nearly as fast as a bare loop", "[.][bench]") {
  const std::string name = GENERATE(as<std::string>(), "PostgreSQL", "MariaDB", "SQLite");
  double bare = 0;
  for (const int in_request : {0, 5000, 500}) {
    DatabaseServer& server = ServerWithApplicants(name);
    server.Execute("DELETE FROM ansoeger");
    if (name == "MariaDB") server.Execute("GRANT UPDATE ON ansoeger TO brobygger@'127.0.0.1'");
    server.Execute("CREATE UNIQUE INDEX ansoeger_id ON ansoeger (ekstern_id)");
    server.Execute("CREATE INDEX ansoeger_cvr ON ansoeger (cvr)");
    const double rate =
        in_request == 0 ? BareRowsPerSecond(server) : PluginRowsPerSecond(server, in_request);
    if (in_request == 0) bare = rate;
    std::cout << name << ", " << (in_request == 0 ? "bare loop" : "plugin, ")
              << (in_request == 0 ? "" : std::to_string(in_request) + " in a request") << ": "
              << static_cast<int>(rate) << " rows/s, " << static_cast<int>(100 * rate / bare)
              << " %\n";
  }
}

}  // namespace
}  // namespace brobygger::tests
