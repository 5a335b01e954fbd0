#include "core/report/programme_import.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/events/days.h"
#include "core/events/events.h"
#include "core/model/names.h"
#include "core/model/places.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/edit.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/report/programmes.h"

namespace brobygger::report {
namespace {

using collab::v1::Collaboration;
using model::BrokenRule;
using model::Place;
using registry::v1::Association;
using storage::Index;
using storage::Transaction;

constexpr int kMostEntries = 500;

// An error of what an entry names, said of the entry.
absl::Status At(const Place& place, const absl::Status& status) {
  if (status.ok() || absl::IsPermissionDenied(status)) return status;
  std::string why(status.message());
  // The rule says its own full stop.
  if (why.ends_with('.')) why.pop_back();
  return BrokenRule(place, "was refused: " + why);
}

absl::Status CheckMunicipality(const Place& place, const std::string& code) {
  if (model::IsMunicipalityCode(code)) return absl::OkStatus();
  return BrokenRule({&place, "municipality_code"}, "names no municipality");
}

// One of the same title and first day between the same parties is the same; empty ids are of no
// matter, since those of departments and associations are mixed.
std::string KeyOf(const std::string& title,
                  const std::string& start_date,
                  const std::set<std::string>& parties) {
  std::string key = model::FoldName(title) + "|" + start_date;
  for (const std::string& id : parties) {
    if (!id.empty()) key += "|" + id;
  }
  return key;
}

std::string DayKeyOf(const std::string& title, event::v1::EventKind kind, const std::string& date) {
  return model::FoldName(title) + "|" + std::to_string(kind) + "|" + date;
}

class Import {
 public:
  Import(Transaction& transaction, const collab::Actor& actor)
      : transaction_(transaction), actor_(actor) {}

  absl::StatusOr<v1::ImportProgrammeResponse> Run(const v1::ImportProgrammeRequest& request);

 private:
  absl::StatusOr<std::string> AssociationId(const Place& place,
                                            const v1::ImportedAssociation& wanted);
  absl::StatusOr<std::string> DepartmentId(const Place& place,
                                           const v1::ImportedDepartment& wanted);
  absl::Status AddCollaboration(const Place& place, const v1::ImportedCollaboration& wanted);
  absl::Status AddDay(const Place& place, const v1::ImportedDay& wanted);
  absl::Status LoadKnown();

  void IsKnown() { answer_.set_known(answer_.known() + 1); }

  Transaction& transaction_;
  const collab::Actor& actor_;
  v1::ImportProgrammeResponse answer_;
  // By municipality and folded name, so that each entry is looked up once.
  std::map<std::pair<std::string, std::string>, std::string> associations_;
  std::map<std::pair<std::string, std::string>, std::string> departments_;
  // What is there already: see KeyOf(), and for days title, kind and date.
  std::set<std::string> collaborations_;
  std::map<std::string, std::set<std::string>> days_;
};

absl::StatusOr<std::string> Import::AssociationId(const Place& place,
                                                  const v1::ImportedAssociation& wanted) {
  BB_RETURN_IF_ERROR(CheckMunicipality(place, wanted.municipality_code()));
  const std::string folded = model::FoldName(wanted.official_name());
  std::string& id = associations_[std::pair(wanted.municipality_code(), folded)];
  if (!id.empty()) return id;
  BB_ASSIGN_OR_RETURN(const auto keys,
                      registry::KeysAt(transaction_, Index::kAssociationByName, folded));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(transaction_, key));
    const bool there = association && !association->has_delete_time() &&
                       association->municipality_code() == wanted.municipality_code();
    if (!there || association->id() == id) continue;
    if (!id.empty()) {
      return BrokenRule({&place, "official_name"},
                        "is the name of several associations there; merge them or name them apart");
    }
    id = association->id();
  }
  if (!id.empty()) {
    IsKnown();
    return id;
  }
  Association made;
  made.set_official_name(wanted.official_name());
  made.set_municipality_code(wanted.municipality_code());
  const auto created = registry::CreateAssociation(transaction_, std::move(made), actor_.name);
  if (!created.ok()) return At(place, created.status());
  answer_.set_created_associations(answer_.created_associations() + 1);
  id = created->id();
  return id;
}

absl::StatusOr<std::string> Import::DepartmentId(const Place& place,
                                                 const v1::ImportedDepartment& wanted) {
  BB_RETURN_IF_ERROR(CheckMunicipality(place, wanted.municipality_code()));
  const std::string folded = model::FoldName(wanted.official_name());
  std::string& id = departments_[std::pair(wanted.municipality_code(), folded)];
  if (!id.empty()) return id;
  BB_ASSIGN_OR_RETURN(const auto there,
                      registry::DepartmentsOf(transaction_, wanted.municipality_code()));
  for (const auto& department : there) {
    if (model::FoldName(department.official_name()) != folded) continue;
    IsKnown();
    return id = department.id();
  }
  registry::v1::Department made;
  made.set_official_name(wanted.official_name());
  made.set_municipality_code(wanted.municipality_code());
  const auto created = registry::CreateDepartment(transaction_, std::move(made), actor_.name);
  if (!created.ok()) return At(place, created.status());
  answer_.set_created_departments(answer_.created_departments() + 1);
  return id = created->id();
}

