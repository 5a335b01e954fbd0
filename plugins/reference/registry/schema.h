#pragma once

#include <string>

#include "brobygger/sdk/connector.h"

namespace brobygger::reference {

inline constexpr char kStream[] = "associations";

// What the source offers, and what it can do with it. Declare only what holds:
// 'brobygger plugin check' tries every ability that is declared.
sdk::StreamSchema MakeSchema(bool upper_case, bool short_names);

// The field of this name, or null.
const sdk::FieldSchema* FindField(const sdk::StreamSchema& schema, const std::string& name);

}  // namespace brobygger::reference
