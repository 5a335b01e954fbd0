#include "core/sync/promise.h"

#include <catch2/catch.hpp>

namespace brobygger::sync {
namespace {

using Response = v1::CheckConnectionResponse;

plugin::v1::StreamSchema Able() {
  plugin::v1::StreamSchema stream;
  auto& can = *stream.mutable_abilities();
  can.set_snapshot(true);
  can.set_create(true);
  can.set_update(true);
  can.set_partial_update(true);
  can.set_etag(true);
  can.set_stores_foreign_id(true);
  return stream;
}

TEST_CASE("a source that can do all promises both ways without a person") {
  CHECK(PromiseOf(Able()).level == Response::LEVEL_A);
  CHECK(PromiseOf(Able()).missing.empty());
}

TEST_CASE("what is missing for it is said, and makes it B") {
  auto stream = Able();
  SECTION("only-if-unchanged") { stream.mutable_abilities()->set_etag(false); }
  SECTION("single fields") { stream.mutable_abilities()->set_partial_update(false); }
  SECTION("finding again") { stream.mutable_abilities()->set_stores_foreign_id(false); }
  SECTION("everything") { stream.mutable_abilities()->set_snapshot(false); }
  const Promise promise = PromiseOf(stream);
  CHECK(promise.level == Response::LEVEL_B);
  CHECK(promise.missing.size() == 1);
}

TEST_CASE("a source that can only be read is C") {
  auto stream = Able();
  stream.mutable_abilities()->set_create(false);
  stream.mutable_abilities()->set_update(false);
  CHECK(PromiseOf(stream).level == Response::LEVEL_C);
  CHECK(PromiseOf(plugin::v1::StreamSchema()).level == Response::LEVEL_C);
}

TEST_CASE("mappings to fields that are not there, or not to be written, are pointed out") {
  v1::Connection connection;
  const auto map = [&](const std::string& source, const std::string& target,
                       v1::FieldMapping::Policy policy) {
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field(source);
    mapping.set_target(target);
    mapping.set_policy(policy);
  };
  map("navn", "official_name", v1::FieldMapping::POLICY_UNSPECIFIED);
  map("tlf", "phone", v1::FieldMapping::POLICY_SHARED);
  map("mail", "email", v1::FieldMapping::POLICY_SHARED);
  map("borte", "cvr", v1::FieldMapping::POLICY_UNSPECIFIED);
  map("brobygger_id", kHubAssociationId, v1::FieldMapping::POLICY_UNSPECIFIED);
  const auto mapping = Mapping::Make(connection);
  REQUIRE(mapping.ok());
  plugin::v1::StreamSchema stream;
  for (const char* name : {"navn", "tlf", "mail"}) {
    auto& field = *stream.add_fields();
    field.set_name(name);
    field.set_writable(std::string(name) == "tlf");
  }
  const auto troubles = TroubleWithMappings(stream, *mapping);
  REQUIRE(troubles.size() == 2);
  CHECK(troubles[0].code() == "sync.not_writable");
  CHECK(troubles[0].path() == "mail");
  CHECK(troubles[1].code() == "sync.no_such_field");
  CHECK(troubles[1].path() == "borte");
}

}  // namespace
}  // namespace brobygger::sync
