#pragma once

#include <string_view>

namespace brobygger::model {

// What people call a value of an enum of registry.v1, in "da" or "en", from
// data/labels.csv: Label("brobygger.registry.v1.AssociationStatus",
// "ASSOCIATION_STATUS_ACTIVE", "da"). "" if there is no such value or language.
std::string_view Label(std::string_view enum_name,
                       std::string_view value_name,
                       std::string_view language);

}  // namespace brobygger::model
