#include "core/matching/prepared.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>

#include "core/matching/text.h"
#include "core/model/contact.h"
#include "core/model/identifiers.h"

namespace brobygger::matching {
namespace {

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
  email.letters = LettersOf(email.local);
  return email;
}

// The labels a domain is known by, as sounds: "nlwkn" of "nlwkn.de", and the
// parts of "kurdisk-ungdom.dk".
void AddOwnWords(std::string_view host, OwnWords& own_words) {
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

}  // namespace

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

Prepared Preparer::Prepare(const Record& record) {
  Prepared prepared;
  prepared.source = record.source.empty() ? 0 : StableHash(record.source);
  for (const std::string& text : record.names) {
    if (prepared.names.size() >= kMostNames) break;
    PreparedName name = PrepareName(text);
    if (name.words.empty()) continue;
    FinishName(name);
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
    FinishName(parent);
    prepared.parent = parent.whole;
  }
  if (!prepared.names.empty()) {
    const PreparedName& name = prepared.names.front();
    prepared.name_key = name.joined_sound != 0 ? name.joined_sound : name.whole;
  }
  return prepared;
}

}  // namespace brobygger::matching
