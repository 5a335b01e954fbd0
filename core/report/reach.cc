// What changed for those who take part, and whether they are met about more than money. See
// figures.h.
#include <algorithm>
#include <array>
#include <optional>

#include "brobygger/collab/v1/resource_check.pb.h"
#include "brobygger/contact/v1/contact_service.pb.h"

#include "core/base/status_macros.h"
#include "core/collab/resource_check.h"
#include "core/contact/touchpoints.h"
#include "core/grants/case_department.h"
#include "core/grants/owner.h"
#include "core/report/figures.h"
#include "core/report/report.h"

namespace brobygger::report {
namespace {

using collab::v1::ResourceCheck;
using collab::v1::ResourceSubject;
using v1::ReportItem;
using v1::ReportValue;

constexpr double kWhole = 100;

// Of one topic: sums of the first and the last means, and over how many subjects.
struct Change {
  double before = 0;
  double after = 0;
  int subjects = 0;
};
using Changes = std::array<Change, collab::v1::ResourceTopic_ARRAYSIZE>;

const collab::v1::TopicMean* MeanOf(const ResourceCheck& check, int topic) {
  for (const auto& mean : check.topics()) {
    if (mean.topic() == topic && mean.has_mean()) return &mean;
  }
  return nullptr;
}

// Adds the change between a subject's first and last round of the period; says whether it has two.
absl::StatusOr<bool> AddSubject(const Ground& ground,
                                ResourceSubject subject,
                                const std::string& id,
                                Changes& changes) {
  BB_ASSIGN_OR_RETURN(auto checks, collab::ListResourceChecks(ground.snapshot, subject, id));
  std::erase_if(checks, [&](const ResourceCheck& each) { return !ground.period.Has(each.date()); });
  if (checks.size() < 2) return false;
  bool any = false;
  for (int topic = 1; topic < collab::v1::ResourceTopic_ARRAYSIZE; ++topic) {
    const auto* first = MeanOf(checks.front(), topic);
    const auto* last = MeanOf(checks.back(), topic);
    if (first == nullptr || last == nullptr) continue;
    changes[topic].before += first->mean();
    changes[topic].after += last->mean();
    ++changes[topic].subjects;
    any = true;
  }
  return any;
}

// All whose rounds may count: an association that has closed told of itself all the same, but only
// a live one is asked for.
absl::StatusOr<int> AddAll(const Ground& ground, Changes& changes) {
  int subjects = 0;
  const auto add = [&](ResourceSubject subject, const std::string& id) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const bool counts, AddSubject(ground, subject, id, changes));
    subjects += counts;
    return absl::OkStatus();
  };
  for (const auto& [id, association] : ground.associations) {
    if (association.has_delete_time()) continue;
    BB_RETURN_IF_ERROR(add(collab::v1::RESOURCE_SUBJECT_ASSOCIATION, id));
  }
  for (const std::string& code : ground.municipalities) {
    BB_RETURN_IF_ERROR(add(collab::v1::RESOURCE_SUBJECT_MUNICIPALITY, code));
  }
  for (const std::string& id : ground.departments) {
    BB_RETURN_IF_ERROR(add(collab::v1::RESOURCE_SUBJECT_DEPARTMENT, id));
  }
  return subjects;
}

// How the municipalities were in touch with an association.
struct Touch {
  bool any = false;
  bool beyond_money = false;
};

bool IsMoney(const contact::v1::Touchpoint& touchpoint) {
  return touchpoint.purpose() == contact::v1::CONTACT_PURPOSE_GRANT ||
         touchpoint.purpose() == contact::v1::CONTACT_PURPOSE_PREMISES;
}

