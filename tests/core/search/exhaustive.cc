#include "tests/core/search/exhaustive.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/search/activity_words.h"
#include "core/search/clause_hits.h"
#include "core/search/filters.h"
#include "core/search/words.h"

namespace brobygger::search {
namespace {

// How a document holds a clause: one score for each word that finds it.
struct Way {
  float score = 0;
  std::uint8_t fields = 0;
};
struct Held {
  std::vector<Way> ways;
  bool direct = false;
  std::set<std::uint32_t> activities;  // in whose values; kNoActivity: in the association's own
};

// A document of a part, and what was asked of it.
struct Candidate {
  const Segment* segment = nullptr;
  DocId doc = 0;
  std::span<const std::uint32_t> words;  // those to look at: all, or those of one value
  std::vector<Held> held;                // by clause
};

bool IsWithin(const Reach& reach, const Segment& segment, DocId doc) {
  const Facts& facts = segment.facts(doc);
  const std::string id(segment.id(doc));
  if (reach.among && std::count(reach.among->begin(), reach.among->end(), id) == 0) return false;
  return reach.all || (reach.municipality && facts.municipality == *reach.municipality) ||
         (reach.shown_to_municipalities && facts.shown_to_municipalities) ||
         (reach.shown_to_centres && facts.shown_to_centres) || id == reach.association_id;
}

std::uint8_t BitOf(std::uint32_t word) { return FieldSet({Segment::FieldAt(word)}).text_bits(); }

void Add(std::uint8_t fields, float weight, bool direct, Held& held) {
  if (fields == 0) return;
  held.ways.push_back({ScoreIn(fields, weight), fields});
  held.direct = held.direct || direct;
}

// The fields of a document in which any of these words stands side by side with the others.
std::uint8_t PhraseFields(const Candidate& of, const Wording& phrase, std::uint8_t fields) {
  const auto words = of.words;
  std::uint8_t found = 0;
  for (std::size_t begin = 0; begin + phrase.words.size() <= words.size(); ++begin) {
    bool all = true;
    for (std::size_t i = 0; i < phrase.words.size(); ++i) {
      const auto may_be = ExpandStrictly(*of.segment, phrase.words[i], fields);
      all = all && !Segment::IsBoundary(words[begin + i]) &&
            std::any_of(may_be.begin(), may_be.end(), [&](const Expansion& each) {
              return each.term == Segment::TermOf(words[begin + i]);
            });
    }
    if (all) found |= BitOf(words[begin]);
  }
  return found & fields;
}

std::vector<Expansion> TermsOf(const Segment& segment,
                               const Wording& wording,
                               std::uint8_t fields,
                               Manner manner) {
  Budget budget{.left = std::int64_t{1} << 40};
  if (manner == Manner::kWidely) return ExpandWidely(segment, wording, fields, budget);
  if (manner == Manner::kUsual || wording.kind == Wording::Kind::kPrefix) {
    return Expand(segment, wording, fields, budget);
  }
  return ExpandStrictly(segment, wording.words.front(), fields);
}

using Terms = std::vector<Expansion>;

Held HeldBy(const Candidate& of, const TextClause& clause, const std::vector<Terms>& terms) {
  const std::uint8_t fields = clause.fields.text_bits();
  Held held;
  for (std::size_t i = 0; i < clause.wordings.size(); ++i) {
    const Wording& wording = clause.wordings[i];
    if (wording.kind == Wording::Kind::kPhrase) {
      const auto weight = static_cast<float>(wording.words.size());
      Add(PhraseFields(of, wording, fields), weight, true, held);
      continue;
    }
    for (const Expansion& each : terms[i]) {
      std::uint8_t in = 0;
      for (const std::uint32_t word : of.words) {
        if (!Segment::IsBoundary(word) && Segment::TermOf(word) == each.term) in |= BitOf(word);
      }
      Add(in & each.fields, each.weight, IsDirect(each.how), held);
    }
  }
  return held;
}

// Notes in whose values of the document the clause is held.
void AddActivities(const Candidate& of,
                   const TextClause& clause,
                   const std::vector<Terms>& terms,
                   Held& held) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < of.words.size(); ++i) {
    if (!Segment::IsBoundary(of.words[i])) continue;
    const Candidate value{of.segment, of.doc, of.words.subspan(begin, i - begin), {}};
    if (!HeldBy(value, clause, terms).ways.empty()) {
      held.activities.insert(Segment::ActivityAt(of.words[i]));
    }
    begin = i + 1;
  }
}

class Exhaustive {
 public:
  Exhaustive(const View& view, const Question& question) : view_(view), question_(question) {
    for (const Part& part : view.parts) {
      for (DocId doc = 0; doc < part.segment->size(); ++doc) {
        if (!part.IsLive(doc) || !IsWithin(question.reach, *part.segment, doc)) continue;
        candidates_.push_back({part.segment.get(), doc, part.segment->words(doc), {}});
      }
    }
  }

