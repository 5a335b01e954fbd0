#include <catch2/catch.hpp>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Record;

constexpr char kConfig[] = R"({"path": "FILE", "id_column": "Nr", "stable_for_ms": 0,
  "columns": {"Navn": "name", "Stiftet": {"field": "founded", "type": "date"}}})";

std::string ConfigFor(const std::string& file) {
  std::string config = kConfig;
  return config.replace(config.find("FILE"), 4, file);
}

TEST_CASE("a plugin in its jail reads the folder it was given", "[host]") {
  const TempFolder folder;
  const std::string file =
      folder.Write("foreninger.csv", "Nr;Navn;Stiftet\n1;Fjordens Venner;01-05-1998\n");
  HostProcess host({"--read-path", folder.path(), "--plugin", PluginFile("files.csv")});
  INFO(host.line());
  REQUIRE(host.ready());
  CHECK(host.line() == "OK|1|0|unix:" + host.socket() + "|files.csv|1.0.0");

  REQUIRE(Configure(host, ConfigFor(file)).empty());
  const ReadOutcome read = ReadSnapshot(host);
  INFO(read.diagnostic.ShortDebugString());
  REQUIRE(read.status.ok());
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].external_id() == "1");
  CHECK(read.records[0].fields().at("founded").date() == "1998-05-01");
  REQUIRE(read.ends.size() == 1);
  CHECK(read.ends[0].complete());
}

}  // namespace
}  // namespace brobygger::tests
