#pragma once

#include <string>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

#include "brobygger/people/v1/person.pb.h"

namespace brobygger::people {

// How long a person may be recorded after the basis for it, and after the term of a board.
inline constexpr int kMonthsOfBasis = 24;
inline constexpr int kMonthsAfterTerm = 12;

// What the rules must know besides the person.
struct RuleContext {
  std::string today;  // ISO 8601
  // Whether a role in the association may reveal something under GDPR article 9.
  absl::FunctionRef<bool(const std::string& association_id)> may_reveal;
  // Whether every role needs evidence: the person was erased once, and comes back.
  bool needs_evidence = false;
};

// Brings every field into normal form and checks it against the rules in person.proto.
// Output-only fields must be empty. FIELD_INVALID, CPR_REFUSED; no error holds what was
// written. Pure.
absl::Status NormalizeAndCheck(const RuleContext& context, v1::Person& person);
absl::Status NormalizeAndCheck(const std::string& today, v1::Correction& correction);

// The day so many months after one in ISO 8601; of a shorter month its last day.
std::string MonthsAfter(const std::string& date, int months);

// PERSON_NOT_FOUND; what is no id is not in it.
absl::Status PersonNotFound(const std::string& id);

// Whether the role is no longer to be recorded on the day.
bool HasExpired(const v1::PersonRole& role, const std::string& today);

// Takes those roles out.
void DropExpired(const std::string& today, v1::Person& person);

}  // namespace brobygger::people
