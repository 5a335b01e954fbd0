#include <algorithm>
#include <bit>
#include <span>

#include "core/matching/prepared.h"
#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

using Part = PreparedName::Part;

void AddLetterPairs(std::string_view letters, std::array<std::uint64_t, 4>& pairs) {
  for (std::size_t i = 0; i + 1 < letters.size(); ++i) {
    const auto a = static_cast<unsigned char>(letters[i]);
    const auto b = static_cast<unsigned char>(letters[i + 1]);
    const std::uint32_t bit = ((a * 31U + b) * 0x9E3779B1U) >> 24;
    pairs[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  }
}

std::uint64_t HashOfSorted(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  std::uint64_t hash = 7;
  for (const std::uint64_t each : hashes) hash = MixHash(hash, each);
  return hash;
}

std::uint64_t SoundOf(const std::string& letters) {
  return letters.empty() ? 0 : StableHash(Skeleton(letters));
}

}  // namespace

bool Preparer::IsFiller(const std::string& text) {
  const auto [known, is_new] = fillers_.try_emplace(text, false);
  if (is_new) known->second = tables_.MeaningOf(text).role == Role::kFiller;
  return known->second;
}

// Initials of at most eight words, with and without those that say nothing.
void Preparer::SetInitials(const std::vector<Word>& words, PreparedName& name) {
  constexpr std::size_t kLongest = 6;
  bool single_letters = words.size() > 1;
  std::string joined;
  std::string initials;
  for (const Word& word : words) {
    single_letters = single_letters && word.text.size() == 1;
    joined += word.text;
    name.all_initials.Add(word.text.front());
    if (!IsFiller(word.text) && name.initials.Add(word.text.front())) {
      initials += word.text.front();
    }
  }
  const bool one_word = words.size() == 1 && words.front().text.size() >= 2;
  if ((one_word || single_letters) && joined.size() <= kLongest) {
    for (const char letter : joined) name.acronym.Add(letter);
    name.acronym_sound = SoundOf(joined);
  }
  const bool no_initials = words.size() < 2 || single_letters;
  if (no_initials) name.all_initials.Clear();
  if (no_initials || name.initials.size() < 2) {
    name.initials.Clear();
  } else {
    name.initials_sound = SoundOf(initials);
  }
}

namespace {

Part PartOf(Role role) {
  switch (role) {
    case Role::kLegal:
      return Part::kLegal;
    case Role::kFiller:
      return Part::kFiller;
    case Role::kType:
    case Role::kNational:
    case Role::kBranch:
      return Part::kType;
    default:
      return Part::kBody;
  }
}

}  // namespace

// By itself, else cut in two, else by how it begins.
void Preparer::Read(const std::string& text, Reading& reading) const {
  Meaning meaning = tables_.WholeMeaning(text);
  if (meaning.number == 0) {
    const auto [first, second] = tables_.Cut(text);
    if (!first.empty()) {
      Read(std::string(first), reading);
      Read(std::string(second), reading);
      return;
    }
    meaning = tables_.MeaningOf(text);
  }
  reading.national = reading.national || meaning.role == Role::kNational;
  reading.branch = reading.branch || meaning.role == Role::kBranch;
  reading.words.emplace_back(take_word_(text), PartOf(meaning.role));
}

const Preparer::Reading& Preparer::ReadWord(const Word& word) {
  const auto [known, is_new] = readings_.try_emplace(word.dotted ? word.text + "." : word.text);
  Reading& reading = known->second;
  if (!is_new) return reading;
  if (const auto* long_form = tables_.LongForm(word.text, word.dotted); long_form != nullptr) {
    for (const std::string& each : *long_form) Read(each, reading);
  } else {
    Read(word.text, reading);
  }
  return reading;
}

PreparedName Preparer::PrepareName(const std::string& text) {
  PreparedName name;
  const std::vector<Word> words = FoldWords(tables_.BeforeCut(text));
  for (std::size_t i = 0; i < words.size();) {
    const auto rest = std::span(words).subspan(i);
    const std::size_t place = places_.CountAt(rest);
    if (place == 0) {
      const Reading& reading = ReadWord(words[i]);
      name.words.insert(name.words.end(), reading.words.begin(), reading.words.end());
      name.national = name.national || reading.national;
      name.branch = name.branch || reading.branch;
    } else {
      name.places.push_back(Places::KeyOf(rest.first(place)));
    }
    for (const Word& word : rest.first(place)) {
      name.words.emplace_back(take_word_(word.text), Part::kPlace);
    }
    i += std::max<std::size_t>(place, 1);
  }
  std::string letters;
  for (const Word& word : words) letters += word.text;
  AddLetterPairs(letters, name.letter_pairs);
  SetInitials(words, name);
  return name;
}

namespace {

// Puts a number among those of an array that 0 fills up, if there is room.
template <typename Number, std::size_t kSize>
void Keep(Number number, std::array<Number, kSize>& kept) {
  for (Number& each : kept) {
    if (each == number) return;
    if (each != 0) continue;
    each = number;
    return;
  }
}

void KeepMeaning(const KnownWord& word, PreparedName& name) {
  // That it is an association says nothing, and is left out as often as not.
  constexpr std::uint16_t kAssociation = 1;
  const Meaning meaning = word.meaning;
  const bool kind = meaning.role == Role::kWord || meaning.role == Role::kType;
  if (kind && meaning.number != kAssociation) Keep(meaning.number, name.kinds);
  if (meaning.role == Role::kCommunity) Keep(meaning.number, name.communities);
  if (meaning.role == Role::kNumber) {
    Keep(static_cast<std::uint32_t>(StableHash(word.text)) | 1, name.numbers);
  }
}

}  // namespace

// Sets what is known of a name only when all its words are.
void Preparer::FinishName(PreparedName& name) const {
  std::vector<std::uint64_t> hashes;
  std::string body;
  for (const PreparedName::PlacedWord placed : name.words) {
    const KnownWord& word = word_of_(placed.id);
    if (placed.part != Part::kFiller) hashes.push_back(StableHash(word.text));
    if (placed.part == Part::kBody) {
      body += word.text;
      name.body_sounds |= SoundBit(word.skeleton);
    }
    KeepMeaning(word, name);
  }
  name.whole = hashes.empty() ? 0 : HashOfSorted(std::move(hashes));
  const std::string sound = Skeleton(body);
  name.joined_sound = sound.size() < 2 ? 0 : StableHash(sound);
  for (const std::uint64_t pairs : name.letter_pairs) {
    name.letter_pair_count =
        static_cast<std::uint16_t>(name.letter_pair_count + std::popcount(pairs));
  }
}

double LetterPairDice(const PreparedName& left, const PreparedName& right) {
  int shared = 0;
  for (std::size_t i = 0; i < left.letter_pairs.size(); ++i) {
    shared += std::popcount(left.letter_pairs[i] & right.letter_pairs[i]);
  }
  const int all = left.letter_pair_count + right.letter_pair_count;
  return all == 0 ? 0 : 2.0 * shared / all;
}

bool ResembleByLetters(const Prepared& left, const Prepared& right) {
  constexpr double kLeast = 0.4;
  for (const PreparedName& a : left.names) {
    for (const PreparedName& b : right.names) {
      if (LetterPairDice(a, b) >= kLeast) return true;
    }
  }
  return false;
}

}  // namespace brobygger::matching
