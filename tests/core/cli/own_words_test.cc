#include "core/cli/own_words.h"

#include <cctype>
#include <sstream>

#include <catch2/catch.hpp>
#include <google/protobuf/descriptor_database.h>

namespace brobygger::cli {
namespace {

using google::protobuf::DescriptorPool;

// What LIX counts (Björnsson 1968): words, those of more than six letters, and sentences.
struct Counted {
  int words = 0;
  int long_words = 0;
  int sentences = 0;

  double Lix() const { return static_cast<double>(words) / sentences + 100.0 * long_words / words; }
};

bool IsLetter(unsigned char byte) { return std::isalpha(byte) != 0 || byte >= 0x80; }

// A letter of two bytes is one: its second byte begins with the bits 10.
bool BeginsLetter(unsigned char byte) { return (byte & 0xC0) != 0x80; }

void Count(const std::string& text, Counted& counted) {
  constexpr int kShort = 6;
  int letters = 0;
  bool said = false;
  for (const char each : text + ".") {
    const auto byte = static_cast<unsigned char>(each);
    if (IsLetter(byte)) {
      letters += BeginsLetter(byte);
      continue;
    }
    counted.words += letters > 0;
    counted.long_words += letters > kShort;
    said = said || letters > 0;
    letters = 0;
    const bool ends = each == '.' || each == '!' || each == '?' || each == ':';
    counted.sentences += ends && said;
    if (ends) said = false;
  }
}

std::vector<std::pair<std::string, std::string>> DanishTexts() {
  std::istringstream file{std::string(kOwnTextsCsv)};
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('|');
    const std::size_t second = line.find('|', first + 1);
    REQUIRE(second != std::string::npos);
    texts.emplace_back(line.substr(0, first), line.substr(first + 1, second - first - 1));
  }
  return texts;
}

TEST_CASE("what an association reads is easy to read: LIX at most 35, and 25 is easy") {
  Counted letter;
  Counted screen;
  for (const auto& [key, text] : DanishTexts()) {
    Count(text, key.starts_with("letter_") ? letter : screen);
  }
  INFO("letter " << letter.Lix() << ", screen " << screen.Lix());
  CHECK(letter.words > 200);
  CHECK(letter.Lix() <= 25);
  CHECK(screen.Lix() <= 35);
}

TEST_CASE("the measure knows a hard text") {
  Counted hard;
  Count("Kommunalbestyrelsens ekspeditionssekretariat forudsætter administrativ sagsbehandling.",
        hard);
  CHECK(hard.words == 5);
  CHECK(hard.long_words == 5);
  CHECK(hard.sentences == 1);
  CHECK(hard.Lix() > 60);
  Counted letters;
  Count("æøåæøå", letters);
  CHECK(letters.long_words == 0);
}

TEST_CASE("each text is there in both languages, with the same values in it") {
  for (const auto& [key, danish] : DanishTexts()) {
    INFO(key);
    const std::string english = OwnText(key, "en");
    CHECK_FALSE(english.empty());
    for (std::size_t at = danish.find('{'); at != std::string::npos;
         at = danish.find('{', at + 1)) {
      const std::string value = danish.substr(at, danish.find('}', at) - at + 1);
      CHECK(english.find(value) != std::string::npos);
    }
  }
}

TEST_CASE("each field of an association that a person may read has a title") {
  // Told elsewhere, or the hub's own.
  const std::set<std::string> untold = {
      "id",          "etag",          "create_time",
      "update_time", "delete_time",   "merged_into_association_id",
      "provenance",  "confirmations", "visibility_consent"};
  const auto* const descriptor = registry::v1::Association::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const std::string& field = descriptor->field(i)->name();
    INFO(field);
    if (!untold.contains(field)) CHECK(FieldTitle(field, "da") != field);
  }
  CHECK(FieldTitle("purpose.da", "en") == "Purpose (da)");
  CHECK(FieldTitle("unknown_path", "en") == "unknown_path");
}

TEST_CASE("the log tells in words what each service is about") {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  for (const std::string& name : files) {
    if (!name.starts_with("brobygger/") || name.starts_with("brobygger/plugin/")) continue;
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file->service_count() == 0) continue;
    const std::string area = name.substr(10, name.find('/', 10) - 10);
    INFO(area);
    CHECK_FALSE(OwnText("about_" + area, "da").empty());
  }
}

TEST_CASE("parts are typed in English or Danish, and each is one that can be confirmed") {
  for (const std::string& typed : TypedSections()) {
    const auto& known = ConfirmedSections();
    CHECK(std::find(known.begin(), known.end(), ToSection(typed)) != known.end());
  }
  CHECK(SectionOfField("purpose.da") == "purpose");
  CHECK(SectionOfField("official_name") == "basic");
}

TEST_CASE("a confirmation is due a year later, also one of a leap day") {
  CHECK(YearAfter("2026-11-27") == "2027-11-27");
  CHECK(YearAfter("2028-02-29") == "2029-02-28");
  CHECK(YearAfter("").empty());
}

}  // namespace
}  // namespace brobygger::cli
