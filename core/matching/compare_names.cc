#include "core/matching/compare_names.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <span>
#include <string_view>

#include <absl/container/inlined_vector.h>

#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

using Part = PreparedName::Part;

constexpr std::size_t kMostCompared = 12;  // words of a name

// The level of a value that grows: 1 below the first bound, and so on.
template <std::size_t kBounds>
std::uint8_t Band(double value, const std::array<double, kBounds>& bounds) {
  std::uint8_t level = 1;
  for (const double bound : bounds) level = static_cast<std::uint8_t>(level + (value >= bound));
  return level;
}

constexpr std::array<double, 7> kCosineBounds = {0.15, 0.35, 0.5, 0.65, 0.8, 0.92, 0.985};
constexpr std::array<double, 6> kLetterBounds = {0.3, 0.45, 0.6, 0.72, 0.84, 0.95};
constexpr std::array<double, 7> kSharedBounds = {0.5, 2, 3.5, 5, 6.5, 8.5, 11.5};
constexpr std::array<double, 3> kLeftOverBounds = {0.5, 3, 6};

WeighedName Weigh(const CompareContext& context, const PreparedName& name) {
  WeighedName weighed{.name = &name};
  for (const PreparedName::PlacedWord placed : name.words) {
    if (weighed.words.size() >= kMostCompared) break;
    if (placed.part == Part::kFiller) continue;
    const KnownWord& word = context.words[placed.id];
    const double weight = Information(word.names, context.ln_names);
    const bool body = placed.part == Part::kBody;
    weighed.words.push_back({.word = &word, .weight = weight, .body = body});
    weighed.square += weight * weight;
    if (body) weighed.body_square += weight * weight;
  }
  return weighed;
}

// What two names have in common, in squares of weights and in nats.
struct Overlap {
  double product = 0;      // of matched words' weights
  double left_square = 0;  // of all words of the name
  double right_square = 0;
  double shared = 0;
  double left_over = 0;
  double right_over = 0;

  double Cosine() const {
    const double norm = left_square * right_square;
    return norm <= 0 ? -1 : std::min(1.0, product / std::sqrt(norm));
  }
};

struct NamePair {
  const PreparedName* left = nullptr;
  const PreparedName* right = nullptr;
  Overlap body = {};
  Overlap full = {};
  double letters = 0;
};

// Pairs the words of two names.
class WordPairing {
 public:
  WordPairing(const WeighedName& left, const WeighedName& right)
      : left_(left.words), right_(right.words) {}

  // Pairs each word of the left name with the word of the right that is most alike:
  // best pairs first would be dearer, and names are short. With `same_only`, with the same word.
  void Pair(bool same_only, NamePair& pair) {
    for (std::size_t i = 0; i < left_.size(); ++i) {
      if (IsUsed(left_used_, i)) continue;
      const Likest likest = FindLikest(left_[i], same_only);
      if (likest.similarity <= 0) continue;
      left_used_ |= 1U << i;
      right_used_ |= 1U << likest.at;
      Take(left_[i], right_[likest.at], likest.similarity, pair);
    }
  }

  // What is left of both when all are paired.
  void TakeRest(NamePair& pair) const {
    AddRest(left_, left_used_, pair.full.left_over, pair.body.left_over);
    AddRest(right_, right_used_, pair.full.right_over, pair.body.right_over);
  }

 private:
  using Words = decltype(WeighedName::words);
  // The word of the right name that is not taken yet and most like one, and how alike.
  struct Likest {
    std::size_t at = 0;
    double similarity = 0;
  };

  static bool IsUsed(std::uint32_t used, std::size_t at) { return ((used >> at) & 1U) != 0; }

  Likest FindLikest(const WeighedWord& word, bool same_only) const {
    Likest likest;
    for (std::size_t at = 0; at < right_.size(); ++at) {
      if (IsUsed(right_used_, at)) continue;
      const bool same = word.word == right_[at].word;
      if (!same && same_only) continue;
      const double similarity = same ? 1 : WordSimilarity(*word.word, *right_[at].word);
      if (similarity > likest.similarity) likest = {at, similarity};
    }
    return likest;
  }

