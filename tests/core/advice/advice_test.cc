#include "core/advice/advice.h"

#include "tests/core/advice/advice_town.h"

namespace brobygger::advice {
namespace {

const Asking kHorsens = {v1::COLLABORATION_SIDE_MUNICIPALITY, "0615"};
const Asking kGreve = {v1::COLLABORATION_SIDE_MUNICIPALITY, "0253"};

std::set<std::string> Ids(AdviceTown& town,
                          const v1::ListAdviceRequest& request,
                          const Asking& asking = kHorsens) {
  const auto listed = ListAdvice(**town.store->Latest(), town.clock.Now(), request, asking);
  INFO(listed.status());
  REQUIRE(listed.ok());
  std::set<std::string> ids;
  for (const auto& each : listed->advice()) ids.insert(each.id());
  return ids;
}

v1::ListAdviceRequest About(const std::string& association) {
  v1::ListAdviceRequest request;
  request.set_association_id(association);
  return request;
}

void Dismiss(AdviceTown& town,
             const std::string& id,
             const std::string& association = "",
             const Asking& asking = kHorsens) {
  v1::DismissAdviceRequest request;
  request.set_advice_id(id);
  request.set_association_id(association);
  town.Do([&](storage::Transaction& transaction) {
    return DismissAdvice(transaction, request, asking);
  });
}

}  // namespace

TEST_CASE("each side is given its own advice, and the operator all of it", "[advice]") {
  AdviceTown town;
  CHECK(Ids(town, {}).size() == 14);
  CHECK(Ids(town, {}, {v1::COLLABORATION_SIDE_ASSOCIATION, town.association}).size() == 10);
  CHECK(Ids(town, {}, {}).size() == 24);
  v1::ListAdviceRequest theirs;
  theirs.set_side(v1::COLLABORATION_SIDE_ASSOCIATION);
  CHECK(Ids(town, theirs).size() == 10);
}

TEST_CASE("with an association only what applies now is told, and why", "[advice]") {
  AdviceTown town;
  const auto listed =
      ListAdvice(**town.store->Latest(), town.clock.Now(), About(town.association), kHorsens);
  REQUIRE(listed.ok());
  CHECK_FALSE(listed->advice().empty());
  for (const auto& each : listed->advice()) {
    REQUIRE(each.because_size() == 1);
    CHECK(each.because(0) == v1::ADVICE_TRIGGER_FIRST_CONTACT);
  }
  town.Meet("2024-04-01");
  CHECK(Ids(town, About(town.association)).empty());
}

TEST_CASE("moments that are asked for must hold with the association", "[advice]") {
  AdviceTown town;
  auto request = About(town.association);
  request.add_triggers(v1::ADVICE_TRIGGER_REFUSAL);
  CHECK(Ids(town, request).empty());
  request.clear_association_id();
  CHECK(Ids(town, request) == std::set<std::string>{"their-perspective", "say-what-can-be"});
}

TEST_CASE("what a side has put away stays away for it alone, until it is taken out again",
          "[advice]") {
  AdviceTown town;
  Dismiss(town, "open-questions");
  CHECK_FALSE(Ids(town, About(town.association)).contains("open-questions"));
  CHECK(Ids(town, About(town.association), kGreve).contains("open-questions"));
  auto request = About(town.association);
  request.set_show_dismissed(true);
  CHECK(Ids(town, request).contains("open-questions"));
  v1::RestoreAdviceRequest restore;
  restore.set_advice_id("open-questions");
  town.Do([&](storage::Transaction& transaction) {
    return RestoreAdvice(transaction, restore, kHorsens);
  });
  CHECK(Ids(town, About(town.association)).contains("open-questions"));
}

TEST_CASE("what is put away with one association is told with others", "[advice]") {
  AdviceTown town;
  const std::string other = town.Association("Regnbuen");
  Dismiss(town, "judge-not", town.association);
  CHECK_FALSE(Ids(town, About(town.association)).contains("judge-not"));
  CHECK(Ids(town, About(other)).contains("judge-not"));
  CHECK(Ids(town, {}).contains("judge-not"));
}

TEST_CASE("advice and associations that there are not are refused", "[advice]") {
  AdviceTown town;
  v1::DismissAdviceRequest request;
  request.set_advice_id("be-rich");
  const auto refused = town.Try([&](storage::Transaction& transaction) {
    return DismissAdvice(transaction, request, kHorsens);
  });
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_ADVICE_NOT_FOUND);
  const auto about =
      ListAdvice(**town.store->Latest(), town.clock.Now(), About("nobody"), kHorsens);
  CHECK(base::ReasonOf(about.status()) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  v1::ListAdviceRequest unset;
  unset.add_triggers(v1::ADVICE_TRIGGER_UNSPECIFIED);
  CHECK(base::ReasonOf(
            ListAdvice(**town.store->Latest(), town.clock.Now(), unset, kHorsens).status()) ==
        errors::v1::ERROR_REASON_FIELD_INVALID);
}

}  // namespace brobygger::advice
