#include "core/discovery/pick.h"

#include <random>

#include "tests/core/discovery/searched_town.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;

constexpr const char* kNames[] = {"Lektiecafeen", "Sangkoret", "Åforeningen", "Lektiecafeen Nord",
                                  "Ædelgran"};
constexpr const char* kMunicipalities[] = {"0615", "0621", "0101"};
constexpr const char* kAreas[] = {"Nordby", "Havnen", "Søndre Kvarter"};

// With names of which many are the same or begin alike, and activities that may have ended.
Association Random(std::mt19937& random) {
  Association association;
  std::string name = kNames[random() % std::size(kNames)];
  if (random() % 2 == 0) name += " " + std::to_string(random() % 20);
  association.set_official_name(name);
  association.set_municipality_code(kMunicipalities[random() % 3]);
  association.set_coverage_area(kAreas[random() % 3]);
  for (auto count = random() % 3; count > 0; --count) {
    auto& activity = *association.add_activities();
    activity.set_id("7c0c4f6e-0000-4000-8000-00000000000" + std::to_string(count));
    activity.set_title("Noget");
    activity.add_themes(static_cast<registry::v1::Theme>(1 + random() % 4));
    activity.add_audiences(static_cast<registry::v1::Audience>(1 + random() % 4));
    if (random() % 3 == 0) activity.set_status(registry::v1::ACTIVITY_STATUS_ENDED);
  }
  return association;
}

Criteria RandomCriteria(std::mt19937& random) {
  Criteria criteria;
  if (random() % 2 == 0) criteria.municipality_code = kMunicipalities[random() % 3];
  if (random() % 2 == 0) criteria.theme = static_cast<registry::v1::Theme>(1 + random() % 4);
  if (random() % 2 == 0) criteria.audience = static_cast<registry::v1::Audience>(1 + random() % 4);
  if (random() % 3 == 0) criteria.area = kAreas[random() % 3];
  return criteria;
}

// Fills the town, changes some and deletes some, so that the index has several parts.
void Fill(SearchedTown& town, std::mt19937& random) {
  std::vector<std::string> ids;
  for (int i = 0; i < 150; ++i) {
    const auto made = town.Write([&](storage::Transaction& transaction) {
      return registry::CreateAssociation(transaction, Random(random), "operator");
    });
    ids.push_back(made.id());
    if (random() % 4 == 0) {
      const std::string& which = ids[random() % ids.size()];
      town.Change(which, [&](Association& each) {
        Association changed = Random(random);
        changed.set_id(each.id());
        each = std::move(changed);
      });
    }
    if (random() % 10 != 0) continue;
    town.Delete(ids.back());
    ids.pop_back();
  }
}

std::vector<std::string> AllPages(const storage::Snapshot& snapshot,
                                  const search::Shelf* shelf,
                                  const Criteria& criteria,
                                  int size) {
  std::vector<std::string> ids;
  registry::PagePlace place;
  while (true) {
    const auto picked = PickMatching(snapshot, shelf, criteria, place, size);
    REQUIRE(picked.ok());
    REQUIRE(static_cast<int>(picked->associations.size()) <= size);
    for (const auto& each : picked->associations) ids.push_back(each.id());
    if (!picked->more) return ids;
    place = picked->next;
  }
}

}  // namespace

TEST_CASE("a list from the search index is the one that walking gives", "[discovery]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  SearchedTown town;
  Fill(town, random);
  const search::Shelf& shelf = town.Shelf();
  const auto snapshot = *town.store->Latest();
  std::size_t found = 0;
  for (int i = 0; i < 60; ++i) {
    const Criteria criteria = RandomCriteria(random);
    const int size = 1 + static_cast<int>(random() % 20);
    const auto walked = AllPages(*snapshot, nullptr, criteria, size);
    INFO(criteria.municipality_code << " theme " << criteria.theme << " audience "
                                    << criteria.audience << " " << criteria.area);
    REQUIRE(AllPages(*snapshot, &shelf, criteria, size) == walked);
    found += walked.size();
  }
  CHECK(found > 0);
}

TEST_CASE("a list is walked while the search index is behind", "[discovery]") {
  SearchedTown town;
  town.Associate("Lektiecafeen", registry::v1::THEME_CULTURE);
  const search::Shelf& shelf = town.Shelf();
  const auto before = shelf.Newest();
  search::Shelf old(town.clock);
  old.Publish(*before);
  town.Associate("Sangkoret", registry::v1::THEME_CULTURE);
  const auto snapshot = *town.store->Latest();
  const Criteria criteria{.theme = registry::v1::THEME_CULTURE};
  CHECK(AllPages(*snapshot, &old, criteria, 10).size() == 2);
}

}  // namespace brobygger::discovery
