#include "core/grants/pool_fit.h"

#include <algorithm>
#include <tuple>

#include "core/model/kle.h"
#include "core/model/names.h"

namespace brobygger::grants {
namespace {

using registry::v1::Theme;

// Orders of deadlines that are no day: all year comes after any day, what cannot be applied to
// last.
constexpr char kAllYear[] = "9998";
constexpr char kNoneToCome[] = "9999";

auto PlaceOf(const PoolFit& fit) {
  std::string deadline = fit.next_deadline_date();
  if (deadline.empty()) deadline = fit.pool().all_year() ? kAllYear : kNoneToCome;
  return std::tuple(std::move(deadline), model::FoldName(fit.pool().title()), fit.pool().id());
}

grant::v1::PoolVerdict VerdictOf(const PoolFit& fit) {
  bool known = true;
  for (const PoolCheck& check : fit.checks()) {
    if (check.state() == grant::v1::POOL_CHECK_STATE_NOT_MET) {
      return grant::v1::POOL_VERDICT_NOT_YET;
    }
    known = known && check.state() == grant::v1::POOL_CHECK_STATE_MET;
  }
  return known ? grant::v1::POOL_VERDICT_FITS : grant::v1::POOL_VERDICT_MAY_FIT;
}

void SetDeadline(const std::string& today, PoolFit& fit) {
  const auto& days = fit.pool().deadline_dates();
  // They are kept in order; the day itself is still in time.
  const auto next = std::lower_bound(days.begin(), days.end(), today);
  if (next != days.end()) fit.set_next_deadline_date(*next);
  fit.set_deadlines_passed(!days.empty() && next == days.end());
}

}  // namespace

Themes ThemesOf(const Pool& pool) {
  Themes themes;
  for (const int theme : pool.themes()) themes.insert(static_cast<Theme>(theme));
  themes.insert(model::ThemeOfKle(pool.kle_number()));
  themes.erase(registry::v1::THEME_UNSPECIFIED);
  return themes;
}

Themes ThemesOf(const registry::v1::Association& association) {
  Themes themes;
  for (const auto& activity : association.activities()) {
    if (activity.status() == registry::v1::ACTIVITY_STATUS_ENDED) continue;
    for (const int theme : activity.themes()) themes.insert(static_cast<Theme>(theme));
  }
  themes.erase(registry::v1::THEME_UNSPECIFIED);
  return themes;
}

PoolFit FitPool(const Pool& pool,
                const Applicant& applicant,
                const Themes& near,
                const std::string& today) {
  PoolFit fit;
  *fit.mutable_pool() = pool;
  for (const PoolCriterion& criterion : pool.criteria()) {
    *fit.add_checks() = CheckCriterion(pool, criterion, applicant, today);
  }
  fit.set_verdict(VerdictOf(fit));
  SetDeadline(today, fit);
  for (const Theme theme : ThemesOf(pool)) {
    if (near.contains(theme)) fit.add_shared_themes(theme);
  }
  return fit;
}

void SortByDeadline(std::vector<PoolFit>& fits) {
  std::sort(fits.begin(), fits.end(), [](const PoolFit& left, const PoolFit& right) {
    return PlaceOf(left) < PlaceOf(right);
  });
}

void KeepNearest(std::vector<PoolFit>& fits) {
  std::erase_if(fits, [](const PoolFit& fit) {
    return fit.verdict() == grant::v1::POOL_VERDICT_NOT_YET || fit.deadlines_passed();
  });
  SortByDeadline(fits);
  std::stable_sort(fits.begin(), fits.end(), [](const PoolFit& left, const PoolFit& right) {
    return left.shared_themes_size() > right.shared_themes_size();
  });
}

}  // namespace brobygger::grants