  static void Take(const WeighedWord& left,
                   const WeighedWord& right,
                   double similarity,
                   NamePair& pair) {
    const double product = similarity * left.weight * right.weight;
    const double shared = similarity * std::min(left.weight, right.weight);
    pair.full.product += product;
    pair.full.shared += shared;
    if (!left.body || !right.body) return;
    pair.body.product += product;
    pair.body.shared += shared;
  }

  static void AddRest(const Words& words, std::uint32_t used, double& full, double& body) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (IsUsed(used, i)) continue;
      full += words[i].weight;
      if (words[i].body) body += words[i].weight;
    }
  }

  const Words& left_;
  const Words& right_;
  std::uint32_t left_used_ = 0;  // bit i: word i has found its partner
  std::uint32_t right_used_ = 0;
};

NamePair ComparePair(const WeighedName& left, const WeighedName& right) {
  NamePair pair{.left = left.name, .right = right.name};
  WordPairing pairing(left, right);
  // The same words first, so that no word that is only alike takes their place.
  pairing.Pair(true, pair);
  pairing.Pair(false, pair);
  pairing.TakeRest(pair);
  Overlap& body = pair.body;
  body.left_square = left.body_square;
  body.right_square = right.body_square;
  pair.full.left_square = left.square;
  pair.full.right_square = right.square;
  pair.letters = LetterPairDice(*left.name, *right.name);
  // "Midnimo" and "Mid-nimo": one word here, two there.
  if (left.name->joined_sound != 0 && left.name->joined_sound == right.name->joined_sound) {
    body.product = std::max(body.product, std::sqrt(body.left_square * body.right_square) * 0.97);
    body.shared += std::min(body.left_over, body.right_over);
    body.left_over = body.right_over = 0;
  }
  return pair;
}

// How many numbers an array holds that 0 fills up, and how many two share.
template <typename Numbers>
std::size_t CountOf(const Numbers& numbers) {
  return static_cast<std::size_t>(std::find(numbers.begin(), numbers.end(), 0) - numbers.begin());
}

template <typename Numbers>
std::size_t CountShared(const Numbers& left, const Numbers& right) {
  return static_cast<std::size_t>(std::count_if(left.begin(), left.end(), [&](auto each) {
    return each != 0 && std::find(right.begin(), right.end(), each) != right.end();
  }));
}

std::uint8_t TypeLevel(const PreparedName& left_name, const PreparedName& right_name) {
  enum : std::uint8_t { kMissing, kDifferent, kOverlapping, kOneOnly, kPart, kSame };
  const std::size_t left = CountOf(left_name.kinds);
  const std::size_t right = CountOf(right_name.kinds);
  if (left == 0 && right == 0) return kMissing;
  if (left == 0 || right == 0) return kOneOnly;
  const std::size_t shared = CountShared(left_name.kinds, right_name.kinds);
  if (shared == left && shared == right) return kSame;
  if (shared == std::min(left, right)) return kPart;
  return shared > 0 ? kOverlapping : kDifferent;
}

template <typename Numbers>
std::uint8_t ThreeLevels(const Numbers& left, const Numbers& right) {
  enum : std::uint8_t { kMissing, kDifferent, kOneOnly, kSame };
  if (CountOf(left) == 0 && CountOf(right) == 0) return kMissing;
  if (CountOf(left) == 0 || CountOf(right) == 0) return kOneOnly;
  return CountShared(left, right) > 0 ? kSame : kDifferent;
}

