#include "core/matching/lists.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>

namespace brobygger::matching {
namespace {

Record Named(const std::string& name) {
  Record record;
  record.names = {name};
  record.city = "Horsens";
  record.postal_code = "8700";
  return record;
}

ListOptions ForAssociations() {
  ListOptions options;
  options.scorecard = &Model::Shipped()->associations();
  return options;
}

TEST_CASE("the same record a thousand times is one association", "[matching]") {
  Record record = Named("LAWAN Kurdisk Ungdomsforening");
  record.cvr = "12345674";
  record.phones = {"12345678"};
  const std::vector<Record> records(1000, record);
  const auto found = ClusterList(*Model::Shipped(), RecordVector(records), ForAssociations());
  CHECK(std::set<std::uint32_t>(found.clusters.begin(), found.clusters.end()).size() == 1);
  CHECK(found.repeated == 999);
}

TEST_CASE("names that say only what kind they are do not become one", "[matching]") {
  std::vector<Record> records(5);
  for (Record& record : records) record.names = {"Kulturforening"};
  const auto found = ClusterList(*Model::Shipped(), RecordVector(records), ForAssociations());
  CHECK(std::set<std::uint32_t>(found.clusters.begin(), found.clusters.end()).size() == 5);
}

TEST_CASE("a hundred thousand equal names end in bounded time, and that is said", "[matching]") {
  std::vector<Record> records;
  for (int i = 0; i < 100'000; ++i) {
    Record record;
    record.names = {"Solsikken"};
    record.phones = {std::to_string(10'000'000 + i)};
    records.push_back(record);
  }
  const auto found = ClusterList(*Model::Shipped(), RecordVector(records), ForAssociations());
  CHECK(found.too_common == 100'000);
  CHECK(found.compared_pairs < 100'000);
}

TEST_CASE("the number of threads does not change what is found", "[matching]") {
  std::vector<Record> records;
  for (int i = 0; i < 600; ++i) {
    Record record = Named("Forening nummer " + std::to_string(i / 2));
    record.phones = {std::to_string(10'000'000 + i / 3)};
    records.push_back(record);
  }
  ListOptions one = ForAssociations();
  one.threads = 1;
  ListOptions four = ForAssociations();
  four.threads = 4;
  CHECK(ClusterList(*Model::Shipped(), RecordVector(records), one).clusters ==
        ClusterList(*Model::Shipped(), RecordVector(records), four).clusters);
}

TEST_CASE("a record is linked to at most one of the other list", "[matching]") {
  Record one = Named("Newroz Kulturforening");
  one.phones = {"12345678"};
  Record other = Named("Birlik Idrætsforening");
  other.phones = {"12345679"};
  const std::vector<Record> registry = {one, other};
  const std::vector<Record> records = {one, Named("Helt Andet")};
  const auto found = LinkLists(*Model::Shipped(), RecordVector(registry), RecordVector(records),
                               ForAssociations());
  REQUIRE(found.links.size() == 1);
  CHECK(found.links[0].registry_record == 0);
  CHECK(found.links[0].record == 0);
  CHECK(found.links[0].verdict == Verdict::kSame);
}

}  // namespace
}  // namespace brobygger::matching
