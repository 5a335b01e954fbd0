#include "core/matching/scorecard.h"

#include <initializer_list>
#include <utility>

namespace brobygger::matching {
namespace {

using C = Comparison;

// The levels from `first` to `last`.
constexpr std::uint16_t Levels_(int first, int last) {
  return static_cast<std::uint16_t>((1U << (last + 1)) - (1U << first));
}

constexpr std::uint16_t kAlikeName = Levels_(6, 8);   // mostly, nearly, same
constexpr std::uint16_t kHalfName = Levels_(4, 5);    // partly, much
constexpr std::uint16_t kOtherName = Levels_(1, 3);   // other, hardly, little

struct Named {
  const char* key;
  std::vector<Interaction::Part> parts;
};

std::vector<Interaction> Make() {
  std::vector<Interaction> all;
  const auto add = [&](std::string key, std::vector<Interaction::Part> parts) {
    all.push_back({std::move(key), std::move(parts)});
  };
  const std::vector<std::pair<std::string, std::uint16_t>> names = {
      {"alike_name", kAlikeName}, {"half_name", kHalfName}, {"other_name", kOtherName},
      {"no_own_name", Levels_(0, 0)}};
  const std::vector<Named> with = {
      {"other_type", {{C::kTypeWords, Levels_(1, 2)}}},
      {"same_type", {{C::kTypeWords, Levels_(5, 5)}}},
      {"type_in_one", {{C::kTypeWords, Levels_(3, 3)}}},
      {"other_place", {{C::kPlace, Levels_(1, 2)}}},
      {"same_place", {{C::kPlace, Levels_(4, 5)}}},
      {"other_area", {{C::kArea, Levels_(1, 1)}}},
      {"same_area", {{C::kArea, Levels_(3, 4)}}},
      {"same_phone", {{C::kPhone, Levels_(3, 5)}}},
      {"other_phone", {{C::kPhone, Levels_(1, 1)}}},
      {"same_email", {{C::kEmail, Levels_(5, 7)}}},
      {"same_domain", {{C::kEmail, Levels_(3, 4)}}},
      {"other_email", {{C::kEmail, Levels_(1, 1)}}},
      {"same_contact", {{C::kContact, Levels_(3, 3)}}},
      {"other_contact", {{C::kContact, Levels_(1, 1)}}},
      {"same_address", {{C::kAddress, Levels_(3, 5)}}},
      {"other_address", {{C::kAddress, Levels_(1, 1)}}},
      {"same_cvr", {{C::kCvr, Levels_(3, 6)}}},
      {"same_website", {{C::kWebsite, Levels_(3, 4)}}},
      {"same_founded", {{C::kFounded, Levels_(3, 4)}}},
      {"far_founded", {{C::kFounded, Levels_(1, 1)}}},
      {"same_system", {{C::kSource, Levels_(1, 1)}}},
      {"same_country", {{C::kCountry, Levels_(2, 2)}}},
      {"rare_words", {{C::kShared, Levels_(6, 8)}}},
      {"common_words", {{C::kShared, Levels_(1, 3)}}},
      {"alike_letters", {{C::kLetters, Levels_(5, 7)}}},
      {"rest_in_both", {{C::kLeftOverLess, Levels_(2, 4)}}},
      {"rare_rest", {{C::kLeftOverMore, Levels_(4, 4)}}},
      {"nothing_left_over", {{C::kLeftOverMore, Levels_(1, 1)}}},
  };
  for (const auto& [name_key, name_levels] : names) {
    for (const Named& other : with) {
      std::vector<Interaction::Part> parts = {{C::kName, name_levels}};
      parts.insert(parts.end(), other.parts.begin(), other.parts.end());
      add(name_key + "_" + other.key, std::move(parts));
    }
  }
  const std::uint16_t same_phone = Levels_(3, 5);
  const std::uint16_t same_email = Levels_(5, 7);
  add("same_phone_and_email", {{C::kPhone, same_phone}, {C::kEmail, same_email}});
  add("same_phone_and_address", {{C::kPhone, same_phone}, {C::kAddress, Levels_(3, 5)}});
  add("same_phone_and_contact", {{C::kPhone, same_phone}, {C::kContact, Levels_(3, 3)}});
  add("same_email_and_contact", {{C::kEmail, same_email}, {C::kContact, Levels_(3, 3)}});
  add("same_email_and_address", {{C::kEmail, same_email}, {C::kAddress, Levels_(3, 5)}});
  add("same_cvr_and_reach", {{C::kCvr, Levels_(4, 6)}, {C::kReach, Levels_(1, 1)}});
  add("same_cvr_other_place", {{C::kCvr, Levels_(4, 6)}, {C::kPlace, Levels_(1, 2)}});
  add("same_cvr_other_area", {{C::kCvr, Levels_(4, 6)}, {C::kArea, Levels_(1, 1)}});
  add("rare_words_same_area", {{C::kShared, Levels_(6, 8)}, {C::kArea, Levels_(3, 4)}});
  add("rare_words_same_acronym", {{C::kShared, Levels_(5, 8)}, {C::kAcronym, Levels_(2, 3)}});
  add("same_acronym_other_words", {{C::kShared, Levels_(1, 3)}, {C::kAcronym, Levels_(3, 3)}});
  add("acronym_fits_only", {{C::kShared, Levels_(0, 2)}, {C::kAcronym, Levels_(2, 2)}});
  add("same_acronym_same_founded", {{C::kAcronym, Levels_(3, 3)}, {C::kFounded, Levels_(3, 4)}});
  add("same_acronym_other_system", {{C::kAcronym, Levels_(3, 3)}, {C::kSource, Levels_(2, 2)}});
  add("same_full_name", {{C::kFullName, Levels_(8, 8)}, {C::kName, Levels_(8, 8)}});
  add("same_full_name_same_area", {{C::kFullName, Levels_(7, 8)}, {C::kArea, Levels_(3, 4)}});
  add("same_full_name_same_system", {{C::kFullName, Levels_(7, 8)}, {C::kSource, Levels_(1, 1)}});
  add("same_full_name_same_country", {{C::kFullName, Levels_(7, 8)}, {C::kCountry, Levels_(2, 2)}});
  add("same_address_other_phone", {{C::kAddress, Levels_(3, 5)}, {C::kPhone, Levels_(1, 1)}});
  add("nothing_but_name", {{C::kCvr, Levels_(0, 0)},
                           {C::kEmail, Levels_(0, 0)},
                           {C::kPhone, Levels_(0, 0)},
                           {C::kAddress, Levels_(0, 0)},
                           {C::kContact, Levels_(0, 0)}});
  add("all_reach_differs", {{C::kEmail, Levels_(1, 1)}, {C::kPhone, Levels_(1, 1)}});
  add("reach_and_address_differ",
      {{C::kEmail, Levels_(1, 1)}, {C::kPhone, Levels_(1, 1)}, {C::kAddress, Levels_(1, 2)}});
  add("other_community_alike_name", {{C::kCommunity, Levels_(1, 1)}, {C::kName, kAlikeName}});
  add("same_community_half_name", {{C::kCommunity, Levels_(3, 3)}, {C::kName, kHalfName}});
  add("same_community_other_name", {{C::kCommunity, Levels_(3, 3)}, {C::kName, kOtherName}});
  return all;
}

}  // namespace

const std::vector<Interaction>& Interactions() {
  static const std::vector<Interaction> all = Make();
  return all;
}

Weight Scorecard::Sum(const Levels& levels) const {
  Weight sum = base;
  for (std::size_t i = 0; i < kComparisonCount; ++i) sum += weights[i][levels[i]];
  const auto& interactions = Interactions();
  for (std::size_t i = 0; i < interaction_weights.size(); ++i) {
    if (interaction_weights[i] != 0 && interactions[i].Holds(levels)) sum += interaction_weights[i];
  }
  return sum;
}

}  // namespace brobygger::matching
