#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Record;
using plugin::v1::RecordError;
using plugin::v1::Value;

std::string Load(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

nlohmann::json ToJson(const Value& value) {
  switch (value.kind_case()) {
    case Value::kEmpty:
      return nullptr;
    case Value::kText:
      return value.text();
    case Value::kFlag:
      return value.flag();
    case Value::kNumber:
      return value.number();
    case Value::kDecimal:
      return "decimal " + value.decimal();
    case Value::kDate:
      return "date " + value.date();
    case Value::kList: {
      nlohmann::json list = nlohmann::json::array();
      for (const auto& item : value.list().items()) list.push_back(ToJson(item));
      return list;
    }
    default:
      return "?";
  }
}

std::string Describe(const ReadOutcome& read) {
  std::ostringstream out;
  for (const Record& record : read.records) {
    nlohmann::json fields;
    for (const auto& [name, value] : record.fields()) fields[name] = ToJson(value);
    out << record.external_id() << " " << fields.dump() << "\n";
  }
  for (const RecordError& error : read.errors) {
    out << "! " << error.diagnostic().path() << " " << error.diagnostic().code() << " '"
        << error.external_id().substr(0, 18) << "'\n";
    CHECK(error.diagnostic().text().count("da") == 1);
    CHECK(error.diagnostic().text().count("en") == 1);
    CHECK_FALSE(error.raw().empty());
  }
  for (const auto& end : read.ends) {
    out << "end complete=" << end.complete() << " count=" << end.record_count() << "\n";
  }
  if (!read.status.ok()) out << "failed " << read.diagnostic.code() << "\n";
  return out.str();
}

TEST_CASE("Danish exports are told as the golden files say", "[csv]") {
  const std::string name = GENERATE(as<std::string>(), "windows1252", "utf8_mark", "malformed",
                                    "derived_ids", "tabs", "old_line_ends", "bad_bytes");
  CAPTURE(name);
  const std::string golden = std::string(BB_SOURCE_DIR) + "/tests/golden/plugins/files/csv/";
  const TempFolder folder;
  const std::string file = folder.Write(name + ".csv", Load(golden + name + ".csv"));
  auto config = nlohmann::json::parse(Load(golden + name + ".json"));
  config["path"] = file;
  config["stable_for_ms"] = 0;

  HostProcess host({"--read-path", folder.path(), "--plugin", PluginFile("files.csv")});
  REQUIRE(host.ready());
  REQUIRE(Configure(host, config.dump()).empty());
  const std::string told = Describe(ReadSnapshot(host));
  // With BB_RENEW set in the environment the golden files are written anew; look at
  // the difference before committing it.
  if (getenv("BB_RENEW") != nullptr) std::ofstream(golden + name + ".expected") << told;
  CHECK(told == Load(golden + name + ".expected"));
}

}  // namespace
}  // namespace brobygger::tests
