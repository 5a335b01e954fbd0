#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/matching/record_source.h"

namespace brobygger::matching {

// The fields of a record besides its first name, by the words model files use.
inline constexpr std::size_t kFieldCount = 15;
const std::array<const char*, kFieldCount>& FieldWords();

// What share of a list's records fill which field, in the order of FieldWords().
using FieldShares = std::array<double, kFieldCount>;
FieldShares SharesOf(const RecordSource& records);

// How different two lists are filled, 0 to 1.
double ShareDistance(const FieldShares& left, const FieldShares& right);

// Everything the record says, as one text: the same for two that say the same.
// The source is left out.
std::string WholeText(const Record& record);

}  // namespace brobygger::matching
