#pragma once

#include <map>
#include <optional>
#include <string>

#include "plugins/centres/hsds/answer.h"

namespace brobygger::hsds {

// A value of one of the registry's lists: {"themes", "THEME_CULTURE"}.
struct TermValue {
  std::string list;  // the member of an activity that it belongs to
  std::string name;

  bool operator==(const TermValue&) const = default;
};

// The value that "theme:culture", "audience:children" or "age-band:13-18" means; none if there is
// no such value.
std::optional<TermValue> ToTermValue(const std::string& word);

// What a directory's taxonomy terms mean here: by their code, their id or their name as the
// directory writes them.
using Terms = std::map<std::string, TermValue>;

// Adds to `activity` what the terms of `service` mean: each value once, in the order of the
// terms. A term that `terms` does not name says nothing, unless its code is the name of a value,
// as another Brobygger has it.
void AddTerms(const json& service, const Terms& terms, json& activity);

}  // namespace brobygger::hsds
