// How a plan reads.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/cli/sync.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::FieldChange;
using sync::v1::Plan;
using sync::v1::PlannedAction;

char Sign(PlannedAction::Kind kind) {
  switch (kind) {
    case PlannedAction::KIND_CREATE:
      return '+';
    case PlannedAction::KIND_SOURCE_CREATE:
      return '+';
    case PlannedAction::KIND_UPDATE:
    case PlannedAction::KIND_SOURCE_UPDATE:
      return '~';
    case PlannedAction::KIND_DELETE:
    case PlannedAction::KIND_UNLINK:
      return '-';
    case PlannedAction::KIND_LINK:
      return '=';
    default:
      return '?';
  }
}

const char* Remark(PlannedAction::Kind kind) {
  switch (kind) {
    case PlannedAction::KIND_LINK:
      return ", says what the registry says";
    case PlannedAction::KIND_DELETE:
      return ", gone from its last source: would be deleted";
    case PlannedAction::KIND_UNLINK:
      return ", gone here; other sources still have it";
    case PlannedAction::KIND_CONFLICT:
      return ", a person must choose";
    case PlannedAction::KIND_SOURCE_CREATE:
      return "new at the source";
    default:
      return "";
  }
}

// Why the record belongs where it does, where that is more than a number or a link.
std::string Standing(const PlannedAction& action) {
  const std::string& reason = action.link_reason();
  const std::string other = OneCleanLine(action.other_official_name());
  const std::string told = OneCleanLine(action.told_official_name());
  const std::string named = told.empty() ? "" : fmt::format("; it says \"{}\"", told);
  if (reason == "match") {
    return fmt::format(", recognised (score {:+.1f}){}", action.match_score(), named);
  }
  if (reason == "cvr" && !told.empty()) return ", by its CVR number" + named;
  if (reason == "ask") {
    return fmt::format(", a person must say whether it is {} (score {:+.1f})", other,
                       action.match_score());
  }
  return reason == "branch" ? fmt::format(", under the CVR number of {}: a branch", other) : "";
}

std::string Shown(const FieldChange& change, const std::string& text, const std::string& language) {
  const std::string words = OneCleanLine(ShowField(change.path(), text, language));
  return words.empty() ? "(empty)" : words;
}

std::string Remarks(const FieldChange& change) {
  std::vector<std::string> remarks;
  if (change.decides() == "hub") remarks.emplace_back("the registry decides");
  if (change.decides() == "another source") remarks.emplace_back("another source decides");
  if (change.decides() == "source") remarks.emplace_back("the source decides");
  if (change.overrules()) remarks.emplace_back("the old value is kept in the log");
  return remarks.empty() ? "" : fmt::format(" ({})", fmt::join(remarks, "; "));
}

// Which side changes is said by the arrow: "->" here, "=>" at the source.
std::string ChangeText(const FieldChange& change, const char* arrow, const std::string& language) {
  if (change.conflict() && change.path() == "hub.association_id") {
    return fmt::format(
        "  ? records {} are one association: none of them is written to until a person says which "
        "one it is (brobygger sync conflicts)\n",
        OneCleanLine(change.new_value()));
  }
  return fmt::format("  {} {}: {} {} {}{}\n", change.conflict() ? '?' : ' ', change.path(),
                     Shown(change, change.old_value(), language), arrow,
                     Shown(change, change.new_value(), language), Remarks(change));
}

const char* VerdictWords(const Plan& plan) {
  switch (plan.verdict()) {
    case Plan::VERDICT_OK:
      return "It may be applied.";
    case Plan::VERDICT_DELETIONS_HELD:
      return "HELD: its deletions wait for a person; the rest may be applied.";
    default:
      return "HELD: all of it waits for a person.";
  }
}

// "; grant applications: 3 new, 1 changed, 0 gone", or nothing.
std::string ApplicationsText(const sync::v1::ApplicationCounts& counts) {
  if (counts.new_count() + counts.changed_count() + counts.gone_count() == 0) return "";
  return fmt::format("; grant applications: {} new, {} changed, {} gone", counts.new_count(),
                     counts.changed_count(), counts.gone_count());
}

std::uint64_t CountOf(const sync::v1::MeetingCounts& counts) {
  return counts.new_count() + counts.removed_count() + counts.changed_count() + counts.gone_count();
}

// What meetings would become, in words.
std::string MeetingsText(const sync::v1::MeetingCounts& counts) {
  std::string text = fmt::format(
      "Meetings with associations: {} new, {} changed, {} no longer, {} gone from the calendar",
      counts.new_count(), counts.changed_count(), counts.removed_count(), counts.gone_count());
  if (counts.review_count() > 0) {
    text += fmt::format(", {} for a person (brobygger touchpoint list --review)",
                        counts.review_count());
  }
  return text;
}

// ". It may be applied.", and what holds it.
std::string Standing(const Plan& plan) {
  std::string text = fmt::format(". {}", VerdictWords(plan));
  for (const auto& reason : plan.reasons()) text += "\n  " + OneCleanLine(reason);
  return text;
}

}  // namespace

bool HasChanges(const Plan& plan) {
  return plan.create_count() + plan.update_count() + plan.delete_count() + plan.link_count() +
             plan.conflict_count() + plan.vanished_count() + plan.source_create_count() +
             plan.source_update_count() + plan.applications().new_count() +
             plan.applications().changed_count() + plan.applications().gone_count() +
             CountOf(plan.meetings()) >
         0;
}

std::string PlanSummary(const Plan& plan) {
  if (!HasChanges(plan) && plan.verdict() == Plan::VERDICT_OK) {
    return fmt::format("Nothing to do: the registry says what {} says.", plan.connection_id());
  }
  // A connection to calendars has no associations to tell of.
  if (CountOf(plan.meetings()) > 0) return MeetingsText(plan.meetings()) + Standing(plan);
  std::string text =
      fmt::format("{} to add, {} to change, {} to delete, {} to link", plan.create_count(),
                  plan.update_count(), plan.delete_count(), plan.link_count());
  if (plan.source_create_count() + plan.source_update_count() > 0) {
    text += fmt::format("; at the source {} to add, {} to change", plan.source_create_count(),
                        plan.source_update_count());
  }
  if (plan.conflict_count() > 0) {
    text += fmt::format(", {} for a person (brobygger sync conflicts {})", plan.conflict_count(),
                        plan.connection_id());
  }
  if (plan.match_count() > 0) {
    text += fmt::format(", {} recognised without a common number", plan.match_count());
  }
  if (plan.question_count() > 0) {
    text += fmt::format(
        ", {} of the new ones for a person (may be one there is: brobygger identity "
        "review)",
        plan.question_count());
  }
  text += ApplicationsText(plan.applications());
  return text + Standing(plan);
}

std::string ActionText(const PlannedAction& action, const std::string& language) {
  std::string text =
      fmt::format("{} {} ({}{}{})\n", Sign(action.kind()), OneCleanLine(action.official_name()),
                  OneCleanLine(action.external_id()), Remark(action.kind()), Standing(action));
  // A new association's fields are all new; its name says enough.
  if (action.kind() != PlannedAction::KIND_CREATE) {
    for (const auto& change : action.changes()) text += ChangeText(change, "->", language);
  }
  if (action.kind() == PlannedAction::KIND_SOURCE_CREATE) return text;
  for (const auto& change : action.source_changes()) text += ChangeText(change, "=>", language);
  return text;
}

}  // namespace brobygger::cli
