#include <chrono>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Diagnostic;
using plugin::v1::Heartbeat;
using plugin::v1::Record;

constexpr char kGood[] = "Nr;Navn\n1;Et\n2;To\n";

nlohmann::json ConfigFor(const std::string& path) {
  return {
      {"path", path}, {"id_column", "Nr"}, {"stable_for_ms", 0}, {"columns", {{"Navn", "name"}}}};
}

// A host with the plugin, that may read one folder.
struct Fixture {
  TempFolder folder;
  HostProcess host{{"--read-path", folder.path(), "--plugin", PluginFile("files.csv")}};

  ReadOutcome Read(const nlohmann::json& config, const std::string& cursor = "") {
    const auto wrong = Configure(host, config.dump());
    INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
    REQUIRE(wrong.empty());
    return ReadSnapshot(host, cursor);
  }
  ReadOutcome ReadText(const std::string& text) {
    return Read(ConfigFor(folder.Write("a.csv", text)));
  }
};

std::string ManyRows(int count) {
  std::string text = "Nr;Navn\n";
  for (int row = 1; row <= count; ++row) {
    text += std::to_string(row) + ";Forening " + std::to_string(row) + "\n";
  }
  return text;
}

TEST_CASE("a file that is not whole tells why and nothing else", "[csv]") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"", "files.csv.empty"},
      {"\xEF\xBB\xBF", "files.csv.empty"},
      {"Nr;Navn\n", "files.csv.empty"},
      {"Nr;Navn\n1;Et\n2;\"To\n3;Tre\n", "files.csv.truncated"},
      {"Nr;Navn\n1;Et\n2", "files.csv.truncated"},
      {std::string("Nr;Navn\n1;\0Et\n", 13), "files.csv.not_text"},
      {"PK\x03\x04" + std::string(20, '\0'), "files.csv.truncated"},
      {"%PDF-1.7" + std::string(20, '\0'), "files.csv.pdf"},
      {std::string("\xFF\xFEN\0r\0", 6), "files.csv.not_text"},
      {"Nummer;Navn\n1;Et\n", "files.csv.missing_column"},
      {"Nr;Titel\n1;Et\n", "files.csv.missing_column"},
  }));
  CAPTURE(text, code);
  Fixture fixture;
  const ReadOutcome read = fixture.ReadText(text);
  CHECK_FALSE(read.status.ok());
  CHECK(read.diagnostic.code() == code);
  CHECK(read.diagnostic.text().count("da") == 1);
  CHECK(read.diagnostic.text().count("en") == 1);
  CHECK(read.records.empty());
  CHECK(read.checkpoints.empty());
  CHECK(read.ends.empty());
}

TEST_CASE("a last row that is whole needs no line end", "[csv]") {
  Fixture fixture;
  CHECK(fixture.ReadText("Nr;Navn\n1;Et\n2;To").records.size() == 2);
}

TEST_CASE("a file that is not there, or not allowed, says who must do what", "[csv]") {
  Fixture fixture;
  const ReadOutcome missing = fixture.Read(ConfigFor(fixture.folder.path() + "/x.csv"));
  CHECK(missing.diagnostic.class_() == Diagnostic::CLASS_NOT_FOUND);
  const TempFolder other;
  const ReadOutcome outside = fixture.Read(ConfigFor(other.Write("a.csv", kGood)));
  CHECK(outside.diagnostic.code() == "files.csv.not_readable");
  CHECK(outside.diagnostic.class_() == Diagnostic::CLASS_CONFIG);
  CHECK(outside.records.empty());
}

