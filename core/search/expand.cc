#include "core/search/expand.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "core/matching/tables.h"
#include "core/matching/text.h"

namespace brobygger::search {
namespace {

constexpr std::size_t kMostOfPrefix = 256;
constexpr std::size_t kMostLikely = 32;
constexpr double kSoundsAlike = 0.78;
constexpr float kEndingWeight = 0.95F;
constexpr float kPrefixWeight = 0.8F;
constexpr float kPartWeight = 0.6F;
constexpr float kFirstWeight = 0.5F;
constexpr std::size_t kShortestFirst = 5;
constexpr float kSoundWeight = 0.6F;
constexpr float kMeaningWeight = 0.3F;
constexpr float kMistakeWeight = 0.5F;
constexpr std::uint8_t kNames = FieldSet({Field::kName, Field::kOtherName}).text_bits();

// Expansions under way.
class Terms {
 public:
  Terms(const Segment& segment, std::uint8_t fields) : segment_(segment), fields_(fields) {}

  void Add(TermId term, float weight, How how, std::uint8_t only = 0xFF) {
    const auto fields = static_cast<std::uint8_t>(fields_ & only);
    if (term == Segment::kNoTerm || (segment_.fields_of(term) & fields) == 0) return;
    found_.push_back({term, weight, how, fields});
  }

  void AddKin(Kin kin, std::uint64_t key, float weight, How how) {
    for (const TermId term : segment_.kin(kin, key)) Add(term, weight, how);
  }

  // Each term once, with its best weight.
  std::vector<Expansion> Finish() {
    std::sort(found_.begin(), found_.end(), [](const Expansion& left, const Expansion& right) {
      return std::tuple(left.term, -left.weight) < std::tuple(right.term, -right.weight);
    });
    const auto same = [](const Expansion& left, const Expansion& right) {
      return left.term == right.term;
    };
    found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
    return std::move(found_);
  }

 private:
  const Segment& segment_;
  const std::uint8_t fields_;
  std::vector<Expansion> found_;
};

// Only words that may be somebody's name: the sounds of common words are too common.
void AddSounds(const Segment& segment, const std::string& word, std::size_t least, Terms& terms) {
  if (matching::Tables::Shipped().WholeMeaning(word).role != matching::Role::kProper) return;
  const std::string spoken = matching::Spoken(word);
  std::vector<std::pair<double, TermId>> alike;
  for (const std::uint64_t key : SoundsOf(word, least)) {
    for (const TermId term : segment.kin(Kin::kSound, key)) {
      const double similarity = matching::JaroWinkler(spoken, matching::Spoken(segment.term(term)));
      if (similarity >= kSoundsAlike) alike.emplace_back(-similarity, term);
    }
  }
  std::sort(alike.begin(), alike.end());
  if (alike.size() > kMostLikely) alike.resize(kMostLikely);
  for (const auto& [similarity, term] : alike) {
    terms.Add(term, kSoundWeight * static_cast<float>(-similarity), How::kSound, kNames);
  }
}

void AddPrefix(const Segment& segment, const std::string& prefix, Terms& terms, Budget& budget) {
  const auto [begin, end] = segment.TermsWithPrefix(prefix);
  std::vector<TermId> found(end - begin);
  for (TermId term = begin; term < end; ++term) found[term - begin] = term;
  if (found.size() > kMostOfPrefix) {
    budget.Take(found.size() / 8);  // looking costs less than taking
    const auto most = [&](TermId left, TermId right) {
      const auto count = [&](TermId term) { return segment.postings(term).docs.size(); };
      return std::tuple(count(right), left) < std::tuple(count(left), right);
    };
    std::nth_element(found.begin(), found.begin() + kMostOfPrefix, found.end(), most);
    found.resize(kMostOfPrefix);
    budget.cut = true;
  }
  for (const TermId term : found) {
    const bool whole = segment.term(term).size() == prefix.size();
    terms.Add(term, whole ? 1.0F : kPrefixWeight, whole ? How::kExact : How::kPrefix);
  }
}

// A compound begins with its first word: "lektie" is in "lektiehjaelp". Few letters begin too much.
void AddCompounds(const Segment& segment, const std::string& word, Terms& terms) {
  if (word.size() < kShortestFirst) return;
  const auto [begin, end] = segment.TermsWithPrefix(word);
  if (end - begin > kMostOfPrefix) return;
  for (TermId term = begin; term < end; ++term) terms.Add(term, kFirstWeight, How::kPart);
}

void AddStrict(const Segment& segment, const std::string& word, Terms& terms) {
  terms.Add(segment.FindTerm(word), 1.0F, How::kExact);
  for (const std::uint64_t key : KinOf(Kin::kStem, word)) {
    terms.AddKin(Kin::kStem, key, kEndingWeight, How::kEnding);
  }
}

void AddAll(const Segment& segment, const Wording& wording, Terms& terms, Budget& budget) {
  const std::string& word = wording.words.front();
  if (wording.kind == Wording::Kind::kPrefix) AddPrefix(segment, word, terms, budget);
  AddStrict(segment, word, terms);
  terms.AddKin(Kin::kPart, PartKey(word), kPartWeight, How::kPart);
  AddCompounds(segment, word, terms);
  for (const std::uint64_t key : KinOf(Kin::kMeaning, word)) {
    terms.AddKin(Kin::kMeaning, key, kMeaningWeight, How::kMeaning);
  }
  AddSounds(segment, word, kSafeConsonants, terms);
}

void AddMistakes(const Segment& segment,
                 const std::string& word,
                 std::uint8_t fields,
                 Terms& terms) {
  const int most = MostMistakes(word.size());
  std::vector<TermId> candidates;
  for (const std::uint32_t deletion : AskedDeletions(word)) {
    const auto near = segment.near(deletion);
    candidates.insert(candidates.end(), near.begin(), near.end());
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::vector<std::tuple<int, double, TermId>> likely;
  for (const TermId term : candidates) {
    if ((segment.fields_of(term) & fields) == 0) continue;
    const int mistakes = Mistakes(word, segment.term(term), most);
    if (mistakes > most) continue;
    likely.emplace_back(mistakes, -matching::JaroWinkler(word, segment.term(term)), term);
  }
  std::sort(likely.begin(), likely.end());
  if (likely.size() > kMostLikely) likely.resize(kMostLikely);
  for (const auto& [mistakes, similarity, term] : likely) {
    const float weight = kMistakeWeight * static_cast<float>(-similarity) /
                         static_cast<float>(std::max(mistakes, 1));
    terms.Add(term, weight, How::kMistake);
  }
}

}  // namespace

std::vector<Expansion> Expand(const Segment& segment,
                              const Wording& wording,
                              std::uint8_t fields,
                              Budget& budget) {
  Terms terms(segment, fields);
  AddAll(segment, wording, terms, budget);
  return terms.Finish();
}

std::vector<Expansion> ExpandWidely(const Segment& segment,
                                    const Wording& wording,
                                    std::uint8_t fields,
                                    Budget& budget) {
  Terms terms(segment, fields);
  AddAll(segment, wording, terms, budget);
  AddSounds(segment, wording.words.front(), kFewestConsonants, terms);
  AddMistakes(segment, wording.words.front(), fields, terms);
  return terms.Finish();
}

std::vector<Expansion> ExpandStrictly(const Segment& segment,
                                      const std::string& word,
                                      std::uint8_t fields) {
  Terms terms(segment, fields);
  AddStrict(segment, word, terms);
  return terms.Finish();
}

}  // namespace brobygger::search
