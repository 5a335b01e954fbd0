// Against a server that behaves as the published OpenAPI says, and goes wrong as it is told.
#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/core/host/host_process.h"
#include "tests/support/server_process.h"

namespace brobygger::tests {
namespace {

using Json = nlohmann::json;
using plugin::v1::Diagnostic;
using plugin::v1::Record;

Json Organization(int number) {
  const std::string text = std::to_string(number);
  return {{"id", "o" + text},
          {"name", "Forening " + text},
          {"last_modified", "2026-01-01T00:00:00Z"},
          {"services",
           {{{"id", "s" + text},
             {"name", "Kor " + text},
             {"status", "active"},
             {"last_modified", "2026-01-01T00:00:00Z"},
             {"languages", {{{"id", "l" + text}, {"code", "so"}}}}}}}};
}

// The server, and a host with the plugin that may reach it.
struct Fixture {
  support::ServerProcess server{{BB_HSDS_SERVER}};
  HostProcess host{
      {"--tcp-port", std::to_string(server.port()), "--plugin", PluginFile("centres.hsds")}};
  Json directory = {{"organizations", Json::array()}};
  Json config = {{"url", "http://127.0.0.1:" + std::to_string(server.port()) + "/"},
                 {"page_size", 10}};

  explicit Fixture(int count = 25) {
    for (int number = 1; number <= count; ++number) {
      directory["organizations"].push_back(Organization(number));
    }
    Tell();
    Ready();
  }

  void Tell() { server.Post("/people/directory", directory.dump()); }
  void GoWrong(const Json& fault) { server.Post("/people/faults", Json::array({fault}).dump()); }
  std::vector<std::string> Asked() { return Json::parse(server.Post("/people/requests", "null")); }
  void Ready(const std::map<std::string, std::string>& secrets = {}) {
    const auto wrong = Configure(host, config.dump(), secrets);
    INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
    REQUIRE(wrong.empty());
  }
  ReadOutcome Read(const std::string& cursor = "") { return ReadSnapshot(host, cursor); }
};

std::set<std::string> IdsOf(const ReadOutcome& read) {
  std::set<std::string> ids;
  for (const Record& record : read.records) ids.insert(record.external_id());
  return ids;
}

bool IsComplete(const ReadOutcome& read) { return !read.ends.empty() && read.ends[0].complete(); }

const Record& RecordOf(const ReadOutcome& read, const std::string& id) {
  const auto found = std::find_if(read.records.begin(), read.records.end(),
                                  [&](const Record& record) { return record.external_id() == id; });
  REQUIRE(found != read.records.end());
  return *found;
}

std::size_t CountOf(const std::vector<std::string>& asked, const std::string& beginning) {
  return static_cast<std::size_t>(
      std::count_if(asked.begin(), asked.end(),
                    [&](const std::string& path) { return path.starts_with(beginning); }));
}

// Nothing was concluded, and the reason is told in two languages without the server's own words.
void CheckFailed(const ReadOutcome& read, const std::string& code) {
  CHECK_FALSE(read.status.ok());
  CHECK(read.diagnostic.code() == "centres.hsds." + code);
  CHECK(read.diagnostic.text().count("da") == 1);
  CHECK(read.diagnostic.text().count("en") == 1);
  CHECK(read.diagnostic.ShortDebugString().find("ZQ") == std::string::npos);
  CHECK(read.ends.empty());
}

TEST_CASE("every page is read, to the last", "[hsds]") {
  const int count = GENERATE(1, 9, 10, 11, 25);
  const bool full = GENERATE(true, false);
  CAPTURE(count, full);
  Fixture fixture(count);
  fixture.directory["full"] = full;
  fixture.Tell();
  const ReadOutcome read = fixture.Read();
  INFO(read.diagnostic.ShortDebugString());
  CHECK(IdsOf(read).size() == static_cast<std::size_t>(count));
  CHECK(read.records.size() == static_cast<std::size_t>(count));
  REQUIRE(IsComplete(read));
  CHECK(read.ends[0].record_count() == static_cast<std::uint64_t>(count));
  CHECK(RecordOf(read, "o1").fields().at("activities").text().find("Kor 1") != std::string::npos);
  // A server that nests what it lists is asked for pages alone.
  const std::vector<std::string> asked = fixture.Asked();
  CHECK((CountOf(asked, "/organizations/") == 0) == full);
}

TEST_CASE("an empty directory is believed only if it says so", "[hsds]") {
  Fixture fixture(0);
  const ReadOutcome read = fixture.Read();
  CHECK(read.records.empty());
  CHECK(IsComplete(read));
  Fixture other(5);
  other.GoWrong({{"on", "/organizations"}, {"kind", "empty"}});
  CheckFailed(other.Read(), "disagree");
}

TEST_CASE("a page that is not the one asked for ends the read", "[hsds]") {
  const std::string kind = GENERATE(as<std::string>(), "other_page", "same_page", "never_last");
  CAPTURE(kind);
  Fixture fixture;
  fixture.GoWrong({{"on", "/organizations"}, {"kind", kind}});
  const ReadOutcome read = fixture.Read();
  CHECK_FALSE(IsComplete(read));
  CheckFailed(read, "wrong_page");
}

TEST_CASE("pages without a word on the last are read until all are there", "[hsds]") {
  const std::string kind = GENERATE(as<std::string>(), "no_last", "no_totals");
  Fixture fixture;
  fixture.GoWrong({{"on", "/organizations"}, {"kind", kind}});
  const ReadOutcome read = fixture.Read();
  INFO(read.diagnostic.ShortDebugString());
  CHECK(IdsOf(read).size() == 25);
  CHECK(IsComplete(read));
}

TEST_CASE("fewer than there are said to be conclude nothing", "[hsds]") {
  const std::string kind = GENERATE(as<std::string>(), "early_last", "wrong_total");
  Fixture fixture;
  fixture.GoWrong({{"on", "/organizations"}, {"kind", kind}});
  const ReadOutcome read = fixture.Read();
  CHECK(read.status.ok());
  CHECK_FALSE(read.records.empty());
  CHECK_FALSE(IsComplete(read));
}

TEST_CASE("what moved to a page that was read already is found by a second look", "[hsds]") {
  Fixture fixture;
  // While the first page is sent, the first of all is deleted, and number 11 moves to that page.
  fixture.GoWrong({{"on", "/organizations"}, {"kind", "shift"}, {"times", 1}});
  const ReadOutcome read = fixture.Read();
  INFO(read.diagnostic.ShortDebugString());
  CHECK(IdsOf(read).count("o11") == 1);
  CHECK(IsComplete(read));
}

TEST_CASE("what cannot be had of one costs one", "[hsds]") {
  const std::string kind = GENERATE(as<std::string>(), "status", "cut", "html", "not_json", "huge");
  CAPTURE(kind);
  Fixture fixture;
  fixture.directory["full"] = false;
  fixture.Tell();
  fixture.GoWrong({{"on", "/organizations/o7"}, {"kind", kind}, {"status", 500}});
  const ReadOutcome read = fixture.Read();
  INFO(read.diagnostic.ShortDebugString());
  CHECK(IdsOf(read).size() == 24);
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id() == "o7");
  CHECK(IsComplete(read));
}

TEST_CASE("a service that cannot be had keeps back what comes of services", "[hsds]") {
  Fixture fixture;
  fixture.directory["full"] = false;
  fixture.Tell();
  fixture.GoWrong({{"on", "/services/s7"}, {"kind", "status"}, {"status", 500}});
  const ReadOutcome read = fixture.Read();
  CHECK(IdsOf(read).size() == 25);
  CHECK(IsComplete(read));
  CHECK(RecordOf(read, "o7").fields().count("activities") == 0);
  CHECK(RecordOf(read, "o7").fields().count("language_codes") == 0);
  CHECK(RecordOf(read, "o7").fields().count("name") == 1);
  CHECK(RecordOf(read, "o8").fields().count("activities") == 1);
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].external_id() == "o7");
  CHECK(read.errors[0].diagnostic().path() == "/services/s7");
}

