#include "core/cli/own_words.h"

#include <algorithm>
#include <array>
#include <map>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "brobygger/access/v1/access_service.pb.h"

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/base/text_table.h"
#include "core/cli/association.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

// "purpose" of "purpose.da".
std::string FieldOf(const std::string& path) { return path.substr(0, path.find('.')); }

std::string DanishSection(const std::string& section) { return OwnText("typed_" + section, "da"); }

}  // namespace

std::string OwnText(const std::string& key,
                    const std::string& language,
                    const std::vector<std::pair<std::string, std::string>>& values) {
  static const base::TextTable kTable(kOwnTextsCsv);
  std::string text = kTable.Get(key, language);
  for (const auto& [name, value] : values) {
    text = absl::StrReplaceAll(text, {{absl::StrCat("{", name, "}"), value}});
  }
  return text;
}

const std::vector<std::string>& ConfirmedSections() {
  static const std::vector<std::string> kSections = {"purpose", "activities", "contact",
                                                     "resources"};
  return kSections;
}

std::vector<std::string> TypedSections() {
  std::vector<std::string> words = ConfirmedSections();
  for (const std::string& section : ConfirmedSections()) words.push_back(DanishSection(section));
  return words;
}

std::string ToSection(const std::string& typed) {
  for (const std::string& section : ConfirmedSections()) {
    if (DanishSection(section) == typed) return section;
  }
  return typed;
}

std::string SectionOfField(const std::string& path) {
  static const std::map<std::string, std::string> kSections = {
      {"purpose", "purpose"},
      {"offers", "purpose"},
      {"wishes", "purpose"},
      {"statutes", "purpose"},
      {"activities", "activities"},
      {"language_codes", "activities"},
      {"coverage_area", "activities"},
      {"coverage_municipality_codes", "activities"},
      {"addresses", "contact"},
      {"phones", "contact"},
      {"emails", "contact"},
      {"websites", "contact"},
      {"digital_readiness", "resources"},
      {"delegation", "resources"},
      {"resource_statements", "resources"},
      {"board_seats", "resources"},
      {"work_groups", "resources"},
      {"collaboration_interests", "resources"}};
  const auto section = kSections.find(FieldOf(path));
  return section == kSections.end() ? "basic" : section->second;
}

std::string FieldTitle(const std::string& path, const std::string& language) {
  const std::string title = OwnText(absl::StrCat("field_", FieldOf(path)), language);
  if (title.empty()) return path;
  const std::size_t dot = path.find('.');
  return dot == std::string::npos ? title : absl::StrCat(title, " (", path.substr(dot + 1), ")");
}

std::string DayText(const std::string& date, const std::string& language) {
  // As fields that hold a day are called.
  return ShowField("founded_date", date, language);
}

std::string YearAfter(const std::string& date) {
  constexpr std::size_t kYearDigits = 4;
  if (date.size() < kYearDigits) return date;
  const int year = std::stoi(date.substr(0, kYearDigits));
  const std::string rest = date.substr(kYearDigits);
  return absl::StrCat(year + 1, rest == "-02-29" ? "-02-28" : rest);
}

std::string KeyText(const access::v1::ApiKey& key, const std::string& language) {
  const std::string until = ShowTime(key.expire_time(), language);
  if (key.has_revoke_time()) {
    return OwnText("key_ended", language, {{"day", ShowTime(key.revoke_time(), language)}});
  }
  if (base::ToInstant(key.expire_time()) <= base::SystemClock().Now()) {
    return OwnText("key_expired", language, {{"day", until}});
  }
  if (!key.has_last_use_time()) return OwnText("key_unused", language, {{"until", until}});
  return OwnText("key_value", language,
                 {{"until", until}, {"used", ShowTime(key.last_use_time(), language)}});
}

absl::StatusOr<registry::v1::Association> SignedInAssociation(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto me,
                      session.Call<access::v1::WhoAmIResponse>(access::v1::WhoAmIRequest()));
  if (me.association_id().empty()) {
    return absl::NotFoundError(OwnText("not_an_association", session.language()));
  }
  return FindAssociation(session, me.association_id());
}

absl::StatusOr<registry::v1::Association> OwnOrTyped(Session& session, const std::string& typed) {
  if (!typed.empty()) return FindAssociation(session, typed);
  auto own = SignedInAssociation(session);
  if (absl::IsNotFound(own.status())) {
    return absl::InvalidArgumentError(OwnText("say_which", session.language()));
  }
  return own;
}

}  // namespace brobygger::cli
