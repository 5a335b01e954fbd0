#pragma once

#include <string_view>

namespace brobygger::people {

// The file core/people/data/sensitive_words.txt as it is, built into the program.
extern const std::string_view kSensitiveWords;

}  // namespace brobygger::people
