#include "core/discovery/guide.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/discovery/blank_spots.h"
#include "core/discovery/pick.h"
#include "core/discovery/way.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/municipality_work.h"
#include "core/registry/query.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using registry::v1::Policy;
using v1::GuideAnswer;
using v1::GuideFact;

// Adds facts to one answer and works its state out.
class Answer {
 public:
  Answer(v1::GuideQuestion question, v1::GetGuideResponse& response)
      : answer_(*response.add_answers()) {
    answer_.set_question(question);
    answer_.set_state(v1::GUIDE_STATE_OPEN);
  }

  void Fact(v1::GuideFactKind kind,
            bool known,
            std::int64_t count = 0,
            const std::string& text = "") {
    GuideFact& fact = *answer_.add_facts();
    fact.set_kind(kind);
    fact.set_known(known);
    fact.set_count(count);
    fact.set_text(text);
    const auto& facts = answer_.facts();
    const auto known_facts = std::count_if(facts.begin(), facts.end(),
                                           [](const GuideFact& each) { return each.known(); });
    if (known_facts == 0) return;
    answer_.set_state(known_facts == facts.size() ? v1::GUIDE_STATE_ANSWERED
                                                  : v1::GUIDE_STATE_PARTLY);
  }
  void Count(v1::GuideFactKind kind, std::int64_t count) { Fact(kind, count > 0, count); }

  void AskDepartment(const v1::FindWayResponse& ways) {
    if (answer_.state() == v1::GUIDE_STATE_ANSWERED || ways.ways().empty()) return;
    const v1::Way& way = ways.ways(0);
    answer_.set_ask_department_id(way.assignment().department_id());
    answer_.set_ask_department_name(way.assignment().department_name());
    answer_.set_ask_email(way.contact_email());
  }

  void AskAssociation(const Association& association) {
    if (answer_.state() == v1::GUIDE_STATE_ANSWERED || association.emails().empty()) return;
    answer_.set_ask_email(association.emails(0));
  }

 private:
  GuideAnswer& answer_;
};

// Answers for one municipality.
class MunicipalityGuide {
 public:
  MunicipalityGuide(Overview& overview,
                    std::string code,
                    base::Instant now,
                    v1::GetGuideResponse& response)
      : overview_(overview), code_(std::move(code)), now_(now), response_(response) {}

