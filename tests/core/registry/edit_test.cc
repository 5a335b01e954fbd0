#include "core/registry/edit.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/id.h"
#include "core/model/provenance.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

using base::ErrorMetadata;
using base::ReasonOf;

constexpr char kNoAssociation[] = "00000000-0000-4000-8000-000000000000";

TEST_CASE_METHOD(RegistryFixture, "a new association gets an id, an etag, times and provenance") {
  Association wanted = Named(" Fjordby  Dans ");
  wanted.set_id("mine");
  wanted.set_etag("mine");
  wanted.mutable_delete_time()->set_seconds(1);
  wanted.add_provenance()->set_actor("somebody else");
  const auto created = Create(wanted);
  REQUIRE(created.ok());
  CHECK(base::IsUuid(created->id()));
  CHECK(created->official_name() == "Fjordby Dans");
  CHECK(created->etag() == "r1");
  CHECK(RevisionOfEtag(created->etag()) == 1);
  CHECK_FALSE(created->has_delete_time());
  CHECK(base::ToInstant(created->create_time()) == clock.Now());
  CHECK(created->create_time().seconds() == created->update_time().seconds());
  REQUIRE(created->provenance_size() == 1);
  CHECK(created->provenance(0).actor() == "operator");
  CHECK(created->provenance(0).paths_size() == 2);

  const auto found = FindAssociation(*Latest(), created->id());
  REQUIRE(found.ok());
  CHECK((*found)->SerializeAsString() == created->SerializeAsString());
}

TEST_CASE_METHOD(RegistryFixture, "an association that breaks a rule is not created") {
  const auto created = Create(Named(""));
  CHECK(ErrorMetadata(created.status(), "field") == "official_name");
  CHECK(Latest()->revision() == 0);
}

TEST_CASE_METHOD(RegistryFixture, "an update replaces the fields of its mask and no others") {
  Association wanted = Named("Fjordby Dans");
  wanted.add_phones("20101012");
  wanted.set_coverage_area("Fjordby");
  const Association created = *Create(wanted);

  Association change;
  change.set_id(created.id());
  change.set_official_name("Fjordby Folkedans");
  change.set_coverage_area("not in the mask");
  const auto updated = Update(change, {"official_name", "phones"});
  REQUIRE(updated.ok());
  CHECK(updated->official_name() == "Fjordby Folkedans");
  CHECK(updated->phones().empty());
  CHECK(updated->coverage_area() == "Fjordby");
  CHECK(updated->etag() == "r2");
  CHECK(base::ToInstant(updated->update_time()) == clock.Now());
  CHECK(updated->create_time().seconds() == created.create_time().seconds());
}

TEST_CASE_METHOD(RegistryFixture, "a star replaces all that can be written") {
  Association wanted = Named("Fjordby Dans");
  wanted.set_coverage_area("Fjordby");
  const Association created = *Create(wanted);
  Association change = Named("Fjordby Folkedans");
  change.set_id(created.id());
  const auto updated = Update(change, {"*"});
  REQUIRE(updated.ok());
  CHECK(updated->coverage_area().empty());
  CHECK(updated->create_time().seconds() == created.create_time().seconds());
  CHECK_FALSE(updated->provenance().empty());
}

TEST_CASE_METHOD(RegistryFixture, "a mask that names no field of the record is refused by name") {
  const Association created = *Create(Named("Fjordby Dans"));
  const std::vector<std::string> paths =
      GENERATE(std::vector<std::string>{}, std::vector<std::string>{"no_such_field"},
               std::vector<std::string>{"official_name", "etag"}, std::vector<std::string>{"id"},
               std::vector<std::string>{"*", "kind"}, std::vector<std::string>{"purpose.da"},
               std::vector<std::string>{"provenance"}, std::vector<std::string>{"delete_time"});
  const auto status = Update(created, paths).status();
  CAPTURE(status.message());
  CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(ErrorMetadata(status, "field") == "update_mask");
  if (paths.size() == 1) CHECK(ErrorMetadata(status, "path") == paths[0]);
}

TEST_CASE_METHOD(RegistryFixture, "an update that was prepared is one that was not") {
  Association wanted = Named("Fjordby Dans");
  wanted.add_phones("20101012");
  Association plain = *Create(wanted);
  Association ahead = *Create(wanted);
  google::protobuf::FieldMask mask;
  mask.add_paths("coverage_area");
  plain.set_coverage_area(" Fjordby  og omegn ");
  ahead.set_coverage_area(" Fjordby  og omegn ");
  PreparedUpdate prepared = PrepareUpdate(*Latest(), ahead, mask);
  REQUIRE(prepared.base != nullptr);
  CHECK(prepared.changed == std::vector<std::string>{"coverage_area"});
  const auto written = Write([&](auto& transaction) -> absl::Status {
    plain = *UpdateAssociation(transaction, plain, mask, "caseworker");
    ahead = *UpdateAssociation(transaction, ahead, mask, "caseworker", std::move(prepared));
    return absl::OkStatus();
  });
  REQUIRE(written.ok());
  CHECK(ahead.coverage_area() == "Fjordby og omegn");
  plain.set_id(ahead.id());
  *plain.mutable_create_time() = ahead.create_time();
  plain.mutable_provenance(0)->mutable_registered_time()->CopyFrom(
      ahead.provenance(0).registered_time());
  CHECK(plain.SerializeAsString() == ahead.SerializeAsString());
}

