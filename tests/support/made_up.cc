#include "tests/support/made_up.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace brobygger::support {
namespace {

std::vector<std::string> Split(const std::string& line, char at) {
  std::vector<std::string> parts;
  std::stringstream stream(line);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

std::ifstream OpenOrDie(const std::string& path) {
  std::ifstream file(path);
  if (file) return file;
  std::fprintf(stderr, "%s cannot be read\n", path.c_str());
  std::abort();
}

std::string IdOf(std::uint64_t number, char kind) {
  char id[64];
  std::snprintf(id, sizeof id, "%c0000000-0000-4000-8000-%012llx", kind,
                static_cast<unsigned long long>(number));
  return id;
}

constexpr const char* kDays[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
constexpr std::int64_t kFirstSecond = 1'700'000'000;

}  // namespace

// SplitMix64: small, and the same everywhere.
class MadeUp::Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}

  std::uint64_t Below(std::uint64_t end) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return (mixed ^ (mixed >> 31)) % end;
  }
  const std::string& Of(const std::vector<std::string>& words) {
    return words[Below(words.size())];
  }

 private:
  std::uint64_t state_;
};

MadeUp::MadeUp(const std::string& folder) : folder_(folder) {
  std::ifstream file = OpenOrDie(folder + "/words.csv");
  for (std::string line; std::getline(file, line);) {
    const std::size_t comma = line.find(',');
    lists_[line.substr(0, comma)] = Split(line.substr(comma + 1), '|');
  }
}

std::string MadeUp::Name(Dice& dice) const {
  std::string own;
  const std::uint64_t syllables = 2 + dice.Below(3);
  for (std::uint64_t i = 0; i < syllables; ++i) own += dice.Of(words("syllable"));
  if (dice.Below(2) == 0) own += dice.Of(words("ending"));
  own[0] = static_cast<char>(own[0] - 'a' + 'A');
  const std::string town = dice.Of(words("town_start")) + dice.Of(words("town_end"));
  const std::string& type = dice.Of(words("type"));
  switch (dice.Below(4)) {
    case 0:
      return own + " " + type;
    case 1:
      return dice.Of(words("community")) + " " + type + " i " + town;
    case 2:
      return town + " " + type + " " + own;
    default:
      return own + " - " + dice.Of(words("community")) + " " + type + " " + town;
  }
}

void MadeUp::AddActivities(Dice& dice, registry::v1::Association& association) const {
  const std::uint64_t count = dice.Below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto& activity = *association.add_activities();
    activity.set_id("a" + std::to_string(i));
    activity.set_title(dice.Of(words("activity")));
    activity.add_themes(static_cast<registry::v1::Theme>(1 + dice.Below(11)));
    activity.add_audiences(static_cast<registry::v1::Audience>(1 + dice.Below(11)));
    activity.set_recurrence_rule(std::string("FREQ=WEEKLY;BYDAY=") + kDays[dice.Below(7)]);
    if (dice.Below(2) == 0) activity.set_capacity(static_cast<int>(5 + dice.Below(100)));
  }
}

registry::v1::Association MadeUp::Association(std::uint64_t number) const {
  Dice dice(number);
  registry::v1::Association association;
  association.set_id(IdOf(number, 'a'));
  association.set_official_name(Name(dice));
  if (dice.Below(5) == 0) association.add_other_names()->set_text(Name(dice));
  association.set_municipality_code(dice.Of(words("municipality")));
  association.set_status(static_cast<registry::v1::AssociationStatus>(1 + dice.Below(4)));
  std::string purpose = dice.Of(words("purpose"));
  for (std::uint64_t i = dice.Below(3); i > 0; --i) purpose += " og " + dice.Of(words("purpose"));
  (*association.mutable_purpose()->mutable_by_language())["da"] =
      purpose + " " + dice.Of(words("extra"));
  association.set_coverage_area(dice.Of(words("district")));
  auto& address = *association.add_addresses();
  address.set_postal_district(dice.Of(words("town_start")) + dice.Of(words("town_end")));
  for (std::uint64_t i = dice.Below(3); i > 0; --i) {
    association.add_language_codes(dice.Of(words("language")));
  }
  AddActivities(dice, association);
  association.mutable_update_time()->set_seconds(kFirstSecond +
                                                 static_cast<std::int64_t>(dice.Below(80'000'000)));
  association.mutable_visibility_consent()->set_volunteer_centres(dice.Below(2) == 0);
  return association;
}

std::vector<Planted> MadeUp::AllPlanted() const {
  std::vector<Planted> planted;
  std::ifstream file = OpenOrDie(folder_ + "/planted.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto cells = Split(line, ';');
    Planted each{.kind = cells[0], .association = {}, .query = cells[4]};
    each.association.set_id(IdOf(planted.size(), 'b'));
    each.association.set_official_name(cells[1]);
    each.association.set_municipality_code("0615");
    (*each.association.mutable_purpose()->mutable_by_language())["da"] = cells[2];
    auto& activity = *each.association.add_activities();
    activity.set_id("a0");
    activity.set_title(cells[3]);
    planted.push_back(std::move(each));
  }
  return planted;
}

}  // namespace brobygger::support
