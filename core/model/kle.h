#pragma once

#include <string>
#include <string_view>

#include "brobygger/registry/v1/association_profile.pb.h"

namespace brobygger::model {

// Whether `text` has the form of a KLE number: "18", "18.15" or "18.15.05". Whether KL's
// list has such a number is not asked.
bool IsKleNumber(std::string_view text);

// The Danish title of the number, from data/kle.csv, or "" where that part of the list is
// not shipped. Valid for as long as the program runs; safe from any thread.
std::string_view KleTitle(const std::string& number);

// The number that a theme stands for, as in association_profile.proto; "" for one of no number.
std::string_view KleNumberOf(registry::v1::Theme theme);

// The theme of a task: the most special one whose number `number` is or is part of. Unspecified
// if there is none.
registry::v1::Theme ThemeOfKle(const std::string& number);

}  // namespace brobygger::model
