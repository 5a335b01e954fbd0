#include "core/collab/rules.h"

#include <string>

#include "core/base/status_macros.h"
#include "core/collab/fixes.h"
#include "core/model/kle.h"
#include "core/model/rules.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using model::Place;

constexpr std::size_t kLongestAim = 2000;
constexpr std::size_t kLongestOutcome = 1000;
constexpr std::size_t kLongestComment = 300;
constexpr int kMostLinks = 100;
constexpr int kMostHours = 10'000;
constexpr int kHighestAgreement = 5;

}  // namespace

absl::Status NormalizeAndCheck(v1::Collaboration& collaboration) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(collaboration, {}));
  BB_RETURN_IF_ERROR(FixOwnLine({nullptr, "title"}, 1, *collaboration.mutable_title()));
  if (collaboration.has_aim()) {
    BB_RETURN_IF_ERROR(
        FixOwnLocalized({nullptr, "aim"}, kLongestAim, *collaboration.mutable_aim()));
  }
  BB_RETURN_IF_ERROR(FixOwnLine({nullptr, "area"}, 0, *collaboration.mutable_area()));
  BB_RETURN_IF_ERROR(FixDays(nullptr, {"start_date", *collaboration.mutable_start_date()},
                             {"end_date", *collaboration.mutable_end_date()}));
  if (collaboration.grant_application_ids_size() > kMostLinks) {
    return BrokenRule({nullptr, "grant_application_ids"}, "has more than 100 applications");
  }
  if (collaboration.event_ids_size() > kMostLinks) {
    return BrokenRule({nullptr, "event_ids"}, "has more than 100 events");
  }
  if (collaboration.premises_ids_size() > kMostLinks) {
    return BrokenRule({nullptr, "premises_ids"}, "has more than 100 premises");
  }
  return absl::OkStatus();
}

absl::Status NormalizeAndCheck(v1::Party& party) {
  const Place parent{nullptr, "party"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(party, parent));
  const bool department = party.side() == v1::COLLABORATION_SIDE_MUNICIPALITY;
  const bool association = party.side() == v1::COLLABORATION_SIDE_ASSOCIATION;
  if (party.side() == v1::COLLABORATION_SIDE_UNSPECIFIED) {
    return BrokenRule({&parent, "side"}, "is required");
  }
  if (department == party.department_id().empty()) {
    return BrokenRule({&parent, "department_id"}, department
                                                      ? "is required on the municipality's side"
                                                      : "is for the municipality's side alone");
  }
  if (association == party.association_id().empty()) {
    return BrokenRule({&parent, "association_id"}, association
                                                       ? "is required on the association's side"
                                                       : "is for the association's side alone");
  }
  party.clear_municipality_code();
  party.clear_proposed_to();
  if (department || association) {
    party.clear_title();
  } else {
    BB_RETURN_IF_ERROR(FixOwnLine({&parent, "title"}, 1, *party.mutable_title()));
  }
  for (const int role : party.roles()) {
    if (role == v1::PARTY_ROLE_UNSPECIFIED) return BrokenRule({&parent, "roles"}, "names no role");
  }
  return absl::OkStatus();
}

absl::Status NormalizeAndCheck(v1::CollaborationTask& task) {
  const Place parent{nullptr, "task"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(task, parent));
  BB_RETURN_IF_ERROR(FixOwnLine({&parent, "title"}, 1, *task.mutable_title()));
  BB_RETURN_IF_ERROR(model::FixDate({&parent, "due_date"}, *task.mutable_due_date()));
  if (!task.kle_number().empty() && !model::IsKleNumber(task.kle_number())) {
    return BrokenRule({&parent, "kle_number"}, "is no KLE number such as 18.15.05");
  }
  if (task.state() == v1::TASK_STATE_UNSPECIFIED) task.set_state(v1::TASK_STATE_OPEN);
  return model::CheckRange({&parent, "estimated_hours"}, task.estimated_hours(), 0, kMostHours);
}

absl::Status NormalizeAndCheck(v1::Milestone& milestone) {
  const Place parent{nullptr, "milestone"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(milestone, parent));
  BB_RETURN_IF_ERROR(FixOwnLine({&parent, "text"}, 1, *milestone.mutable_text()));
  BB_RETURN_IF_ERROR(model::FixDate({&parent, "date"}, *milestone.mutable_date()));
  if (milestone.date().empty()) return BrokenRule({&parent, "date"}, "is required");
  return absl::OkStatus();
}

absl::Status NormalizeAndCheck(v1::CollaborationOutcome& outcome) {
  const Place parent{nullptr, "outcome"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(outcome, parent));
  return FixOwnText({&parent, "text"}, {1, kLongestOutcome}, *outcome.mutable_text());
}

absl::Status NormalizeAndCheck(v1::AlignmentAnswer& answer) {
  const Place parent{nullptr, "answers"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(answer, parent));
  BB_RETURN_IF_ERROR(
      model::CheckRange({&parent, "agreement"}, answer.agreement(), 0, kHighestAgreement));
  return FixOwnText({&parent, "comment"}, {0, kLongestComment}, *answer.mutable_comment());
}

absl::Status NormalizeAndCheck(v1::AlignmentTalk& talk) {
  const Place parent{nullptr, "talk"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(talk, parent));
  return FixOwnText({&parent, "outcome"}, {1, kLongestComment}, *talk.mutable_outcome());
}

absl::Status NormalizeAndCheckReason(std::string& reason) {
  return FixOwnLine({nullptr, "reason"}, 0, reason);
}

}  // namespace brobygger::collab
