#include "core/search/evaluate.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>
#include <utility>

#include "core/search/facets.h"
#include "core/search/filters.h"
#include "core/search/reasons.h"
#include "core/search/top_hits.h"

namespace brobygger::search {
namespace {

constexpr std::uint8_t kNames = FieldSet({Field::kName, Field::kOtherName}).text_bits();
// How much a name counts that holds nothing but what was asked.
constexpr float kWholeName = 0.5F;

// A clause's documents in each part, and how rare they are.
struct ClauseLists {
  const TextClause* clause = nullptr;
  std::vector<std::vector<Scored>> of_part;
  bool widely = false;
  float rarity = 0;

  std::size_t total() const {
    std::size_t sum = 0;
    for (const auto& list : of_part) sum += list.size();
    return sum;
  }
  // Whether what was asked is anywhere.
  bool direct() const {
    return std::any_of(of_part.begin(), of_part.end(), [](const auto& list) {
      return std::any_of(list.begin(), list.end(), [](const Scored& each) { return each.direct; });
    });
  }
};

// A document with the sum of what its clauses count.
struct Match {
  DocId doc = 0;
  float score = 0;
  std::uint8_t clauses = 0;  // that hold
  std::uint8_t in_name = 0;  // of these, in a name
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
    for (const TextClause& clause : question_.query.texts) {
      if (clause.excluded) {
        excluded_.push_back(Lists(clause, ListStrictly));
      } else {
        required_.push_back(Lists(clause, ListOf));
      }
    }
    for (ClauseLists& lists : required_) Weigh(lists);
    AddMatches(required_.size());
    // Somebody who asks for three things is better served with two of them than with none.
    if (total_ == 0 && required_.size() > 1) {
      relaxed_ = true;
      AddMatches((required_.size() + 1) / 2);
    }
    return Finish();
  }

 private:
  using ReadList = std::vector<Scored> (*)(const Reading&, const TextClause&);

  ClauseLists Lists(const TextClause& clause, ReadList read) {
    ClauseLists lists;
    lists.clause = &clause;
    for (const Part& part : view_.parts) {
      lists.of_part.push_back(read({part, question_.visible, budget_}, clause));
    }
    return lists;
  }

  // Looks for what may be meant if it is nowhere, and says how much finding it tells.
  void Weigh(ClauseLists& lists) {
    if (!lists.direct()) {
      lists = Lists(*lists.clause, ListWidely);
      lists.widely = true;
    }
    const auto held_by = static_cast<double>(std::max<std::size_t>(lists.total(), 1));
    lists.rarity = static_cast<float>(std::log(1 + static_cast<double>(view_.live) / held_by));
  }

  // Takes every document in which at least so many clauses hold.
  void AddMatches(std::size_t least) {
    for (std::size_t part = 0; part < view_.parts.size(); ++part) {
      const SegmentFilters filters(*view_.parts[part].segment, question_.query);
      if (required_.empty()) {
        AddAll(part, filters);
      } else if (least == required_.size()) {
        AddCommon(part, filters);
      } else {
        AddMost(part, least, filters);
      }
    }
  }

  void AddAll(std::size_t part, const SegmentFilters& filters) {
    const Part& here = view_.parts[part];
    const Reading reading{here, question_.visible, budget_};
    const auto* candidates = filters.candidates();
    const std::size_t count = candidates == nullptr ? here.segment->size() : candidates->size();
    budget_.Take(count);
    for (std::size_t i = 0; i < count; ++i) {
      const DocId doc = candidates == nullptr ? static_cast<DocId>(i) : (*candidates)[i];
      if (reading.MayTell(doc)) Take(part, {.doc = doc}, filters);
    }
  }

  // Documents that are in every list: walks the shortest and looks into the others.
  void AddCommon(std::size_t part, const SegmentFilters& filters) {
    std::vector<const ClauseLists*> lists;
    for (const ClauseLists& each : required_) lists.push_back(&each);
    std::stable_sort(lists.begin(), lists.end(), [part](const auto* left, const auto* right) {
      return left->of_part[part].size() < right->of_part[part].size();
    });
    std::vector<std::size_t> at(lists.size(), 0);
    for (const Scored& first : lists.front()->of_part[part]) {
      Match match{.doc = first.doc};
      Count(first, *lists.front(), match);
      std::size_t i = 1;
      for (; i < lists.size(); ++i) {
        const auto& list = lists[i]->of_part[part];
        const auto found = Seek(list, at[i], first.doc);
        at[i] = found;
        if (found == list.size() || list[found].doc != first.doc) break;
        Count(list[found], *lists[i], match);
      }
      if (i == lists.size()) Take(part, match, filters);
    }
  }