absl::Status Import::LoadKnown() {
  const auto look = [&](const Collaboration& each) -> absl::Status {
    std::set<std::string> parties;
    for (const auto& party : each.parties()) {
      BB_ASSIGN_OR_RETURN(const auto led,
                          registry::FollowMerges(transaction_, party.association_id()));
      if (led) parties.insert(led->id());
      parties.insert(party.department_id());
    }
    collaborations_.insert(KeyOf(each.title(), each.start_date(), parties));
    return absl::OkStatus();
  };
  return registry::ForEachRecord<Collaboration>(transaction_, storage::Kind::kCollaboration, "",
                                                look);
}

absl::Status Import::AddCollaboration(const Place& place, const v1::ImportedCollaboration& wanted) {
  collab::v1::CreateCollaborationRequest request;
  request.set_recorded_afterwards(true);
  Collaboration& made = *request.mutable_collaboration();
  made.set_title(wanted.title());
  made.set_start_date(wanted.start_date());
  made.set_end_date(wanted.end_date());
  made.set_theme(wanted.theme());
  if (wanted.associations().empty()) {
    return BrokenRule({&place, "associations"}, "are required");
  }
  for (int i = 0; i < wanted.associations_size(); ++i) {
    BB_ASSIGN_OR_RETURN(const std::string id,
                        AssociationId({&place, "associations", i}, wanted.associations(i)));
    auto& party = *request.add_parties();
    party.set_side(collab::v1::COLLABORATION_SIDE_ASSOCIATION);
    party.set_association_id(id);
  }
  BB_ASSIGN_OR_RETURN(const std::string department,
                      DepartmentId({&place, "department"}, wanted.department()));
  auto& party = *request.add_parties();
  party.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  party.set_department_id(department);
  std::set<std::string> parties;
  for (const auto& each : request.parties()) {
    parties.insert(each.association_id());
    parties.insert(each.department_id());
  }
  std::string start = wanted.start_date();
  BB_RETURN_IF_ERROR(model::FixDate({&place, "start_date"}, start));
  if (!collaborations_.insert(KeyOf(wanted.title(), start, parties)).second) {
    IsKnown();
    return absl::OkStatus();
  }
  const auto created = collab::CreateCollaboration(transaction_, request, actor_);
  if (!created.ok()) return At(place, created.status());
  answer_.set_created_collaborations(answer_.created_collaborations() + 1);
  if (wanted.outcome().empty()) return absl::OkStatus();
  collab::v1::RecordOutcomeRequest outcome;
  outcome.set_collaboration_id(created->id());
  outcome.mutable_outcome()->set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  outcome.mutable_outcome()->set_text(wanted.outcome());
  return At(place, collab::RecordOutcome(transaction_, outcome, actor_).status());
}

absl::Status Import::AddDay(const Place& place, const v1::ImportedDay& wanted) {
  BB_ASSIGN_OR_RETURN(const std::string department,
                      DepartmentId({&place, "department"}, wanted.department()));
  // Those of a department are read once.
  const auto [days, is_new] = days_.try_emplace(department);
  if (is_new) {
    BB_ASSIGN_OR_RETURN(const auto held, events::DaysHeldBy(transaction_, {department}));
    for (const events::HeldDay& day : held) {
      days->second.insert(DayKeyOf(day.event.title(), day.event.kind(), day.first_day));
    }
  }
  std::string date = wanted.date();
  BB_RETURN_IF_ERROR(model::FixDate({&place, "date"}, date));
  if (!days->second.insert(DayKeyOf(wanted.title(), wanted.kind(), date)).second) {
    IsKnown();
    return absl::OkStatus();
  }
  events::Event made;
  made.set_kind(wanted.kind());
  made.set_title(wanted.title());
  made.set_place(wanted.place());
  made.set_start_date(wanted.date());
  made.set_end_date(wanted.date());
  made.add_host_department_ids(department);
  answer_.set_created_days(answer_.created_days() + 1);
  return At(place, events::CreateEvent(transaction_, made).status());
}

absl::StatusOr<v1::ImportProgrammeResponse> Import::Run(const v1::ImportProgrammeRequest& request) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  for (const int size :
       {request.associations_size(), request.collaborations_size(), request.days_size()}) {
    if (size > kMostEntries) return BrokenRule({}, "has more than 500 entries of a kind");
  }
  BB_RETURN_IF_ERROR(LoadKnown());
  v1::Programme programme = request.programme();
  programme.clear_association_ids();
  for (int i = 0; i < request.associations_size(); ++i) {
    BB_ASSIGN_OR_RETURN(*programme.add_association_ids(),
                        AssociationId({nullptr, "associations", i}, request.associations(i)));
  }
  for (int i = 0; i < request.collaborations_size(); ++i) {
    BB_RETURN_IF_ERROR(AddCollaboration({nullptr, "collaborations", i}, request.collaborations(i)));
  }
  for (int i = 0; i < request.days_size(); ++i) {
    BB_RETURN_IF_ERROR(AddDay({nullptr, "days", i}, request.days(i)));
  }
  BB_ASSIGN_OR_RETURN(*answer_.mutable_programme(),
                      PutProgramme(transaction_, std::move(programme)));
  return std::move(answer_);
}

}  // namespace

absl::StatusOr<v1::ImportProgrammeResponse> ImportProgramme(
    Transaction& transaction,
    const v1::ImportProgrammeRequest& request,
    const collab::Actor& actor) {
  if (actor.is_association()) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "programmes are written down by the municipality's employees");
  }
  return Import(transaction, actor).Run(request);
}

}  // namespace brobygger::report
