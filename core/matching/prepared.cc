#include "core/matching/prepared.h"

#include <algorithm>
#include <bit>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>

#include "core/matching/text.h"
#include "core/model/contact.h"
#include "core/model/identifiers.h"

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

PreparedEmail PrepareEmail(const std::string& text, const Tables& tables) {
  PreparedEmail email;
  const std::string lower = absl::AsciiStrToLower(text);
  const std::size_t at = lower.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 >= lower.size()) return email;
  const std::string domain = lower.substr(at + 1);
  email.whole = StableHash(lower);
  email.domain = StableHash(domain);
  email.free_mail = tables.IsFreeMail(domain);
  email.local = FoldText(lower.substr(0, at));
  return email;
}

// The labels a domain is known by, as sounds: "nlwkn" of "nlwkn.de", and the
// parts of "kurdisk-ungdom.dk".
void AddOwnWords(std::string_view host, std::vector<std::uint64_t>& own_words) {
  constexpr std::size_t kShortest = 3;
  std::size_t begin = 0;
  while (begin < host.size()) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    if (end == host.size()) break;  // the top-level domain
    const auto words = FoldWords(host.substr(begin, end - begin));
    std::string joined;
    for (const Word& word : words) {
      joined += word.text;
      if (words.size() > 1 && word.text.size() >= kShortest) {
        own_words.push_back(StableHash(Skeleton(word.text)));
      }
    }
    if (joined.size() >= 2) own_words.push_back(StableHash(Skeleton(joined)));
    begin = end + 1;
  }
}

PreparedWebsite PrepareWebsite(const std::string& text) {
  const std::string bare = model::BareUrl(absl::AsciiStrToLower(text));
  const std::string_view host = std::string_view(bare).substr(0, bare.find('/'));
  if (host.find('.') == std::string_view::npos) return {};
  return {StableHash(bare), StableHash(host)};
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  return text;
}

std::uint32_t HouseNumber(std::string_view text) {
  std::uint32_t number = 0;
  std::size_t i = 0;
  while (i < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) {
    number = number * 10 + static_cast<std::uint32_t>(text[i++] - '0');
  }
  if (i == 0) return 0;
  const char letter =
      i < text.size() ? absl::ascii_tolower(static_cast<unsigned char>(text[i])) : ' ';
  const bool lettered = letter >= 'a' && letter <= 'z';
  return number * 32 + (lettered ? static_cast<std::uint32_t>(letter - 'a' + 1) : 0);
}

bool StartsWithDigit(const Word& word) {
  return absl::ascii_isdigit(static_cast<unsigned char>(word.text.front()));
}

// A year between 1800 and 2199, the first that the text holds.
int YearIn(const std::string& text) {
  constexpr int kFirst = 1800;
  constexpr int kLast = 2199;
  int digits = 0;
  int number = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c >= '0' && c <= '9') {
      number = digits < 9 ? number * 10 + (c - '0') : number;
      ++digits;
      continue;
    }
    if (digits == 4 && number >= kFirst && number <= kLast) return number;
    digits = number = 0;
  }
  // A day without separators: 19811209.
  return text.size() == 8 && digits == 0 ? YearIn(text.substr(0, 4) + " ") : 0;
}

PreparedContact PrepareContact(const std::string& text) {
  PreparedContact contact;
  for (const Word& word : FoldWords(text)) {
    if (word.text.size() > 1) contact.words.push_back(StableHash(Skeleton(word.text)));
  }
  std::sort(contact.words.begin(), contact.words.end());
  return contact;
}

std::uint32_t ShortHash(const std::string& folded) {
  return folded.empty() ? 0 : static_cast<std::uint32_t>(StableHash(folded)) | 1;
}

std::uint64_t SoundOf(const std::string& letters) {
  return letters.empty() ? 0 : StableHash(Skeleton(letters));
}

