#include "core/cli/registry_codes.h"

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/registry/v1/association_profile.pb.h"

#include "core/cli/enum_words.h"

namespace brobygger::cli {
namespace {

absl::Status AddCodes(const std::vector<std::string>& typed,
                      const std::vector<std::string>& words,
                      const char* what,
                      google::protobuf::RepeatedField<int>& codes) {
  for (const std::string& word : typed) {
    const int number = EnumNumber(words, word);
    if (number == 0) {
      return absl::InvalidArgumentError(
          fmt::format("'{}' is no {}. There is: {}.", word, what, absl::StrJoin(words, ", ")));
    }
    codes.Add(number);
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> ThemeWords() {
  return EnumWords(*registry::v1::Theme_descriptor(), "THEME_");
}

std::vector<std::string> AudienceWords() {
  return EnumWords(*registry::v1::Audience_descriptor(), "AUDIENCE_");
}

absl::Status AddThemes(const std::vector<std::string>& typed,
                       google::protobuf::RepeatedField<int>& themes) {
  return AddCodes(typed, ThemeWords(), "theme", themes);
}

absl::Status AddAudiences(const std::vector<std::string>& typed,
                          google::protobuf::RepeatedField<int>& audiences) {
  return AddCodes(typed, AudienceWords(), "audience", audiences);
}

}  // namespace brobygger::cli
