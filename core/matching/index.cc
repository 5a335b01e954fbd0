#include "core/matching/index.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>

#include "core/matching/corpus.h"
#include "core/matching/explain.h"

namespace brobygger::matching {
namespace {

double ProbabilityOf(double score) { return 1 / (1 + std::exp(-score)); }

// Of all that is compared, in this process.
std::size_t FingerprintOf(const std::vector<Record>& records) {
  std::size_t sum = records.size();
  for (const Record& each : records) {
    sum = absl::HashOf(sum, each.source, each.names, each.cvr, each.emails, each.phones,
                       each.websites, each.street, each.house_number, each.postal_code, each.city,
                       each.municipality_code, each.country, each.founded, each.contacts,
                       each.parent);
  }
  return sum;
}

// What a record's comparisons with the records of one association come to.
struct Sums {
  double sum = 0;
  std::size_t compared = 0;
  double best = -1e9;
  std::size_t best_record = 0;
  Levels best_levels = {};

  void Add(const Levels& levels, double score, std::size_t record) {
    sum += score;
    ++compared;
    if (score <= best) return;
    best = score;
    best_record = record;
    best_levels = levels;
  }

  double Mean(std::size_t all, double unlike) const {
    const double missing = static_cast<double>(all - std::min(all, compared));
    return (sum + missing * unlike) / static_cast<double>(std::max<std::size_t>(1, all));
  }
};

}  // namespace

class Index::Impl {
 public:
  explicit Impl(std::shared_ptr<const Model> model)
      : model_(std::move(model)), corpus_(Tables::Shipped()) {}

  const Model& model() const { return *model_; }

  bool Put(const std::string& id, const std::vector<Record>& records) {
    const auto known = numbers_.find(id);
    const bool there = known != numbers_.end();
    if (!there && records.empty()) return false;
    const std::size_t fingerprint = FingerprintOf(records);
    if (there && owners_[known->second].fingerprint == fingerprint) return false;
    const Owner owner = there ? known->second : NewOwner(id);
    for (const RecordId record : owners_[owner].records) corpus_.Remove(record);
    owners_[owner].records.clear();
    if (records.empty()) {
      Forget(owner);
      return false;
    }
    owners_[owner].fingerprint = fingerprint;
    for (const Record& record : records) {
      owners_[owner].records.push_back(corpus_.Add(record, owner));
    }
    return there;
  }

  Resolution Resolve(const Record& record, const std::string& except) const {
    Words words = corpus_.MakeWords();
    const Prepared prepared = corpus_.Prepare(record, words);
    const CompareContext context = corpus_.ContextFor(words);
    std::vector<RecordId> candidates;
    Resolution resolution;
    resolution.too_common = corpus_.FindCandidates(words, prepared, candidates);
    const auto excepted = numbers_.find(except);
    const Owner left_out = excepted == numbers_.end() ? kNoOwner : excepted->second;
    std::map<Owner, Sums> by_owner;
    for (const RecordId candidate : candidates) {
      const Owner owner = corpus_.OwnerOf(candidate);
      if (owner == left_out) continue;
      const Levels levels = CompareRecords(context, corpus_[candidate], prepared);
      by_owner[owner].Add(levels, ToScore(card().Sum(levels)), NumberIn(owner, candidate));
    }
    for (const auto& [owner, sums] : by_owner) {
      Match match = ToMatch(owner, sums, owners_[owner].records.size());
      if (match.verdict != Verdict::kDifferent) resolution.matches.push_back(std::move(match));
    }
    std::sort(resolution.matches.begin(), resolution.matches.end(), Better);
    if (!resolution.matches.empty()) resolution.verdict = resolution.matches.front().verdict;
    return resolution;
  }

