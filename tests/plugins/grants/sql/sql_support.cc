#include "tests/plugins/grants/sql/sql_support.h"

#include <vector>

#include <catch2/catch.hpp>

namespace brobygger::tests {

std::unique_ptr<DatabaseServer> StartServer(const std::string& name) {
  if (name == "PostgreSQL") return StartPostgres();
  return name == "MariaDB" ? StartMariaDb() : MakeSqliteFile();
}

std::unique_ptr<HostProcess> HostFor(const DatabaseServer& server) {
  std::vector<std::string> arguments;
  if (server.port() != 0) arguments = {"--tcp-port", std::to_string(server.port())};
  if (!server.folder().empty()) arguments = {"--write-path", server.folder()};
  arguments.insert(arguments.end(), {"--plugin", PluginFile("grants.sql")});
  auto host = std::make_unique<HostProcess>(arguments);
  INFO(host->line() << host->pid());
  REQUIRE(host->ready());
  return host;
}

std::map<std::string, std::string> Secrets(const DatabaseServer& server) {
  if (server.password().empty()) return {};
  return {{"password", server.password()}};
}

std::string AnyServer() { return GENERATE(as<std::string>(), "SQLite", "PostgreSQL", "MariaDB"); }
std::string AnyNetServer() { return GENERATE(as<std::string>(), "PostgreSQL", "MariaDB"); }

bool HasBothTexts(const plugin::v1::Diagnostic& diagnostic) {
  return diagnostic.text().count("da") == 1 && diagnostic.text().count("en") == 1;
}

}  // namespace brobygger::tests
