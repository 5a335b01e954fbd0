#include "core/search/tally.h"

#include <algorithm>
#include <bit>

#include <absl/container/flat_hash_map.h>

namespace brobygger::search {
namespace {

// To look a document's place up in a term costs as much as to pass so many of the term's by.
constexpr std::size_t kLookUpCost = 4;

// The best way in which a clause found a document. What orders them is what the document would
// count if nothing else had been asked.
struct Best {
  float value = 0;
  float score = 0;
  std::uint8_t fields = 0;
};

// The sum for a document.
struct Sum {
  float score = 0;
  std::uint8_t in_name = 0;  // clauses that count by the name
};

class Tally {
 public:
  Tally(const Segment& segment, const Bits& matches) : segment_(segment), matches_(matches) {
    docs_.reserve(matches_.count());
    matches_.bits().ForEach([this](DocId doc) { docs_.push_back(doc); });
    best_.resize(docs_.size());
    sums_.resize(docs_.size());
  }

  void AddClause(const Weighed& clause) {
    std::fill(best_.begin(), best_.end(), Best{});
    rarity_ = clause.rarity;
    for (const Expansion& each : clause.hits->terms) AddTerm(each);
    for (const PhraseHit& each : clause.hits->phrases) {
      if (matches_.bits().Has(each.doc)) {
        Improve(matches_.PlaceOf(each.doc), each.fields, each.weight);
      }
    }
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i].score += best_[i].score * clause.rarity;
      if ((best_[i].fields & kNameFields) != 0) ++sums_[i].in_name;
    }
  }

  void Finish(std::size_t part, TopHits& top) const {
    for (std::size_t i = 0; i < docs_.size(); ++i) {
      float score = sums_[i].score;
      if (sums_[i].in_name > 0) {
        score *= NameFactor(sums_[i].in_name, segment_.facts(docs_[i]).name_words);
      }
      top.Add(part, docs_[i], score);
    }
  }

 private:
  void AddTerm(const Expansion& expansion) {
    const Postings postings = segment_.postings(expansion.term);
    const Frequent* frequent = segment_.frequent(expansion.term);
    if (frequent != nullptr && docs_.size() * kLookUpCost < postings.docs.size()) {
      for (std::size_t i = 0; i < docs_.size(); ++i) {
        if (!frequent->docs().Has(docs_[i])) continue;
        const auto fields = postings.fields[frequent->PlaceOf(docs_[i])];
        Improve(i, static_cast<std::uint8_t>(fields & expansion.fields), expansion.weight);
      }
      return;
    }
    for (std::size_t i = 0; i < postings.docs.size(); ++i) {
      if (!matches_.bits().Has(postings.docs[i])) continue;
      Improve(matches_.PlaceOf(postings.docs[i]),
              static_cast<std::uint8_t>(postings.fields[i] & expansion.fields), expansion.weight);
    }
  }

  void Improve(std::size_t place, std::uint8_t fields, float weight) {
    if (fields == 0) return;
    const float score = ScoreIn(fields, weight);
    const float value = Value(score * rarity_, fields, NameWords(fields, place));
    Best& best = best_[place];
    // Of two ways that are worth the same any may count, but always the same one.
    if (value < best.value || (value == best.value && score <= best.score)) return;
    best = {value, score, fields};
  }

  int NameWords(std::uint8_t fields, std::size_t place) const {
    return (fields & kNameFields) == 0 ? 0 : segment_.facts(docs_[place]).name_words;
  }

  const Segment& segment_;
  const RankedBits matches_;
  std::vector<DocId> docs_;
  std::vector<Best> best_;
  std::vector<Sum> sums_;
  float rarity_ = 0;
};

// Documents that all count the same.
struct Group {
  float value = 0;
  std::span<const DocId> docs;
  bool in_order = false;
};

class Groups {
 public:
  Groups(const Segment& segment, const Weighed& clause) : segment_(segment), clause_(clause) {
    for (const Expansion& each : clause.hits->terms) {
      const Frequent* frequent = segment.frequent(each.term);
      frequent != nullptr ? AddRuns(*frequent, each) : AddPostings(each);
    }
    for (const auto& [key, few] : few_) groups_.push_back({few.value, few.docs, false});
    std::sort(groups_.begin(), groups_.end(),
              [](const Group& left, const Group& right) { return left.value > right.value; });
  }

  const std::vector<Group>& groups() const { return groups_; }

 private:
  // Documents of terms that few hold, by all that tells what they count.
  struct Few {
    float value = 0;
    std::vector<DocId> docs;
  };

  float ValueOf(std::uint8_t fields, float weight, int name_words) const {
    return Value(ScoreIn(fields, weight) * clause_.rarity, fields, name_words);
  }

  void AddRuns(const Frequent& frequent, const Expansion& expansion) {
    for (std::size_t i = 0; i < frequent.run_count(); ++i) {
      const Run run = frequent.run(i);
      const auto fields = static_cast<std::uint8_t>(run.fields & expansion.fields);
      if (fields == 0) continue;
      groups_.push_back({ValueOf(fields, expansion.weight, run.name_words), run.docs, true});
    }
  }

  void AddPostings(const Expansion& expansion) {
    const Postings postings = segment_.postings(expansion.term);
    const std::uint64_t weight = std::bit_cast<std::uint32_t>(expansion.weight);
    for (std::size_t i = 0; i < postings.docs.size(); ++i) {
      const auto fields = static_cast<std::uint8_t>(postings.fields[i] & expansion.fields);
      if (fields == 0) continue;
      const bool in_name = (fields & kNameFields) != 0;
      const std::uint64_t words = in_name ? segment_.facts(postings.docs[i]).name_words : 0;
      Few& few = few_[weight << 16U | std::uint64_t{fields} << 8U | words];
      few.value = ValueOf(fields, expansion.weight, static_cast<int>(words));
      few.docs.push_back(postings.docs[i]);
    }
  }

  const Segment& segment_;
  const Weighed& clause_;
  absl::flat_hash_map<std::uint64_t, Few> few_;
  std::vector<Group> groups_;
};

}  // namespace

void AddEach(std::size_t part,
             const Segment& segment,
             const Bits& matches,
             const std::vector<Weighed>& clauses,
             TopHits& top) {
  Tally tally(segment, matches);
  for (const Weighed& clause : clauses) tally.AddClause(clause);
  tally.Finish(part, top);
}

// A document counts as much as the best group it is in, which is where it is met first.
void AddBest(std::size_t part,
             const Segment& segment,
             const Bits& matches,
             const Weighed& clause,
             TopHits& top) {
  const Groups groups(segment, clause);
  Bits seen(segment.size());
  for (const Group& group : groups.groups()) {
    if (top.IsClosedTo(group.value)) return;
    for (const DocId doc : group.docs) {
      if (!matches.Has(doc) || !seen.Add(doc)) continue;
      // Those that follow count the same and stand after it.
      if (!top.Add(part, doc, group.value) && group.in_order) break;
    }
  }
}

}  // namespace brobygger::search
