#include "core/registry/ingest.h"

#include <string>

#include <catch2/catch.hpp>

#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

TEST_CASE_METHOD(RegistryFixture, "an ingested association keeps its id and its age") {
  Association next = Named("Fjordby Dans");
  const Association first = *Ingest(next);
  next.set_id(first.id());
  next.set_official_name("Fjordby Folkedans");
  const auto second = Ingest(next);
  REQUIRE(second.ok());
  CHECK(second->id() == first.id());
  CHECK(second->create_time().seconds() == first.create_time().seconds());
  CHECK(second->update_time().seconds() > first.update_time().seconds());
  CHECK(second->etag() == "r2");
}

TEST_CASE_METHOD(RegistryFixture, "an ingested association that is as it was writes nothing") {
  Association next = Named("Fjordby Dans");
  for (const char* language : {"da", "en", "ar", "so", "tr"}) {
    (*next.mutable_purpose()->mutable_by_language())[language] = language;
  }
  const Association first = *Ingest(next);
  next.set_id(first.id());
  const auto again = Ingest(next);
  REQUIRE(again.ok());
  CHECK(again->etag() == first.etag());
  CHECK(Latest()->revision() == 1);
}

TEST_CASE_METHOD(RegistryFixture, "an ingested association obeys the rules") {
  CHECK(base::ReasonOf(Ingest(Named("ring 250257-1234")).status()) ==
        errors::v1::ERROR_REASON_CPR_REFUSED);
  Association numbered = Named("Fjordby Dans");
  AddIdentifier(numbered, "DK-CVR", "36729929");
  REQUIRE(Ingest(numbered).ok());
  CHECK(base::ReasonOf(Ingest(numbered).status()) == errors::v1::ERROR_REASON_IDENTIFIER_TAKEN);
}

TEST_CASE_METHOD(RegistryFixture, "a source's deletion can be taken back") {
  const Association first = *Ingest(Named("Fjordby Dans"));
  const auto set_deleted = [&](bool deleted) {
    return Write(
        [&](auto& transaction) { return IngestDeletion(transaction, first.id(), deleted); });
  };
  CHECK(set_deleted(true)->has_delete_time());
  CHECK(set_deleted(true).ok());
  CHECK(Latest()->revision() == 2);

  Association next = first;
  next.set_official_name("Fjordby Folkedans");
  CHECK(Ingest(next)->has_delete_time());
  CHECK_FALSE(set_deleted(false)->has_delete_time());
}

TEST_CASE_METHOD(RegistryFixture, "an association is found by its whole number") {
  Association numbered = Named("Fjordby Dans");
  AddIdentifier(numbered, "SBSYS", "4711");
  const Association stored = *Ingest(numbered);
  CHECK(FindByIdentifier(*Latest(), "SBSYS", "4711")->value_or("none") == stored.id());
  CHECK_FALSE(FindByIdentifier(*Latest(), "SBSYS", "471")->has_value());
  CHECK_FALSE(FindByIdentifier(*Latest(), "ACADRE", "4711")->has_value());
  REQUIRE(Delete(stored.id()).ok());
  CHECK_FALSE(FindByIdentifier(*Latest(), "SBSYS", "4711")->has_value());
  CHECK(FindByIdentifier(**store->At(1), "SBSYS", "4711")->has_value());
}

TEST_CASE("an etag names a revision or none") {
  CHECK(RevisionOfEtag("r4711") == 4711);
  for (const char* text :
       {"", "r", "4711", "r-1", "r+1", "r1x", "r 1", "r01", "r99999999999999999999999"}) {
    CAPTURE(text);
    CHECK(RevisionOfEtag(text) == 0);
  }
}

}  // namespace
}  // namespace brobygger::registry
