#include "core/matching/scorecard.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace brobygger::matching {
namespace {

using C = Comparison;

// The levels from `first` to `last`.
constexpr std::uint16_t LevelsFrom(int first, int last) {
  return static_cast<std::uint16_t>((1U << (last + 1)) - (1U << first));
}

// One thing that two records have in common, or not.
struct Piece {
  const char* word;
  Interaction::Part part;
};

constexpr std::uint16_t kSamePhone = LevelsFrom(3, 5);
constexpr std::uint16_t kSameEmail = LevelsFrom(5, 7);
constexpr std::uint16_t kSameAddress = LevelsFrom(3, 5);

const std::vector<Piece>& NamePieces() {
  static const std::vector<Piece> kPieces = {
      {"alike_name", {C::kName, LevelsFrom(6, 8)}},
      {"half_name", {C::kName, LevelsFrom(4, 5)}},
      {"other_name", {C::kName, LevelsFrom(1, 3)}},
      {"no_own_name", {C::kName, LevelsFrom(0, 0)}},
  };
  return kPieces;
}

// What each of the above is told with.
const std::vector<Piece>& OtherPieces() {
  static const std::vector<Piece> kPieces = {
      {"other_type", {C::kTypeWords, LevelsFrom(1, 2)}},
      {"same_type", {C::kTypeWords, LevelsFrom(5, 5)}},
      {"type_in_one", {C::kTypeWords, LevelsFrom(3, 3)}},
      {"other_place", {C::kPlace, LevelsFrom(1, 2)}},
      {"same_place", {C::kPlace, LevelsFrom(4, 5)}},
      {"other_area", {C::kArea, LevelsFrom(1, 1)}},
      {"same_area", {C::kArea, LevelsFrom(3, 4)}},
      {"same_phone", {C::kPhone, kSamePhone}},
      {"other_phone", {C::kPhone, LevelsFrom(1, 1)}},
      {"same_email", {C::kEmail, kSameEmail}},
      {"same_domain", {C::kEmail, LevelsFrom(3, 4)}},
      {"other_email", {C::kEmail, LevelsFrom(1, 1)}},
      {"same_contact", {C::kContact, LevelsFrom(3, 3)}},
      {"other_contact", {C::kContact, LevelsFrom(1, 1)}},
      {"same_address", {C::kAddress, kSameAddress}},
      {"other_address", {C::kAddress, LevelsFrom(1, 1)}},
      {"same_cvr", {C::kCvr, LevelsFrom(3, 6)}},
      {"same_website", {C::kWebsite, LevelsFrom(3, 4)}},
      {"same_founded", {C::kFounded, LevelsFrom(3, 4)}},
      {"far_founded", {C::kFounded, LevelsFrom(1, 1)}},
      {"same_system", {C::kSource, LevelsFrom(1, 1)}},
      {"same_country", {C::kCountry, LevelsFrom(2, 2)}},
      {"rare_words", {C::kShared, LevelsFrom(6, 8)}},
      {"common_words", {C::kShared, LevelsFrom(1, 3)}},
      {"alike_letters", {C::kLetters, LevelsFrom(5, 7)}},
      {"rest_in_both", {C::kLeftOverLess, LevelsFrom(2, 4)}},
      {"rare_rest", {C::kLeftOverMore, LevelsFrom(4, 4)}},
      {"nothing_left_over", {C::kLeftOverMore, LevelsFrom(1, 1)}},
  };
  return kPieces;
}

// Those that are no name and something else.
const std::vector<std::vector<Piece>>& FurtherPieces() {
  static const std::vector<std::vector<Piece>> kFurther = {
      {{"same_phone", {C::kPhone, kSamePhone}}, {"same_email", {C::kEmail, kSameEmail}}},
      {{"same_phone", {C::kPhone, kSamePhone}}, {"same_address", {C::kAddress, kSameAddress}}},
      {{"same_phone", {C::kPhone, kSamePhone}}, {"same_contact", {C::kContact, LevelsFrom(3, 3)}}},
      {{"same_email", {C::kEmail, kSameEmail}}, {"same_contact", {C::kContact, LevelsFrom(3, 3)}}},
      {{"same_email", {C::kEmail, kSameEmail}}, {"same_address", {C::kAddress, kSameAddress}}},
      {{"same_cvr", {C::kCvr, LevelsFrom(4, 6)}},
       {"national_and_local", {C::kReach, LevelsFrom(1, 1)}}},
      {{"same_cvr", {C::kCvr, LevelsFrom(4, 6)}}, {"other_place", {C::kPlace, LevelsFrom(1, 2)}}},
      {{"same_cvr", {C::kCvr, LevelsFrom(4, 6)}}, {"other_area", {C::kArea, LevelsFrom(1, 1)}}},
      {{"rare_words", {C::kShared, LevelsFrom(6, 8)}}, {"same_area", {C::kArea, LevelsFrom(3, 4)}}},
      {{"rare_words", {C::kShared, LevelsFrom(5, 8)}},
       {"fitting_acronym", {C::kAcronym, LevelsFrom(2, 3)}}},
      {{"common_words", {C::kShared, LevelsFrom(1, 3)}},
       {"same_acronym", {C::kAcronym, LevelsFrom(3, 3)}}},
      {{"few_words", {C::kShared, LevelsFrom(0, 2)}},
       {"fitting_acronym", {C::kAcronym, LevelsFrom(2, 2)}}},
      {{"same_acronym", {C::kAcronym, LevelsFrom(3, 3)}},
       {"same_founded", {C::kFounded, LevelsFrom(3, 4)}}},
      {{"same_acronym", {C::kAcronym, LevelsFrom(3, 3)}},
       {"other_system", {C::kSource, LevelsFrom(2, 2)}}},
      {{"same_full_name", {C::kFullName, LevelsFrom(8, 8)}},
       {"alike_name", {C::kName, LevelsFrom(8, 8)}}},
      {{"same_full_name", {C::kFullName, LevelsFrom(7, 8)}},
       {"same_area", {C::kArea, LevelsFrom(3, 4)}}},
      {{"same_full_name", {C::kFullName, LevelsFrom(7, 8)}},
       {"same_system", {C::kSource, LevelsFrom(1, 1)}}},
      {{"same_full_name", {C::kFullName, LevelsFrom(7, 8)}},
       {"same_country", {C::kCountry, LevelsFrom(2, 2)}}},
      {{"same_address", {C::kAddress, kSameAddress}},
       {"other_phone", {C::kPhone, LevelsFrom(1, 1)}}},
      {{"other_email", {C::kEmail, LevelsFrom(1, 1)}},
       {"other_phone", {C::kPhone, LevelsFrom(1, 1)}}},
      {{"other_email", {C::kEmail, LevelsFrom(1, 1)}},
       {"other_phone", {C::kPhone, LevelsFrom(1, 1)}},
       {"other_address", {C::kAddress, LevelsFrom(1, 2)}}},
      {{"other_community", {C::kCommunity, LevelsFrom(1, 1)}},
       {"alike_name", {C::kName, LevelsFrom(6, 8)}}},
      {{"same_community", {C::kCommunity, LevelsFrom(3, 3)}},
       {"half_name", {C::kName, LevelsFrom(4, 5)}}},
      {{"same_community", {C::kCommunity, LevelsFrom(3, 3)}},
       {"other_name", {C::kName, LevelsFrom(1, 3)}}},
  };
  return kFurther;
}

Interaction Of(const std::vector<Piece>& pieces) {
  Interaction interaction;
  for (const Piece& piece : pieces) {
    if (!interaction.key.empty()) interaction.key += "_and_";
    interaction.key += piece.word;
    interaction.pieces.emplace_back(piece.word);
    interaction.parts.push_back(piece.part);
  }
  return interaction;
}

std::vector<Interaction> Make() {
  std::vector<Interaction> all;
  for (const Piece& name : NamePieces()) {
    for (const Piece& other : OtherPieces()) all.push_back(Of({name, other}));
  }
  for (const auto& pieces : FurtherPieces()) all.push_back(Of(pieces));
  Interaction bare;
  bare.key = "nothing_but_name";
  bare.pieces = {bare.key};
  for (const C missing : {C::kCvr, C::kEmail, C::kPhone, C::kAddress, C::kContact}) {
    bare.parts.push_back({missing, LevelsFrom(0, 0)});
  }
  all.push_back(std::move(bare));
  return all;
}

}  // namespace

