#include "core/daemon/statement_files.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/collab/data.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::daemon {
namespace {

// Writes the file, a moment later each time, so that a look tells that it changed.
void Write(const std::string& path, const std::string& text) {
  static int writes = 0;
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(++writes));
}

std::string Ours(const std::string& version) {
  std::string file(collab::kStatementsCsv);
  const std::size_t end = file.find('\n');
  return "version|" + version + file.substr(end);
}

}  // namespace

TEST_CASE("a municipality's own statements are read again, and with a mistake the old ones go on") {
  const support::TempFolder folder;
  support::FakeClock clock;
  const std::string path = (folder.path() / "statements.csv").string();
  Write(path, Ours("fjordby-1"));
  const auto opened = OpenStatements(path, clock);
  INFO(opened.status());
  REQUIRE(opened.ok());
  StatementsKeeper& keeper = **opened;
  CHECK(keeper.Current()->version == "fjordby-1");

  Write(path, Ours("fjordby-2"));
  clock.Advance(std::chrono::seconds(3));
  CHECK(keeper.Current()->version == "fjordby-2");

  Write(path, Ours("fjordby-3") + "x|no-topic|Ja|Yes\n");
  clock.Advance(std::chrono::seconds(3));
  CHECK(keeper.Current()->version == "fjordby-2");

  Write(path, Ours("fjordby-4"));
  clock.Advance(std::chrono::seconds(3));
  CHECK(keeper.Current()->version == "fjordby-4");
}

TEST_CASE("a hub does not start with statements that nobody understands, and says the line") {
  const support::TempFolder folder;
  support::FakeClock clock;
  const std::string path = (folder.path() / "statements.csv").string();
  Write(path, Ours("fjordby-1") + "x|no-topic|Ja|Yes\n");
  const auto refused = OpenStatements(path, clock);
  CHECK(refused.status().code() == absl::StatusCode::kFailedPrecondition);
  const std::string why(refused.status().message());
  CHECK(why.find(path + ": line ") == 0);
  const auto missing = OpenResourceStatements((folder.path() / "none.csv").string(), clock);
  CHECK(std::string(missing.status().message()).find("collaboration.resource_statements") !=
        std::string::npos);
}

TEST_CASE("without a file the shipped statements are asked") {
  support::FakeClock clock;
  CHECK((*OpenStatements("", clock))->Current()->version == collab::ShippedStatements().version);
  CHECK((*OpenResourceStatements("", clock))->Current()->version ==
        collab::ShippedResourceStatements().version);
}

}  // namespace brobygger::daemon
