#include "core/search/evaluate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/search/activity_words.h"
#include "core/search/clause_hits.h"
#include "core/search/facets.h"
#include "core/search/filters.h"
#include "core/search/reasons.h"
#include "core/search/tally.h"
#include "core/search/top_hits.h"

namespace brobygger::search {
namespace {

// A clause as it was found in each part, and how rare it is.
struct Found {
  const TextClause* clause = nullptr;
  std::vector<ClauseHits> of_part;
  float rarity = 0;

  // Whether what was asked is anywhere.
  bool direct() const {
    return std::any_of(of_part.begin(), of_part.end(),
                       [](const ClauseHits& hits) { return hits.direct; });
  }
};

class Evaluation {
 public:
  Evaluation(const View& view, const Question& question)
      : view_(view),
        question_(question),
        budget_{.left = question.budget},
        top_(view, question.size, question.after),
        facets_(question.facets) {}

  Answer Run() {
    for (const Part& part : view_.parts) reach_.push_back(WithinReach(part, question_.reach));
    for (const TextClause& clause : question_.query.texts) {
      if (clause.excluded) {
        excluded_.push_back(Look(clause, Manner::kStrictly));
      } else {
        required_.push_back(Look(clause, Manner::kUsual));
      }
    }
    for (Found& found : required_) Weigh(found);
    AddMatches();
    // Somebody who asks for three things is better served with two of them than with none.
    std::uint32_t words = 0;
    std::uint32_t telling = 0;
    for (const Found& found : required_) {
      words += found.clause->firm ? 0 : 1;
      telling += Tells(*found.clause) ? 1 : 0;
    }
    const bool none_wanted = question_.among != nullptr && question_.among->empty();
    if (total_ == 0 && words > 1 && telling > 0 && question_.query.may_relax && !none_wanted) {
      relaxed_ = true;
      least_words_ = (telling + 1) / 2;
      AddMatches();
    }
    return Finish();
  }

 private:
  Found Look(const TextClause& clause, Manner manner) {
    Found found;
    found.clause = &clause;
    for (std::size_t part = 0; part < view_.parts.size(); ++part) {
      found.of_part.push_back(
          ReadClause({*view_.parts[part].segment, reach_[part], budget_}, clause, manner));
    }
    return found;
  }

  // Looks for what may be meant if it is nowhere, and says how much finding it tells.
  void Weigh(Found& found) {
    if (!found.direct()) found = Look(*found.clause, Manner::kWidely);
    std::uint64_t held_by = 0;
    for (const ClauseHits& hits : found.of_part) held_by += hits.docs.Count();
    const auto held = static_cast<double>(std::max<std::uint64_t>(held_by, 1));
    found.rarity = static_cast<float>(std::log(1 + static_cast<double>(view_.live) / held));
  }

  // Whether it is a word that counts where not all of them hold.
  static bool Tells(const TextClause& clause) { return !clause.firm && !clause.generic; }

  // Takes every document in which all clauses hold, or all firm ones and enough of the others.
  void AddMatches() {
    for (std::size_t part = 0; part < view_.parts.size(); ++part) {
      const Bits matches = MatchesIn(part);
      const std::uint32_t count = matches.Count();
      if (count == 0) continue;
      total_ += count;
      facets_.Count(*view_.parts[part].segment, matches);
      AddToTop(part, matches, count);
    }
  }

  Bits MatchesIn(std::size_t part) {
    const SegmentFilters filters(*view_.parts[part].segment, question_.query);
    Bits matches = reach_[part];
    std::vector<const Bits*> words;
    for (const Found& found : required_) {
      const Bits& docs = found.of_part[part].docs;
      if (!relaxed_ || found.clause->firm) {
        matches.And(docs);
      } else if (Tells(*found.clause)) {
        words.push_back(&docs);
      }
    }
    if (relaxed_) matches.And(Bits::InAtLeast(least_words_, words));
    for (const Found& found : excluded_) matches.Subtract(found.of_part[part].docs);
    if (question_.among != nullptr) {
      matches.And(DocsOf(*view_.parts[part].segment, *question_.among));
    }
    filters.Narrow(matches);
    ActivityWords activities(*view_.parts[part].segment, filters.any_of_activity());
    for (const Found& found : required_) activities.Add(*found.clause, found.of_part[part]);
    if (activities.asks()) {
      KeepThoseThatHold(filters, activities, matches);
    } else if (!filters.exact()) {
      KeepThoseThatHold(filters, matches);
    }
    return matches;
  }

  void KeepThoseThatHold(const SegmentFilters& filters, Bits& matches) {
    Bits kept(matches.size());
    matches.ForEach([&](DocId doc) {
      if (budget_.Take(1) && filters.Hold(doc)) kept.Set(doc);
    });
    matches = std::move(kept);
  }

  void KeepThoseThatHold(const SegmentFilters& filters, ActivityWords& activities, Bits& matches) {
    Bits kept(matches.size());
    matches.ForEach([&](DocId doc) {
      // The filters alone leave out most, and cost less.
      if (!budget_.Take(1) || !filters.Hold(doc)) return;
      const Segment& segment = activities.segment();
      if (budget_.Take(segment.words(doc).size()) && filters.Hold(doc, &activities.Of(doc))) {
        kept.Set(doc);
      }
    });
    matches = std::move(kept);
  }

  void AddToTop(std::size_t part, const Bits& matches, std::uint32_t count) {
    const Segment& segment = *view_.parts[part].segment;
    if (required_.empty()) {
      // In the order of their numbers, which is that of names.
      matches.ForEachWhile([&](DocId doc) { return top_.Add(part, doc, 0); });
      return;
    }
    std::vector<Weighed> clauses;
    for (const Found& found : required_) clauses.push_back({&found.of_part[part], found.rarity});
    const bool plain = clauses.size() == 1 && clauses.front().hits->phrases.empty();
    if (plain && count >= question_.many_hits) {
      AddBest(part, segment, matches, clauses.front(), top_);
    } else {
      AddEach(part, segment, matches, clauses, top_);
    }
  }

  Answer Finish() {
    Answer answer;
    answer.total = total_;
    answer.relaxed = relaxed_;
    answer.partial = budget_.cut;
    answer.facets = facets_.Finish();
    std::vector<AskedClause> asked;
    for (const Found& found : required_) asked.push_back({found.clause, &found.of_part});
    Reasons reasons(view_, std::move(asked));
    for (const TopHit& hit : top_.Finish()) {
      const Segment& segment = *view_.parts[hit.part].segment;
      answer.hits.push_back(
          {{hit.score, hit.name_key, std::string(segment.id(hit.doc))},
           question_.reasons ? reasons.Of(hit.part, hit.doc) : std::vector<Reason>()});
    }
    // All that come before this page were met, since they come before what it holds.
    answer.more = total_ - top_.skipped() > answer.hits.size();
    return answer;
  }

  const View& view_;
  const Question& question_;
  Budget budget_;
  std::vector<Bits> reach_;  // in each part
  std::vector<Found> required_;
  std::vector<Found> excluded_;
  TopHits top_;
  FacetCounter facets_;
  std::uint64_t total_ = 0;
  bool relaxed_ = false;
  std::uint32_t least_words_ = 0;  // of those that tell, once it is relaxed
};

}  // namespace

Answer Evaluate(const View& view, const Question& question) {
  return Evaluation(view, question).Run();
}

}  // namespace brobygger::search