TEST_CASE_METHOD(RegistryFixture, "an update prepared too early takes nobody's change back") {
  const Association created = *Create(Named("Fjordby Dans"));
  google::protobuf::FieldMask mask;
  mask.add_paths("coverage_area");
  Association change;
  change.set_id(created.id());
  change.set_coverage_area("Fjordby");
  PreparedUpdate prepared = PrepareUpdate(*Latest(), change, mask);
  Association other = created;
  other.set_official_name("Fjordby Folkedans");
  REQUIRE(Update(other, {"official_name"}).ok());

  const auto updated = Write([&](auto& transaction) {
    return UpdateAssociation(transaction, change, mask, "operator", std::move(prepared));
  });
  REQUIRE(updated.ok());
  CHECK(updated->official_name() == "Fjordby Folkedans");
  CHECK(updated->coverage_area() == "Fjordby");
}

TEST_CASE_METHOD(RegistryFixture, "what is wrong when it is prepared is judged by the write") {
  Association change = *Create(Named("Fjordby Dans"));
  google::protobuf::FieldMask mask;
  mask.add_paths("coverage_area");
  change.set_coverage_area("Fjordby");
  change.set_etag("r2");
  PreparedUpdate prepared = PrepareUpdate(*Latest(), change, mask);
  CHECK(prepared.base == nullptr);
  Association other = change;
  other.clear_etag();
  other.set_official_name("Fjordby Folkedans");
  REQUIRE(Update(other, {"official_name"}).ok());
  const auto updated = Write([&](auto& transaction) {
    return UpdateAssociation(transaction, change, mask, "operator", std::move(prepared));
  });
  REQUIRE(updated.ok());
  CHECK(updated->official_name() == "Fjordby Folkedans");
  CHECK(updated->etag() == "r3");
}

TEST_CASE_METHOD(RegistryFixture, "an update that changes nothing writes nothing") {
  const Association created = *Create(Named("Fjordby Dans"));
  const auto updated = Update(created, {"*"});
  REQUIRE(updated.ok());
  CHECK(updated->SerializeAsString() == created.SerializeAsString());
  CHECK(Latest()->revision() == 1);
}

TEST_CASE_METHOD(RegistryFixture, "an old etag is told that somebody else wrote first") {
  Association first = *Create(Named("Fjordby Dans"));
  Association second = first;
  first.set_coverage_area("Fjordby");
  REQUIRE(Update(first, {"coverage_area"}).ok());
  second.set_coverage_area("Fjordby og omegn");
  const auto status = Update(second, {"coverage_area"}).status();
  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK(ErrorMetadata(status, "current_etag") == "r2");
  CHECK(ErrorMetadata(status, "association_id") == first.id());
  second.clear_etag();
  CHECK(Update(second, {"coverage_area"}).ok());
}

TEST_CASE_METHOD(RegistryFixture, "what is not there cannot be changed") {
  Association nobody = Named("Nobody");
  nobody.set_id(kNoAssociation);
  const auto not_found = errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND;
  CHECK(ReasonOf(Update(nobody, {"*"}).status()) == not_found);
  CHECK(ReasonOf(Delete(kNoAssociation).status()) == not_found);
  CHECK(ReasonOf(Undelete(kNoAssociation).status()) == not_found);
  CHECK(ErrorMetadata(Delete(kNoAssociation).status(), "association_id") == kNoAssociation);
  CHECK(ErrorMetadata(Delete("bl\xC3\xA5"
                             "b\xC3\xA6r")
                          .status(),
                      "association_id")
            .empty());
}