absl::Status AddContacts(const Ground& ground, const std::string& id, Touch& touch) {
  contact::v1::ListTouchpointsRequest request;
  request.set_association_id(id);
  request.set_from_date(ground.period.from);
  request.set_to_date(ground.period.to);
  constexpr int kPage = 500;
  request.set_page_size(kPage);
  do {
    BB_ASSIGN_OR_RETURN(const auto page,
                        contact::ListAllTouchpoints(ground.snapshot, ground.now, request));
    for (const auto& each : page.touchpoints()) {
      const bool held = each.state() == contact::v1::Touchpoint::STATE_HELD;
      if (!held || !ground.departments.contains(each.department_id())) continue;
      touch.any = true;
      touch.beyond_money = touch.beyond_money || !IsMoney(each);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && !touch.beyond_money);
  return absl::OkStatus();
}

absl::Status AddApplications(const Ground& ground,
                             const registry::v1::Association& association,
                             grants::CaseDepartments& cases,
                             Touch& touch) {
  BB_ASSIGN_OR_RETURN(const auto applications,
                      grants::ApplicationsOf(ground.snapshot, association.id()));
  for (const auto& each : applications) {
    BB_ASSIGN_OR_RETURN(const std::string department,
                        cases.Of(each, association.municipality_code()));
    const bool theirs = ground.departments.contains(department);
    touch.any = touch.any || (theirs && ground.period.Has(each.received_date()));
  }
  return absl::OkStatus();
}

bool WorksTogether(const Ground& ground, const std::string& id) {
  return std::any_of(ground.work.begin(), ground.work.end(), [&](const Work& work) {
    const bool then = RanIn(ground.period, work.collaboration);
    const bool with = std::any_of(work.sides.begin(), work.sides.end(),
                                  [&](const Begun::Sides& sides) { return sides.second == id; });
    return then && with;
  });
}

absl::StatusOr<Touch> TouchWith(const Ground& ground,
                                const registry::v1::Association& association,
                                grants::CaseDepartments& cases) {
  const std::string& id = association.id();
  Touch touch;
  if (WorksTogether(ground, id)) return Touch{.any = true, .beyond_money = true};
  BB_RETURN_IF_ERROR(AddContacts(ground, id, touch));
  if (!touch.any) BB_RETURN_IF_ERROR(AddApplications(ground, association, cases, touch));
  return touch;
}

}  // namespace

absl::StatusOr<ReportValue> ResourceChange(const Ground& ground) {
  Changes changes = {};
  ReportValue value;
  BB_ASSIGN_OR_RETURN(const int subjects, AddAll(ground, changes));
  value.set_of(subjects);
  double sum = 0;
  int topics = 0;
  for (int topic = 1; topic < collab::v1::ResourceTopic_ARRAYSIZE; ++topic) {
    const Change& change = changes[topic];
    // A topic that few could be worked out for is no more told than a figure about few.
    if (change.subjects < kLeastTold) continue;
    ReportItem& item = *value.add_items();
    item.set_id(collab::v1::ResourceTopic_Name(static_cast<collab::v1::ResourceTopic>(topic)));
    item.set_before(change.before / change.subjects);
    item.set_after(change.after / change.subjects);
    item.set_value(item.after() - item.before());
    sum += item.value();
    ++topics;
  }
  if (topics > 0) value.set_value(sum / topics);
  return value;
}

absl::StatusOr<ReportValue> NotAboutMoney(const Ground& ground) {
  ReportValue value;
  grants::CaseDepartments cases(ground.snapshot);
  int in_touch = 0;
  for (const auto& [id, association] : ground.associations) {
    if (association.has_delete_time()) continue;
    BB_ASSIGN_OR_RETURN(const Touch touch, TouchWith(ground, association, cases));
    in_touch += touch.any;
    if (!touch.beyond_money) continue;
    ReportItem& item = *value.add_items();
    item.set_id(id);
    item.set_title(association.official_name());
  }
  value.set_of(in_touch);
  if (in_touch > 0) value.set_value(kWhole * value.items_size() / in_touch);
  return value;
}

}  // namespace brobygger::report