TEST_CASE("a service that is gone is no failure", "[hsds]") {
  Fixture fixture;
  fixture.directory["full"] = false;
  fixture.Tell();
  fixture.GoWrong({{"on", "/services/s7"}, {"kind", "status"}, {"status", 404}});
  const ReadOutcome read = fixture.Read();
  CHECK(read.errors.empty());
  CHECK(RecordOf(read, "o7").fields().at("activities").has_empty());
}

TEST_CASE("failures on all end the read soon", "[hsds]") {
  Fixture fixture;
  fixture.directory["full"] = false;
  fixture.Tell();
  fixture.GoWrong({{"on", "/organizations/"}, {"kind", "status"}, {"status", 500}});
  const ReadOutcome read = fixture.Read();
  CheckFailed(read, "server_failed");
  CHECK(CountOf(fixture.Asked(), "/organizations/") == 5);
}

TEST_CASE("a list that cannot be read says why", "[hsds]") {
  const auto [fault, code] = GENERATE(table<Json, std::string>({
      {{{"kind", "status"}, {"status", 500}}, "server_failed"},
      {{{"kind", "status"}, {"status", 403}}, "no_right"},
      {{{"kind", "status"}, {"status", 404}}, "not_found"},
      {{{"kind", "status"}, {"status", 400}}, "refused"},
      {{{"kind", "status"}, {"status", 503}, {"retry_after", 600}}, "busy"},
      {{{"kind", "html"}}, "html"},
      {{{"kind", "not_json"}}, "not_json"},
      {{{"kind", "array"}}, "unexpected"},
      {{{"kind", "not_a_list"}}, "unexpected"},
      {{{"kind", "deep"}}, "wrong_page"},
      {{{"kind", "cut"}}, "cut"},
      {{{"kind", "huge"}}, "too_large"},
      {{{"kind", "endless"}}, "too_large"},
      {{{"kind", "redirect"}, {"link", "https://other.example/"}}, "redirected"},
  }));
  CAPTURE(fault.dump());
  Fixture fixture(3);
  Json whole = fault;
  whole["on"] = "/organizations";
  fixture.GoWrong(whole);
  CheckFailed(fixture.Read(), code);
}

