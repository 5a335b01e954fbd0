#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/plugins/grants/sql/database_servers.h"

namespace brobygger::tests {

// "PostgreSQL", "MariaDB" or "SQLite".
std::unique_ptr<DatabaseServer> StartServer(const std::string& name);

// All of them in turn, or those that are no file. For a test case.
std::string AnyServer();
std::string AnyNetServer();

// A plugin host with the plugin, whose jail lets it reach `server`.
std::unique_ptr<HostProcess> HostFor(const DatabaseServer& server);

// The password, as the plugin wants it.
std::map<std::string, std::string> Secrets(const DatabaseServer& server);

// Whether it speaks Danish and English.
bool HasBothTexts(const plugin::v1::Diagnostic& diagnostic);

}  // namespace brobygger::tests
