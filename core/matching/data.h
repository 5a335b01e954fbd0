#pragma once

#include <string_view>

// The files in data/, as the build puts them into the program.
namespace brobygger::matching::data {

extern const std::string_view kConcepts;
extern const std::string_view kCommunities;
extern const std::string_view kAbbreviations;
extern const std::string_view kSuffixes;
extern const std::string_view kFreeMail;
extern const std::string_view kStreets;
extern const std::string_view kCuts;
extern const std::string_view kTexts;
extern const std::string_view kModel;

}  // namespace brobygger::matching::data
