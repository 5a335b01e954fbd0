#include "core/search/lists.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <utility>

namespace brobygger::search {
namespace {

constexpr std::size_t kFieldMasks = 1U << kTextFields;
// In the order of Field.
constexpr std::array<float, kTextFields> kFieldWeights = {1.0F, 0.9F, 0.45F, 0.6F, 0.5F, 1.0F};
constexpr float kAlso = 0.1F;  // of each further field

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

bool ByDoc(const Scored& left, const Scored& right) { return left.doc < right.doc; }

// One of each document, with the best of its scores and all of its fields.
void Unite(std::vector<Scored>& list) {
  std::stable_sort(list.begin(), list.end(), ByDoc);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (kept > 0 && list[kept - 1].doc == list[i].doc) {
      list[kept - 1].score = std::max(list[kept - 1].score, list[i].score);
      list[kept - 1].fields |= list[i].fields;
      list[kept - 1].direct |= list[i].direct;
    } else {
      list[kept++] = list[i];
    }
  }
  list.resize(kept);
}

void AddPostings(const Reading& reading, const Expansion& expansion, std::vector<Scored>& list) {
  const Postings postings = reading.part.segment->postings(expansion.term);
  if (!reading.budget.Take(postings.docs.size())) return;
  const bool direct = IsDirect(expansion.how);
  const bool plain = reading.part.dead == nullptr && !reading.visible;
  for (std::size_t i = 0; i < postings.docs.size(); ++i) {
    const auto fields = static_cast<std::uint8_t>(postings.fields[i] & expansion.fields);
    if (fields == 0) continue;
    if (!plain && !reading.MayTell(postings.docs[i])) continue;
    list.push_back({postings.docs[i], expansion.weight * kWeights[fields], fields, direct});
  }
}

// Many long lists are united in a table of all documents, which sorting would cost more than.
void UniteInTable(const Reading& reading,
                  const std::vector<Expansion>& expansions,
                  std::vector<Scored>& list) {
  std::vector<Scored> table(reading.part.segment->size());
  std::vector<Scored> each;
  for (const Expansion& expansion : expansions) {
    each.clear();
    AddPostings(reading, expansion, each);
    for (const Scored& scored : each) {
      Scored& place = table[scored.doc];
      place.score = std::max(place.score, scored.score);
      place.fields |= scored.fields;
      place.direct |= scored.direct;
    }
  }
  for (DocId doc = 0; doc < table.size(); ++doc) {
    if (table[doc].fields == 0) continue;
    list.push_back(table[doc]);
    list.back().doc = doc;
  }
}

std::vector<Scored> Read(const Reading& reading, const std::vector<Expansion>& expansions) {
  std::vector<Scored> list;
  std::size_t total = 0;
  for (const Expansion& each : expansions) {
    total += reading.part.segment->postings(each.term).docs.size();
  }
  if (expansions.size() > 1 && total > reading.part.segment->size() / 8) {
    UniteInTable(reading, expansions, list);
    return list;
  }
  list.reserve(total);
  for (const Expansion& each : expansions) AddPostings(reading, each, list);
  if (expansions.size() > 1) Unite(list);
  return list;
}

// The terms that each word of a phrase may be, sorted.
using PhraseTerms = std::vector<std::vector<TermId>>;

// The fields in which the words stand side by side.
std::uint8_t PhraseFields(std::span<const std::uint32_t> words, const PhraseTerms& phrase) {
  std::uint8_t fields = 0;
  for (std::size_t begin = 0; begin + phrase.size() <= words.size(); ++begin) {
    std::size_t i = 0;
    while (
        i < phrase.size() && words[begin + i] != Segment::kBoundary &&
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

std::vector<Scored> ReadPhrase(const Reading& reading,
                               const Wording& wording,
                               std::uint8_t fields) {
  const Segment& segment = *reading.part.segment;
  PhraseTerms phrase;
  std::vector<Scored> candidates;
  for (const std::string& word : wording.words) {
    const auto expansions = ExpandStrictly(segment, word, fields);
    std::vector<TermId> terms;
    for (const Expansion& each : expansions) terms.push_back(each.term);
    phrase.push_back(std::move(terms));
    std::vector<Scored> list = Read(reading, expansions);
    if (phrase.size() == 1 || list.size() < candidates.size()) candidates = std::move(list);
  }
  std::vector<Scored> found;
  for (const Scored& candidate : candidates) {
    const auto words = segment.words(candidate.doc);
    if (!reading.budget.Take(words.size())) break;
    const auto where = static_cast<std::uint8_t>(PhraseFields(words, phrase) & fields);
    if (where == 0) continue;
    // More words side by side say more than one of them.
    const float weight = kWeights[where] * static_cast<float>(wording.words.size());
    found.push_back({candidate.doc, weight, where, true});
  }
  return found;
}

// Puts together what `read(wording)` gives for each wording.
template <typename ReadOne>
std::vector<Scored> ForEachWording(const TextClause& clause, const ReadOne& read) {
  std::vector<Scored> all;
  for (const Wording& wording : clause.wordings) {
    std::vector<Scored> list = read(wording);
    if (all.empty()) {
      all = std::move(list);
    } else {
      all.insert(all.end(), list.begin(), list.end());
    }
  }
  if (clause.wordings.size() > 1) Unite(all);
  return all;
}

}  // namespace

float FieldWeight(std::uint8_t fields) { return kWeights[fields & (kFieldMasks - 1)]; }

std::vector<Scored> ListOf(const Reading& reading, const TextClause& clause) {
  const std::uint8_t fields = clause.fields.text_bits();
  return ForEachWording(clause, [&](const Wording& wording) {
    if (wording.kind == Wording::Kind::kPhrase) return ReadPhrase(reading, wording, fields);
    return Read(reading, Expand(*reading.part.segment, wording, fields, reading.budget));
  });
}

std::vector<Scored> ListWidely(const Reading& reading, const TextClause& clause) {
  const std::uint8_t fields = clause.fields.text_bits();
  return ForEachWording(clause, [&](const Wording& wording) {
    if (wording.kind == Wording::Kind::kPhrase) return ReadPhrase(reading, wording, fields);
    return Read(reading, ExpandWidely(*reading.part.segment, wording, fields, reading.budget));
  });
}

std::vector<Scored> ListStrictly(const Reading& reading, const TextClause& clause) {
  const std::uint8_t fields = clause.fields.text_bits();
  return ForEachWording(clause, [&](const Wording& wording) {
    if (wording.kind == Wording::Kind::kPhrase) return ReadPhrase(reading, wording, fields);
    if (wording.kind == Wording::Kind::kPrefix) {
      return Read(reading, Expand(*reading.part.segment, wording, fields, reading.budget));
    }
    return Read(reading, ExpandStrictly(*reading.part.segment, wording.words.front(), fields));
  });
}

std::vector<Expansion> TermsOf(const Segment& segment, const TextClause& clause, bool widely) {
  const std::uint8_t fields = clause.fields.text_bits();
  std::vector<Expansion> terms;
  const auto add = [&terms](const std::vector<Expansion>& more) {
    terms.insert(terms.end(), more.begin(), more.end());
  };
  Budget budget{.left = std::int64_t{1} << 40};
  for (const Wording& wording : clause.wordings) {
    if (wording.kind == Wording::Kind::kPhrase) {
      for (const std::string& word : wording.words) {
        auto strict = ExpandStrictly(segment, word, fields);
        for (Expansion& each : strict) each.how = How::kPhrase;
        add(strict);
      }
    } else {
      add(widely ? ExpandWidely(segment, wording, fields, budget)
                 : Expand(segment, wording, fields, budget));
    }
  }
  std::sort(terms.begin(), terms.end(), [](const Expansion& left, const Expansion& right) {
    return std::tuple(left.term, -left.weight) < std::tuple(right.term, -right.weight);
  });
  return terms;
}

}  // namespace brobygger::search
