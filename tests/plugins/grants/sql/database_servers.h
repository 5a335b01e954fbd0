#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {

// A real database with nobody else's data in it, that goes away with the test.
class DatabaseServer {
 public:
  virtual ~DatabaseServer() = default;

  virtual std::string name() const = 0;
  // Runs statements as its owner. Throws if one fails.
  virtual void Execute(const std::string& sql) = 0;
  // For the user "brobygger", without the password.
  virtual std::string connection_string() const = 0;
  virtual std::string password() const { return ""; }
  // 0: it is a file.
  virtual std::uint16_t port() const { return 0; }
  virtual std::string read_path() const { return ""; }
  virtual void Stop() {}
};

std::unique_ptr<DatabaseServer> StartPostgres();
std::unique_ptr<DatabaseServer> StartMariaDb();
std::unique_ptr<DatabaseServer> MakeSqliteFile();

}  // namespace brobygger::tests