std::uint8_t PlaceLevel(const PreparedName& left_name,
                        const PreparedName& right_name,
                        const Prepared& left,
                        const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kOtherTown, kOneOnly, kOwnTown, kSame };
  const auto& a = left_name.places;
  const auto& b = right_name.places;
  if (a.empty() && b.empty()) return kMissing;
  const auto holds = [](const auto& places, PlaceKey place) {
    return std::find(places.begin(), places.end(), place) != places.end();
  };
  if (!a.empty() && !b.empty()) {
    const bool shared =
        std::any_of(a.begin(), a.end(), [&](PlaceKey each) { return holds(b, each); });
    return shared ? kSame : kDifferent;
  }
  const PlaceKey town = a.empty() ? left.city : right.city;
  if (town == 0) return kOneOnly;
  return holds(a.empty() ? b : a, town) ? kOwnTown : kOtherTown;
}

std::uint8_t ReachLevel(const PreparedName& left, const PreparedName& right) {
  enum : std::uint8_t { kMissing, kNationalAndLocal, kBothNational, kBothLocal };
  const bool left_local = left.branch || !left.places.empty();
  const bool right_local = right.branch || !right.places.empty();
  if (left.national && right.national) return kBothNational;
  if ((left.national && right_local) || (right.national && left_local)) return kNationalAndLocal;
  return left_local && right_local ? kBothLocal : kMissing;
}

bool FitsInitials(PackedLetters acronym, const PreparedName& name) {
  constexpr std::size_t kShortest = 3;
  const PackedLetters initials = name.initials;
  if (initials.empty()) return false;
  if (acronym == initials || acronym == name.all_initials) return true;
  if (acronym.size() < kShortest || initials.size() < kShortest) return false;
  const bool longer = acronym.size() == initials.size() + 1 && acronym.StartsWith(initials);
  const bool shorter = initials.size() == acronym.size() + 1 && initials.StartsWith(acronym);
  return longer || shorter;
}

enum : std::uint8_t { kNoAcronym, kAcronymDiffers, kAcronymFits, kSameAcronym };

std::uint8_t AcronymPairLevel(const PreparedName& short_name, const PreparedName& name) {
  if (short_name.acronym.empty()) return kNoAcronym;
  if (!name.acronym.empty()) {
    return short_name.acronym == name.acronym ? kSameAcronym : kAcronymDiffers;
  }
  if (name.initials.empty()) return kNoAcronym;
  return FitsInitials(short_name.acronym, name) ? kAcronymFits : kAcronymDiffers;
}

// Over all names: a short form often stands beside the long one.
std::uint8_t AcronymLevel(const Prepared& left, const Prepared& right) {
  std::uint8_t level = kNoAcronym;
  for (const PreparedName& a : left.names) {
    for (const PreparedName& b : right.names) {
      level = std::max({level, AcronymPairLevel(a, b), AcronymPairLevel(b, a)});
    }
  }
  return level;
}

std::uint8_t CosineLevel(double cosine) { return cosine < 0 ? 0 : Band(cosine, kCosineBounds); }

void SetPairLevels(const NamePair& pair, Levels& levels) {
  const auto set = [&](Comparison comparison, std::uint8_t level) {
    LevelOf(levels, comparison) = level;
  };
  const bool has_body = pair.body.left_square > 0 && pair.body.right_square > 0;
  set(Comparison::kName, CosineLevel(pair.body.Cosine()));
  set(Comparison::kFullName, CosineLevel(pair.full.Cosine()));
  set(Comparison::kLetters, Band(pair.letters, kLetterBounds));
  const Overlap& overlap = has_body ? pair.body : pair.full;
  set(Comparison::kShared, Band(overlap.shared, kSharedBounds));
  const auto [less, more] = std::minmax(overlap.left_over, overlap.right_over);
  set(Comparison::kLeftOverLess, Band(less, kLeftOverBounds));
  set(Comparison::kLeftOverMore, Band(more, kLeftOverBounds));
  const PreparedName& a = *pair.left;
  const PreparedName& b = *pair.right;
  set(Comparison::kTypeWords, TypeLevel(a, b));
  set(Comparison::kCommunity, ThreeLevels(a.communities, b.communities));
  set(Comparison::kNumbers, ThreeLevels(a.numbers, b.numbers));
  set(Comparison::kReach, ReachLevel(a, b));
}

}  // namespace

