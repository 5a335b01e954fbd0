#include "core/grants/overlaps.h"

#include <catch2/catch.hpp>

namespace brobygger::grants {
namespace {

using grant::v1::Overlap;

GrantApplication Application(const std::string& id,
                             const std::string& title,
                             GrantState state = grant::v1::GRANT_STATE_GRANTED,
                             const std::string& received = "2026-02-01") {
  GrantApplication application;
  application.set_id(id);
  application.set_title(title);
  application.set_state(state);
  application.set_received_date(received);
  return application;
}

TEST_CASE("two grants for the same activity are pointed out, the earlier first") {
  const auto overlaps = FindOverlaps({Application("b", "Sommerlejr for unge på Fjordøen",
                                                  grant::v1::GRANT_STATE_PAID, "2026-03-01"),
                                      Application("a", "Sommerlejr Fjordøen 2026")});
  REQUIRE(overlaps.size() == 1);
  CHECK(overlaps[0].kind() == Overlap::KIND_BOTH_GRANTED);
  CHECK(overlaps[0].first_application_id() == "a");
  CHECK(overlaps[0].second_application_id() == "b");
  CHECK(overlaps[0].shared_words_size() == 2);
}

TEST_CASE("how far the two have come is told") {
  const auto kind = [](GrantState left, GrantState right) {
    const auto found = FindOverlaps({Application("a", "Folkedans i kulturhuset", left),
                                     Application("b", "Folkedans, kulturhuset", right)});
    return found.empty() ? Overlap::KIND_UNSPECIFIED : found[0].kind();
  };
  using grant::v1::GRANT_STATE_GRANTED;
  using grant::v1::GRANT_STATE_IN_PROGRESS;
  CHECK(kind(GRANT_STATE_GRANTED, GRANT_STATE_GRANTED) == Overlap::KIND_BOTH_GRANTED);
  CHECK(kind(GRANT_STATE_IN_PROGRESS, GRANT_STATE_GRANTED) == Overlap::KIND_ONE_GRANTED);
  CHECK(kind(GRANT_STATE_IN_PROGRESS, GRANT_STATE_IN_PROGRESS) == Overlap::KIND_BOTH_APPLIED);
  CHECK(kind(grant::v1::GRANT_STATE_REFUSED, GRANT_STATE_GRANTED) == Overlap::KIND_UNSPECIFIED);
  CHECK(kind(grant::v1::GRANT_STATE_WITHDRAWN, GRANT_STATE_GRANTED) == Overlap::KIND_UNSPECIFIED);
}

TEST_CASE("other words, other times and short words are no overlap") {
  CHECK(FindOverlaps({Application("a", "Folkedans i kulturhuset"),
                      Application("b", "Lektiehjælp på biblioteket")})
            .empty());
  // Every title has them.
  CHECK(FindOverlaps({Application("a", "Tur til ZOO"), Application("b", "Fest til alle")}).empty());
  CHECK(FindOverlaps({Application("a", "Folkedans"),
                      Application("b", "Folkedans", grant::v1::GRANT_STATE_GRANTED, "2025-02-01")})
            .empty());
  // A year alone is no word.
  CHECK(FindOverlaps({Application("a", "Tur 2026"), Application("b", "Fest 2026")}).empty());
}

TEST_CASE("a period says more than the day of the application") {
  auto spring = Application("a", "Folkedans");
  spring.mutable_period()->set_from_date("2026-01-01");
  spring.mutable_period()->set_to_date("2026-06-30");
  auto autumn = Application("b", "Folkedans");
  autumn.mutable_period()->set_from_date("2026-08-01");
  autumn.mutable_period()->set_to_date("2026-12-31");
  CHECK(FindOverlaps({spring, autumn}).empty());
  autumn.mutable_period()->set_from_date("2026-06-30");
  CHECK(FindOverlaps({spring, autumn}).size() == 1);
}

TEST_CASE("an application that the source no longer has overlaps with nothing") {
  auto gone = Application("a", "Folkedans");
  gone.mutable_gone_time()->set_seconds(1);
  CHECK(FindOverlaps({gone, Application("b", "Folkedans")}).empty());
}

TEST_CASE("of long titles two thirds of the shorter one's words are enough") {
  const auto found = [](const char* left, const char* right) {
    return !FindOverlaps({Application("a", left), Application("b", right)}).empty();
  };
  CHECK(found("Sommerlejr kvinder Nordbyen Fjordøen", "Sommerlejr kvinder Nordbyen"));
  CHECK(found("Sommerlejr kvinder Fjordøen", "Sommerlejr kvinder Nordbyen"));
  CHECK_FALSE(found("Sommerlejr mænd Fjordøen strand", "Sommerlejr kvinder Nordbyen"));
}

}  // namespace
}  // namespace brobygger::grants
