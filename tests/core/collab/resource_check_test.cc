#include "core/collab/resource_check.h"

#include "core/collab/data.h"
#include "core/collab/resource_statements.h"
#include "core/registry/joining.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

constexpr auto kAssociationSubject = v1::RESOURCE_SUBJECT_ASSOCIATION;

// A round with these scores for the three statements about the vision.
v1::ResourceCheck Vision(const WorkingTown& town, const std::vector<int>& scores) {
  v1::ResourceCheck check;
  check.set_subject(kAssociationSubject);
  check.set_subject_id(town.association);
  check.set_mode(v1::RESOURCE_CHECK_MODE_TOGETHER);
  check.set_shared(true);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    auto& score = *check.add_scores();
    score.set_statement_id("vision-" + std::to_string(i + 1));
    score.set_score(scores[i]);
  }
  return check;
}

absl::StatusOr<v1::ResourceCheck> Record(WorkingTown& town,
                                         const v1::ResourceCheck& check,
                                         const Actor& actor) {
  return town.Try([&](storage::Transaction& transaction) {
    return RecordResourceCheck(transaction, check, actor, ShippedResourceStatements());
  });
}

v1::TopicMean VisionOf(const v1::ResourceCheck& check) { return check.topics(0); }

}  // namespace

TEST_CASE("a topic is the mean of what was answered, if that is at least half", "[collab]") {
  WorkingTown town;
  const auto whole = TopicMeans(Vision(town, {2, 3, 5}), ShippedResourceStatements());
  REQUIRE(whole.size() == 8);
  CHECK(whole[0].mean() == Approx(10.0 / 3));
  CHECK(whole[0].answered() == 3);
  CHECK_FALSE(whole[1].has_mean());
  CHECK(whole[1].asked() == 3);
  const auto most = TopicMeans(Vision(town, {2, 0, 5}), ShippedResourceStatements());
  CHECK(most[0].mean() == Approx(3.5));
  CHECK_FALSE(TopicMeans(Vision(town, {2, 0, 0}), ShippedResourceStatements())[0].has_mean());
}

TEST_CASE("what the subject wants to do next is kept in its own words", "[collab]") {
  WorkingTown town;
  auto check = Vision(town, {2, 3, 5});
  check.set_next_steps("  Vi spørger  tre naboer, om de vil være med\n");
  const auto kept = Record(town, check, town.itself);
  REQUIRE(kept.ok());
  CHECK(kept->next_steps() == "Vi spørger tre naboer, om de vil være med");
  check.set_next_steps("Ring til 010203-1234");
  CHECK(base::ReasonOf(Record(town, check, town.itself).status()) ==
        errors::v1::ERROR_REASON_CPR_REFUSED);
  check.set_next_steps(std::string(2001, 'x'));
  CHECK(base::ErrorMetadata(Record(town, check, town.itself).status(), "field") == "next_steps");
}

TEST_CASE("change is told where both rounds have a mean", "[collab]") {
  WorkingTown town;
  const auto round = [&](const std::vector<int>& scores) {
    v1::ResourceCheck check = Vision(town, scores);
    const auto means = TopicMeans(check, ShippedResourceStatements());
    check.mutable_topics()->Assign(means.begin(), means.end());
    return check;
  };
  const auto changed = [&](const std::vector<int>& before, const std::vector<int>& after) {
    v1::ResourceCheck check = round(after);
    SetChanges(round(before), check);
    return VisionOf(check);
  };
  CHECK(changed({2, 2, 2}, {4, 4, 4}).change() == Approx(2));
  CHECK_FALSE(changed({2, 2, 2}, {4, 0, 0}).has_change());
  CHECK_FALSE(changed({2, 0, 0}, {4, 4, 4}).has_change());
  CHECK_FALSE(VisionOf(round({2, 2, 2})).has_change());
}

TEST_CASE("other statements later change no round that was", "[collab]") {
  WorkingTown town;
  v1::ResourceCheck before = Vision(town, {2, 2, 5});
  before.set_date("2023-04-30");
  REQUIRE(Record(town, before, town.employee).ok());
  std::string other(kResourceStatementsCsv);
  for (std::size_t at = other.find("vision-"); at != std::string::npos;
       at = other.find("vision-", at + 1)) {
    other.replace(at, 7, "udsyn-");
  }
  const auto statements = ParseResourceStatements(other);
  REQUIRE(statements.ok());
  v1::ResourceCheck check = Vision(town, {4});
  check.mutable_scores(0)->set_statement_id("udsyn-1");
  check.add_scores()->set_statement_id("udsyn-2");
  check.mutable_scores(1)->set_score(4);
  const auto told = town.Try([&](storage::Transaction& transaction) {
    return RecordResourceCheck(transaction, check, town.employee, *statements);
  });
  INFO(told.status());
  REQUIRE(told.ok());
  CHECK(VisionOf(*told).change() == Approx(1));
  const auto listed =
      ListResourceChecks(**town.store->Latest(), kAssociationSubject, town.association);
  CHECK(VisionOf(listed->front()).mean() == Approx(3));
  // Who answers what is not asked any more begins anew.
  check.set_statements_version("of-yesterday");
  const auto old = town.Try([&](storage::Transaction& transaction) {
    return RecordResourceCheck(transaction, check, town.employee, *statements);
  });
  CHECK(base::ErrorMetadata(old.status(), "field") == "statements_version");
  // What was asked then is not asked now.
  const auto late = town.Try([&](storage::Transaction& transaction) {
    return RecordResourceCheck(transaction, Vision(town, {1}), town.employee, *statements);
  });
  CHECK(base::ErrorMetadata(late.status(), "field") == "scores[0]");
}