  Answer Run() {
    for (const TextClause& clause : question_.query.texts) {
      if (!clause.excluded) Require(clause);
    }
    Answer answer;
    std::ptrdiff_t words = 0;
    std::ptrdiff_t telling = 0;
    for (const TextClause* each : required_) {
      words += each->firm ? 0 : 1;
      telling += each->firm || each->generic ? 0 : 1;
    }
    Take(false, words, answer);
    if (answer.total == 0 && words > 1 && telling > 0 && question_.query.may_relax) {
      answer.relaxed = true;
      Take(true, (telling + 1) / 2, answer);
    }
    return answer;
  }

 private:
  std::vector<Held> Look(const TextClause& clause, Manner manner) {
    std::map<const Segment*, std::vector<Terms>> terms;
    std::vector<Held> all;
    for (const Candidate& each : candidates_) {
      auto& here = terms[each.segment];
      if (here.empty()) {
        for (const Wording& wording : clause.wordings) {
          here.push_back(wording.kind == Wording::Kind::kPhrase
                             ? Terms()
                             : TermsOf(*each.segment, wording, clause.fields.text_bits(), manner));
        }
      }
      all.push_back(HeldBy(each, clause, here));
      AddActivities(each, clause, here, all.back());
    }
    return all;
  }

  void Require(const TextClause& clause) {
    required_.push_back(&clause);
    std::vector<Held> all = Look(clause, Manner::kUsual);
    const auto direct = [](const Held& held) { return held.direct; };
    if (std::none_of(all.begin(), all.end(), direct)) all = Look(clause, Manner::kWidely);
    const auto count =
        std::count_if(all.begin(), all.end(), [](const Held& held) { return !held.ways.empty(); });
    const auto held_by = static_cast<double>(std::max<std::ptrdiff_t>(count, 1));
    rarities_.push_back(
        static_cast<float>(std::log(1 + static_cast<double>(view_.live) / held_by)));
    for (std::size_t i = 0; i < candidates_.size(); ++i) candidates_[i].held.push_back(all[i]);
  }

  bool IsExcluded(const Candidate& candidate) {
    for (const TextClause& clause : question_.query.texts) {
      if (!clause.excluded) continue;
      std::vector<Terms> terms;
      for (const Wording& wording : clause.wordings) {
        terms.push_back(wording.kind == Wording::Kind::kPhrase
                            ? Terms()
                            : TermsOf(*candidate.segment, wording, clause.fields.text_bits(),
                                      Manner::kStrictly));
      }
      if (!HeldBy(candidate, clause, terms).ways.empty()) return true;
    }
    return false;
  }

  float ScoreOf(const Candidate& candidate) const {
    const int words = candidate.segment->facts(candidate.doc).name_words;
    float score = 0;
    int in_name = 0;
    for (std::size_t i = 0; i < candidate.held.size(); ++i) {
      const auto key = [&](const Way& way) {
        return std::pair(Value(way.score * rarities_[i], way.fields, words), way.score);
      };
      const auto& ways = candidate.held[i].ways;
      const auto best = std::max_element(
          ways.begin(), ways.end(),
          [&](const Way& left, const Way& right) { return key(left) < key(right); });
      if (best == ways.end()) continue;
      score += best->score * rarities_[i];
      in_name += (best->fields & kNameFields) != 0 ? 1 : 0;
    }
    return in_name == 0 ? score : score * NameFactor(in_name, words);
  }

  // Whether all firm clauses hold, and so many of the others; of those that tell, if it is relaxed.
  bool HoldsEnough(const Candidate& candidate, bool relaxed, std::ptrdiff_t least) const {
    std::ptrdiff_t words = 0;
    for (std::size_t i = 0; i < candidate.held.size(); ++i) {
      const bool holds = !candidate.held[i].ways.empty();
      if (required_[i]->firm && !holds) return false;
      const bool counts = !required_[i]->firm && !(relaxed && required_[i]->generic);
      words += holds && counts ? 1 : 0;
    }
    return words >= least;
  }

  // Whether the filters hold, and for one activity together with the words asked of activities.
  bool HoldsForOneActivity(const Candidate& candidate) const {
    const auto& filters = question_.query.filters;
    bool areas_count = std::any_of(filters.begin(), filters.end(), [](const Filter& each) {
      return OfActivity(each.field) && !each.excluded;
    });
    for (const TextClause* each : required_) areas_count = areas_count || AsksActivity(*each);
    WordsOfActivities words{
        std::vector<bool>(candidate.segment->activities(candidate.doc).size(), true), true};
    for (std::size_t i = 0; i < required_.size(); ++i) {
      if (!AsksActivity(*required_[i]) && !(areas_count && AsksArea(*required_[i]))) continue;
      const auto& in = candidate.held[i].activities;
      if (in.contains(kNoActivity)) continue;
      words.hold_without = false;
      for (std::uint32_t activity = 0; activity < words.hold.size(); ++activity) {
        if (!in.contains(activity)) words.hold[activity] = false;
      }
    }
    const SegmentFilters ready(*candidate.segment, question_.query);
    return areas_count ? ready.Hold(candidate.doc, &words) : ready.Hold(candidate.doc);
  }

