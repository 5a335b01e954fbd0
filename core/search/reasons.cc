#include "core/search/reasons.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace brobygger::search {
namespace {

// By which of the terms, which are sorted, the document is found best; without what was asked.
std::optional<Reason> BestOf(const Segment& segment,
                             DocId doc,
                             const std::vector<Expansion>& terms) {
  float best = 0;
  std::optional<Reason> reason;
  for (const std::uint32_t word : segment.words(doc)) {
    if (Segment::IsBoundary(word)) continue;
    const TermId term = Segment::TermOf(word);
    const auto found =
        std::lower_bound(terms.begin(), terms.end(), term,
                         [](const Expansion& each, TermId wanted) { return each.term < wanted; });
    if (found == terms.end() || found->term != term) continue;
    const Field field = Segment::FieldAt(word);
    const std::uint8_t bit = FieldSet({field}).text_bits();
    const float weight = ScoreIn(bit, found->weight);
    if ((found->fields & bit) == 0 || weight <= best) continue;
    best = weight;
    const bool phrase = found->how == How::kPhrase;
    reason = {field, found->how, "", phrase ? "" : std::string(segment.term(term))};
  }
  return reason;
}

}  // namespace

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
    auto reason = BestOf(segment, doc, terms[i]);
    if (!reason) continue;
    reason->asked = asked_[i].clause->written;
    reasons.push_back(*std::move(reason));
  }
  return reasons;
}

}  // namespace brobygger::search