const std::vector<Interaction>& Interactions() {
  static const std::vector<Interaction> kAll = Make();
  return kAll;
}

namespace {

// For each level of each comparison, the interactions it stands against.
using Against = std::array<std::array<InteractionBits, kMostLevels>, kComparisonCount>;

Against MakeAgainst() {
  Against against = {};
  const auto& interactions = Interactions();
  for (std::size_t i = 0; i < interactions.size(); ++i) {
    for (const Interaction::Part& part : interactions[i].parts) {
      auto& levels = against[static_cast<std::size_t>(part.comparison)];
      for (std::size_t level = 0; level < kMostLevels; ++level) {
        const bool counts = ((part.levels >> level) & 1) != 0;
        if (!counts) levels[level][i / 64] |= std::uint64_t{1} << (i % 64);
      }
    }
  }
  return against;
}

}  // namespace

InteractionBits HoldingInteractions(const Levels& levels) {
  static const Against kAgainst = MakeAgainst();
  InteractionBits holding = {};
  for (std::size_t i = 0; i < kComparisonCount; ++i) {
    const InteractionBits& fails = kAgainst[i][levels[i]];
    for (std::size_t word = 0; word < kInteractionWords; ++word) holding[word] |= fails[word];
  }
  const std::size_t count = Interactions().size();
  for (std::size_t word = 0; word < kInteractionWords; ++word) {
    const std::size_t here = count > word * 64 ? std::min<std::size_t>(64, count - word * 64) : 0;
    const std::uint64_t all = here == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << here) - 1;
    holding[word] = ~holding[word] & all;
  }
  return holding;
}

Weight Scorecard::Sum(const Levels& levels) const {
  Weight sum = base;
  for (std::size_t i = 0; i < kComparisonCount; ++i) sum += weights[i][levels[i]];
  if (interaction_weights.empty()) return sum;
  const InteractionBits holding = HoldingInteractions(levels);
  for (std::size_t word = 0; word < kInteractionWords; ++word) {
    for (std::uint64_t bits = holding[word]; bits != 0; bits &= bits - 1) {
      sum += interaction_weights[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
    }
  }
  return sum;
}

}  // namespace brobygger::matching
