#include "core/matching/keys.h"

#include <algorithm>
#include <array>

#include <absl/container/inlined_vector.h>

#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

using Part = PreparedName::Part;
using Hashes = absl::InlinedVector<std::uint64_t, 8>;

// What a key is made of, so that a telephone never meets a word.
enum Salt : std::uint64_t {
  kValue = 0x11,  // and the kinds of values after it
  kWordSalt = 0x31,
  kAreaWord,
  kPair,
  kWhole,
  kJoined,
  kInitials,
  kPostalCode,
  kTown,
  kMunicipality,
  kCountry,
};

constexpr std::size_t kMostPaired = 5;

// How much it tells that two records share a key.
enum class Strength : std::uint64_t { kStrong, kMedium, kWeak };
constexpr std::array<std::size_t, 3> kMostByStrength = {400, 40, 20};

std::uint64_t WithStrength(std::uint64_t key, Strength strength) {
  return (key & ~std::uint64_t{3}) | static_cast<std::uint64_t>(strength);
}

Hashes AreasOf(const Prepared& prepared) {
  Hashes areas;
  const auto add = [&](Salt salt, std::uint64_t value) {
    if (value != 0) areas.push_back(MixHash(salt, value));
  };
  add(kPostalCode, prepared.postal_code);
  add(kTown, prepared.city);
  // Wider areas only where nothing closer is known: their lists are long.
  if (areas.size() < 2) add(kMunicipality, prepared.municipality);
  add(kCountry, prepared.country);
  return areas;
}

// A word by its sound, or by its idea where that is known in several languages.
std::uint64_t SoundOf(const KnownWord& word) {
  return word.meaning.number != 0 ? MixHash(kWordSalt, word.meaning.number) : word.skeleton;
}

class KeyMaker {
 public:
  KeyMaker(const Words& words, const Hashes& areas, std::vector<std::uint64_t>& keys)
      : words_(words), areas_(areas), keys_(keys) {}

  void AddName(const PreparedName& name) {
    Hashes sounds;
    for (const PreparedName::PlacedWord placed : name.words) {
      if (placed.part == Part::kFiller || placed.part == Part::kLegal) continue;
      const KnownWord& word = words_[placed.id];
      // Its town is in every second name of a town.
      const bool place = placed.part == Part::kPlace;
      const bool slight = place || placed.part == Part::kType;
      AddInAreas(kAreaWord, SoundOf(word), slight ? Strength::kWeak : Strength::kMedium);
      if (place) AddEverywhere(kWordSalt, SoundOf(word), Strength::kWeak);
      if (slight) continue;
      sounds.push_back(SoundOf(word));
      AddEverywhere(kWordSalt, SoundOf(word), Strength::kWeak);
      if (word.bare_skeleton == 0) continue;
      AddInAreas(kAreaWord, word.bare_skeleton, Strength::kMedium);
      AddEverywhere(kWordSalt, word.bare_skeleton, Strength::kWeak);
    }
    AddPairs(sounds);
    AddEverywhere(kWhole, name.whole, Strength::kStrong);
    if (name.joined_sound != 0) {
      AddEverywhere(kJoined, name.joined_sound, Strength::kMedium);
      AddEverywhere(kWordSalt, name.joined_sound, Strength::kWeak);
      AddInAreas(kAreaWord, name.joined_sound, Strength::kMedium);
    }
    AddInitials(name.initials);
    AddInitials(name.acronym);
  }

  void AddLabel(std::uint64_t sound) {
    AddEverywhere(kWordSalt, sound, Strength::kWeak);
    AddInAreas(kAreaWord, sound, Strength::kMedium);
  }

 private:
  void AddEverywhere(Salt salt, std::uint64_t value, Strength strength) {
    keys_.push_back(WithStrength(MixHash(salt, value), strength));
  }
  void AddInAreas(Salt salt, std::uint64_t value, Strength strength) {
    for (const std::uint64_t area : areas_) {
      keys_.push_back(WithStrength(MixHash(MixHash(salt, value), area), strength));
    }
  }
  void AddPairs(const Hashes& sounds) {
    const std::size_t count = std::min(sounds.size(), kMostPaired);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = i + 1; j < count; ++j) {
        const auto [low, high] = std::minmax(sounds[i], sounds[j]);
        AddEverywhere(kPair, MixHash(low, high), Strength::kMedium);
      }
    }
  }
  void AddInitials(PackedLetters initials) {
    if (initials.size() < 2) return;
    const std::uint64_t hash = initials.bytes();
    AddInAreas(kInitials, hash, Strength::kMedium);
    if (initials.size() > 2) AddEverywhere(kInitials, hash, Strength::kWeak);
  }

  const Words& words_;
  const Hashes& areas_;
  std::vector<std::uint64_t>& keys_;
};

}  // namespace

std::uint64_t ValueOf(ValueKind kind, std::uint64_t value) {
  return WithStrength(MixHash(kValue + static_cast<std::uint64_t>(kind), value), Strength::kStrong);
}

bool IsStrongKey(std::uint64_t key) {
  return (key & 3) == static_cast<std::uint64_t>(Strength::kStrong);
}

bool IsWeakKey(std::uint64_t key) {
  return (key & 3) == static_cast<std::uint64_t>(Strength::kWeak);
}

std::size_t MostUnderKey(std::uint64_t key) { return kMostByStrength[key & 3]; }

std::uint64_t AddressValue(const Prepared& prepared) {
  if (prepared.street == 0 || prepared.house_number == 0) return 0;
  const std::uint64_t area = prepared.city != 0 ? prepared.city : prepared.postal_code;
  return ValueOf(ValueKind::kAddress,
                 MixHash(MixHash(prepared.street, prepared.house_number), area));
}

void KeysOf(const Words& words, const Prepared& prepared, std::vector<std::uint64_t>& keys) {
  keys.clear();
  const Hashes areas = AreasOf(prepared);
  KeyMaker maker(words, areas, keys);
  for (const PreparedName& name : prepared.names) maker.AddName(name);
  for (const std::uint64_t label : prepared.own_words) maker.AddLabel(label);
  if (prepared.cvr != 0) keys.push_back(ValueOf(ValueKind::kCvr, prepared.cvr));
  for (const PreparedEmail& email : prepared.emails) {
    keys.push_back(ValueOf(ValueKind::kEmail, email.whole));
    if (!email.free_mail) keys.push_back(ValueOf(ValueKind::kDomain, email.domain));
  }
  for (const std::uint64_t phone : prepared.phones) {
    keys.push_back(ValueOf(ValueKind::kPhone, phone));
  }
  for (const PreparedWebsite& website : prepared.websites) {
    keys.push_back(ValueOf(ValueKind::kWebsite, website.whole));
    keys.push_back(ValueOf(ValueKind::kHost, website.host));
  }
  if (const std::uint64_t address = AddressValue(prepared); address != 0) keys.push_back(address);
  if (prepared.street != 0 && prepared.house_number != 0) {
    keys.push_back(
        ValueOf(ValueKind::kAddress, MixHash(MixHash(prepared.street, prepared.house_number), 0)));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

}  // namespace brobygger::matching
