#include "core/collab/resource_check.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/fixes.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using model::Place;
using storage::Kind;
using v1::ResourceCheck;
using v1::ResourceSubject;
using v1::TopicMean;

constexpr int kHighestScore = 5;
constexpr std::size_t kLongestNextSteps = 2000;

// The subject's id in normal form. NOT_FOUND if there is none, for the caller.
absl::StatusOr<std::string> SubjectId(const storage::Snapshot& snapshot,
                                      ResourceSubject subject,
                                      std::string id) {
  switch (subject) {
    case v1::RESOURCE_SUBJECT_ASSOCIATION: {
      BB_ASSIGN_OR_RETURN(const auto association, registry::GetLive(snapshot, id));
      return association.id();
    }
    case v1::RESOURCE_SUBJECT_DEPARTMENT:
      BB_RETURN_IF_ERROR(registry::GetDepartment(snapshot, id).status());
      return id;
    case v1::RESOURCE_SUBJECT_MUNICIPALITY:
      if (id.empty()) return BrokenRule({nullptr, "subject_id"}, "is required");
      BB_RETURN_IF_ERROR(model::FixMunicipality({nullptr, "subject_id"}, id));
      return id;
    default:
      return BrokenRule({nullptr, "subject"}, "is required");
  }
}

absl::Status CheckScores(const ResourceCheck& check, const ResourceStatements& all) {
  const auto& statements = all.For(check.subject());
  std::set<std::string> seen;
  bool any = false;
  for (int i = 0; i < check.scores_size(); ++i) {
    const auto& score = check.scores(i);
    const Place place{nullptr, "scores", i};
    const bool known = std::any_of(statements.begin(), statements.end(), [&](const auto& each) {
      return each.id() == score.statement_id();
    });
    if (!known) return BrokenRule(place, "is of no statement that there is");
    if (!seen.insert(score.statement_id()).second) return BrokenRule(place, "is given twice");
    BB_RETURN_IF_ERROR(model::CheckRange(place, score.score(), 0, kHighestScore));
    any = any || score.score() > 0;
  }
  return any ? absl::OkStatus() : BrokenRule({nullptr, "scores"}, "are required");
}

// The file of statements may have changed while somebody answered.
absl::Status CheckAsked(const ResourceCheck& check, const ResourceStatements& statements) {
  const std::string& asked = check.statements_version();
  if (asked.empty() || asked == statements.version) return absl::OkStatus();
  return BrokenRule({nullptr, "statements_version"},
                    "is of statements that are not asked any more; begin anew");
}

absl::Status CheckMode(const ResourceCheck& check) {
  if (check.mode() != v1::RESOURCE_CHECK_MODE_UNSPECIFIED) return absl::OkStatus();
  return BrokenRule({nullptr, "mode"}, "is required");
}

// Whether the actor may say this of the subject's round.
absl::Status CheckActor(const ResourceCheck& check, const Actor& actor) {
  const bool of_association = check.subject() == v1::RESOURCE_SUBJECT_ASSOCIATION;
  if (actor.is_association() && !of_association) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "an association looks at its own resources");
  }
  if (!actor.is_association() && of_association && !check.shared()) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "what an association does not share it writes down itself; say that it "
                           "shares it, if it does");
  }
  return absl::OkStatus();
}

absl::Status Put(storage::Transaction& transaction, ResourceCheck& check) {
  for (TopicMean& topic : *check.mutable_topics()) topic.clear_change();
  check.clear_round();
  check.set_etag(registry::EtagOf(transaction.revision()));
  return transaction.Put(Kind::kResourceCheck, check.subject_id() + "/" + check.id(),
                         check.SerializeAsString());
}

// The ids under which rounds of the subject may lie.
absl::StatusOr<std::vector<std::string>> IdsOfSubject(const storage::Snapshot& snapshot,
                                                      ResourceSubject subject,
                                                      const std::string& id) {
  if (subject != v1::RESOURCE_SUBJECT_ASSOCIATION) return std::vector<std::string>{id};
  return registry::IdsOf(snapshot, id);
}

int ScoreOf(const ResourceCheck& check, const std::string& statement_id) {
  for (const auto& score : check.scores()) {
    if (score.statement_id() == statement_id) return score.score();
  }
  return 0;
}

TopicMean MeanOf(const ResourceCheck& check,
                 v1::ResourceTopic topic,
                 const ResourceStatements& statements) {
  TopicMean mean;
  mean.set_topic(topic);
  int sum = 0;
  for (const auto& statement : statements.For(check.subject())) {
    if (statement.topic() != topic) continue;
    mean.set_asked(mean.asked() + 1);
    const int score = ScoreOf(check, statement.id());
    if (score == 0) continue;
    mean.set_answered(mean.answered() + 1);
    sum += score;
  }
  if (mean.answered() > 0 && mean.answered() * 2 >= mean.asked()) {
    mean.set_mean(static_cast<double>(sum) / mean.answered());
  }
  return mean;
}

}  // namespace

