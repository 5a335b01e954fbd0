#pragma once

#include "core/matching/compare.h"

namespace brobygger::matching {

// The levels that two records' names come to, into `levels`. Of several names
// the two that fit best count.
void CompareNames(const CompareContext& context,
                  const Prepared& left,
                  const Prepared& right,
                  Levels& levels);

}  // namespace brobygger::matching
