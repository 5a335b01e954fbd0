#include "core/model/rules.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/model/contact.h"
#include "core/model/places.h"
#include "core/model/text.h"

namespace brobygger::model {
namespace {

bool AreDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

absl::Status CheckLength(const Place& place, Length length, const std::string& text) {
  const std::size_t size = CodePoints(text);
  if (size < length.min) return BrokenRule(place, "is required and is empty");
  if (size <= length.max) return absl::OkStatus();
  const std::string limit = std::to_string(length.max);
  return BrokenRule(place, "has " + std::to_string(size) + " characters; shorten it to " + limit,
                    limit);
}

bool IsRealDate(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!AreDigits(text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2))) return false;
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(text.substr(at, size));
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return date.ok() && number(0, 4) >= 1000;
}

// One part of a language tag after the first, in the case that BCP 47 advises.
bool FixSubtag(std::string& subtag) {
  const bool plain =
      std::all_of(subtag.begin(), subtag.end(), [](char c) { return absl::ascii_isalnum(c); });
  if (!plain || subtag.empty() || subtag.size() > 8) return false;
  const bool letters =
      std::all_of(subtag.begin(), subtag.end(), [](char c) { return absl::ascii_isalpha(c); });
  subtag = absl::AsciiStrToLower(subtag);
  if (letters && subtag.size() == 2) subtag = absl::AsciiStrToUpper(subtag);
  if (letters && subtag.size() == 4) subtag[0] = absl::ascii_toupper(subtag[0]);
  return true;
}

std::string LanguageTag(const std::string& text) {
  std::vector<std::string> subtags = absl::StrSplit(text, '-');
  std::string tag = absl::AsciiStrToLower(subtags[0]);
  const bool letters =
      std::all_of(tag.begin(), tag.end(), [](char c) { return absl::ascii_isalpha(c); });
  if (!letters || tag.size() < 2 || tag.size() > 3 || text.size() > 35) return "";
  for (std::size_t i = 1; i < subtags.size(); ++i) {
    if (!FixSubtag(subtags[i])) return "";
    tag += "-" + subtags[i];
  }
  return tag;
}

absl::Status FixPostalCode(const Place& place, std::string& code) {
  code = NormalLine(code);
  if (code.empty()) return absl::OkStatus();
  // A spreadsheet takes the zero off "0800".
  if (code.size() == 3 && AreDigits(code)) code.insert(0, 1, '0');
  if (code.size() == 4 && AreDigits(code)) return absl::OkStatus();
  return BrokenRule(place, "is not a postal code of four digits, such as \"8700\"");
}

}  // namespace

std::string Place::ToString() const {
  std::string text = parent == nullptr ? "" : parent->ToString() + ".";
  text += name;
  if (index >= 0) text += "[" + std::to_string(index) + "]";
  return text;
}

absl::Status BrokenRule(const Place& place, const std::string& what, const std::string& limit) {
  const std::string field = place.ToString();
  std::vector<base::ErrorField> facts = {{"field", field}};
  if (!limit.empty()) facts.emplace_back("limit", limit);
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID, field + " " + what + ".", facts);
}

absl::Status FixLine(const Place& place, Length length, std::string& text) {
  text = NormalLine(text);
  return CheckLength(place, length, text);
}

absl::Status FixText(const Place& place, Length length, std::string& text) {
  text = NormalText(text);
  return CheckLength(place, length, text);
}

absl::Status FixLocalized(const Place& place,
                          std::size_t max,
                          registry::v1::LocalizedText& localized) {
  std::map<std::string, std::string> fixed;
  for (const auto& [language, text] : localized.by_language()) {
    std::string tag = language;
    std::string normal = text;
    const Place where{&place, language.c_str()};
    BB_RETURN_IF_ERROR(FixLanguage(place, tag));
    BB_RETURN_IF_ERROR(FixText(where, {0, max}, normal));
    if (tag.empty()) return BrokenRule(place, "has a text without a language");
    if (!normal.empty()) fixed[tag] = normal;
  }
  auto* texts = localized.mutable_by_language();
  texts->clear();
  for (auto& [language, text] : fixed) (*texts)[language] = std::move(text);
  return absl::OkStatus();
}

absl::Status FixDate(const Place& place, std::string& text) {
  text = NormalLine(text);
  if (text.empty() || IsRealDate(text)) return absl::OkStatus();
  return BrokenRule(place, "is not a date of the form 2026-11-23 that exists");
}

absl::Status FixInterval(const Place& place, registry::v1::ValidInterval& interval) {
  BB_RETURN_IF_ERROR(FixDate({&place, "from_date"}, *interval.mutable_from_date()));
  BB_RETURN_IF_ERROR(FixDate({&place, "to_date"}, *interval.mutable_to_date()));
  if (interval.to_date().empty() || interval.from_date() <= interval.to_date()) {
    return absl::OkStatus();
  }
  return BrokenRule({&place, "to_date"}, "is before from_date");
}