TEST_CASE("the cursor of a whole file says that nothing changed", "[csv]") {
  Fixture fixture;
  const auto config = ConfigFor(fixture.folder.Write("a.csv", kGood));
  const ReadOutcome first = fixture.Read(config);
  REQUIRE(first.checkpoints.size() == 1);
  const ReadOutcome again = fixture.Read(config, first.checkpoints[0].cursor());
  REQUIRE(again.ends.size() == 1);
  CHECK(again.ends[0].unchanged());
  CHECK(again.ends[0].complete());
  CHECK(again.records.empty());

  SECTION("but another text is another file") {
    fixture.folder.Write("a.csv", "Nr;Navn\n1;Et\n2;Tre\n");
    CHECK(fixture.Read(config, first.checkpoints[0].cursor()).records.size() == 2);
  }
  SECTION("but another configuration tells other things") {
    auto other = config;
    other["columns"]["Nr"] = "number";
    CHECK(fixture.Read(other, first.checkpoints[0].cursor()).records.size() == 2);
  }
  SECTION("but rubbish is no cursor") {
    CHECK(fixture.Read(config, "rubbish:5").records.size() == 2);
  }
}

TEST_CASE("every checkpoint resumes without a gap", "[csv]") {
  Fixture fixture;
  const auto config = ConfigFor(fixture.folder.Write("a.csv", ManyRows(1750)));
  const ReadOutcome whole = fixture.Read(config);
  REQUIRE(whole.records.size() == 1750);
  REQUIRE(whole.checkpoints.size() == 4);
  std::size_t before = 0;
  for (std::size_t at = 0; at < 3; ++at) {
    before += whole.checkpoints[at].records_since_last();
    const ReadOutcome rest = ReadSnapshot(fixture.host, whole.checkpoints[at].cursor());
    REQUIRE(rest.records.size() == 1750 - before);
    CHECK(rest.records[0].external_id() == std::to_string(before + 1));
    CHECK(rest.ends.at(0).record_count() == 1750);
  }
}

TEST_CASE("a cursor from the middle of another file starts over", "[csv]") {
  Fixture fixture;
  const auto config = ConfigFor(fixture.folder.Write("a.csv", ManyRows(600)));
  const std::string cursor = fixture.Read(config).checkpoints.at(0).cursor();
  fixture.folder.Write("a.csv", ManyRows(601));
  CHECK(fixture.Read(config, cursor).records.size() == 601);
}

TEST_CASE("the newest file of a folder is the one", "[csv]") {
  Fixture fixture;
  auto config = ConfigFor(fixture.folder.path());
  config["pattern"] = "udtraek-*.csv";
  const std::string old_file = fixture.folder.Write("udtraek-2.csv", kGood);
  fixture.folder.Write("udtraek-1.csv", "Nr;Navn\n7;Ny\n");
  fixture.folder.Write("andet.csv", "Nr;Navn\n9;Andet\n");
  namespace fs = std::filesystem;
  fs::last_write_time(old_file, fs::last_write_time(old_file) - std::chrono::hours(1));
  const ReadOutcome read = fixture.Read(config);
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].external_id() == "7");
  config["pattern"] = "intet-*.csv";
  CHECK(fixture.Read(config).diagnostic.class_() == Diagnostic::CLASS_NOT_FOUND);
}

TEST_CASE("a young file is waited for, with signs of life", "[csv]") {
  Fixture fixture;
  auto config = ConfigFor(fixture.folder.Write("a.csv", kGood));
  config["stable_for_ms"] = 700;
  const auto begin = std::chrono::steady_clock::now();
  const ReadOutcome read = fixture.Read(config);
  CHECK(read.records.size() == 2);
  CHECK(std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(300));
  REQUIRE_FALSE(read.heartbeats.empty());
  CHECK(read.heartbeats[0].state() == Heartbeat::STATE_WAITING_REMOTE);
}