TEST_CASE("rounds come in the order of their days, each with its change", "[collab]") {
  WorkingTown town;
  v1::ResourceCheck later = Vision(town, {4, 4, 4});
  later.set_date("2024-04-30");
  REQUIRE(Record(town, later, town.employee).ok());
  v1::ResourceCheck first = Vision(town, {2, 2, 2});
  first.set_date("2023-04-30");
  const auto told = Record(town, first, town.employee);
  REQUIRE(told.ok());
  CHECK(told->round() == 0);
  const auto listed =
      ListResourceChecks(**town.store->Latest(), kAssociationSubject, town.association);
  REQUIRE(listed->size() == 2);
  CHECK((*listed)[0].date() == "2023-04-30");
  CHECK(VisionOf((*listed)[1]).change() == Approx(2));
  CHECK((*listed)[1].round() == 1);
}

TEST_CASE("what an association does not share it writes down itself", "[collab]") {
  WorkingTown town;
  v1::ResourceCheck check = Vision(town, {2, 3, 5});
  check.set_shared(false);
  CHECK(base::ReasonOf(Record(town, check, town.employee).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  const auto own = Record(town, check, town.itself);
  REQUIRE(own.ok());
  v1::ShareResourceCheckRequest share;
  share.set_subject(kAssociationSubject);
  share.set_subject_id(town.association);
  share.set_resource_check_id(own->id());
  share.set_shared(true);
  CHECK(town.Do([&](storage::Transaction& transaction) {
              return ShareResourceCheck(transaction, share, town.itself);
            })
            .shared());
  share.set_resource_check_id("nothing");
  CHECK(base::ReasonOf(town.Try([&](storage::Transaction& transaction) {
                             return ShareResourceCheck(transaction, share, town.itself);
                           })
                           .status()) == errors::v1::ERROR_REASON_RESOURCE_CHECK_NOT_FOUND);
  v1::ResourceCheck of_department = check;
  of_department.set_subject(v1::RESOURCE_SUBJECT_DEPARTMENT);
  of_department.set_subject_id(town.department);
  CHECK(base::ReasonOf(Record(town, of_department, town.itself).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  CHECK(Record(town, of_department, town.employee).ok());
}

TEST_CASE("a round outlives a merge and its undoing", "[collab]") {
  WorkingTown town;
  const std::string other = town.Association("Lanternen Fjordby");
  REQUIRE(Record(town, Vision(town, {2, 2, 2}), town.employee).ok());
  const auto merge = town.Do([&](storage::Transaction& transaction) {
    const auto left = registry::GetAssociation(transaction, town.association);
    const auto right = registry::GetAssociation(transaction, other);
    return registry::JoinAssociations(transaction, *left, *right, "d1", "operator");
  });
  const auto count = [&](const std::string& id) {
    return ListResourceChecks(**town.store->Latest(), kAssociationSubject, id)->size();
  };
  CHECK(count(town.association) == 1);
  CHECK(count(other) == 1);
  town.Do(
      [&](storage::Transaction& transaction) { return registry::UndoJoin(transaction, merge); });
  CHECK(count(town.association) == 1);
  CHECK(count(other) == 0);
}

TEST_CASE("a round is refused by what is wrong with it", "[collab]") {
  WorkingTown town;
  const auto refused = [&](const auto& edit) {
    v1::ResourceCheck check = Vision(town, {2, 3, 5});
    edit(check);
    return !Record(town, check, town.employee).ok();
  };
  CHECK_FALSE(refused([](auto&) {}));
  CHECK(refused([](auto& check) { check.clear_mode(); }));
  CHECK(refused([](auto& check) { check.clear_scores(); }));
  CHECK(refused([](auto& check) { check.clear_subject(); }));
  CHECK(refused([](auto& check) { check.set_subject_id("nobody"); }));
  CHECK(refused([](auto& check) { check.mutable_scores(0)->set_score(6); }));
  CHECK(refused([](auto& check) { check.mutable_scores(0)->set_statement_id("vision-2"); }));
  CHECK(refused([](auto& check) { check.mutable_scores(0)->set_statement_id("vision-9"); }));
  CHECK(refused([](auto& check) { check.set_date("2024-05-02"); }));
  CHECK(refused([](auto& check) { check.set_date("yesterday"); }));
}

TEST_CASE("the shipped statements are good, in words for both sides", "[collab]") {
  const auto parsed = ParseResourceStatements(kResourceStatementsCsv);
  INFO(parsed.status());
  REQUIRE(parsed.ok());
  CHECK(parsed->of_associations.size() == parsed->of_municipalities.size());
  CHECK(ShippedResourceStatements().of_associations.size() == parsed->of_associations.size());
  const auto message = [](const std::string& file) {
    return std::string(ParseResourceStatements(file).status().message());
  };
  CHECK(message("version|1\nvision-1|VISION|a|b|c\n") ==
        "line 2: wants an id, a topic and four texts");
  CHECK(message("version|1\nvision-1|VISION|a|b|c|\n") == "line 2: has an empty part");
  CHECK(message("version|1\nvision-1|SIGHT|a|b|c|d\n") == "line 2: 'SIGHT' is no topic");
  CHECK(message("version|1\nvision-1|VISION|a|b|c|d\n") ==
        "RESOURCE_TOPIC_VISION wants three to five statements");
}

}  // namespace brobygger::collab
