// What those who took part said of it. See figures.h.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_join.h>

#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/registry/joining.h"
#include "core/report/figures.h"

namespace brobygger::report {
namespace {

using collab::v1::Collaboration;
using collab::v1::CollaborationOutcome;
using collab::v1::Party;

// The association that agreed, or the departments; one that the caller may not see has no name.
absl::StatusOr<std::string> SaidBy(const Ground& ground,
                                   const Collaboration& shown,
                                   const CollaborationOutcome& outcome) {
  if (outcome.side() == collab::v1::COLLABORATION_SIDE_ASSOCIATION) {
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(ground.snapshot, outcome.association_id()));
    return association ? association->official_name() : std::string();
  }
  std::vector<std::string> names;
  for (const Party& party : shown.parties()) {
    if (party.side() == outcome.side() && !party.title().empty()) names.push_back(party.title());
  }
  return absl::StrJoin(names, ", ");
}

// Whether the side agrees to it now, whatever moment the report is of.
bool StillAgrees(const std::map<std::string, Collaboration>& now,
                 const std::string& id,
                 const CollaborationOutcome& then) {
  const auto collaboration = now.find(id);
  if (collaboration == now.end()) return false;
  const auto& outcomes = collaboration->second.outcomes();
  return std::any_of(outcomes.begin(), outcomes.end(), [&](const auto& outcome) {
    return outcome.side() == then.side() && outcome.may_be_quoted() &&
           outcome.text() == then.text();
  });
}

absl::StatusOr<std::map<std::string, Collaboration>> AllNow(const storage::Snapshot& latest) {
  BB_ASSIGN_OR_RETURN(auto all, collab::CollaborationsOf(latest, ""));
  std::map<std::string, Collaboration> by_id;
  for (Collaboration& each : all) {
    const std::string id = each.id();
    by_id[id] = std::move(each);
  }
  return by_id;
}

}  // namespace

absl::StatusOr<std::vector<v1::ReportQuote>> Quotes(const Ground& ground,
                                                    const storage::Snapshot& latest) {
  std::vector<v1::ReportQuote> quotes;
  BB_ASSIGN_OR_RETURN(const auto now, AllNow(latest));
  for (const Work& work : ground.work) {
    // Whenever it was said: people look back when all is over.
    if (!RanIn(ground.period, work.collaboration)) continue;
    BB_ASSIGN_OR_RETURN(const Collaboration shown,
                        collab::Shown(ground.snapshot, work.collaboration));
    for (const CollaborationOutcome& outcome : shown.outcomes()) {
      if (!outcome.may_be_quoted() || !StillAgrees(now, shown.id(), outcome)) continue;
      BB_ASSIGN_OR_RETURN(const std::string said_by, SaidBy(ground, shown, outcome));
      // Words of a side that the caller may not see would be nobody's.
      if (said_by.empty()) continue;
      v1::ReportQuote& quote = quotes.emplace_back();
      quote.set_text(outcome.text());
      quote.set_said_by(said_by);
      quote.set_collaboration_id(shown.id());
      quote.set_collaboration_title(shown.title());
      quote.set_date(outcome.date());
    }
  }
  std::stable_sort(quotes.begin(), quotes.end(),
                   [](const auto& left, const auto& right) { return left.date() < right.date(); });
  return quotes;
}

}  // namespace brobygger::report
