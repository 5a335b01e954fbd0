#include "core/matching/compare.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/matching/compare_names.h"
#include "core/matching/keys.h"
#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

constexpr std::size_t kMany = 5;

// Which of three levels a shared value comes to: by many, by few, by one alone.
std::uint8_t BySharing(std::size_t shared_by,
                       std::uint8_t many,
                       std::uint8_t few,
                       std::uint8_t alone) {
  if (shared_by >= kMany) return many;
  return shared_by >= 2 ? few : alone;
}

// Two numbers of eight digits of which two neighbours have changed places.
bool IsTransposed(std::uint64_t left, std::uint64_t right) {
  std::uint64_t power = 1;
  for (int i = 0; i < 7; ++i, power *= 10) {
    const std::uint64_t a = left / power % 10;
    const std::uint64_t b = left / (power * 10) % 10;
    if (left - a * power - b * power * 10 + b * power + a * power * 10 == right) return true;
  }
  return false;
}

std::uint8_t CvrLevel(const CompareContext& context, const Prepared& left, const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kSuspect, kTransposed, kByMany, kByFew, kSame };
  if (left.cvr == 0 || right.cvr == 0) return kMissing;
  if (left.cvr == right.cvr) {
    return BySharing(context.counts.SharedBy(ValueOf(ValueKind::kCvr, left.cvr)), kByMany, kByFew,
                     kSame);
  }
  if (left.cvr_valid && right.cvr_valid) return kDifferent;
  return IsTransposed(left.cvr, right.cvr) ? kTransposed : kSuspect;
}

std::uint8_t EmailPairLevel(const CompareContext& context,
                            const PreparedEmail& left,
                            const PreparedEmail& right) {
  enum : std::uint8_t {
    kMissing,
    kDifferent,
    kSimilar,
    kDomainOfMany,
    kDomain,
    kByMany,
    kByFew,
    kSame
  };
  constexpr double kAlike = 0.92;
  if (left.whole == right.whole) {
    return BySharing(context.counts.SharedBy(ValueOf(ValueKind::kEmail, left.whole)), kByMany,
                     kByFew, kSame);
  }
  if (left.domain == right.domain && !left.free_mail) {
    const std::size_t shared = context.counts.SharedBy(ValueOf(ValueKind::kDomain, left.domain));
    if (shared < kMany) return kDomain;
    if (shared < kCountLimit) return kDomainOfMany;
  }
  const bool alike = left.local.size() >= 5 && right.local.size() >= 5 &&
                     MayBeAlike({left.local, left.letters}, {right.local, right.letters}, kAlike) &&
                     JaroWinkler(left.local, right.local) >= kAlike;
  return alike ? kSimilar : kDifferent;
}

std::uint8_t EmailLevel(const CompareContext& context,
                        const Prepared& left,
                        const Prepared& right) {
  std::uint8_t best = 0;
  for (const PreparedEmail& a : left.emails) {
    for (const PreparedEmail& b : right.emails)
      best = std::max(best, EmailPairLevel(context, a, b));
  }
  return best;
}

bool OneDigitOff(std::uint64_t left, std::uint64_t right) {
  int off = 0;
  for (int i = 0; i < 8; ++i, left /= 10, right /= 10) off += left % 10 != right % 10;
  return off == 1;
}

std::uint8_t PhoneLevel(const CompareContext& context,
                        const Prepared& left,
                        const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kOneDigitOff, kByMany, kByFew, kSame };
  std::uint8_t best = kMissing;
  for (const std::uint64_t a : left.phones) {
    for (const std::uint64_t b : right.phones) {
      std::uint8_t level = OneDigitOff(a - 1, b - 1) ? kOneDigitOff : kDifferent;
      if (a == b)
        level = BySharing(context.counts.SharedBy(ValueOf(ValueKind::kPhone, a)), kByMany, kByFew,
                          kSame);
      best = std::max(best, level);
    }
  }
  return best;
}

std::uint8_t WebsiteLevel(const CompareContext& context,
                          const Prepared& left,
                          const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kHost, kByFew, kSame };
  std::uint8_t best = kMissing;
  for (const PreparedWebsite& a : left.websites) {
    for (const PreparedWebsite& b : right.websites) {
      std::uint8_t level = kDifferent;
      if (a.whole == b.whole) {
        const std::size_t shared = context.counts.SharedBy(ValueOf(ValueKind::kWebsite, a.whole));
        level = shared >= 2 ? kByFew : kSame;
      } else if (a.host == b.host &&
                 context.counts.SharedBy(ValueOf(ValueKind::kHost, a.host)) < kCountLimit) {
        level = kHost;
      }
      best = std::max(best, level);
    }
  }
  return best;
}

std::uint8_t AddressLevel(const CompareContext& context,
                          const Prepared& left,
                          const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kStreet, kByMany, kByFew, kSame };
  if (left.street == 0 || right.street == 0) return kMissing;
  if (left.street != right.street) return kDifferent;
  if (left.house_number != right.house_number || left.house_number == 0) return kStreet;
  return BySharing(context.counts.SharedBy(AddressValue(left)), kByMany, kByFew, kSame);
}

std::uint8_t AreaLevel(const Prepared& left, const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kMunicipality, kTown, kPostalCode };
  bool told = false;
  const auto same = [&](auto a, auto b) {
    if (a == 0 || b == 0) return false;
    told = true;
    return a == b;
  };
  if (same(left.postal_code, right.postal_code)) return kPostalCode;
  if (same(left.city, right.city)) return kTown;
  if (same(left.municipality, right.municipality)) return kMunicipality;
  return told ? kDifferent : kMissing;
}

