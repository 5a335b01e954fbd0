#include "core/search/clause_hits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace brobygger::search {
namespace {

constexpr std::size_t kFieldMasks = 1U << kTextFields;
// In the order of Field.
constexpr std::array<float, kTextFields> kFieldWeights = {1.0F, 0.9F, 0.45F, 0.6F,
                                                          0.5F, 1.0F, 0.5F};
constexpr float kAlso = 0.1F;  // of each further field
// How much a name counts that holds nothing but what was asked.
constexpr float kWholeName = 0.5F;

constexpr std::array<float, kFieldMasks> MakeWeights() {
  std::array<float, kFieldMasks> weights = {};
  for (std::size_t mask = 1; mask < kFieldMasks; ++mask) {
    float best = 0;
    float sum = 0;
    for (std::size_t field = 0; field < kTextFields; ++field) {
      if ((mask >> field & 1U) == 0) continue;
      best = std::max(best, kFieldWeights[field]);
      sum += kFieldWeights[field];
    }
    weights[mask] = best + (sum - best) * kAlso;
  }
  return weights;
}
constexpr std::array<float, kFieldMasks> kWeights = MakeWeights();

void AddDocs(const Reading& reading, const Expansion& expansion, Bits& docs) {
  const Segment& segment = reading.segment;
  const bool everywhere = (segment.fields_of(expansion.term) & ~expansion.fields) == 0;
  const Frequent* frequent = everywhere ? segment.frequent(expansion.term) : nullptr;
  if (frequent != nullptr) {
    if (reading.budget.Take(docs.words().size())) docs.Or(frequent->docs());
    return;
  }
  const Postings postings = segment.postings(expansion.term);
  if (!reading.budget.Take(postings.docs.size())) return;
  for (std::size_t i = 0; i < postings.docs.size(); ++i) {
    if ((postings.fields[i] & expansion.fields) != 0) docs.Set(postings.docs[i]);
  }
}

void Append(const std::vector<Expansion>& more, std::vector<Expansion>& terms) {
  terms.insert(terms.end(), more.begin(), more.end());
}

void ReadPhrase(const Reading& reading,
                const Wording& wording,
                std::uint8_t fields,
                ClauseHits& hits) {
  const Segment& segment = reading.segment;
  PhraseTerms phrase;
  Bits candidates = reading.reach;
  for (const std::string& word : wording.words) {
    const auto expansions = ExpandStrictly(segment, word, fields);
    Bits with_word(segment.size());
    auto& terms = phrase.emplace_back();
    for (const Expansion& each : expansions) {
      terms.push_back(each.term);
      AddDocs(reading, each, with_word);
    }
    Append(expansions, hits.phrase_terms);
    candidates.And(with_word);
  }
  candidates.ForEachWhile([&](DocId doc) {
    const auto words = segment.words(doc);
    if (!reading.budget.Take(words.size())) return false;
    const auto where = static_cast<std::uint8_t>(PhraseFields(words, phrase) & fields);
    if (where == 0) return true;
    // More words side by side say more than one of them.
    hits.phrases.push_back({doc, where, static_cast<float>(wording.words.size())});
    hits.docs.Set(doc);
    return true;
  });
  hits.phrase_words.push_back(std::move(phrase));
}

std::vector<Expansion> Expanded(const Reading& reading,
                                const Wording& wording,
                                std::uint8_t fields,
                                Manner manner) {
  const bool prefix = wording.kind == Wording::Kind::kPrefix;
  if (manner == Manner::kWidely) {
    return ExpandWidely(reading.segment, wording, fields, reading.budget);
  }
  if (manner == Manner::kUsual || prefix) {
    return Expand(reading.segment, wording, fields, reading.budget);
  }
  return ExpandStrictly(reading.segment, wording.words.front(), fields);
}

// Documents within reach that any of those terms finds for which `wanted` holds.
template <typename Wanted>
void AddTerms(const Reading& reading, const Wanted& wanted, ClauseHits& hits) {
  Bits found(reading.segment.size());
  for (const Expansion& each : hits.terms) {
    if (wanted(each)) AddDocs(reading, each, found);
  }
  found.And(reading.reach);
  hits.docs.Or(found);
}

}  // namespace

std::uint8_t PhraseFields(std::span<const std::uint32_t> words, const PhraseTerms& phrase) {
  std::uint8_t fields = 0;
  for (std::size_t begin = 0; begin + phrase.size() <= words.size(); ++begin) {
    std::size_t i = 0;
    while (
        i < phrase.size() && !Segment::IsBoundary(words[begin + i]) &&
        std::binary_search(phrase[i].begin(), phrase[i].end(), Segment::TermOf(words[begin + i]))) {
      ++i;
    }
    if (i == phrase.size()) {
      fields |=
          static_cast<std::uint8_t>(1U << static_cast<unsigned>(Segment::FieldAt(words[begin])));
    }
  }
  return fields;
}

float ScoreIn(std::uint8_t fields, float weight) {
  return weight * kWeights[fields & (kFieldMasks - 1)];
}

float NameFactor(int asked_words, int name_words) {
  const int words = std::max(name_words, asked_words);
  return 1 + kWholeName * static_cast<float>(asked_words) / static_cast<float>(words);
}

ClauseHits ReadClause(const Reading& reading, const TextClause& clause, Manner manner) {
  const std::uint8_t fields = clause.fields.text_bits();
  ClauseHits hits;
  hits.docs = Bits(reading.segment.size());
  for (const Wording& wording : clause.wordings) {
    if (wording.kind == Wording::Kind::kPhrase) {
      ReadPhrase(reading, wording, fields, hits);
    } else {
      Append(Expanded(reading, wording, fields, manner), hits.terms);
    }
  }
  const auto direct = [](const Expansion& each) { return IsDirect(each.how); };
  AddTerms(reading, direct, hits);
  hits.direct = hits.docs.Any();
  if (!std::all_of(hits.terms.begin(), hits.terms.end(), direct)) {
    AddTerms(reading, std::not_fn(direct), hits);
  }
  return hits;
}

}  // namespace brobygger::search
