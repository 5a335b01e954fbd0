#include "core/search/document.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string_view>

#include <absl/strings/match.h>
#include <absl/strings/str_split.h>

#include "core/base/clock.h"
#include "core/model/names.h"
#include "core/model/recurrence.h"
#include "core/search/words.h"

namespace brobygger::search {
namespace {

using registry::v1::Association;
using registry::v1::LocalizedText;

constexpr std::uint8_t kEveryDay = 0x7F;
constexpr std::array<const char*, 7> kDayCodes = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

class Texts {
 public:
  explicit Texts(Document& document) : document_(document) {}

  // What is added from now on is told by the activity that is added next.
  void BeginActivity() { activity_ = static_cast<std::uint32_t>(document_.activities.size()); }

  void Add(Field field, const std::string& text) {
    if (text.empty()) return;
    auto& values = document_.texts[static_cast<std::size_t>(field)];
    auto words = FoldedWords(text);
    if (!words.empty()) values.push_back({std::move(words), activity_});
    for (std::string& joined : JoinedWords(text))
      values.push_back({{std::move(joined)}, activity_});
  }

  void Add(Field field, const LocalizedText& text) {
    for (const auto& [language, words] : text.by_language()) Add(field, words);
  }

 private:
  Document& document_;
  std::uint32_t activity_ = kNoActivity;
};

std::uint16_t BitsOf(const google::protobuf::RepeatedField<int>& values) {
  std::uint16_t bits = 0;
  for (const int value : values) {
    if (value > 0 && value < 16) bits = static_cast<std::uint16_t>(bits | 1U << value);
  }
  return bits;
}

void AddActivity(const registry::v1::Activity& activity, Texts& texts, Document& document) {
  document.facts.themes_ever |= BitsOf(activity.themes());
  document.facts.audiences_ever |= BitsOf(activity.audiences());
  // What has ended is no answer to "who can do this on Thursdays?", nor to "who can do this?".
  if (activity.status() == registry::v1::ACTIVITY_STATUS_ENDED) return;
  texts.BeginActivity();
  texts.Add(Field::kActivity, activity.title());
  texts.Add(Field::kActivity, activity.description());
  texts.Add(Field::kArea, activity.place());
  Document::Activity made;
  made.facts.themes = BitsOf(activity.themes());
  made.facts.audiences = BitsOf(activity.audiences());
  made.facts.weekdays = WeekdaysOf(activity.recurrence_rule());
  made.facts.capacity = static_cast<std::uint16_t>(
      std::clamp<int>(activity.capacity(), 0, std::numeric_limits<std::uint16_t>::max()));
  made.languages.assign(activity.language_codes().begin(), activity.language_codes().end());
  made.title = activity.title();
  Facts& facts = document.facts;
  facts.capacity = std::max(facts.capacity, made.facts.capacity);
  facts.themes |= made.facts.themes;
  facts.audiences |= made.facts.audiences;
  facts.weekdays |= made.facts.weekdays;
  document.activities.push_back(std::move(made));
}

void AddTexts(const Association& association, Texts& texts) {
  texts.Add(Field::kName, association.official_name());
  for (const auto& name : association.other_names()) texts.Add(Field::kOtherName, name.text());
  texts.Add(Field::kPurpose, association.purpose());
  texts.Add(Field::kArea, association.coverage_area());
  for (const auto& address : association.addresses()) {
    texts.Add(Field::kArea, address.postal_district());
    texts.Add(Field::kAddress, address.street());
    texts.Add(Field::kAddress, address.postal_code());
  }
  for (const auto& identifier : association.identifiers()) {
    // A number that is no longer its own may be another's.
    if (identifier.valid().to_date().empty()) texts.Add(Field::kNumber, identifier.value());
  }
}

}  // namespace

std::uint64_t NameKey(const std::string& folded_name) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const bool there = i < folded_name.size();
    key = key << 8 | (there ? static_cast<unsigned char>(folded_name[i]) : 0U);
  }
  return key;
}

std::uint8_t WeekdaysOf(const std::string& recurrence_rule) {
  auto parts = model::RecurrenceParts(recurrence_rule);
  std::uint8_t days = 0;
  for (const absl::string_view each : absl::StrSplit(parts["BYDAY"], ',')) {
    for (std::size_t day = 0; day < kDayCodes.size(); ++day) {
      // A number may stand before it: "2TH" is the second Thursday.
      if (absl::EndsWith(each, kDayCodes[day])) days = static_cast<std::uint8_t>(days | 1U << day);
    }
  }
  return days == 0 && parts["FREQ"] == "DAILY" ? kEveryDay : days;
}

Document ToDocument(const Association& association) {
  Document document;
  document.id = association.id();
  Texts texts(document);
  AddTexts(association, texts);
  for (const auto& activity : association.activities()) AddActivity(activity, texts, document);
  document.languages.assign(association.language_codes().begin(),
                            association.language_codes().end());
  for (const auto& address : association.addresses()) {
    if (document.area.empty()) document.area = address.postal_district();
  }
  Facts& facts = document.facts;
  facts.name_key = NameKey(model::FoldName(association.official_name()));
  facts.updated = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
      association.update_time().seconds(), 0, std::numeric_limits<std::uint32_t>::max()));
  facts.municipality =
      static_cast<std::uint16_t>(std::atoi(association.municipality_code().c_str()));
  facts.status = static_cast<std::uint8_t>(association.status());
  const auto& names = document.texts[static_cast<std::size_t>(Field::kName)];
  facts.name_words =
      names.empty() ? 0
                    : static_cast<std::uint8_t>(std::min<std::size_t>(names[0].words.size(), 255));
  facts.shown_to_centres = association.visibility_consent().volunteer_centres();
  facts.shown_to_municipalities = association.visibility_consent().other_municipalities();
  return document;
}

}  // namespace brobygger::search