  Match CompareOwners(const std::string& left_id, const std::string& right_id) const {
    const auto left = numbers_.find(left_id);
    const auto right = numbers_.find(right_id);
    if (left == numbers_.end() || right == numbers_.end()) return {};
    const Words words = corpus_.MakeWords();
    const CompareContext context = corpus_.ContextFor(words);
    Sums sums;
    for (const RecordId a : owners_[left->second].records) {
      for (const RecordId b : owners_[right->second].records) {
        const Levels levels = CompareRecords(context, corpus_[a], corpus_[b]);
        sums.Add(levels, ToScore(card().Sum(levels)), NumberIn(right->second, b));
      }
    }
    return ToMatch(right->second, sums, sums.compared);
  }

  Explanation ExplainPair(const Record& left, const Record& right) const {
    Words words = corpus_.MakeWords();
    const Prepared a = corpus_.Prepare(left, words);
    const Prepared b = corpus_.Prepare(right, words);
    return ExplainRecords(corpus_.ContextFor(words), card(), a, b);
  }

  std::size_t associations() const { return numbers_.size(); }
  const Corpus& corpus() const { return corpus_; }

 private:
  struct Association {
    std::string id;
    std::vector<RecordId> records;
    std::size_t fingerprint = 0;  // of what they say
  };

  const Scorecard& card() const { return model_->associations(); }

  Owner NewOwner(const std::string& id) {
    Owner owner = static_cast<Owner>(owners_.size());
    if (free_.empty()) {
      owners_.emplace_back();
    } else {
      owner = free_.back();
      free_.pop_back();
    }
    owners_[owner].id = id;
    numbers_.emplace(id, owner);
    return owner;
  }

  void Forget(Owner owner) {
    numbers_.erase(owners_[owner].id);
    owners_[owner] = {};
    free_.push_back(owner);
  }

  std::size_t NumberIn(Owner owner, RecordId record) const {
    const auto& records = owners_[owner].records;
    return static_cast<std::size_t>(std::find(records.begin(), records.end(), record) -
                                    records.begin());
  }

  Match ToMatch(Owner owner, const Sums& sums, std::size_t all) const {
    Match match;
    match.association_id = owners_[owner].id;
    match.score = sums.Mean(all, card().unlike);
    match.probability = ProbabilityOf(match.score);
    match.best_score = sums.best;
    match.best_record = sums.best_record;
    match.verdict = VerdictOf(card(), sums.best_levels, match.score);
    match.number_doubtful = IsNumberDoubtful(sums.best_levels);
    return match;
  }

  // Those that may be the same before all others, whatever their scores.
  static bool Better(const Match& a, const Match& b) {
    const auto rank = [](const Match& match) {
      return match.verdict == Verdict::kSame ? 2 : match.verdict == Verdict::kAsk ? 1 : 0;
    };
    if (rank(a) != rank(b)) return rank(a) > rank(b);
    if (a.score != b.score) return a.score > b.score;
    return a.association_id < b.association_id;
  }

  const std::shared_ptr<const Model> model_;
  Corpus corpus_;
  std::vector<Association> owners_;
  std::vector<Owner> free_;
  absl::flat_hash_map<std::string, Owner> numbers_;
};

Index::Index(std::shared_ptr<const Model> model)
    : impl_(std::make_unique<Impl>(std::move(model))) {}
Index::~Index() = default;

const Model& Index::model() const { return impl_->model(); }

bool Index::Put(const std::string& association_id, const std::vector<Record>& records) {
  return impl_->Put(association_id, records);
}

Resolution Index::Resolve(const Record& record, const std::string& except) const {
  return impl_->Resolve(record, except);
}

Match Index::Compare(const std::string& left_id, const std::string& right_id) const {
  return impl_->CompareOwners(left_id, right_id);
}

Explanation Index::Explain(const Record& left, const Record& right) const {
  return impl_->ExplainPair(left, right);
}

std::size_t Index::associations() const { return impl_->associations(); }
std::size_t Index::records() const { return impl_->corpus().size(); }
std::size_t Index::MemoryBytes() const { return impl_->corpus().MemoryBytes(); }

}  // namespace brobygger::matching
