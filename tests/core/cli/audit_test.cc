#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/audit/audit_log.h"
#include "core/cli/cli.h"
#include "core/cli/errors.h"
#include "tests/support/temp_folder.h"

namespace brobygger::cli {
namespace {

TEST_CASE("audit verify tells a log in order from one that was changed by its exit", "[cli]") {
  const support::TempFolder folder;
  const std::string audit = (folder.path() / "audit").string();
  {
    audit::Options options;
    options.folder = audit;
    auto log = audit::AuditLog::Open(options);
    REQUIRE(log.ok());
    audit::v1::Entry entry;
    entry.set_actor("p1");
    entry.set_method("brobygger.registry.v1.RegistryService/GetAssociation");
    entry.set_decision(audit::v1::DECISION_ALLOWED);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    REQUIRE((*log)->Append(entry, deadline).ok());
  }
  CHECK(Main({"audit", "verify", "--folder", audit}) == kExitDone);
  CHECK(Main({"audit", "verify", "--folder", audit, "--checkpoints", audit + "/checkpoints",
              "--public-key", audit + "/checkpoint.pub"}) == kExitDone);
  {
    std::fstream file(audit + "/000001.log", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(80);
    file.put('~');
  }
  CHECK(Main({"audit", "verify", "--folder", audit}) == kExitOther);
  CHECK(Main({"audit", "verify", "--folder", audit + "/none"}) == kExitNotFound);
}

}  // namespace
}  // namespace brobygger::cli
