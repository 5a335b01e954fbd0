#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {

// Somebody else's open transaction. Rolled back when it goes away.
class HeldLock {
 public:
  virtual ~HeldLock() = default;
};

// A real database with nobody else's data in it, that goes away with the test.
class DatabaseServer {
 public:
  virtual ~DatabaseServer() = default;

  virtual std::string name() const = 0;
  // Runs statements as its owner. Throws if one fails.
  virtual void Execute(const std::string& sql) = 0;
  // The one value that a query as its owner answers with; lines if there are more.
  virtual std::string Query(const std::string& sql) = 0;
  // For the user "brobygger", without the password.
  virtual std::string connection_string() const = 0;
  virtual std::string password() const { return ""; }
  // 0: it is a file.
  virtual std::uint16_t port() const { return 0; }
  virtual std::string folder() const { return ""; }
  virtual void Stop() {}
  // Ends every session at once, as a crash does, and comes up again.
  virtual void Crash() {}
  // Keeps what `sql` locks locked, from when this returns until it is let go of.
  virtual std::unique_ptr<HeldLock> Hold(const std::string& sql) = 0;
};

std::unique_ptr<DatabaseServer> StartPostgres();
std::unique_ptr<DatabaseServer> StartMariaDb();
std::unique_ptr<DatabaseServer> MakeSqliteFile();

}  // namespace brobygger::tests