TEST_CASE("an answer that does not come is not waited for longer than allowed", "[hsds]") {
  Fixture fixture(3);
  fixture.config["timeout_seconds"] = 1;
  fixture.Ready();
  fixture.GoWrong({{"on", "/organizations"}, {"kind", "stuck"}});
  CheckFailed(fixture.Read(), "too_slow");
}

TEST_CASE("a wait that the server asks for is kept, with signs of life", "[hsds]") {
  Fixture fixture(3);
  fixture.GoWrong({{"on", "/organizations"},
                   {"kind", "status"},
                   {"status", 429},
                   {"retry_after", 1},
                   {"times", 1}});
  const ReadOutcome read = fixture.Read();
  CHECK(IsComplete(read));
  const auto waits = std::count_if(
      read.heartbeats.begin(), read.heartbeats.end(), [](const plugin::v1::Heartbeat& beat) {
        return beat.state() == plugin::v1::Heartbeat::STATE_WAITING_RATE_LIMIT;
      });
  CHECK(waits > 0);
}

TEST_CASE("a redirect within the server is followed", "[hsds]") {
  Fixture fixture(3);
  const std::string home = fixture.config["url"];
  fixture.GoWrong(
      {{"on", "/organizations"},
       {"kind", "redirect"},
       {"times", 1},
       {"link", home + "organizations?page=1&per_page=10&full=true&full_service=true"}});
  CHECK(IsComplete(fixture.Read()));
}

TEST_CASE("the key goes in the header that was named, and a wrong one is told", "[hsds]") {
  Fixture fixture(3);
  fixture.directory["login"] = {{"X-API-Key", "key-1"}};
  fixture.Tell();
  CheckFailed(fixture.Read(), "login");
  fixture.config["key_header"] = "X-API-Key";
  fixture.Ready({{"api_key", "key-1"}});
  CHECK(IsComplete(fixture.Read()));
}

TEST_CASE("nothing is read anew while no stamp differs, if that may be trusted", "[hsds]") {
  Fixture fixture;
  fixture.directory["stamps"] = true;
  fixture.directory["full"] = false;
  fixture.Tell();
  fixture.config["trust_last_modified"] = true;
  fixture.Ready();
  const ReadOutcome first = fixture.Read();
  REQUIRE(IsComplete(first));
  const std::string cursor = first.checkpoints.back().cursor();
  fixture.Asked();
  const ReadOutcome again = fixture.Read(cursor);
  REQUIRE(again.ends.size() == 1);
  CHECK(again.ends[0].unchanged());
  CHECK(again.records.empty());
  CHECK(CountOf(fixture.Asked(), "/organizations/") == 0);

  SECTION("an organization that changed is read") {
    fixture.directory["organizations"][3]["last_modified"] = "2026-02-01T00:00:00Z";
  }
  SECTION("and one whose service changed") {
    fixture.directory["organizations"][3]["services"][0]["last_modified"] = "2026-02-01T00:00:00Z";
  }
  SECTION("and one that is new") { fixture.directory["organizations"].push_back(Organization(26)); }
  SECTION("and one that is gone") { fixture.directory["organizations"].erase(2); }
  SECTION("and where one has no stamp, nothing is trusted") {
    fixture.directory["organizations"][3].erase("last_modified");
  }
  SECTION("and where it is read in another way") {
    fixture.config["language"] = "en";
    fixture.Ready();
  }
  fixture.Tell();
  const ReadOutcome changed = fixture.Read(cursor);
  CHECK_FALSE(changed.records.empty());
  CHECK(IsComplete(changed));
  CHECK_FALSE(changed.ends[0].unchanged());
}

TEST_CASE("after a failure on one, stamps are not trusted before all was had", "[hsds]") {
  Fixture fixture;
  fixture.directory["stamps"] = true;
  fixture.directory["full"] = false;
  fixture.Tell();
  fixture.config["trust_last_modified"] = true;
  fixture.Ready();
  fixture.GoWrong({{"on", "/services/s7"}, {"kind", "status"}, {"status", 500}, {"times", 1}});
  const ReadOutcome first = fixture.Read();
  REQUIRE(first.errors.size() == 1);
  const ReadOutcome again = fixture.Read(first.checkpoints.back().cursor());
  CHECK(RecordOf(again, "o7").fields().count("activities") == 1);
}

TEST_CASE("check counts what there is, and refuses another version", "[hsds]") {
  Fixture fixture;
  grpc::ClientContext first;
  plugin::v1::CheckResponse check;
  REQUIRE(fixture.host.stub().Check(&first, {}, &check).ok());
  CHECK(check.visible_records().at("associations") == 25);
  fixture.directory["version"] = "HSDS-UK 1.0";
  fixture.Tell();
  grpc::ClientContext second;
  REQUIRE(fixture.host.stub().Check(&second, {}, &check).ok());
  REQUIRE(check.diagnostics_size() == 1);
  CHECK(check.diagnostics(0).code() == "centres.hsds.version");
}

}  // namespace
}  // namespace brobygger::tests
