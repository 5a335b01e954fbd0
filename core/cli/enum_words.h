// Values of enums as they are typed and as they are shown.
#pragma once

#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

namespace brobygger::cli {

// The values as they are typed, in the order of their numbers from 1, without `prefix`:
// "in-preparation". The value 0, "unspecified", is none that can be typed.
std::vector<std::string> EnumWords(const google::protobuf::EnumDescriptor& enumeration,
                                   const std::string& prefix);

// The number of a typed word among EnumWords(); 0 for another one.
int EnumNumber(const std::vector<std::string>& words, const std::string& word);

// What people call the value in "da" or "en"; "" for the value 0.
std::string EnumText(const google::protobuf::EnumDescriptor& enumeration,
                     int number,
                     const std::string& language);

}  // namespace brobygger::cli