TEST_CASE_METHOD(RegistryFixture, "a deleted association keeps its record and can come back") {
  const Association created = *Create(Named("Fjordby Dans"));
  const auto deleted = Delete(created.id(), created.etag());
  REQUIRE(deleted.ok());
  CHECK(base::ToInstant(deleted->delete_time()) == clock.Now());
  CHECK(ReasonOf(Delete(created.id()).status()) == errors::v1::ERROR_REASON_ASSOCIATION_DELETED);
  CHECK(ReasonOf(Update(created, {"*"}).status()) == errors::v1::ERROR_REASON_ASSOCIATION_DELETED);
  CHECK(ReasonOf(Undelete(created.id(), created.etag()).status()) ==
        errors::v1::ERROR_REASON_ETAG_MISMATCH);

  const auto back = Undelete(created.id(), deleted->etag());
  REQUIRE(back.ok());
  CHECK_FALSE(back->has_delete_time());
  CHECK(ReasonOf(Undelete(created.id()).status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_DELETED);
}

TEST_CASE_METHOD(RegistryFixture, "a number belongs to one live association") {
  Association wanted = Named("Fjordby Dans");
  AddIdentifier(wanted, "DK-CVR", "DK 36 72 99 29");
  const Association first = *Create(wanted);
  wanted.set_official_name("Another");
  const auto status = Create(wanted).status();
  CHECK(status.code() == absl::StatusCode::kAlreadyExists);
  CHECK(ErrorMetadata(status, "association_id") == first.id());
  CHECK(ErrorMetadata(status, "scheme") == "DK-CVR");

  REQUIRE(Delete(first.id()).ok());
  const auto second = Create(wanted);
  REQUIRE(second.ok());
  CHECK(ReasonOf(Undelete(first.id()).status()) == errors::v1::ERROR_REASON_IDENTIFIER_TAKEN);

  Association ended = *second;
  ended.mutable_identifiers(0)->mutable_valid()->set_to_date("2024-01-01");
  REQUIRE(Update(ended, {"identifiers"}).ok());
  CHECK(Undelete(first.id()).ok());
}

TEST_CASE_METHOD(RegistryFixture, "a person's edit leaves what the sources said beside it") {
  Association told = Named("Fjordby Dans");
  v1::Provenance source;
  source.set_connection_id("grants");
  source.set_external_id("17");
  source.set_actor("plugin:files.csv");
  model::RecordStatement(told, source, {"official_name", "municipality_code"});
  Association stored = *Ingest(told);
  stored.set_official_name("Fjordby Folkedans");
  const auto edited = Update(stored, {"official_name"}, "operator");
  REQUIRE(edited.ok());
  const auto* grants = model::FindStatement(*edited, source);
  REQUIRE(grants != nullptr);
  CHECK(grants->other_values().at("official_name") == "Fjordby Dans");
  const auto sources = model::SourcesOf(*edited, "official_name");
  REQUIRE(sources.size() == 1);
  CHECK(sources[0]->actor() == "operator");
}

TEST_CASE_METHOD(RegistryFixture, "when a number was checked is not for a caller to say") {
  Association wanted = Named("Fjordby Dans");
  AddIdentifier(wanted, "DK-CVR", "36729929");
  wanted.mutable_identifiers(0)->mutable_verified_time()->set_seconds(1);
  const auto created = Create(wanted);
  REQUIRE(created.ok());
  CHECK_FALSE(created->identifiers(0).has_verified_time());
}

TEST_CASE_METHOD(RegistryFixture, "a relation joins two associations that exist") {
  const Association one = *Create(Named("Fjordby Dans"));
  const Association two = *Create(Named("Dansk Dans"));
  AssociationRelation wanted;
  wanted.set_from_association_id(one.id());
  wanted.set_to_association_id(kNoAssociation);
  wanted.set_kind(AssociationRelation::KIND_BRANCH_OF);
  const auto relate = [&] {
    return Write(
        [&](auto& transaction) { return CreateRelation(transaction, wanted, "operator"); });
  };
  CHECK(ReasonOf(relate().status()) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  wanted.set_to_association_id(two.id());
  const auto relation = relate();
  REQUIRE(relation.ok());
  CHECK(relation->provenance(0).actor() == "operator");

  const auto take_away = [&](const std::string& etag) {
    return Write(
        [&](auto& transaction) { return DeleteRelation(transaction, relation->id(), etag); });
  };
  CHECK(ReasonOf(take_away("r1")) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  CHECK(take_away(relation->etag()).ok());
  CHECK(ReasonOf(take_away("")) == errors::v1::ERROR_REASON_RELATION_NOT_FOUND);
}

TEST_CASE_METHOD(RegistryFixture, "a department belongs under one of its own municipality") {
  Department wanted;
  wanted.set_municipality_code("0615");
  wanted.set_official_name("Kultur");
  const auto create = [&] {
    return Write(
        [&](auto& transaction) { return CreateDepartment(transaction, wanted, "operator"); });
  };
  const auto parent = create();
  REQUIRE(parent.ok());
  wanted.set_parent_department_id(parent->id());
  CHECK(create().ok());
  wanted.set_municipality_code("0751");
  CHECK(ErrorMetadata(create().status(), "field") == "parent_department_id");
  wanted.set_parent_department_id(kNoAssociation);
  CHECK(ReasonOf(create().status()) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
}

}  // namespace
}  // namespace brobygger::registry
