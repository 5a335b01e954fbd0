#include "core/people/own_view.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/collab/courses.h"
#include "core/collab/networks.h"
#include "core/collab/resource_check.h"
#include "core/contact/touchpoints.h"
#include "core/events/events.h"
#include "core/events/invitations.h"
#include "core/grants/applications.h"
#include "core/grants/premises.h"
#include "core/people/corrections.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::people {
namespace {

using contact::v1::Touchpoint;
using storage::Index;

constexpr int kViewAtOnce = 500;

void Count(const Touchpoint& touchpoint, v1::ContactSummary& summary) {
  summary.set_department_name(touchpoint.department_name());
  summary.set_count(summary.count() + 1);
  const std::string& date = touchpoint.date();
  if (summary.first_date().empty() || date < summary.first_date()) summary.set_first_date(date);
  if (date > summary.last_date()) summary.set_last_date(date);
  const auto& bases = summary.bases();
  if (std::find(bases.begin(), bases.end(), touchpoint.basis()) == bases.end()) {
    summary.add_bases(touchpoint.basis());
  }
}

absl::Status AddContacts(const storage::Snapshot& snapshot,
                         base::Instant now,
                         v1::GetOwnViewResponse& view) {
  std::map<std::string, v1::ContactSummary> by_department;
  contact::v1::ListTouchpointsRequest request;
  request.set_association_id(view.association().id());
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, contact::ListAllTouchpoints(snapshot, now, request));
    for (const Touchpoint& each : page.touchpoints()) {
      Count(each, by_department[each.department_id()]);
    }
    for (const contact::v1::TouchpointCount& count : page.counts()) {
      v1::ContactSummary& summary = by_department[count.department_id()];
      summary.set_older_count(summary.older_count() + count.count());
      if (!summary.department_name().empty()) continue;
      const auto department = registry::GetDepartment(snapshot, count.department_id());
      if (department.ok()) summary.set_department_name(department->official_name());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  for (auto& [id, summary] : by_department) *view.add_contacts() = std::move(summary);
  return absl::OkStatus();
}

v1::EventSummary SummaryOf(const event::v1::Event& event,
                           const event::v1::Invitation& invitation,
                           const std::string& today) {
  v1::EventSummary summary;
  summary.set_event_id(event.id());
  summary.set_title(event.title());
  summary.set_state(invitation.state());
  if (event.has_start_time()) {
    *summary.mutable_start_time() = event.start_time();
    *summary.mutable_end_time() = event.end_time();
  }
  summary.set_start_date(event.start_date());
  summary.set_end_date(event.end_date());
  summary.set_place(event.place());
  summary.set_theme(event.theme());
  summary.set_can_give(invitation.can_give());
  summary.set_can_get(invitation.can_get());
  summary.set_head_count(invitation.head_count());
  summary.set_cancelled(event.has_cancel_time());
  *summary.mutable_host_names() = event.host_names();
  summary.set_open(events::CanBeAnswered(event, invitation, today));
  summary.set_association_id(invitation.association_id());
  return summary;
}

std::string DayOf(const v1::EventSummary& event) {
  return event.has_start_time() ? base::DanishDayOf(base::ToInstant(event.start_time()))
                                : event.start_date();
}

// The latest first.
absl::Status AddEvents(const storage::Snapshot& snapshot,
                       const std::vector<std::string>& ids,
                       const std::string& today,
                       v1::GetOwnViewResponse& view) {
  std::set<std::string> event_ids;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const auto keys,
                        registry::KeysAt(snapshot, Index::kInvitationByAssociation, id));
    for (const std::string& key : keys) event_ids.insert(key.substr(0, key.find('/')));
  }
  for (const std::string& event_id : event_ids) {
    BB_ASSIGN_OR_RETURN(const auto event, events::GetEvent(snapshot, event_id));
    for (const event::v1::Invitation& invitation : event.invitations()) {
      if (std::find(ids.begin(), ids.end(), invitation.association_id()) == ids.end()) continue;
      *view.add_events() = SummaryOf(event.event(), invitation, today);
    }
  }
  auto& events = *view.mutable_events();
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& left, const auto& right) { return DayOf(left) > DayOf(right); });
  return absl::OkStatus();
}