namespace {

// With an Arabic article or without one.
bool SoundAlike(const KnownWord& left, const KnownWord& right) {
  if (left.skeleton == right.skeleton) return true;
  const std::uint64_t left_bare = left.bare_skeleton != 0 ? left.bare_skeleton : left.skeleton;
  const std::uint64_t right_bare = right.bare_skeleton != 0 ? right.bare_skeleton : right.skeleton;
  return left_bare == right_bare;
}

double SimilarityBySpelling(const KnownWord& left, const KnownWord& right) {
  constexpr double kBySound = 0.95;
  constexpr double kBySoundAlone = 0.8;
  constexpr double kLettersWithSound = 0.6;
  constexpr double kAlike = 0.88;
  constexpr int kLettersApart = 6;
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kShortestSound = 3;
  const std::size_t shorter = std::min(left.text.size(), right.text.size());
  // "ka" and "ko" sound alike only because there is next to nothing to hear.
  if (shorter < kShortestSound) return 0;
  const bool sounds = SoundAlike(left, right);
  if (shorter < kShortest && !sounds) return 0;
  if (std::popcount(left.letters ^ right.letters) > kLettersApart) return 0;
  if (!sounds && !MayBeAlike({left.text, left.letters}, {right.text, right.letters}, kAlike)) {
    return 0;
  }
  const double letters = JaroWinkler(left.text, right.text);
  if (!sounds) return letters >= kAlike ? letters - 0.04 : 0;
  return letters >= kLettersWithSound ? std::max(kBySound, letters) : kBySoundAlone;
}

}  // namespace

double WordSimilarity(const KnownWord& left, const KnownWord& right) {
  constexpr double kByMeaning = 0.9;
  const bool both_known = left.meaning.number != 0 && right.meaning.number != 0;
  // Two ideas that a table tells apart are not one because they are spelt alike.
  if (both_known) return left.meaning.number == right.meaning.number ? kByMeaning : 0;
  if (left.meaning.role == Role::kNumber || right.meaning.role == Role::kNumber) return 0;
  return SimilarityBySpelling(left, right);
}

WeighedRecord WeighNames(const CompareContext& context, const Prepared& record) {
  WeighedRecord weighed{.record = &record};
  for (const PreparedName& name : record.names) weighed.names.push_back(Weigh(context, name));
  return weighed;
}

namespace {

// How well two names fit, for choosing among several.
double RankOf(const NamePair& pair) {
  return std::max(pair.body.Cosine(), 0.0) + pair.full.Cosine() + 0.5 * pair.letters +
         0.02 * std::min(pair.full.shared, 10.0);
}

NamePair FindBestPair(const WeighedRecord& left, const WeighedRecord& right) {
  NamePair best;
  double best_rank = -2;
  for (const WeighedName& a : left.names) {
    for (const WeighedName& b : right.names) {
      const NamePair pair = ComparePair(a, b);
      const double rank = RankOf(pair);
      if (rank <= best_rank) continue;
      best_rank = rank;
      best = pair;
    }
  }
  return best;
}

}  // namespace

void CompareNames(const WeighedRecord& left, const WeighedRecord& right, Levels& levels) {
  if (left.names.empty() || right.names.empty()) return;
  const bool one_pair = left.names.size() == 1 && right.names.size() == 1;
  const NamePair best =
      one_pair ? ComparePair(left.names[0], right.names[0]) : FindBestPair(left, right);
  SetPairLevels(best, levels);
  const Prepared& a = *left.record;
  const Prepared& b = *right.record;
  LevelOf(levels, Comparison::kPlace) = PlaceLevel(*best.left, *best.right, a, b);
  LevelOf(levels, Comparison::kAcronym) = AcronymLevel(a, b);
}

}  // namespace brobygger::matching
