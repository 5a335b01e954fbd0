#include <catch2/catch.hpp>

#include "tests/plugins/grants/sql/sql_write_support.h"

namespace brobygger::tests {
namespace {

using nlohmann::json;

TEST_CASE("it tells what can be written, and how long it may be", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  WritingPlugin plugin(server);
  grpc::ClientContext context;
  plugin::v1::DiscoverResponse response;
  REQUIRE(plugin.host().stub().Discover(&context, {}, &response).ok());
  REQUIRE(response.streams_size() == 1);
  const auto& abilities = response.streams(0).abilities();
  CHECK((abilities.snapshot() && abilities.by_ids() && abilities.create() && abilities.update()));
  CHECK((abilities.partial_update() && abilities.dry_run() && abilities.stores_foreign_id() &&
         abilities.read_back() && abilities.etag()));
  CHECK_FALSE((abilities.remove() || abilities.delta()));
  std::map<std::string, plugin::v1::FieldSchema> fields;
  for (const auto& field : response.streams(0).fields()) fields[field.name()] = field;
  CHECK(fields["phone"].writable());
  CHECK_FALSE(fields["phone"].write_once());
  CHECK(fields["phone"].max_length() == 20);
  CHECK(fields["name"].write_once());
  CHECK(fields["name"].max_length() == 60);
  CHECK(fields["granted"].max_length() == 0);
}

TEST_CASE("a text that no read would tell again is not written", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants(AnyServer());
  CAPTURE(server.name());
  server.Execute("ALTER TABLE ansoeger ADD COLUMN formaal TEXT");
  if (server.name() != "SQLite") {
    const std::string user = server.name() == "MariaDB" ? "brobygger@'127.0.0.1'" : "brobygger";
    server.Execute("GRANT SELECT (formaal), UPDATE (formaal) ON ansoeger TO " + user);
  }
  json config = WriteConfigFor(server);
  config["columns"]["formaal"] = "purpose";
  config["write"]["columns"].push_back("purpose");
  WritingPlugin plugin(server, config);
  const auto write = [&](const std::string& sign, int count) {
    std::string text;
    for (int at = 0; at < count; ++at) text += sign;
    const auto result = plugin.WriteOne(Update("1", "", {{"purpose", TextValue(text)}}));
    if (result.outcome() != plugin::v1::OperationResult::OUTCOME_APPLIED) return CodeOf(result);
    CHECK(result.stored().fields().at("purpose").text() == text);
    return std::string("applied");
  };
  CHECK(write("x", 16000) == "applied");
  CHECK(write("x", 16001) == "grants.sql.too_long");
  CHECK(write("\U0001F3B5", 8000) == "applied");
  // Fewer signs, but each takes the room of two where they are read.
  CHECK(write("\U0001F3B5", 9000) == "grants.sql.too_long");
}

TEST_CASE("a configuration without write cannot write", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants("SQLite");
  json config = WriteConfigFor(server);
  config.erase("write");
  WritingPlugin plugin(server, config);
  plugin::v1::WriteRequest request;
  request.set_stream("associations");
  plugin::v1::WriteResponse response;
  grpc::ClientContext context;
  const grpc::Status status = plugin.host().stub().Write(&context, request, &response);
  CHECK(status.error_code() == grpc::StatusCode::UNIMPLEMENTED);
}

TEST_CASE("personal data is told by the field's name, or as the configuration says",
          "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants("SQLite");
  const auto personal = [&](const json& phone) {
    json config = WriteConfigFor(server);
    config["columns"]["telefon"] = phone;
    WritingPlugin plugin(server, config);
    grpc::ClientContext context;
    plugin::v1::DiscoverResponse response;
    REQUIRE(plugin.host().stub().Discover(&context, {}, &response).ok());
    std::string names;
    for (const auto& field : response.streams(0).fields()) {
      if (field.personal_data()) names += field.name() + ";";
    }
    return names;
  };
  CHECK(personal("phone") == "phone;");
  CHECK(personal({{"field", "phone"}, {"personal", false}}).empty());
  json config = WriteConfigFor(server);
  config["columns"]["navn"] = {{"field", "name"}, {"personal", "ja"}};
  const auto host = HostFor(server);
  const auto wrong = Configure(*host, config.dump(), Secrets(server));
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].path() == "columns.navn.personal");
}

TEST_CASE("a wrong part of write is named", "[sql][write]") {
  DatabaseServer& server = ServerWithApplicants("SQLite");
  const auto path_of = [&](const std::string& key, const json& value) {
    json config = WriteConfigFor(server);
    config["write"][key] = value;
    const auto host = HostFor(server);
    const auto wrong = Configure(*host, config.dump(), Secrets(server));
    return wrong.empty() ? "" : wrong[0].path();
  };
  CHECK(path_of("id", "") == "write.id");
  CHECK(path_of("id", "nr") == "write.id");
  CHECK(path_of("columns", {"findes_ikke"}) == "write.columns");
  CHECK(path_of("insert_columns", {"phone"}) == "write.insert_columns");
  CHECK(path_of("link_by", "findes_ikke") == "write.link_by");
  CHECK(path_of("revision", "name") == "write.revision");
  CHECK(path_of("insert", "ja") == "write.insert");
  CHECK(path_of("defaults", json::array({1})) == "write.defaults");
}

}  // namespace
}  // namespace brobygger::tests