std::uint8_t ContactPairLevel(const PreparedContact& left, const PreparedContact& right) {
  enum : std::uint8_t { kMissing, kDifferent, kSimilar, kSame };
  if (left.words == right.words) return kSame;
  const auto shared = std::count_if(left.words.begin(), left.words.end(), [&](std::uint64_t word) {
    return std::find(right.words.begin(), right.words.end(), word) != right.words.end();
  });
  const auto shorter = std::min(left.words.size(), right.words.size());
  if (static_cast<std::size_t>(shared) >= 2 && static_cast<std::size_t>(shared) * 3 >= shorter * 2)
    return kSame;
  return shared > 0 ? kSimilar : kDifferent;
}

std::uint8_t ContactLevel(const Prepared& left, const Prepared& right) {
  std::uint8_t best = 0;
  for (const PreparedContact& a : left.contacts) {
    for (const PreparedContact& b : right.contacts) best = std::max(best, ContactPairLevel(a, b));
  }
  return best;
}

std::uint8_t FoundedLevel(const Prepared& left, const Prepared& right) {
  enum : std::uint8_t { kMissing, kFar, kNear, kNext, kSame };
  if (left.founded == 0 || right.founded == 0) return kMissing;
  const int apart = std::abs(left.founded - right.founded);
  if (apart == 0) return kSame;
  if (apart == 1) return kNext;
  constexpr int kNearYears = 4;
  return apart <= kNearYears ? kNear : kFar;
}

std::uint8_t ParentLevel(const Prepared& left, const Prepared& right) {
  enum : std::uint8_t { kMissing, kDifferent, kIsParent, kSame };
  const auto names_it = [](const Prepared& child, const Prepared& other) {
    return child.parent != 0 &&
           std::any_of(other.names.begin(), other.names.end(),
                       [&](const PreparedName& name) { return name.whole == child.parent; });
  };
  if (names_it(left, right) || names_it(right, left)) return kIsParent;
  if (left.parent == 0 || right.parent == 0) return kMissing;
  return left.parent == right.parent ? kSame : kDifferent;
}

enum : std::uint8_t { kNoDomain, kOtherDomain, kPartOfDomain, kWholeDomain };

// How well a label of somebody's own domain fits one name.
std::uint8_t LabelLevel(const CompareContext& context,
                        std::uint64_t label,
                        const PreparedName& name) {
  constexpr std::size_t kShortest = 4;
  if (label == name.joined_sound || label == name.initials_sound || label == name.acronym_sound) {
    return kWholeDomain;
  }
  // Most labels are no word of the name, and its words need not be looked up for that.
  if ((name.body_sounds & SoundBit(label)) == 0) return kOtherDomain;
  for (const PreparedName::PlacedWord placed : name.words) {
    if (placed.part != PreparedName::Part::kBody) continue;
    const KnownWord& word = context.words[placed.id];
    const bool own = word.meaning.number == 0 && word.text.size() >= kShortest;
    if (own && label == word.skeleton) return kPartOfDomain;
  }
  return kOtherDomain;
}

std::uint8_t DomainLevel(const CompareContext& context,
                         const Prepared& owner,
                         const Prepared& named) {
  std::uint8_t best = owner.own_words.empty() ? kNoDomain : kOtherDomain;
  for (const std::uint64_t label : owner.own_words) {
    for (const PreparedName& name : named.names) {
      best = std::max(best, LabelLevel(context, label, name));
    }
  }
  return best;
}

std::uint8_t DomainNameLevel(const CompareContext& context,
                             const Prepared& left,
                             const Prepared& right) {
  return std::max(DomainLevel(context, left, right), DomainLevel(context, right, left));
}

}  // namespace

Levels CompareRecords(const CompareContext& context, const Prepared& left, const Prepared& right) {
  return CompareRecords(context, WeighNames(context, left), WeighNames(context, right));
}

Levels CompareRecords(const CompareContext& context,
                      const WeighedRecord& weighed_left,
                      const WeighedRecord& weighed_right) {
  const Prepared& left = *weighed_left.record;
  const Prepared& right = *weighed_right.record;
  Levels levels = {};
  const auto set = [&](Comparison comparison, std::uint8_t level) {
    LevelOf(levels, comparison) = level;
  };
  CompareNames(weighed_left, weighed_right, levels);
  set(Comparison::kCvr, CvrLevel(context, left, right));
  set(Comparison::kEmail, EmailLevel(context, left, right));
  set(Comparison::kPhone, PhoneLevel(context, left, right));
  set(Comparison::kWebsite, WebsiteLevel(context, left, right));
  set(Comparison::kAddress, AddressLevel(context, left, right));
  set(Comparison::kArea, AreaLevel(left, right));
  if (left.country != 0 && right.country != 0)
    set(Comparison::kCountry, left.country == right.country ? 2 : 1);
  set(Comparison::kContact, ContactLevel(left, right));
  set(Comparison::kFounded, FoundedLevel(left, right));
  set(Comparison::kParent, ParentLevel(left, right));
  if (left.source != 0 && right.source != 0)
    set(Comparison::kSource, left.source == right.source ? 1 : 2);
  set(Comparison::kDomainName, DomainNameLevel(context, left, right));
  return levels;
}

}  // namespace brobygger::matching
