#include "core/report/figures.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/events/days.h"
#include "core/model/places.h"

namespace brobygger::report {
namespace {

using collab::v1::Collaboration;
using v1::ReportItem;
using v1::ReportValue;

constexpr double kDaysAYear = 365.25;
constexpr double kTenths = 10;

// The count of what is behind it, in the order of day and name.
void CountItems(ReportValue& value) {
  auto& items = *value.mutable_items();
  std::sort(items.begin(), items.end(), [](const ReportItem& left, const ReportItem& right) {
    return std::tuple(left.date(), left.title(), left.id()) <
           std::tuple(right.date(), right.title(), right.id());
  });
  value.set_value(items.size());
}

absl::Status AddCollaboration(const Ground& ground,
                              const Collaboration& collaboration,
                              ReportValue& value) {
  BB_ASSIGN_OR_RETURN(const Collaboration shown, collab::Shown(ground.snapshot, collaboration));
  ReportItem& item = *value.add_items();
  item.set_id(shown.id());
  item.set_title(shown.title());
  item.set_detail(NamesOf(shown));
  item.set_date(shown.start_date());
  return absl::OkStatus();
}

absl::StatusOr<ReportValue> DaysOf(const Ground& ground, event::v1::EventKind kind) {
  ReportValue value;
  BB_ASSIGN_OR_RETURN(const auto days, events::DaysHeldBy(ground.snapshot, ground.departments));
  for (const events::HeldDay& day : days) {
    if (day.event.kind() != kind || !ground.period.Has(day.first_day)) continue;
    ReportItem& item = *value.add_items();
    item.set_id(day.event.id());
    item.set_title(day.event.title());
    item.set_detail(day.event.place());
    item.set_date(day.first_day);
  }
  CountItems(value);
  return value;
}

}  // namespace

ReportValue Years(const Ground& ground) {
  ReportValue value;
  const int days = base::DayNumber(ground.period.to) - base::DayNumber(ground.period.from) + 1;
  value.set_value(std::round(days / kDaysAYear * kTenths) / kTenths);
  return value;
}

ReportValue Municipalities(const Ground& ground) {
  ReportValue value;
  for (const std::string& code : ground.municipalities) {
    ReportItem& item = *value.add_items();
    item.set_id(code);
    item.set_title(model::MunicipalityName(code));
  }
  CountItems(value);
  return value;
}

ReportValue Associations(const Ground& ground) {
  ReportValue value;
  for (const auto& [id, association] : ground.associations) {
    ReportItem& item = *value.add_items();
    item.set_id(id);
    item.set_title(association.official_name());
    item.set_detail(model::MunicipalityName(association.municipality_code()));
  }
  CountItems(value);
  return value;
}

absl::StatusOr<ReportValue> NewCollaborations(const Ground& ground) {
  std::vector<Begun> begun;
  std::vector<const Collaboration*> whose;
  for (const Work& work : ground.work) {
    const Collaboration& each = work.collaboration;
    if (!HasBegun(each)) continue;
    begun.push_back({.start_date = each.start_date(),
                     .end_date = EndOf(each),
                     .place = fmt::format("{:012}.{:09} {}", each.create_time().seconds(),
                                          each.create_time().nanos(), each.id()),
                     .sides = work.sides});
    whose.push_back(&each);
  }
  const std::vector<bool> are_new = AreNew(begun);
  ReportValue value;
  for (std::size_t i = 0; i < begun.size(); ++i) {
    // Dropped ones that had begun are earlier ones, and no new ones.
    const bool counts = Counts(*whose[i]) && ground.period.Has(begun[i].start_date);
    if (!are_new[i] || !counts) continue;
    BB_RETURN_IF_ERROR(AddCollaboration(ground, *whose[i], value));
  }
  CountItems(value);
  return value;
}

absl::StatusOr<ReportValue> Steps(const Ground& ground) {
  ReportValue value;
  for (const Work& work : ground.work) {
    for (const auto& milestone : work.collaboration.milestones()) {
      if (!ground.period.Has(milestone.date())) continue;
      ReportItem& item = *value.add_items();
      item.set_id(milestone.id());
      item.set_title(milestone.text());
      item.set_detail(work.collaboration.title());
      item.set_date(milestone.date());
    }
  }
  CountItems(value);
  return value;
}

absl::StatusOr<ReportValue> CollaborationDays(const Ground& ground) {
  return DaysOf(ground, event::v1::EVENT_KIND_COLLABORATION_DAY);
}

absl::StatusOr<ReportValue> NetworkDays(const Ground& ground) {
  return DaysOf(ground, event::v1::EVENT_KIND_NETWORK_DAY);
}

ReportValue NationalEstimate(const Ground& ground) {
  ReportValue value;
  value.set_text(ground.programme.national_estimate());
  if (ground.programme.national_source().empty()) return value;
  ReportItem& item = *value.add_items();
  item.set_title(ground.programme.national_source());
  return value;
}

}  // namespace brobygger::report