  // The place of the first document from `doc` on, in steps that double.
  static std::size_t Seek(const std::vector<Scored>& list, std::size_t from, DocId doc) {
    std::size_t step = 1;
    std::size_t end = from;
    while (end < list.size() && list[end].doc < doc) {
      from = end + 1;
      end += step;
      step *= 2;
    }
    const auto last = list.begin() + static_cast<std::ptrdiff_t>(std::min(end, list.size()));
    const auto found =
        std::lower_bound(list.begin() + static_cast<std::ptrdiff_t>(from), last, doc,
                         [](const Scored& each, DocId wanted) { return each.doc < wanted; });
    return static_cast<std::size_t>(found - list.begin());
  }

  void AddMost(std::size_t part, std::size_t least, const SegmentFilters& filters) {
    std::vector<std::pair<DocId, std::size_t>> all;  // with the number of the clause
    for (std::size_t i = 0; i < required_.size(); ++i) {
      for (const Scored& each : required_[i].of_part[part]) all.emplace_back(each.doc, i);
    }
    std::sort(all.begin(), all.end());
    for (std::size_t begin = 0; begin < all.size();) {
      std::size_t end = begin;
      while (end < all.size() && all[end].first == all[begin].first) ++end;
      if (end - begin >= least) {
        Match match{.doc = all[begin].first};
        for (std::size_t i = begin; i < end; ++i) {
          const auto& list = required_[all[i].second].of_part[part];
          Count(list[Seek(list, 0, match.doc)], required_[all[i].second], match);
        }
        Take(part, match, filters);
      }
      begin = end;
    }
  }

  static void Count(const Scored& scored, const ClauseLists& lists, Match& match) {
    match.score += scored.score * lists.rarity;
    ++match.clauses;
    if ((scored.fields & kNames) != 0) ++match.in_name;
  }

  void Take(std::size_t part, const Match& match, const SegmentFilters& filters) {
    const Segment& segment = *view_.parts[part].segment;
    if (!filters.empty() && !filters.Hold(match.doc)) return;
    for (const ClauseLists& lists : excluded_) {
      const auto& list = lists.of_part[part];
      const std::size_t found = Seek(list, 0, match.doc);
      if (found < list.size() && list[found].doc == match.doc) return;
    }
    ++total_;
    if (!question_.facets.empty()) facets_.Count(segment, match.doc);
    float score = match.score;
    if (match.in_name > 0) {
      const float words = std::max<float>(segment.facts(match.doc).name_words, match.in_name);
      score *= 1 + kWholeName * static_cast<float>(match.in_name) / words;
    }
    top_.Add(part, match.doc, score);
  }

  Answer Finish() {
    Answer answer;
    answer.total = total_;
    answer.relaxed = relaxed_;
    answer.partial = budget_.cut;
    answer.more = top_.more();
    answer.facets = facets_.Finish();
    std::vector<AskedClause> asked;
    for (const ClauseLists& lists : required_) asked.push_back({lists.clause, lists.widely});
    Reasons reasons(view_, std::move(asked));
    for (const TopHit& hit : top_.Finish()) {
      const Segment& segment = *view_.parts[hit.part].segment;
      answer.hits.push_back({{hit.score, hit.name_key, std::string(segment.id(hit.doc))},
                             reasons.Of(hit.part, hit.doc)});
    }
    return answer;
  }

  const View& view_;
  const Question& question_;
  Budget budget_;
  std::vector<ClauseLists> required_;
  std::vector<ClauseLists> excluded_;
  TopHits top_;
  FacetCounter facets_;
  std::uint64_t total_ = 0;
  bool relaxed_ = false;
};

}  // namespace

Answer Evaluate(const View& view, const Question& question) {
  return Evaluation(view, question).Run();
}

}  // namespace brobygger::search
