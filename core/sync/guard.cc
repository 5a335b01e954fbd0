#include "core/sync/guard.h"

#include <algorithm>

#include <fmt/format.h>

namespace brobygger::sync {
namespace {

// Shares of a handful of records say nothing.
constexpr std::uint64_t kFewRecords = 10;

// `percent` of `live`, rounded up.
std::uint64_t Share(std::uint64_t live, std::uint64_t percent) {
  return (live * percent + 99) / 100;
}

void HoldPlan(const GuardInput& input, std::vector<std::string>& reasons) {
  if (!input.complete) {
    reasons.emplace_back("the source did not say that it had sent everything");
  }
  if (input.read == 0 && !input.unchanged && input.live > 0) {
    reasons.push_back(
        fmt::format("the source is suddenly empty: it had {} records before", input.live));
  }
  if (input.scope_changed) {
    reasons.emplace_back(
        "the source shows another set of records than last time (its scope changed)");
  }
  if (input.canary_missing) {
    reasons.emplace_back("the record that must always be visible is missing");
  }
  if (input.live >= kFewRecords && input.blanked * 10 > input.live) {
    reasons.push_back(
        fmt::format("{} of {} records would lose a value", input.blanked, input.live));
  }
  if (input.live >= kFewRecords && input.changed * 10 > input.live * 3) {
    reasons.push_back(fmt::format("{} of {} records would change", input.changed, input.live));
  }
}

// Each calendar by itself: one among many may be emptied, and the sum would not show it. People
// tidy calendars up, so more than of anything else may go; but not all, nor all by and by.
void HoldCalendar(const CalendarLoss& loss, std::vector<std::string>& reasons) {
  if (loss.gone == 0) return;
  const std::uint64_t at_once = std::max<std::uint64_t>(3, Share(loss.live, 30));
  const std::uint64_t week_live = loss.live + loss.gone_in_week;
  const std::uint64_t week_gone = loss.gone + loss.gone_in_week;
  const std::uint64_t in_week = std::max<std::uint64_t>(5, Share(week_live, 50));
  if (week_gone >= 2 && loss.gone >= loss.live) {
    reasons.push_back(fmt::format(
        "the calendar '{}' is suddenly empty: {} meetings with associations have vanished from it",
        loss.calendar, loss.gone));
  } else if (loss.gone > at_once) {
    reasons.push_back(fmt::format(
        "{} of {} meetings have vanished from the calendar '{}' at once; more than {} wait for a "
        "person",
        loss.gone, loss.live, loss.calendar, at_once));
  } else if (week_gone > in_week) {
    reasons.push_back(fmt::format(
        "{} meetings have vanished from the calendar '{}' within seven days; more than {} wait for "
        "a person",
        week_gone, loss.calendar, in_week));
  }
}

void HoldDeletions(const GuardInput& input, std::vector<std::string>& reasons) {
  const std::uint64_t at_once = std::max<std::uint64_t>(2, Share(input.live, 5));
  const std::uint64_t in_week = std::max<std::uint64_t>(4, Share(input.live, 10));
  if (input.vanished > at_once) {
    reasons.push_back(
        fmt::format("{} of {} records have vanished at once; more than {} wait for a person",
                    input.vanished, input.live, at_once));
  } else if (input.vanished > 0 && input.vanished + input.vanished_in_week > in_week) {
    reasons.push_back(
        fmt::format("{} records have vanished within seven days; more than {} wait for a person",
                    input.vanished + input.vanished_in_week, in_week));
  }
  const std::uint64_t applications = std::max<std::uint64_t>(2, Share(input.live_applications, 5));
  if (input.gone_applications > applications) {
    reasons.push_back(fmt::format(
        "{} of {} grant applications have vanished at once; more than {} wait for a person",
        input.gone_applications, input.live_applications, applications));
  }
  for (const CalendarLoss& calendar : input.calendars) HoldCalendar(calendar, reasons);
}

}  // namespace

GuardVerdict Judge(const GuardInput& input) {
  GuardVerdict judged;
  HoldPlan(input, judged.reasons);
  if (!judged.reasons.empty()) judged.verdict = v1::Plan::VERDICT_HELD;
  const std::size_t before = judged.reasons.size();
  HoldDeletions(input, judged.reasons);
  if (before == 0 && !judged.reasons.empty()) judged.verdict = v1::Plan::VERDICT_DELETIONS_HELD;
  return judged;
}

}  // namespace brobygger::sync