  absl::Status Write() {
    BB_ASSIGN_OR_RETURN(policies_, registry::ListPolicies(overview_.snapshot(), code_));
    BB_ASSIGN_OR_RETURN(integration_, Ways(registry::v1::THEME_INTEGRATION));
    BB_ASSIGN_OR_RETURN(volunteering_, Ways(registry::v1::THEME_VOLUNTARY_SOCIAL_WORK));
    BB_RETURN_IF_ERROR(WriteActors());
    BB_RETURN_IF_ERROR(WriteCoordination());
    WritePolicy(v1::GUIDE_QUESTION_INTEGRATION_POLICY, Policy::KIND_INTEGRATION, integration_);
    WritePolicy(v1::GUIDE_QUESTION_VOLUNTEER_POLICY, Policy::KIND_VOLUNTEER, volunteering_);
    WriteGoals();
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<v1::FindWayResponse> Ways(registry::v1::Theme theme) {
    v1::FindWayRequest request;
    request.set_municipality_code(code_);
    request.set_theme(theme);
    return FindWay(overview_.snapshot(), request, now_);
  }

  // Who works with the field, by tasks and by contacts.
  absl::Status WriteActors() {
    v1::FindWayRequest request;
    request.set_municipality_code(code_);
    BB_ASSIGN_OR_RETURN(const auto ways, FindWay(overview_.snapshot(), request, now_));
    std::set<std::string> tasked;
    for (const v1::Way& way : ways.ways()) tasked.insert(way.assignment().department_id());
    const auto look = [&](const Association& association) -> absl::Status {
      BB_ASSIGN_OR_RETURN(const auto pairs, overview_.ContactsOf(association));
      for (const PairContacts& pair : pairs) {
        BB_ASSIGN_OR_RETURN(const auto* department, overview_.FindDepartment(pair.department_id));
        if (department != nullptr && department->municipality_code() == code_) {
          in_touch_.insert(pair.department_id);
        }
      }
      if (BlanknessOf(pairs, overview_.today()).nobody()) ++known_by_nobody_;
      ++associations_;
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEachAssociation(overview_.snapshot(), code_, look));
    Answer answer(v1::GUIDE_QUESTION_INTERNAL_ACTORS, response_);
    answer.Count(v1::GUIDE_FACT_KIND_DEPARTMENTS_WITH_TASKS,
                 static_cast<std::int64_t>(tasked.size()));
    answer.Count(v1::GUIDE_FACT_KIND_DEPARTMENTS_WITH_CONTACT,
                 static_cast<std::int64_t>(in_touch_.size()));
    answer.AskDepartment(integration_);
    return absl::OkStatus();
  }

  absl::Status WriteCoordination() {
    BB_ASSIGN_OR_RETURN(const auto groups,
                        registry::ListCoordinationGroups(overview_.snapshot(), code_));
    Answer answer(v1::GUIDE_QUESTION_COORDINATION, response_);
    answer.Count(v1::GUIDE_FACT_KIND_COORDINATION_GROUPS, groups.coordination_groups_size());
    // That there is an overview at all is an answer, also where it shows blank spots.
    answer.Fact(v1::GUIDE_FACT_KIND_KNOWN_BY_NOBODY, associations_ > 0 && !in_touch_.empty(),
                known_by_nobody_);
    answer.AskDepartment(integration_);
    return absl::OkStatus();
  }

  // "There is none" is an answer, too.
  void WritePolicy(v1::GuideQuestion question, Policy::Kind kind, const v1::FindWayResponse& ask) {
    Answer answer(question, response_);
    const auto& policies = policies_.policies();
    const auto found = std::find_if(policies.begin(), policies.end(), [&](const Policy& each) {
      return each.kind() == kind && each.existence() != Policy::EXISTENCE_UNSPECIFIED;
    });
    const bool known = found != policies.end();
    answer.Fact(v1::GUIDE_FACT_KIND_POLICY, known, known ? found->existence() : 0,
                known ? found->title() : "");
    answer.AskDepartment(ask);
  }

  void WriteGoals() {
    std::int64_t goals = 0;
    for (const Policy& policy : policies_.policies()) goals += policy.goals_size();
    Answer answer(v1::GUIDE_QUESTION_GOALS, response_);
    answer.Count(v1::GUIDE_FACT_KIND_GOALS, goals);
    answer.AskDepartment(integration_);
  }

  Overview& overview_;
  const std::string code_;
  const base::Instant now_;
  v1::GetGuideResponse& response_;
  registry::v1::ListPoliciesResponse policies_;
  v1::FindWayResponse integration_;
  v1::FindWayResponse volunteering_;
  std::set<std::string> in_touch_;
  std::int64_t associations_ = 0;
  std::int64_t known_by_nobody_ = 0;
};

void WriteInterest(const Association& association, v1::GetGuideResponse& response) {
  Answer answer(v1::GUIDE_QUESTION_INTEREST, response);
  const auto level_of = [&](registry::v1::Perspective perspective) {
    for (const auto& each : association.collaboration_interests()) {
      if (each.perspective() == perspective && each.has_level()) return each.level();
    }
    return -1;
  };
  const int own = level_of(registry::v1::PERSPECTIVE_ASSOCIATION);
  const int assessed = level_of(registry::v1::PERSPECTIVE_MUNICIPALITY);
  answer.Fact(v1::GUIDE_FACT_KIND_OWN_INTEREST, own >= 0, std::max(own, 0));
  answer.Fact(v1::GUIDE_FACT_KIND_ASSESSED_INTEREST, assessed >= 0, std::max(assessed, 0));
  answer.AskAssociation(association);
}

void WriteMotivation(const Association& association, v1::GetGuideResponse& response) {
  Answer answer(v1::GUIDE_QUESTION_MOTIVATION, response);
  answer.Fact(v1::GUIDE_FACT_KIND_PURPOSE, !association.purpose().by_language().empty());
  answer.Fact(v1::GUIDE_FACT_KIND_STATUTES, association.has_statutes());
  answer.Count(v1::GUIDE_FACT_KIND_ACTIVITIES, association.activities_size());
  answer.AskAssociation(association);
}

void WriteResources(const Association& association, v1::GetGuideResponse& response) {
  Answer answer(v1::GUIDE_QUESTION_RESOURCES, response);
  const registry::v1::ResourceStatement* newest = nullptr;
  for (const auto& each : association.resource_statements()) {
    if (newest == nullptr || each.year() > newest->year()) newest = &each;
  }
  const bool members = newest != nullptr && newest->has_members_total();
  const bool volunteers = newest != nullptr && newest->has_volunteers_active();
  answer.Fact(v1::GUIDE_FACT_KIND_MEMBERS, members, members ? newest->members_total() : 0);
  answer.Fact(v1::GUIDE_FACT_KIND_VOLUNTEERS, volunteers,
              volunteers ? newest->volunteers_active() : 0);
  answer.Count(v1::GUIDE_FACT_KIND_PREMISES, newest == nullptr ? 0 : newest->premises_size());
  answer.Count(v1::GUIDE_FACT_KIND_BOARD_SEATS, association.board_seats_size());
  answer.AskAssociation(association);
}

void WriteOrganising(const Association& association, v1::GetGuideResponse& response) {
  Answer answer(v1::GUIDE_QUESTION_ORGANISING, response);
  answer.Fact(v1::GUIDE_FACT_KIND_DELEGATION,
              association.delegation() != registry::v1::DELEGATION_UNSPECIFIED);
  answer.Fact(v1::GUIDE_FACT_KIND_ASSOCIATION_KIND,
              association.kind() != registry::v1::ASSOCIATION_KIND_UNSPECIFIED,
              static_cast<std::int64_t>(association.kind()));
  answer.AskAssociation(association);
}

absl::Status WriteOthers(const storage::Snapshot& snapshot,
                         const Association& association,
                         v1::GetGuideResponse& response) {
  BB_ASSIGN_OR_RETURN(
      const auto relations,
      registry::KeysAt(snapshot, storage::Index::kRelationByAssociation, association.id()));
  Answer answer(v1::GUIDE_QUESTION_OTHER_ASSOCIATIONS, response);
  answer.Count(v1::GUIDE_FACT_KIND_RELATIONS, static_cast<std::int64_t>(relations.size()));
  answer.AskAssociation(association);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetGuideResponse> GetGuide(const Asker& asker,
                                              const v1::GetGuideRequest& request) {
  const std::string& code = request.municipality_code();
  BB_RETURN_IF_ERROR(CheckMunicipality(code, true));
  BB_RETURN_IF_ERROR(CheckAtHome(asker.caller, code));
  BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker));
  v1::GetGuideResponse response;
  MunicipalityGuide guide(overview, code, asker.clock.Now(), response);
  BB_RETURN_IF_ERROR(guide.Write());
  if (request.association_id().empty()) return response;
  BB_ASSIGN_OR_RETURN(const Association association,
                      registry::GetLive(overview.snapshot(), request.association_id()));
  WriteInterest(association, response);
  WriteMotivation(association, response);
  WriteResources(association, response);
  WriteOrganising(association, response);
  BB_RETURN_IF_ERROR(WriteOthers(overview.snapshot(), association, response));
  return response;
}

}  // namespace brobygger::discovery