absl::Status FixLanguage(const Place& place, std::string& text) {
  const std::string line = NormalLine(text);
  text = LanguageTag(line);
  if (!text.empty() || line.empty()) return absl::OkStatus();
  return BrokenRule(place, "is not a language tag (BCP 47) such as \"da\" or \"kmr\"");
}

absl::Status FixMunicipality(const Place& place, std::string& code) {
  code = NormalLine(code);
  if (code.size() == 3 && AreDigits(code)) code.insert(0, 1, '0');
  if (code.empty() || IsMunicipalityCode(code)) return absl::OkStatus();
  return BrokenRule(place, "is not the four-digit code (kommunekode) of a Danish municipality");
}

absl::Status FixPhone(const Place& place, std::string& text) {
  text = NormalLine(text);
  if (text.empty()) return absl::OkStatus();
  auto phone = NormalizePhone(text);
  if (!phone.has_value()) {
    return BrokenRule(place, "is not a telephone number: eight Danish digits, or + and a country");
  }
  text = *std::move(phone);
  return absl::OkStatus();
}

absl::Status FixEmail(const Place& place, std::string& text) {
  text = NormalLine(text);
  if (text.empty()) return absl::OkStatus();
  auto email = NormalizeEmail(text);
  if (!email.has_value()) return BrokenRule(place, "is not an e-mail address");
  text = *std::move(email);
  return absl::OkStatus();
}

absl::Status FixUrl(const Place& place, std::string& text) {
  text = NormalLine(text);
  if (text.empty()) return absl::OkStatus();
  auto url = NormalizeUrl(text);
  if (!url.has_value()) return BrokenRule(place, "is not a web address (http or https)");
  text = *std::move(url);
  return absl::OkStatus();
}

absl::Status FixUuid(const Place& place, std::string& text) {
  text = absl::AsciiStrToLower(NormalLine(text));
  if (text.empty() || base::IsUuid(text)) return absl::OkStatus();
  return BrokenRule(place, "is not a UUID");
}

absl::Status FixAddress(const Place& place, registry::v1::Address& address) {
  BB_RETURN_IF_ERROR(FixLine({&place, "street"}, {0, 200}, *address.mutable_street()));
  BB_RETURN_IF_ERROR(FixLine({&place, "house_number"}, {0, 20}, *address.mutable_house_number()));
  BB_RETURN_IF_ERROR(
      FixLine({&place, "floor_and_door"}, {0, 50}, *address.mutable_floor_and_door()));
  BB_RETURN_IF_ERROR(FixPostalCode({&place, "postal_code"}, *address.mutable_postal_code()));
  BB_RETURN_IF_ERROR(
      FixLine({&place, "postal_district"}, {0, 100}, *address.mutable_postal_district()));
  BB_RETURN_IF_ERROR(
      FixMunicipality({&place, "municipality_code"}, *address.mutable_municipality_code()));
  BB_RETURN_IF_ERROR(FixUuid({&place, "dar_id"}, *address.mutable_dar_id()));
  if (address.ByteSizeLong() == 0) return BrokenRule(place, "is an empty address; leave it out");
  return absl::OkStatus();
}

absl::Status CheckRange(const Place& place,
                        std::int64_t value,
                        std::int64_t min,
                        std::int64_t max) {
  if (value >= min && value <= max) return absl::OkStatus();
  const std::string limit = std::to_string(min) + "-" + std::to_string(max);
  return BrokenRule(place, "is " + std::to_string(value) + "; it can be " + limit, limit);
}

absl::Status CheckSize(const Place& place, int size) {
  if (size <= kLongestList) return absl::OkStatus();
  const std::string limit = std::to_string(kLongestList);
  return BrokenRule(place, "holds " + std::to_string(size) + " entries; the limit is " + limit,
                    limit);
}

absl::Status FixTexts(const Place& place,
                      absl::FunctionRef<absl::Status(const Place&, std::string&)> fix,
                      google::protobuf::RepeatedPtrField<std::string>& texts) {
  BB_RETURN_IF_ERROR(CheckSize(place, texts.size()));
  int kept = 0;
  for (int i = 0; i < texts.size(); ++i) {
    BB_RETURN_IF_ERROR(fix({place.parent, place.name, i}, *texts.Mutable(i)));
    const auto end = texts.begin() + kept;
    const bool repeated = std::find(texts.begin(), end, texts.Get(i)) != end;
    if (!repeated && !texts.Get(i).empty()) texts.SwapElements(kept++, i);
  }
  texts.DeleteSubrange(kept, texts.size() - kept);
  return absl::OkStatus();
}

}  // namespace brobygger::model
