#include "core/discovery/partner_news.h"

#include "core/base/error.h"
#include "tests/core/discovery/searched_town.h"

namespace brobygger::discovery {
namespace {

using v1::FollowPartnersRequest;
using v1::FollowPartnersResponse;
using Lines = std::vector<std::string>;

struct NewsTown : SearchedTown {
  access::Caller centre =
      Centre({access::v1::ASSOCIATION_FIELD_ACTIVITY, access::v1::ASSOCIATION_FIELD_PURPOSE});
  std::string cafe = AgreedCafe("Nordby Lektiehjaelp");
  std::string hidden = Cafe("Uden samtykke");

  std::string AgreedCafe(const std::string& official_name) {
    const std::string id = Cafe(official_name);
    AgreeToCentres(id);
    return id;
  }

  absl::StatusOr<PartnerNews> Begin(const FollowPartnersRequest& request) {
    search::Shelf& shelf = Shelf();
    caller = centre;
    auto news = PartnerNews::From(Ask(), shelf, request);
    return news;
  }
  absl::StatusOr<PartnerNews> Begin(const std::string& query, const std::string& position = "") {
    FollowPartnersRequest request;
    request.mutable_criteria()->set_query(query);
    request.set_position(position);
    return Begin(request);
  }

  // All there is now, a line each: "new NAME", "changed NAME", "gone ID".
  Lines Told(PartnerNews& news) {
    Shelf();
    Lines lines;
    while (true) {
      const auto next = news.Next();
      INFO(next.status());
      REQUIRE(next.ok());
      if (next->empty()) return lines;
      for (const FollowPartnersResponse& each : *next) {
        if (each.has_partner()) {
          lines.push_back((each.was_partner() ? "changed " : "new ") +
                          each.partner().official_name());
        } else if (!each.gone_association_id().empty()) {
          lines.push_back("gone " + each.gone_association_id());
        }
      }
      CHECK(next->back().position() == news.position());
    }
  }
};

}  // namespace

TEST_CASE("all there are come first, and then what is new, changed and gone", "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  REQUIRE(news.ok());
  CHECK(news->position().empty());
  CHECK(town.Told(*news) == Lines{"new Nordby Lektiehjaelp"});
  CHECK(news->IsAtEnd());
  CHECK(town.Told(*news).empty());

  const std::string second = town.AgreedCafe("Ny Lektiehjaelp");
  CHECK(town.Told(*news) == Lines{"new Ny Lektiehjaelp"});
  town.Change(second, [](auto& association) {
    association.mutable_activities(0)->set_open_to_public(false);
  });
  CHECK(town.Told(*news) == Lines{"changed Ny Lektiehjaelp"});
  town.Change(second, [](auto& association) {
    association.mutable_activities(0)->set_title("Madklub");
    association.mutable_activities(0)->clear_description();
    association.clear_purpose();
  });
  CHECK(town.Told(*news) == Lines{"gone " + second});
  town.Delete(town.cafe);
  CHECK(town.Told(*news) == Lines{"gone " + town.cafe});
}

TEST_CASE("a change of what was not granted is no news", "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  town.Told(*news);
  town.Change(town.cafe, [](auto& association) {
    association.set_coverage_area("Sydby");
    association.mutable_activities(0)->set_capacity(3);
    association.add_emails("ny@lektier.example");
  });
  CHECK(town.Told(*news).empty());
}

TEST_CASE("a consent that is taken back ends a partner, and one that is given begins it",
          "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  town.Told(*news);
  town.Agree(town.cafe, false, false);
  CHECK(town.Told(*news) == Lines{"gone " + town.cafe});
  // Nothing of it is told meanwhile, and it is not gone twice.
  town.Change(town.cafe, [](auto& association) { association.set_official_name("Nyt navn"); });
  CHECK(town.Told(*news).empty());
  town.AgreeToCentres(town.cafe);
  CHECK(town.Told(*news) == Lines{"new Nyt navn"});
}

TEST_CASE("who could not be seen is not named", "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  town.Told(*news);
  town.Change(town.hidden, [](auto& association) { association.set_official_name("Skjult"); });
  town.Delete(town.hidden);
  CHECK(town.Told(*news).empty());
}

TEST_CASE("who goes on from a position hears of all that came after it", "[discovery]") {
  NewsTown town;
  auto first = town.Begin("lektiecafe");
  town.Told(*first);
  const std::string position = first->position();
  const std::string brief = town.AgreedCafe("Kort besoeg");
  town.Delete(brief);
  const std::string second = town.AgreedCafe("Ny Lektiehjaelp");
  town.Agree(town.cafe, false, false);
  auto again = town.Begin("lektiecafe", position);
  REQUIRE(again.ok());
  const Lines told = town.Told(*again);
  CHECK(std::set<std::string>(told.begin(), told.end()) ==
        std::set<std::string>{"new Ny Lektiehjaelp", "gone " + town.cafe});
  CHECK(again->IsAtEnd());
  // A key that took the place of another goes on where that one was.
  town.centre.actor = "key:other";
  auto rotated = town.Begin("lektiecafe", again->position());
  REQUIRE(rotated.ok());
  CHECK(town.Told(*rotated).empty());
}

TEST_CASE("a position that is none is called by its name", "[discovery]") {
  NewsTown town;
  const auto refused = town.Begin("lektiecafe", "nonsense").status();
  CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
  CHECK(base::ErrorMetadata(refused, "field") == "position");
  CHECK(refused.message().find("page_token") == std::string::npos);
}

TEST_CASE("until a batch is dealt with, its beginning is the position", "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  town.Told(*news);
  const std::string before = news->position();
  town.AgreedCafe("A");
  town.AgreedCafe("B");
  town.Shelf();
  const auto batch = news->Next();
  REQUIRE(batch.ok());
  REQUIRE(batch->size() == 2);
  CHECK((*batch)[0].position() == before);
  CHECK((*batch)[1].position() != before);
}

TEST_CASE("more changes than are read at once are all told", "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  town.Told(*news);
  for (int i = 0; i < 300; ++i) town.AgreedCafe("Cafe " + std::to_string(i));
  CHECK(town.Told(*news).size() == 300);
  CHECK(news->IsAtEnd());
}

TEST_CASE("a position of other criteria, or of a time to come, is refused", "[discovery]") {
  NewsTown town;
  auto news = town.Begin("lektiecafe");
  town.Told(*news);
  CHECK(base::ReasonOf(town.Begin("madklub", news->position()).status()) ==
        errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
  CHECK(base::ReasonOf(town.Begin("lektiecafe", "r17").status()) ==
        errors::v1::ERROR_REASON_PAGE_TOKEN_INVALID);
  NewsTown older;
  older.Shelf();
  for (int i = 0; i < 5; ++i) town.AgreedCafe("Cafe " + std::to_string(i));
  town.Told(*news);
  CHECK(base::ReasonOf(older.Begin("lektiecafe", news->position()).status()) ==
        errors::v1::ERROR_REASON_REVISION_UNKNOWN);
}

}  // namespace brobygger::discovery
