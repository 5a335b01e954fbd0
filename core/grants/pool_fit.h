#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/grants/pool_checks.h"

namespace brobygger::grants {

using grant::v1::PoolFit;
using Themes = std::set<registry::v1::Theme>;

// What a fund is for: its themes, and the one its KLE number stands for.
Themes ThemesOf(const Pool& pool);

// What an association's activities are about, but for those that ended.
Themes ThemesOf(const registry::v1::Association& association);

// Holds all criteria of the fund against the association: it fits if all are met, does not yet if
// one is not, and may fit otherwise. `near` is what it is to have themes in common with. Pure.
PoolFit FitPool(const Pool& pool,
                const Applicant& applicant,
                const Themes& near,
                const std::string& today);

// By the next deadline, those that can be applied to all year after them, and last those whose
// deadlines have passed or are not known; then by title. Nothing about the association counts.
void SortByDeadline(std::vector<PoolFit>& fits);

// Leaves out what does not fit yet and what can no longer be applied to, and puts first what has
// most themes in common; then by deadline.
void KeepNearest(std::vector<PoolFit>& fits);

}  // namespace brobygger::grants