TEST_CASE("only the selected fields are told", "[csv]") {
  Fixture fixture;
  auto config = ConfigFor(fixture.folder.Write("a.csv", "Nr;Navn;Kode\n1;Et;x\n"));
  config["columns"]["Kode"] = "code";
  plugin::v1::ConfigureRequest request;
  request.set_config_json(config.dump());
  request.set_generation(1000000);
  auto& stream = *request.add_streams();
  stream.set_stream("associations");
  stream.add_fields("name");
  plugin::v1::ConfigureResponse response;
  grpc::ClientContext context;
  REQUIRE(fixture.host.stub().Configure(&context, request, &response).ok());
  const ReadOutcome read = ReadSnapshot(fixture.host);
  REQUIRE(read.records.size() == 1);
  CHECK(read.records[0].fields().size() == 1);
  CHECK(read.records[0].fields().count("name") == 1);
}

TEST_CASE("a configuration that will not do names the key", "[csv]") {
  const auto [change, path] = GENERATE(table<std::string, std::string>({
      {R"({"path": null})", "path"},
      {R"({"path": "relativ.csv"})", "path"},
      {R"({"columns": null})", "columns"},
      {R"({"columns": {"Navn": {"field": "name", "type": "dato"}}})", "columns.Navn.type"},
      {R"({"columns": {"Navn": 7}})", "columns.Navn"},
      {R"({"delimiter": ";;"})", "delimiter"},
      {R"({"encoding": "latin-9"})", "encoding"},
      {R"({"id_column": null})", "id_column"},
      {R"({"id_column": 5})", "id_column"},
      {R"({"stable_for_ms": -1})", "stable_for_ms"},
      {R"({"stable_for_ms": "x"})", "stable_for_ms"},
  }));
  CAPTURE(change);
  Fixture fixture;
  auto config = ConfigFor(fixture.folder.Write("a.csv", kGood));
  config.merge_patch(nlohmann::json::parse(change));
  const auto wrong = Configure(fixture.host, config.dump());
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].class_() == Diagnostic::CLASS_CONFIG);
  CHECK(wrong[0].path() == path);
  CHECK(ReadSnapshot(fixture.host).diagnostic.code() == "sdk.not_configured");
}

TEST_CASE("an unknown stream or way of reading is an error, not an empty success", "[csv]") {
  Fixture fixture;
  REQUIRE(Configure(fixture.host, ConfigFor(fixture.folder.Write("a.csv", kGood)).dump()).empty());
  plugin::v1::ReadRequest request;
  request.set_stream(GENERATE(as<std::string>(), "persons", "associations"));
  request.set_mode(plugin::v1::ReadRequest::MODE_DELTA);
  grpc::ClientContext context;
  const auto reader = fixture.host.stub().Read(&context, request);
  plugin::v1::ReadResponse response;
  CHECK_FALSE(reader->Read(&response));
  CHECK(reader->Finish().error_code() == grpc::StatusCode::UNIMPLEMENTED);
}

TEST_CASE("check and discover tell what there is", "[csv]") {
  Fixture fixture;
  auto config = ConfigFor(fixture.folder.Write("a.csv", kGood));
  config["columns"]["Mangler"] = {{"field", "gone"}, {"type", "date"}};
  REQUIRE(Configure(fixture.host, config.dump()).empty());
  grpc::ClientContext first;
  plugin::v1::CheckResponse check;
  REQUIRE(fixture.host.stub().Check(&first, {}, &check).ok());
  CHECK(check.visible_records().at("associations") == 2);
  REQUIRE(check.diagnostics_size() == 1);
  CHECK(check.diagnostics(0).severity() == Diagnostic::SEVERITY_WARNING);
  CHECK(check.diagnostics(0).path() == "columns.Mangler");

  grpc::ClientContext second;
  plugin::v1::DiscoverResponse discover;
  REQUIRE(fixture.host.stub().Discover(&second, {}, &discover).ok());
  REQUIRE(discover.streams_size() == 1);
  CHECK(discover.streams(0).name() == "associations");
  CHECK(discover.streams(0).abilities().snapshot());
  CHECK_FALSE(discover.streams(0).abilities().delta());
  CHECK(discover.streams(0).fields_size() == 2);
}

}  // namespace
}  // namespace brobygger::tests