  void Take(bool relaxed, std::ptrdiff_t least, Answer& answer) {
    std::vector<Place> places;
    for (const Candidate& each : candidates_) {
      if (!HoldsEnough(each, relaxed, least)) continue;
      if (!HoldsForOneActivity(each)) continue;
      if (IsExcluded(each)) continue;
      Count(each);
      places.push_back({ScoreOf(each), each.segment->facts(each.doc).name_key,
                        std::string(each.segment->id(each.doc))});
    }
    answer.total = places.size();
    const auto key = [](const Place& place) {
      return std::tuple(-place.score, place.name_key, place.id);
    };
    std::sort(places.begin(), places.end(),
              [&](const Place& left, const Place& right) { return key(left) < key(right); });
    for (const Place& place : places) {
      if (question_.after && key(place) <= key(*question_.after)) continue;
      answer.more = answer.hits.size() == question_.size;
      if (answer.more) break;
      answer.hits.push_back({place, {}});
    }
    for (const auto& [field, counts] : counts_) {
      answer.facets.push_back(FacetOf(static_cast<Field>(field), counts));
    }
    if (question_.facets.Has(Field::kActivity)) {
      std::map<std::string, std::uint64_t> counts;
      for (const auto& [folded, ways] : titles_) {
        const auto most = std::max_element(
            ways.begin(), ways.end(),
            [](const auto& left, const auto& right) { return left.second < right.second; });
        for (const auto& [way, count] : ways) counts[most->first] += count;
      }
      answer.facets.push_back(FacetOf(Field::kActivity, counts));
    }
  }

  static Facet FacetOf(Field field, const std::map<std::string, std::uint64_t>& counts) {
    Facet facet{field, {}};
    for (const auto& [value, count] : counts) facet.counts.push_back({value, count});
    const auto key = [field](const FacetCount& each) {
      return field == Field::kCapacity ? std::stoull(each.value) : 0;
    };
    std::stable_sort(facet.counts.begin(), facet.counts.end(),
                     [&](const auto& left, const auto& right) {
                       return std::pair(right.count, key(left)) < std::pair(left.count, key(right));
                     });
    if (facet.counts.size() > 100) facet.counts.resize(100);
    return facet;
  }

  void Count(const Candidate& of) {
    const Segment& segment = *of.segment;
    const Facts& facts = segment.facts(of.doc);
    const auto add = [this](Field field, const std::string& value) {
      if (question_.facets.Has(field) && !value.empty()) ++counts_[static_cast<int>(field)][value];
    };
    for (std::uint32_t bit = 0; bit < 16; ++bit) {
      if ((facts.themes >> bit & 1U) != 0) add(Field::kTheme, FacetWord(Field::kTheme, bit));
      if ((facts.audiences >> bit & 1U) != 0) {
        add(Field::kAudience, FacetWord(Field::kAudience, bit));
      }
      if ((facts.weekdays >> bit & 1U) != 0) add(Field::kWeekday, FacetWord(Field::kWeekday, bit));
    }
    add(Field::kStatus, FacetWord(Field::kStatus, facts.status));
    add(Field::kMunicipality, FacetWord(Field::kMunicipality, facts.municipality));
    add(Field::kArea, segment.area_names()[segment.area(of.doc)]);
    std::set<std::uint16_t> languages;
    for (const auto language : segment.languages(of.doc)) languages.insert(language);
    for (std::uint32_t i = 0; i < segment.activities(of.doc).size(); ++i) {
      for (const auto language : segment.activity_languages(segment.first_activity(of.doc) + i)) {
        languages.insert(language);
      }
    }
    for (const auto language : languages) add(Field::kLanguage, segment.language_tags()[language]);
    CountActivities(segment, of.doc, add);
  }

  template <typename Add>
  void CountActivities(const Segment& segment, DocId doc, const Add& add) {
    std::uint32_t places = 0;
    std::set<std::string> seen;
    for (std::uint32_t i = 0; i < segment.activities(doc).size(); ++i) {
      places = std::max<std::uint32_t>(places, segment.activities(doc)[i].capacity);
      const std::string title(
          segment.title(segment.activity_title(segment.first_activity(doc) + i)));
      std::string folded;
      for (const std::string& word : FoldedWords(title)) folded += word + " ";
      if (seen.insert(folded).second) ++titles_[folded][title];
    }
    for (const std::uint32_t least : {5U, 10U, 20U, 30U, 50U, 100U, 200U}) {
      if (places >= least) add(Field::kCapacity, std::to_string(least));
    }
  }

  const View& view_;
  const Question& question_;
  std::vector<Candidate> candidates_;
  std::vector<float> rarities_;
  std::vector<const TextClause*> required_;
  std::map<int, std::map<std::string, std::uint64_t>> counts_;
  std::map<std::string, std::map<std::string, std::uint64_t>> titles_;  // as they are written
};

}  // namespace

Answer EvaluateExhaustively(const View& view, const Question& question) {
  return Exhaustive(view, question).Run();
}

}  // namespace brobygger::search
