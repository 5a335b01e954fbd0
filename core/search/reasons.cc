#include "core/search/reasons.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace brobygger::search {

Reasons::Reasons(const View& view, std::vector<AskedClause> asked)
    : view_(view), asked_(std::move(asked)), terms_(view.parts.size()) {}

const std::vector<std::vector<Expansion>>& Reasons::TermsIn(std::size_t part) {
  auto& terms = terms_[part];
  if (!terms.empty()) return terms;
  for (const AskedClause& each : asked_) {
    const ClauseHits& hits = (*each.of_part)[part];
    auto& sorted = terms.emplace_back(hits.terms);
    for (Expansion term : hits.phrase_terms) {
      term.how = How::kPhrase;
      sorted.push_back(term);
    }
    std::sort(sorted.begin(), sorted.end(), [](const Expansion& left, const Expansion& right) {
      return std::tuple(left.term, -left.weight) < std::tuple(right.term, -right.weight);
    });
  }
  return terms;
}

std::vector<Reason> Reasons::Of(std::size_t part, DocId doc) {
  const Segment& segment = *view_.parts[part].segment;
  const auto& terms = TermsIn(part);
  std::vector<Reason> reasons;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    float best = 0;
    Reason reason;
    for (const std::uint32_t word : segment.words(doc)) {
      if (word == Segment::kBoundary) continue;
      const TermId term = Segment::TermOf(word);
      const auto found =
          std::lower_bound(terms[i].begin(), terms[i].end(), term,
                           [](const Expansion& each, TermId wanted) { return each.term < wanted; });
      if (found == terms[i].end() || found->term != term) continue;
      const auto field = Segment::FieldAt(word);
      const std::uint8_t bit = FieldSet({field}).text_bits();
      const float weight = ScoreIn(bit, found->weight);
      if ((found->fields & bit) == 0 || weight <= best) continue;
      best = weight;
      const bool phrase = found->how == How::kPhrase;
      reason = {field, found->how, asked_[i].clause->written,
                phrase ? "" : std::string(segment.term(term))};
    }
    if (best > 0) reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace brobygger::search
