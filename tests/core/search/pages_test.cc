#include "core/search/pages.h"

#include <algorithm>
#include <random>

#include "core/base/error.h"
#include "tests/core/search/library.h"
#include "tests/support/fake_clock.h"
#include "tests/support/made_up.h"

namespace brobygger::search {
namespace {

struct Library {
  support::FakeClock clock;
  Shelf shelf{clock};
  support::MadeUp made_up{BB_SEARCH_FIXTURES};
  PartList parts{10'000};

  Library() {
    std::vector<Update> updates;
    for (int i = 0; i < 300; ++i) {
      const Association association = made_up.Association(i);
      updates.push_back({association.id(), ToDocument(association)});
    }
    parts.Put(updates);
    Publish();
  }

  void Publish() { shelf.Publish(ViewOf(parts)); }

  void ChangeSome(std::mt19937& random) {
    std::vector<Update> updates;
    for (int i = 0; i < 20; ++i) {
      const std::string id = made_up.Association(random() % 300).id();
      Association changed = made_up.Association(random() % 9000);
      changed.set_id(id);
      if (random() % 3 == 0) {
        updates.push_back({id, std::nullopt});
      } else {
        updates.push_back({id, ToDocument(changed)});
      }
    }
    parts.Put(updates);
    if (auto plan = parts.PlanMerge()) parts.Install(Merge(*std::move(plan)));
    Publish();
  }

  absl::StatusOr<Page> Ask(const std::string& text, const std::string& token, std::size_t size) {
    const Query query = Parsed(text);
    return AskPage(shelf, {.query = query, .arguments = text, .page_token = token, .size = size});
  }
};

}  // namespace

TEST_CASE("pages neither skip nor repeat while others write", "[search]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const char* text : {"", "kultur", "for*", "dans language:ar,so,da", "sang lektier"}) {
    Library library;
    const auto whole = library.Ask(text, "", 1000);
    REQUIRE(whole.ok());
    CHECK(whole->next_page_token.empty());
    Ids seen;
    std::string token;
    do {
      const auto page = library.Ask(text, token, 7);
      INFO(page.status());
      REQUIRE(page.ok());
      CHECK(page->answer.total == whole->answer.total);
      for (const std::string& id : IdsOf(page->answer)) seen.push_back(id);
      token = page->next_page_token;
      library.ChangeSome(random);
    } while (!token.empty());
    CHECK(seen == IdsOf(whole->answer));
  }
}

TEST_CASE("a page of a list that is not kept any more is refused", "[search]") {
  Library library;
  const auto first = library.Ask("", "", 10);
  REQUIRE(first.ok());
  library.Publish();
  library.clock.Advance(std::chrono::minutes(9));
  CHECK(library.Ask("", first->next_page_token, 10).ok());
  library.clock.Advance(std::chrono::minutes(11));
  const auto late = library.Ask("", first->next_page_token, 10);
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_SEARCH_PAGE_GONE);
}

TEST_CASE("a page token belongs to its own list", "[search]") {
  Library library;
  const auto first = library.Ask("", "", 10);
  const auto other = library.Ask("kultur", first->next_page_token, 10);
  CHECK(base::ReasonOf(other.status()) == errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
  CHECK_FALSE(library.Ask("", "nonsense", 10).ok());
}

TEST_CASE("what is asked of each hit also pages without skipping", "[search]") {
  Library library;
  const Query query = Parsed("");
  const auto keep = [](const std::string& id) -> absl::StatusOr<bool> { return id.back() == '3'; };
  const auto all = library.Ask("", "", 1000);
  Ids wanted;
  for (const std::string& id : IdsOf(all->answer)) {
    if (id.back() == '3') wanted.push_back(id);
  }
  // Each of 300 hits can be looked at, or not.
  for (const std::size_t most : {300, 299}) {
    Ids seen;
    std::string token;
    do {
      const auto page = AskPage(library.shelf, {.query = query,
                                                .arguments = "",
                                                .page_token = token,
                                                .size = 4,
                                                .facets = {Field::kMunicipality},
                                                .keep = keep,
                                                .most_kept = most});
      REQUIRE(page.ok());
      CHECK(page->total_known == (most == 300));
      if (page->total_known) CHECK(page->answer.total == wanted.size());
      std::size_t counted = 0;
      for (const Facet& facet : page->answer.facets) {
        for (const FacetCount& each : facet.counts) counted += each.count;
      }
      CHECK(counted == (page->total_known ? wanted.size() : 0));
      for (const std::string& id : IdsOf(page->answer)) seen.push_back(id);
      token = page->next_page_token;
    } while (!token.empty());
    CHECK(seen == wanted);
  }
}

TEST_CASE("the ids of the hits of all pages can be had where they are not too many", "[search]") {
  Library library;
  const Query query = Parsed("kultur");
  const auto all = library.Ask("kultur", "", 1000);
  const Ids wanted = IdsOf(all->answer);
  REQUIRE(wanted.size() > 20);
  const auto page =
      AskPage(library.shelf, {.query = query, .arguments = "kultur", .size = 2, .tell_ids = true});
  REQUIRE(page.ok());
  CHECK(page->ids == wanted);
  CHECK(page->answer.hits.size() == 2);
  CHECK(page->answer.total == wanted.size());
  const auto some = AskPage(
      library.shelf,
      {.query = query, .arguments = "kultur", .size = 2, .tell_ids = true, .most_kept = 20});
  CHECK_FALSE(some->ids.has_value());
  CHECK(some->total_known);
  CHECK_FALSE(library.Ask("kultur", "", 2)->ids.has_value());
}

}  // namespace brobygger::search
