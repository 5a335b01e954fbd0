#pragma once

#include <string>

#include <absl/status/status.h>

#include "core/model/rules.h"

namespace brobygger::model {

// The first word or phrase of the list in data/ that the text holds about somebody's belief, origin
// or health, as the list writes it and without its star; "" if it holds none. Words that say it of
// whoever they are said of ("muslim") count wherever they stand. Words that are also what a course
// may be about ("diabetes") count beside a single person: a name, a function or a pronoun in the
// same sentence, or in the one before or behind. Upper case and accents of listed words make no
// difference. A name is known by how it is written, so one in small letters alone is missed. Pure
// and thread-safe; costs about a microsecond a word of the text.
std::string SensitiveWordIn(const std::string& text);

// The same for a text that is about one person as a whole: every word counts.
std::string SensitiveWordAbout(const std::string& text);

// FIELD_INVALID, naming the word, if there is one. The text itself is not in the error.
absl::Status RefuseSensitiveWords(const Place& place, const std::string& text);
absl::Status RefuseSensitiveAbout(const Place& place, const std::string& text);

// Whether the text is a person's name and nothing else: two to four words, each written with a
// capital, of which none is known to be the name of a place at work ("Social Koordinator").
bool IsPersonsName(const std::string& text);

// FIELD_INVALID if it is; the name is not in the error.
absl::Status RefusePersonsName(const Place& place, const std::string& text);

}  // namespace brobygger::model
