// What those who took part said of it. See figures.h.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_join.h>

#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/report/figures.h"

namespace brobygger::report {
namespace {

using collab::v1::Collaboration;
using collab::v1::CollaborationOutcome;
using collab::v1::Party;

// Those of the side who took part, also if they left; one that the caller may not see has no name.
std::string SaidBy(const Collaboration& shown, collab::v1::CollaborationSide side) {
  std::vector<std::string> names;
  for (const Party& party : shown.parties()) {
    if (party.side() == side && !party.title().empty()) names.push_back(party.title());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

absl::StatusOr<std::vector<v1::ReportQuote>> Quotes(const Ground& ground) {
  std::vector<v1::ReportQuote> quotes;
  for (const Work& work : ground.work) {
    // Whenever it was said: people look back when all is over.
    if (!RanIn(ground.period, work.collaboration)) continue;
    BB_ASSIGN_OR_RETURN(const Collaboration shown,
                        collab::Shown(ground.snapshot, work.collaboration));
    for (const CollaborationOutcome& outcome : shown.outcomes()) {
      const std::string said_by = SaidBy(shown, outcome.side());
      // Words of a side that the caller may not see would be nobody's.
      if (!outcome.may_be_quoted() || said_by.empty()) continue;
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
