#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/model/names.h"
#include "core/registry/filter.h"
#include "core/registry/query.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

class ListFixture : public RegistryFixture {
 public:
  v1::ListAssociationsResponse Page() {
    auto page = ListAssociations(*store, request);
    INFO(page.status().message());
    REQUIRE(page.ok());
    return *std::move(page);
  }

  // The names on all pages, and how many pages there were.
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    pages = 0;
    do {
      const auto page = Page();
      ++pages;
      for (const auto& one : page.associations()) names.push_back(one.official_name());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  void CreateNamed(const std::vector<std::string>& names) {
    for (const std::string& name : names) ids[name] = Create(Named(name))->id();
  }

  v1::ListAssociationsRequest request;
  std::map<std::string, std::string> ids;
  int pages = 0;
};

using Strings = std::vector<std::string>;

TEST_CASE_METHOD(ListFixture, "a list is sorted by name in Danish order, over all its pages") {
  CreateNamed({"\xC3\x85rhus", "Zebra", "Bol", "aarup",
               "\xC3\x86"
               "ble",
               "Alfa", "\xC3\x98st"});
  request.set_page_size(3);
  const Strings sorted = {"Alfa",
                          "Bol",
                          "Zebra",
                          "\xC3\x86"
                          "ble",
                          "\xC3\x98st",
                          "\xC3\x85rhus",
                          "aarup"};
  CHECK(Names() == sorted);
  CHECK(pages == 3);
  request.set_order_by("official_name desc");
  CHECK(Names() == Strings(sorted.rbegin(), sorted.rend()));
}

TEST_CASE_METHOD(ListFixture, "a list can follow the order of the last changes") {
  CreateNamed({"A", "B", "C"});
  Association change = Named("A");
  change.set_id(ids["A"]);
  change.set_coverage_area("x");
  REQUIRE(Update(change, {"coverage_area"}).ok());
  request.set_order_by(" update_time  desc ");
  request.set_page_size(1);
  CHECK(Names() == Strings{"A", "C", "B"});
  request.set_order_by("update_time");
  CHECK(Names() == Strings{"B", "C", "A"});
}

TEST_CASE_METHOD(ListFixture, "a last page that is just full has no token") {
  CreateNamed({"A", "B", "C", "D"});
  request.set_page_size(2);
  CHECK(Names() == Strings{"A", "B", "C", "D"});
  CHECK(pages == 2);
}

TEST_CASE_METHOD(ListFixture, "an empty registry lists nothing") {
  CHECK(Names().empty());
  CHECK(pages == 1);
}

TEST_CASE_METHOD(ListFixture, "deleted associations are listed only when asked for") {
  CreateNamed({"A", "B"});
  REQUIRE(Delete(ids["A"]).ok());
  CHECK(Names() == Strings{"B"});
  request.set_show_deleted(true);
  CHECK(Names() == Strings{"A", "B"});
}

TEST_CASE_METHOD(ListFixture, "the pages of one listing are true for one revision") {
  CreateNamed({"A", "B", "C"});
  request.set_page_size(2);
  const auto first = Page();
  CHECK(first.revision() == 3);
  REQUIRE(Delete(ids["C"]).ok());
  CreateNamed({"AA", "D"});
  request.set_page_token(first.next_page_token());
  const auto second = Page();
  CHECK(second.revision() == 3);
  REQUIRE(second.associations_size() == 1);
  CHECK(second.associations(0).official_name() == "C");
  CHECK_FALSE(second.associations(0).has_delete_time());
}

TEST_CASE_METHOD(ListFixture, "a list can be asked for as it was") {
  CreateNamed({"A", "B"});
  const auto then = base::ToTimestamp(clock.Now());
  REQUIRE(Delete(ids["A"]).ok());
  CreateNamed({"C"});
  request.mutable_as_of()->set_revision(2);
  CHECK(Names() == Strings{"A", "B"});
  *request.mutable_as_of()->mutable_time() = then;
  CHECK(Names() == Strings{"A", "B"});
  request.mutable_as_of()->set_revision(99);
  CHECK(base::ReasonOf(ListAssociations(*store, request).status()) ==
        errors::v1::ERROR_REASON_REVISION_UNKNOWN);
  request.mutable_as_of()->mutable_time()->set_nanos(-1);
  CHECK(base::ErrorMetadata(ListAssociations(*store, request).status(), "field") == "as_of.time");
}

TEST_CASE_METHOD(ListFixture, "a token fits only the listing it came from") {
  CreateNamed({"A", "B"});
  request.set_page_size(1);
  request.set_page_token(Page().next_page_token());
  const auto change = GENERATE(0, 1, 2, 3);
  if (change == 0) request.set_filter("status = ACTIVE");
  if (change == 1) request.set_order_by("update_time");
  if (change == 2) request.set_show_deleted(true);
  if (change == 3) request.mutable_as_of()->set_revision(1);
  CHECK(base::ReasonOf(ListAssociations(*store, request).status()) ==
        errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
}

TEST_CASE_METHOD(ListFixture, "an order that there is not is refused") {
  const std::string order = GENERATE("name", "official_name up", "update_time desc, official_name",
                                     "desc", "official_name desc desc");
  request.set_order_by(order);
  const auto status = ListAssociations(*store, request).status();
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_FILTER_INVALID);
  CHECK(base::ErrorMetadata(status, "field") == "order_by");
}

TEST_CASE_METHOD(ListFixture, "a number leads straight to its association") {
  Association numbered = Named("Numbered");
  AddIdentifier(numbered, "DK-CVR", "36729929");
  numbered.set_status(v1::ASSOCIATION_STATUS_ACTIVE);
  const std::string id = Create(numbered)->id();
  CreateNamed({"A", "B"});
  request.set_filter("cvr = \"DK 36729929\"");
  CHECK(Names() == Strings{"Numbered"});
  request.set_filter("status = ACTIVE AND identifiers = \"DK-CVR:36729929\"");
  CHECK(Names() == Strings{"Numbered"});
  request.set_filter("status = ENDED AND cvr = 36729929");
  CHECK(Names().empty());
  request.set_filter("cvr = 25052943");
  CHECK(Names().empty());
  REQUIRE(Delete(id).ok());
  request.set_filter("cvr = 36729929");
  CHECK(Names().empty());
  request.set_show_deleted(true);
  CHECK(Names() == Strings{"Numbered"});
}

TEST_CASE_METHOD(ListFixture, "a page is bounded in bytes and always holds one record") {
  for (int i = 0; i < 30; ++i) {
    Association large = Named("Large " + std::to_string(i));
    for (int language = 0; language < 20; ++language) {
      (*large.mutable_purpose()->mutable_by_language())["x" + std::string(1, 'a' + language)] =
          std::string(2000, 'x');
    }
    REQUIRE(Create(large).ok());
  }
  request.set_page_size(500);
  CHECK(Page().ByteSizeLong() < 800 * 1024);
  CHECK(Names().size() == 30);
  CHECK(pages > 1);
}

TEST_CASE_METHOD(ListFixture, "a page looks at a bounded number of records") {
  const absl::Status written = Write([](storage::Transaction& transaction) -> absl::Status {
    for (int i = 0; i < 45'000; ++i) {
      BB_RETURN_IF_ERROR(IngestAssociation(transaction, Named("N" + std::to_string(i))).status());
    }
    Association last = Named("Zuletzt");
    last.set_status(v1::ASSOCIATION_STATUS_ACTIVE);
    return IngestAssociation(transaction, last).status();
  });
  REQUIRE(written.ok());
  request.set_filter("status = ACTIVE");
  const auto first = Page();
  CHECK(first.associations().empty());
  CHECK_FALSE(first.next_page_token().empty());
  CHECK(Names() == Strings{"Zuletzt"});
  CHECK(pages == 3);
}

TEST_CASE_METHOD(ListFixture, "any filter, order and page size list what a plain search finds") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::vector<Association> all;
  for (int i = 0; i < 60; ++i) {
    Association one =
        Named(std::string(1, static_cast<char>('A' + random() % 8)) + std::to_string(i % 7));
    one.set_status(static_cast<v1::AssociationStatus>(random() % 5));
    one.set_municipality_code(random() % 2 == 0 ? "0615" : "0751");
    all.push_back(*Create(one));
    if (random() % 5 == 0) all.back() = *Delete(all.back().id());
  }
  const Strings filters = {"",
                           "status = ACTIVE",
                           "NOT status = ACTIVE AND municipality_code = 0615",
                           "official_name : 3",
                           "official_name = b2",
                           "official_name >= C"};
  for (int round = 0; round < 60; ++round) {
    request.Clear();
    request.set_filter(filters[random() % filters.size()]);
    request.set_page_size(static_cast<int>(1 + random() % 20));
    request.set_show_deleted(random() % 2 == 0);
    const bool descending = random() % 2 == 0;
    request.set_order_by(descending ? "official_name desc" : "");
    CAPTURE(request.ShortDebugString());

    std::vector<std::pair<std::string, std::string>> wanted;
    for (const Association& one : all) {
      if (one.has_delete_time() && !request.show_deleted()) continue;
      if (!Matches(*ParseFilter(request.filter()), one)) continue;
      wanted.emplace_back(model::FoldName(one.official_name()), one.id());
    }
    std::sort(wanted.begin(), wanted.end());
    if (descending) std::reverse(wanted.begin(), wanted.end());
    std::vector<std::pair<std::string, std::string>> listed;
    do {
      const auto page = Page();
      for (const auto& one : page.associations()) {
        listed.emplace_back(model::FoldName(one.official_name()), one.id());
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    CHECK(listed == wanted);
  }
}

}  // namespace
}  // namespace brobygger::registry
