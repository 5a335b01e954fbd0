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

// A word of a name, with what it weighs.
struct Weighed {
  const KnownWord* word;
  double weight;
  bool body;
  bool used = false;
};
using WeighedName = absl::InlinedVector<Weighed, 8>;

WeighedName Weigh(const CompareContext& context, const PreparedName& name) {
  WeighedName weighed;
  for (std::size_t i = 0; i < name.words.size() && weighed.size() < kMostCompared; ++i) {
    if (name.parts[i] == Part::kFiller) continue;
    const KnownWord& word = context.words[name.words[i]];
    weighed.push_back({.word = &word,
                       .weight = Information(word.names, context.ln_names),
                       .body = name.parts[i] == Part::kBody});
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

void TakeMatch(const Weighed& left, const Weighed& right, double similarity, Overlap& overlap) {
  overlap.product += similarity * left.weight * right.weight;
  overlap.shared += similarity * std::min(left.weight, right.weight);
}

void TakeSquares(const WeighedName& name, bool body_only, double& square, double& over) {
  for (const Weighed& word : name) {
    if (body_only && !word.body) continue;
    square += word.weight * word.weight;
    if (!word.used) over += word.weight;
  }
}

struct NamePair {
  Overlap body;
  Overlap full;
  double letters = 0;
};

// The word of `right` that is not taken yet and most like `word`, and how alike.
struct Likest {
  Weighed* word = nullptr;
  double similarity = 0;
};

Likest FindLikest(const Weighed& word, WeighedName& right, bool same_only) {
  Likest likest;
  for (Weighed& other : right) {
    if (other.used) continue;
    const bool same = word.word == other.word;
    if (!same && same_only) continue;
    const double similarity = same ? 1 : WordSimilarity(*word.word, *other.word);
    if (similarity > likest.similarity) likest = {&other, similarity};
  }
  return likest;
}

// Pairs each word of the left name with the word of the right that is most alike:
// best pairs first would be dearer, and names are short.
void PairWords(WeighedName& left, WeighedName& right, bool same_only, NamePair& pair) {
  for (Weighed& word : left) {
    if (word.used) continue;
    const Likest likest = FindLikest(word, right, same_only);
    if (likest.word == nullptr) continue;
    word.used = likest.word->used = true;
    TakeMatch(word, *likest.word, likest.similarity, pair.full);
    if (word.body && likest.word->body) TakeMatch(word, *likest.word, likest.similarity, pair.body);
  }
}

NamePair ComparePair(const CompareContext& context,
                     const PreparedName& left_name,
                     const PreparedName& right_name) {
  WeighedName left = Weigh(context, left_name);
  WeighedName right = Weigh(context, right_name);
  NamePair pair;
  // The same words first, so that no word that is only alike takes their place.
  PairWords(left, right, true, pair);
  PairWords(left, right, false, pair);
  TakeSquares(left, true, pair.body.left_square, pair.body.left_over);
  TakeSquares(right, true, pair.body.right_square, pair.body.right_over);
  TakeSquares(left, false, pair.full.left_square, pair.full.left_over);
  TakeSquares(right, false, pair.full.right_square, pair.full.right_over);
  pair.letters = LetterPairDice(left_name, right_name);
  // "Midnimo" and "Mid-nimo": one word here, two there.
  if (left_name.joined_sound != 0 && left_name.joined_sound == right_name.joined_sound) {
    Overlap& body = pair.body;
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

void SetPairLevels(const NamePair& pair,
                   const std::array<const PreparedName*, 2>& names,
                   Levels& levels) {
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
  const PreparedName& a = *names[0];
  const PreparedName& b = *names[1];
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

void CompareNames(const CompareContext& context,
                  const Prepared& left,
                  const Prepared& right,
                  Levels& levels) {
  NamePair best;
  std::array<const PreparedName*, 2> names = {nullptr, nullptr};
  double best_rank = -2;
  for (const PreparedName& a : left.names) {
    for (const PreparedName& b : right.names) {
      const NamePair pair = ComparePair(context, a, b);
      const double rank = std::max(pair.body.Cosine(), 0.0) + pair.full.Cosine() +
                          0.5 * pair.letters + 0.02 * std::min(pair.full.shared, 10.0);
      if (rank <= best_rank) continue;
      best_rank = rank;
      best = pair;
      names = {&a, &b};
    }
  }
  if (names[0] == nullptr) return;
  SetPairLevels(best, names, levels);
  LevelOf(levels, Comparison::kPlace) = PlaceLevel(*names[0], *names[1], left, right);
  LevelOf(levels, Comparison::kAcronym) = AcronymLevel(left, right);
}

}  // namespace brobygger::matching