// Initials of at most eight words, with and without those that say nothing.
void SetInitials(const std::vector<Word>& words, const Tables& tables, PreparedName& name) {
  constexpr std::size_t kLongest = 6;
  bool single_letters = words.size() > 1;
  std::string joined;
  std::string initials;
  for (const Word& word : words) {
    single_letters = single_letters && word.text.size() == 1;
    joined += word.text;
    name.all_initials.Add(word.text.front());
    const bool filler = tables.MeaningOf(word.text).role == Role::kFiller;
    if (!filler && name.initials.Add(word.text.front())) initials += word.text.front();
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

}  // namespace

void Preparer::PutWord(const std::string& text, Part part, PreparedName& name) const {
  name.words.push_back(take_word_(text));
  name.parts.push_back(part);
}

// A word that is no place: by itself, else cut in two, else by how it begins.
void Preparer::PutUnplaced(const std::string& text, PreparedName& name) const {
  Meaning meaning = tables_.WholeMeaning(text);
  if (meaning.number == 0) {
    const auto [first, second] = tables_.Cut(text);
    if (!first.empty()) {
      PutUnplaced(std::string(first), name);
      PutUnplaced(std::string(second), name);
      return;
    }
    meaning = tables_.MeaningOf(text);
  }
  name.national = name.national || meaning.role == Role::kNational;
  name.branch = name.branch || meaning.role == Role::kBranch;
  switch (meaning.role) {
    case Role::kLegal:
      return PutWord(text, Part::kLegal, name);
    case Role::kFiller:
      return PutWord(text, Part::kFiller, name);
    case Role::kType:
    case Role::kNational:
    case Role::kBranch:
      return PutWord(text, Part::kType, name);
    default:
      return PutWord(text, Part::kBody, name);
  }
}

void Preparer::AddWord(const Word& word, PreparedName& name) const {
  const auto* long_form = tables_.LongForm(word.text, word.dotted);
  if (long_form == nullptr) return PutUnplaced(word.text, name);
  for (const std::string& each : *long_form) PutUnplaced(each, name);
}

PreparedName Preparer::PrepareName(const std::string& text) const {
  PreparedName name;
  const std::vector<Word> words = FoldWords(tables_.BeforeCut(text));
  std::string letters;
  for (std::size_t i = 0; i < words.size();) {
    const auto rest = std::span(words).subspan(i);
    const std::size_t place = places_.CountAt(rest);
    if (place == 0) AddWord(words[i], name);
    if (place > 0) name.places.push_back(Places::KeyOf(rest.first(place)));
    for (std::size_t k = 0; k < place; ++k) PutWord(words[i + k].text, Part::kPlace, name);
    i += std::max<std::size_t>(place, 1);
  }
  for (const Word& word : words) letters += word.text;
  AddLetterPairs(letters, name.letter_pairs);
  SetInitials(words, tables_, name);
  return name;
}

void Preparer::PrepareAddress(const Record& record, Prepared& prepared) const {
  std::string street = record.street;
  // The name of the house stands before the street: "Medborgerhuset, Torvegade".
  if (const auto comma = street.rfind(','); comma != std::string::npos) {
    const std::string after = street.substr(comma + 1);
    if (std::any_of(after.begin(), after.end(), absl::ascii_isalpha)) street = after;
  }
  prepared.house_number = HouseNumber(Trimmed(record.house_number));
  std::string sound;
  for (const Word& word : FoldWords(street)) {
    if (StartsWithDigit(word) && prepared.house_number == 0) {
      prepared.house_number = HouseNumber(word.text);
    } else {
      sound += Skeleton(tables_.StreetWord(word.text, word.dotted));
    }
  }
  prepared.street = sound.size() < 2 ? 0 : StableHash(sound);
  prepared.postal_code = ShortHash(FoldText(record.postal_code));
  prepared.city = record.city.empty() ? 0 : Places::KeyOf(record.city);
  const std::string code = Digits(record.municipality_code);
  std::uint32_t number = 0;
  if (absl::SimpleAtoi(code, &number)) prepared.municipality = number;
  prepared.country = ShortHash(FoldText(record.country));
}

void Preparer::PrepareReach(const Record& record, Prepared& prepared) const {
  constexpr std::size_t kPhoneDigits = 8;
  constexpr std::size_t kFewestDigits = 6;
  for (const std::string& text : record.emails) {
    PreparedEmail email = PrepareEmail(text, tables_);
    if (email.whole == 0) continue;
    if (!email.free_mail) {
      AddOwnWords(std::string_view(text).substr(text.rfind('@') + 1), prepared.own_words);
    }
    prepared.emails.push_back(std::move(email));
  }
  for (const std::string& text : record.phones) {
    std::string digits = Digits(text);
    if (digits.size() < kFewestDigits) continue;
    if (digits.size() > kPhoneDigits) digits = digits.substr(digits.size() - kPhoneDigits);
    std::uint64_t number = 0;
    if (absl::SimpleAtoi(digits, &number)) prepared.phones.push_back(number + 1);
  }
  for (const std::string& text : record.websites) {
    const PreparedWebsite website = PrepareWebsite(text);
    if (website.whole == 0) continue;
    prepared.websites.push_back(website);
    const std::string bare = model::BareUrl(absl::AsciiStrToLower(text));
    AddOwnWords(std::string_view(bare).substr(0, bare.find('/')), prepared.own_words);
  }
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

// Sets what is known of a name only when all its words are.
template <typename WordOf>
void FinishName(const WordOf& word_of, PreparedName& name) {
  std::vector<std::uint64_t> hashes;
  std::string body;
  for (std::size_t i = 0; i < name.words.size(); ++i) {
    const KnownWord& word = word_of(name.words[i]);
    if (name.parts[i] != Part::kFiller) hashes.push_back(StableHash(word.text));
    if (name.parts[i] == Part::kBody) body += word.text;
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

}  // namespace

Prepared Preparer::Prepare(const Record& record) const {
  Prepared prepared;
  prepared.source = record.source.empty() ? 0 : StableHash(record.source);
  for (const std::string& text : record.names) {
    if (prepared.names.size() >= kMostNames) break;
    PreparedName name = PrepareName(text);
    if (name.words.empty()) continue;
    FinishName(word_of_, name);
    const bool known =
        std::any_of(prepared.names.begin(), prepared.names.end(),
                    [&](const PreparedName& other) { return other.whole == name.whole; });
    if (!known) prepared.names.push_back(std::move(name));
  }
  const std::string digits = Digits(record.cvr);
  constexpr std::size_t kFewestDigits = 6;
  constexpr std::size_t kMostDigits = 18;
  if (digits.size() >= kFewestDigits && digits.size() <= kMostDigits) {
    prepared.cvr_valid = digits.size() != 8 || model::NormalizeCvr(digits).ok();
    if (!absl::SimpleAtoi(digits, &prepared.cvr)) prepared.cvr = 0;
  }
  PrepareReach(record, prepared);
  PrepareAddress(record, prepared);
  prepared.founded = YearIn(record.founded);
  for (const std::string& text : record.contacts) {
    PreparedContact contact = PrepareContact(text);
    if (!contact.words.empty()) prepared.contacts.push_back(std::move(contact));
  }
  if (!record.parent.empty()) {
    PreparedName parent = PrepareName(record.parent);
    FinishName(word_of_, parent);
    prepared.parent = parent.whole;
  }
  if (!prepared.names.empty()) {
    const PreparedName& name = prepared.names.front();
    prepared.name_key = name.joined_sound != 0 ? name.joined_sound : name.whole;
  }
  return prepared;
}

double LetterPairDice(const PreparedName& left, const PreparedName& right) {
  int shared = 0;
  for (std::size_t i = 0; i < left.letter_pairs.size(); ++i) {
    shared += std::popcount(left.letter_pairs[i] & right.letter_pairs[i]);
  }
  const int all = left.letter_pair_count + right.letter_pair_count;
  return all == 0 ? 0 : 2.0 * shared / all;
}

}  // namespace brobygger::matching
