#pragma once

#include "core/matching/compare.h"

namespace brobygger::matching {

// The levels that two records' names come to, into `levels`. Of several names
// the two that fit best count.
void CompareNames(const WeighedRecord& left, const WeighedRecord& right, Levels& levels);

}  // namespace brobygger::matching