absl::Status AddGrants(const storage::Store& store, v1::GetOwnViewResponse& view) {
  grant::v1::ListGrantApplicationsRequest request;
  request.set_association_id(view.association().id());
  request.set_show_gone(true);
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, grants::ListGrantApplications(store, request));
    for (const grant::v1::GrantApplication& each : page.applications()) {
      v1::GrantSummary& summary = *view.add_grants();
      summary.set_application_id(each.id());
      summary.set_connection_id(each.connection_id());
      summary.set_title(each.title());
      summary.set_state(each.state());
      summary.set_received_date(each.received_date());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status AddCollaborations(const storage::Snapshot& snapshot, v1::GetOwnViewResponse& view) {
  collab::v1::ListCollaborationsRequest request;
  request.set_association_id(view.association().id());
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, collab::ListCollaborations(snapshot, request));
    for (const collab::v1::Collaboration& each : page.collaborations()) {
      v1::CollaborationSummary& summary = *view.add_collaborations();
      summary.set_collaboration_id(each.id());
      summary.set_title(each.title());
      summary.set_state(each.state());
      summary.set_state_date(each.state_date());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status AddResourceChecks(const storage::Snapshot& snapshot, v1::GetOwnViewResponse& view) {
  BB_ASSIGN_OR_RETURN(const auto checks,
                      collab::ListResourceChecks(snapshot, collab::v1::RESOURCE_SUBJECT_ASSOCIATION,
                                                 view.association().id()));
  for (const collab::v1::ResourceCheck& each : checks) {
    v1::ResourceCheckSummary& summary = *view.add_resource_checks();
    summary.set_resource_check_id(each.id());
    summary.set_date(each.date());
    summary.set_mode(each.mode());
    summary.set_shared(each.shared());
  }
  return absl::OkStatus();
}

// The part that the association itself has in something; null if it has none.
template <typename Taker>
const Taker* OwnPart(const google::protobuf::RepeatedPtrField<Taker>& takers,
                     const std::string& association_id) {
  const auto own = std::find_if(takers.begin(), takers.end(), [&](const Taker& each) {
    return each.association_id() == association_id;
  });
  return own == takers.end() ? nullptr : &*own;
}

// Whoever asks is told what the association would be.
collab::Actor Itself(const v1::GetOwnViewResponse& view) {
  return {.name = "", .association_id = view.association().id()};
}

v1::CourseSummary SummaryOf(const collab::v1::Course& course, const std::string& own_id) {
  v1::CourseSummary summary;
  summary.set_course_id(course.id());
  summary.set_title(course.title());
  summary.set_state(course.state());
  if (const auto* const own = OwnPart(course.participants(), own_id); own != nullptr) {
    summary.set_joined_date(own->joined_date());
    summary.set_left_date(own->left_date());
  }
  for (const collab::v1::CourseModule& module : course.modules()) {
    for (const collab::v1::CourseSession& session : module.sessions()) {
      const auto* const own = OwnPart(session.attendance(), own_id);
      if (own == nullptr) continue;
      v1::AttendanceSummary& told = *summary.add_attendance();
      told.set_date(session.date());
      told.set_topic(module.topic());
      told.set_state(own->state());
    }
  }
  for (const collab::v1::CourseTrial& trial : course.trials()) {
    if (trial.association_id() != own_id) continue;
    v1::TrialSummary& told = *summary.add_trials();
    told.set_date(trial.date());
    told.set_topic(trial.topic());
    told.set_shared(trial.shared());
  }
  return summary;
}

absl::Status AddCourses(const storage::Snapshot& snapshot, v1::GetOwnViewResponse& view) {
  collab::v1::ListCoursesRequest request;
  request.set_association_id(view.association().id());
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, collab::ListCourses(snapshot, request, Itself(view)));
    for (const collab::v1::Course& each : page.courses()) {
      *view.add_courses() = SummaryOf(each, view.association().id());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status AddNetworks(const storage::Snapshot& snapshot, v1::GetOwnViewResponse& view) {
  collab::v1::ListNetworksRequest request;
  request.set_association_id(view.association().id());
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, collab::ListNetworks(snapshot, request, Itself(view)));
    for (const collab::v1::Network& each : page.networks()) {
      v1::NetworkSummary& summary = *view.add_networks();
      summary.set_network_id(each.id());
      summary.set_title(each.title());
      const auto* const own = OwnPart(each.members(), view.association().id());
      if (own == nullptr) continue;
      summary.set_joined_date(own->joined_date());
      summary.set_left_date(own->left_date());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status AddPremisesNeeds(const storage::Store& store, v1::GetOwnViewResponse& view) {
  grant::v1::ListPremisesNeedsRequest request;
  request.set_association_id(view.association().id());
  request.set_show_settled(true);
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page, grants::ListNeeds(store, request));
    for (const grant::v1::PremisesNeed& each : page.needs()) {
      v1::PremisesNeedSummary& summary = *view.add_premises_needs();
      summary.set_premises_need_id(each.id());
      summary.set_title(each.title());
      summary.set_state(each.state());
      summary.set_stated_by(each.stated_by());
      *summary.mutable_update_time() = each.update_time();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status AddPremises(const storage::Store& store,
                         base::Instant now,
                         v1::GetOwnViewResponse& view) {
  grant::v1::ListPremisesRequest request;
  request.set_association_id(view.association().id());
  request.set_show_past(true);
  request.set_page_size(kViewAtOnce);
  do {
    BB_ASSIGN_OR_RETURN(const auto page,
                        grants::ListPremises(store, request, base::DanishDayOf(now)));
    for (const grant::v1::PremisesAllocation& each : page.premises()) {
      v1::PremisesSummary& summary = *view.add_premises();
      summary.set_premises_id(each.id());
      summary.set_place(each.place());
      *summary.mutable_slot() = each.slot();
      *summary.mutable_season() = each.season();
      summary.set_department_name(each.department_name());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetOwnViewResponse> GetOwnView(const storage::Store& store,
                                                  const base::Clock& clock,
                                                  const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(auto association, registry::FollowMerges(*latest, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  v1::GetOwnViewResponse view;
  *view.mutable_association() = *std::move(association);
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(*latest, view.association().id()));
  *view.mutable_association_ids() = {ids.begin(), ids.end()};
  BB_RETURN_IF_ERROR(AddCollaborations(*latest, view));
  BB_RETURN_IF_ERROR(AddResourceChecks(*latest, view));
  BB_RETURN_IF_ERROR(AddCourses(*latest, view));
  BB_RETURN_IF_ERROR(AddNetworks(*latest, view));
  BB_RETURN_IF_ERROR(AddContacts(*latest, clock.Now(), view));
  BB_RETURN_IF_ERROR(AddEvents(*latest, ids, base::DanishDayOf(clock.Now()), view));
  BB_RETURN_IF_ERROR(AddGrants(store, view));
  BB_RETURN_IF_ERROR(AddPremisesNeeds(store, view));
  BB_RETURN_IF_ERROR(AddPremises(store, clock.Now(), view));
  v1::ListCorrectionsRequest corrections;
  corrections.set_association_id(view.association().id());
  corrections.set_show_closed(true);
  BB_ASSIGN_OR_RETURN(auto listed, ListCorrections(*latest, corrections));
  view.mutable_corrections()->Swap(listed.mutable_corrections());
  std::set<std::string> persons;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const auto keys,
                        registry::KeysAt(*latest, Index::kPersonByAssociation, id));
    persons.insert(keys.begin(), keys.end());
  }
  view.set_person_count(static_cast<std::uint32_t>(persons.size()));
  return view;
}

}  // namespace brobygger::people