std::vector<TopicMean> TopicMeans(const ResourceCheck& check,
                                  const ResourceStatements& statements) {
  std::vector<TopicMean> means;
  for (int i = 1; i <= v1::ResourceTopic_MAX; ++i) {
    means.push_back(MeanOf(check, static_cast<v1::ResourceTopic>(i), statements));
  }
  return means;
}

void SetChanges(const ResourceCheck& before, ResourceCheck& check) {
  for (TopicMean& topic : *check.mutable_topics()) {
    const auto& topics = before.topics();
    const auto earlier = std::find_if(topics.begin(), topics.end(), [&](const TopicMean& each) {
      return each.topic() == topic.topic() && each.has_mean();
    });
    if (topic.has_mean() && earlier != topics.end()) {
      topic.set_change(topic.mean() - earlier->mean());
    }
  }
}

absl::StatusOr<std::vector<ResourceCheck>> ListResourceChecks(const storage::Snapshot& snapshot,
                                                              ResourceSubject subject,
                                                              const std::string& subject_id) {
  BB_ASSIGN_OR_RETURN(const std::string id, SubjectId(snapshot, subject, subject_id));
  BB_ASSIGN_OR_RETURN(const auto ids, IdsOfSubject(snapshot, subject, id));
  std::vector<ResourceCheck> checks;
  const auto add = [&](ResourceCheck check) {
    // Rounds of before a municipality could have statements of its own hold no sums.
    if (check.topics().empty()) {
      const auto means = TopicMeans(check, ShippedResourceStatements());
      check.mutable_topics()->Assign(means.begin(), means.end());
    }
    checks.push_back(std::move(check));
    return absl::OkStatus();
  };
  for (const std::string& each : ids) {
    BB_RETURN_IF_ERROR(
        (registry::ForEachRecord<ResourceCheck>(snapshot, Kind::kResourceCheck, each + "/", add)));
  }
  const auto place = [](const ResourceCheck& check) {
    return std::tuple(check.date(), check.create_time().seconds(), check.create_time().nanos());
  };
  std::stable_sort(checks.begin(), checks.end(),
                   [&](const auto& left, const auto& right) { return place(left) < place(right); });
  for (std::size_t i = 0; i < checks.size(); ++i) {
    checks[i].set_round(static_cast<int>(i));
    if (i > 0) SetChanges(checks[i - 1], checks[i]);
  }
  return checks;
}

absl::StatusOr<ResourceCheck> RecordResourceCheck(storage::Transaction& transaction,
                                                  const ResourceCheck& wanted,
                                                  const Actor& actor,
                                                  const ResourceStatements& statements) {
  ResourceCheck check = wanted;
  BB_RETURN_IF_ERROR(model::CheckEverywhere(check, {}));
  BB_RETURN_IF_ERROR(CheckActor(check, actor));
  BB_ASSIGN_OR_RETURN(*check.mutable_subject_id(),
                      SubjectId(transaction, check.subject(), check.subject_id()));
  const std::string today = base::DanishDayOf(transaction.now());
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "date"}, *check.mutable_date()));
  if (check.date().empty()) check.set_date(today);
  if (check.date() > today) return BrokenRule({nullptr, "date"}, "is a day to come");
  BB_RETURN_IF_ERROR(CheckMode(check));
  BB_RETURN_IF_ERROR(
      FixOwnText({nullptr, "next_steps"}, {0, kLongestNextSteps}, *check.mutable_next_steps()));
  BB_RETURN_IF_ERROR(CheckScores(check, statements));
  BB_RETURN_IF_ERROR(CheckAsked(check, statements));
  check.set_id(base::MakeUuid());
  check.set_statements_version(statements.version);
  const auto means = TopicMeans(check, statements);
  check.mutable_topics()->Assign(means.begin(), means.end());
  check.set_actor(actor.name);
  *check.mutable_create_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(Put(transaction, check));
  BB_ASSIGN_OR_RETURN(auto there,
                      ListResourceChecks(transaction, check.subject(), check.subject_id()));
  for (ResourceCheck& each : there) {
    if (each.id() == check.id()) return std::move(each);
  }
  return check;
}

absl::StatusOr<ResourceCheck> ShareResourceCheck(storage::Transaction& transaction,
                                                 const v1::ShareResourceCheckRequest& wanted,
                                                 const Actor& actor) {
  BB_ASSIGN_OR_RETURN(auto there,
                      ListResourceChecks(transaction, wanted.subject(), wanted.subject_id()));
  for (ResourceCheck& check : there) {
    if (check.id() != wanted.resource_check_id()) continue;
    check.set_shared(wanted.shared());
    BB_RETURN_IF_ERROR(CheckActor(check, actor));
    ResourceCheck kept = check;
    BB_RETURN_IF_ERROR(Put(transaction, kept));
    return std::move(check);
  }
  return base::MakeError(
      errors::v1::ERROR_REASON_RESOURCE_CHECK_NOT_FOUND,
      "there is no such round that you may see; see brobygger resource-check show",
      {{"resource_check_id", registry::Shown(wanted.resource_check_id())}});
}

}  // namespace brobygger::collab
