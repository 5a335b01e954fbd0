#pragma once

#include <string>

#include <absl/status/status.h>

#include "core/model/rules.h"

namespace brobygger::model {

// The first word or phrase of the list in data/ that the text holds, as the list writes it and
// without its star; "" if it holds none. Upper case and accents make no difference. The words
// are about a single person's belief, origin or health, so a text meant for what an association
// does seldom meets one; what to do then is the caller's choice. Pure and thread-safe; costs
// about a microsecond a word of the text.
std::string SensitiveWordIn(const std::string& text);

// FIELD_INVALID, naming the word, if there is one. The text itself is not in the error.
absl::Status RefuseSensitiveWords(const Place& place, const std::string& text);

}  // namespace brobygger::model
