// Themes and audiences as they are typed: "culture", "newly-arrived-refugees".
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <google/protobuf/repeated_field.h>

namespace brobygger::cli {

std::vector<std::string> ThemeWords();
std::vector<std::string> AudienceWords();

// INVALID_ARGUMENT, with those that there are, for one that there is not.
absl::Status AddThemes(const std::vector<std::string>& typed,
                       google::protobuf::RepeatedField<int>& themes);
absl::Status AddAudiences(const std::vector<std::string>& typed,
                          google::protobuf::RepeatedField<int>& audiences);

}  // namespace brobygger::cli
