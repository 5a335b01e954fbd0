#include "core/registry/query.h"

#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

constexpr char kNobody[] = "00000000-0000-4000-8000-000000000000";

std::vector<std::string> PathsOf(const v1::AssociationVersion& version) {
  return {version.changed_paths().begin(), version.changed_paths().end()};
}

TEST_CASE_METHOD(RegistryFixture, "an association's bytes are what was stored, at any time") {
  const Association created = *Create(Named("Fjordby Dans"));
  REQUIRE(Delete(created.id()).ok());
  const auto bytes = GetAssociationBytes(**store->At(1), created.id());
  REQUIRE(bytes.ok());
  CHECK(**bytes == created.SerializeAsString());
  CHECK(GetAssociationBytes(*Latest(), created.id()).ok());
  const auto status = GetAssociationBytes(*Latest(), kNobody).status();
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE_METHOD(RegistryFixture, "history tells who changed which fields, newest first") {
  Association association = *Create(Named("Fjordby Dans"));
  association.set_official_name("Fjordby Folkedans");
  association.add_phones("20101012");
  association = *Update(association, {"*"});
  REQUIRE(Delete(association.id()).ok());

  v1::ListAssociationHistoryRequest request;
  request.set_association_id(association.id());
  const auto history = ListAssociationHistory(*store, request);
  REQUIRE(history.ok());
  REQUIRE(history->versions_size() == 3);
  CHECK(history->next_page_token().empty());
  CHECK(PathsOf(history->versions(0)) == std::vector<std::string>{"delete_time"});
  CHECK(PathsOf(history->versions(1)) == std::vector<std::string>{"official_name", "phones"});
  CHECK(PathsOf(history->versions(2)) ==
        std::vector<std::string>{"municipality_code", "official_name"});
  CHECK(history->versions(0).revision() == 3);
  CHECK(history->versions(2).actor() == "operator");
  CHECK(history->versions(2).association().official_name() == "Fjordby Dans");
}

TEST_CASE_METHOD(RegistryFixture, "history comes in pages that tell the same") {
  Association association = *Create(Named("Fjordby Dans"));
  for (int i = 0; i < 6; ++i) {
    association.set_coverage_area(std::to_string(i));
    association = *Update(association, {"coverage_area"});
  }
  v1::ListAssociationHistoryRequest request;
  request.set_association_id(association.id());
  const auto whole = *ListAssociationHistory(*store, request);
  request.set_page_size(2);
  v1::ListAssociationHistoryResponse joined;
  int pages = 0;
  do {
    const auto page = ListAssociationHistory(*store, request);
    REQUIRE(page.ok());
    joined.MergeFrom(*page);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  joined.clear_next_page_token();
  CHECK(pages == 4);
  CHECK(joined.SerializeAsString() == whole.SerializeAsString());
}

TEST_CASE_METHOD(RegistryFixture, "there is no history of what never was") {
  v1::ListAssociationHistoryRequest request;
  request.set_association_id(kNobody);
  CHECK(base::ReasonOf(ListAssociationHistory(*store, request).status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE_METHOD(RegistryFixture, "relations are listed from both ends, in pages, at any time") {
  const Association hub = *Create(Named("Hub"));
  std::set<std::string> made;
  for (int i = 0; i < 5; ++i) {
    const Association other = *Create(Named("Other " + std::to_string(i)));
    AssociationRelation wanted;
    wanted.set_kind(AssociationRelation::KIND_MEMBER_OF);
    wanted.set_from_association_id(i % 2 == 0 ? hub.id() : other.id());
    wanted.set_to_association_id(i % 2 == 0 ? other.id() : hub.id());
    made.insert(Write([&](auto& transaction) {
                  return CreateRelation(transaction, wanted, "operator");
                })->id());
  }
  const auto revision = Latest()->revision();
  REQUIRE(Write([&](auto& transaction) {
            return DeleteRelation(transaction, *made.begin(), "");
          }).ok());

  v1::ListRelationsRequest request;
  request.set_association_id(hub.id());
  CHECK(ListRelations(*store, request)->relations_size() == 4);
  request.mutable_as_of()->set_revision(revision);
  request.set_page_size(2);
  std::vector<std::string> listed;
  do {
    const auto page = ListRelations(*store, request);
    REQUIRE(page.ok());
    for (const auto& relation : page->relations()) listed.push_back(relation.id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(listed == std::vector<std::string>(made.begin(), made.end()));

  request.set_association_id(kNobody);
  CHECK(base::ReasonOf(ListRelations(*store, request).status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE_METHOD(RegistryFixture, "departments are listed for one municipality or for all") {
  for (const char* code : {"0615", "0751", "0615"}) {
    Department wanted;
    wanted.set_municipality_code(code);
    wanted.set_official_name("Kultur");
    REQUIRE(Write([&](auto& transaction) {
              return CreateDepartment(transaction, wanted, "operator");
            }).ok());
  }
  v1::ListDepartmentsRequest request;
  CHECK(ListDepartments(*store, request)->departments_size() == 3);
  request.set_municipality_code("0615");
  CHECK(ListDepartments(*store, request)->departments_size() == 2);
  request.set_page_size(1);
  const auto first = ListDepartments(*store, request);
  request.set_page_token(first->next_page_token());
  const auto second = ListDepartments(*store, request);
  REQUIRE(second.ok());
  CHECK(second->departments(0).id() > first->departments(0).id());
  CHECK(second->next_page_token().empty());
  request.set_municipality_code("9999");
  CHECK(base::ReasonOf(ListDepartments(*store, request).status()) ==
        errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND);
}

TEST_CASE("the municipalities are listed by code") {
  const auto response = ListMunicipalities();
  REQUIRE(response.municipalities_size() == 99);
  CHECK(response.municipalities(0).code() == "0101");
}

}  // namespace
}  // namespace brobygger::registry
