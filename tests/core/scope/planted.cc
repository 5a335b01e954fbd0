#include "tests/core/scope/planted.h"

#include <utility>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "brobygger/contact/v1/touchpoint.pb.h"
#include "brobygger/event/v1/event.pb.h"
#include "brobygger/identity/v1/decision.pb.h"
#include "brobygger/identity/v1/merge.pb.h"
#include "brobygger/identity/v1/question.pb.h"
#include "brobygger/registry/v1/municipality_work.pb.h"
#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/day.h"
#include "core/events/feeds.h"
#include "core/model/public_part.h"
#include "core/sync/keys.h"
#include "tests/core/scope/planted_access.h"
#include "tests/core/scope/planted_collab.h"
#include "tests/core/scope/planted_grants.h"

namespace brobygger::scope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using storage::Index;
using storage::Kind;

template <typename Record>
Record Filled(const std::string& word) {
  Record record;
  FillTexts(word, record);
  return record;
}

// Writes the records of one municipality.
class Planting {
 public:
  Planting(storage::Transaction& transaction, std::string code, int number)
      : transaction_(transaction), number_(number) {
    planted_.municipality_code = std::move(code);
    planted_.word = "hemmelig" + planted_.municipality_code;
    connection_ = fmt::format("kilde{}", number_);
    today_ = base::DanishDayOf(transaction_.now());
  }

  Planted Run() {
    PlantMunicipality();
    PlantAssociations();
    PlantContacts();
    PlantEvents();
    PlantCollaboration();
    PlantGrants();
    PlantIdentity();
    PlantConnection();
    PlantRuns();
    PlantAccess(transaction_, {Id(70), Id(71)}, planted_);
    return std::move(planted_);
  }

 private:
  std::string Id(int what) const {
    return fmt::format("{:08x}-0000-4000-8000-{:012x}", number_, what);
  }
  std::string Word(Kind kind) const { return planted_.WordOf(kind); }

  void Put(Kind kind,
           const std::string& key,
           const Message& record,
           std::vector<storage::IndexTerm> terms = {}) {
    const auto put = transaction_.Put(kind, key, record.SerializeAsString(), std::move(terms));
    INFO(put);
    REQUIRE(put.ok());
    planted_.records.push_back({kind, key});
  }

  void PlantMunicipality() {
    const std::string& code = planted_.municipality_code;
    const std::string id = planted_.ids["department_id"] = Id(1);
    auto department = Filled<registry::v1::Department>(kPublicWord);
    department.set_id(id);
    department.set_municipality_code(code);
    Put(Kind::kDepartment, id, department, {{Index::kDepartmentByMunicipality, code}});
    auto second = department;
    second.set_id(planted_.ids["second_department_id"] = Id(5));
    Put(Kind::kDepartment, second.id(), second, {{Index::kDepartmentByMunicipality, code}});
    auto task = Filled<registry::v1::KleAssignment>(kPublicWord);
    task.set_id(planted_.ids["assignment_id"] = Id(2));
    task.set_department_id(id);
    task.set_kle_number("18.15.05");
    task.set_aspect(registry::v1::KleAssignment::ASPECT_RESPONSIBLE);
    Put(Kind::kKleAssignment, task.id(), task,
        {{Index::kKleByDepartment, id}, {Index::kKleByNumber, code + "/18.15.05"}});
    auto policy = Filled<registry::v1::Policy>(kPublicWord);
    policy.set_id(planted_.ids["policy_id"] = Id(3));
    policy.set_municipality_code(code);
    Put(Kind::kPolicy, policy.id(), policy, {{Index::kPolicyByMunicipality, code}});
    auto group = Filled<registry::v1::CoordinationGroup>(kPublicWord);
    group.set_id(planted_.ids["coordination_group_id"] = Id(4));
    group.set_municipality_code(code);
    *group.mutable_department_ids()->Add() = id;
    Put(Kind::kCoordinationGroup, group.id(), group, {{Index::kGroupByMunicipality, code}});
  }

  registry::v1::Association Association(const std::string& id) const {
    auto association = Filled<registry::v1::Association>(Word(Kind::kAssociation));
    association.set_id(id);
    association.set_municipality_code(planted_.municipality_code);
    association.clear_merged_into_association_id();
    association.clear_delete_time();
    association.clear_visibility_consent();
    return association;
  }

  void PutAssociation(const registry::v1::Association& association) {
    Put(Kind::kAssociation, association.id(), association,
        {{Index::kAssociationByName, association.official_name() + association.id()},
         storage::UpdateTerm(transaction_.revision())});
  }

  void PlantAssociations() {
    const std::string closed = planted_.ids["association_id"] = Id(10);
    PutAssociation(Association(closed));
    planted_.ids["other_association_id"] = planted_.open_association = Id(11);
    auto open = Association(planted_.open_association);
    // Its public part holds the public word, and all else the municipality's own.
    auto shown = Filled<registry::v1::Association>(kPublicWord);
    shown.clear_merged_into_association_id();
    shown = model::PublicPart(shown);
    std::vector<const FieldDescriptor*> fields;
    shown.GetReflection()->ListFields(shown, &fields);
    for (const FieldDescriptor* field : fields) open.GetReflection()->ClearField(&open, field);
    open.MergeFrom(shown);
    open.set_id(planted_.open_association);
    open.set_municipality_code(planted_.municipality_code);
    open.mutable_visibility_consent()->set_other_municipalities(true);
    open.mutable_visibility_consent()->set_volunteer_centres(true);
    PutAssociation(open);
    // One that no rule finds anything wrong with, so that it can be changed.
    registry::v1::Association plain;
    plain.set_id(other_ = planted_.ids["plain_association_id"] = Id(12));
    plain.set_official_name(Word(Kind::kAssociation) + "plain");
    plain.set_municipality_code(planted_.municipality_code);
    PutAssociation(plain);
    auto relation = Filled<registry::v1::AssociationRelation>(Word(Kind::kRelation));
    relation.set_id(planted_.ids["relation_id"] = Id(13));
    relation.set_from_association_id(closed);
    relation.set_to_association_id(planted_.open_association);
    Put(Kind::kRelation, relation.id(), relation,
        {{Index::kRelationByAssociation, closed},
         {Index::kRelationByAssociation, planted_.open_association}});
    auto correction = Filled<people::v1::Correction>(Word(Kind::kCorrection));
    correction.set_id(planted_.ids["correction_id"] = Id(14));
    correction.set_association_id(closed);
    correction.set_state(people::v1::Correction::STATE_OPEN);
    Put(Kind::kCorrection, closed + "/" + correction.id(), correction);
  }

  void PlantContacts() {
    // With the one that agreed to be seen: what was had to do with it is not for all that.
    int number = 20;
    for (const std::string& about : {planted_.ids["association_id"], planted_.open_association}) {
      auto stored = Filled<contact::v1::StoredTouchpoint>(Word(Kind::kTouchpoint));
      stored.clear_records();
      auto& touchpoint = *stored.mutable_touchpoint();
      touchpoint.set_id(planted_.ids["touchpoint_id"] = Id(number++));
      touchpoint.set_association_id(about);
      touchpoint.set_department_id(planted_.ids["department_id"]);
      touchpoint.set_date(today_);
      touchpoint.set_meeting_key("meeting" + touchpoint.id());
      touchpoint.set_basis(contact::v1::Touchpoint::BASIS_PERSON);
      touchpoint.mutable_follow_up()->set_owner_department_id(planted_.ids["department_id"]);
      touchpoint.mutable_follow_up()->set_date(today_);
      Put(Kind::kTouchpoint, touchpoint.id(), stored,
          {{Index::kTouchpointByAssociation, about},
           {Index::kTouchpointByDepartment, planted_.ids["department_id"]},
           {Index::kFollowUpOwed, planted_.ids["department_id"]}});
    }
    contact::v1::TouchpointCount count;
    count.set_association_id(planted_.ids["association_id"]);
    count.set_department_id(planted_.ids["department_id"]);
    count.set_quarter("2020-Q3");
    count.set_count(7);
    Put(Kind::kTouchpointCount, count.association_id() + "/" + count.department_id() + "/2020-Q3",
        count);
  }

  void PlantCollaboration() {
    const auto put = [this](Kind kind, const std::string& key, const Message& record,
                            std::vector<storage::IndexTerm> terms) {
      Put(kind, key, record, std::move(terms));
    };
    PlantTogether([this](int what) { return Id(what); }, today_, put, planted_);
  }

  void PlantEvents() {
    auto event = Filled<event::v1::Event>(Word(Kind::kEvent));
    event.set_id(planted_.ids["event_id"] = Id(30));
    event.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
    event.set_start_date(today_);
    event.set_end_date(today_);
    event.clear_url();
    *event.mutable_host_department_ids()->Add() = planted_.ids["department_id"];
    Put(Kind::kEvent, event.id(), event);
    for (const std::string& asked : {planted_.ids["association_id"], planted_.open_association}) {
      auto invitation = Filled<event::v1::Invitation>(Word(Kind::kInvitation));
      invitation.set_event_id(event.id());
      invitation.set_association_id(asked);
      invitation.set_state(event::v1::Invitation::STATE_ATTENDED);
      Put(Kind::kInvitation, event.id() + "/" + asked, invitation,
          {{Index::kInvitationByAssociation, asked}});
    }
    auto publication = Filled<event::v1::Publication>(Word(Kind::kPublication));
    publication.set_event_id(event.id());
    publication.set_connection_id(connection_);
    Put(Kind::kPublication, connection_ + "/" + event.id() + "/" + publication.calendar(),
        publication, {{Index::kPublicationByEvent, event.id()}});
    const auto made = events::CreateFeedKey(transaction_, planted_.ids["department_id"]);
    REQUIRE(made.ok());
    planted_.ids["feed_key_id"] = made->feed_key().id();
    planted_.feed_secret = made->secret();
    planted_.records.push_back({Kind::kFeedKey, made->feed_key().id()});
  }

  void PlantGrants() {
    const auto made = MakeGrants(planted_, {Id(40), Id(41), Id(42), Id(43)}, connection_, today_);
    planted_.ids["application_id"] = made.application.id();
    planted_.ids["pool_id"] = made.pool.id();
    planted_.ids["premises_need_id"] = made.need.id();
    planted_.ids["premises_id"] = made.premises.id();
    Put(Kind::kGrantApplication, made.application.id(), made.application,
        {{Index::kGrantByAssignment, made.application.assigned_association_id()}});
    Put(Kind::kFollowUp, made.application.id(), made.follow_up);
    Put(Kind::kPool, made.pool.id(), made.pool);
    Put(Kind::kPremisesNeed, made.need.id(), made.need,
        {{Index::kPremisesNeedByAssociation, made.need.association_id()}});
    Put(Kind::kPremises, made.premises.id(), made.premises,
        {{Index::kPremisesByAssociation, made.premises.association_id()}});
  }

  void PlantIdentity() {
    const std::string& closed = planted_.ids["association_id"];
    const std::string& open = planted_.open_association;
    auto decision = Filled<identity::v1::Decision>(Word(Kind::kDecision));
    decision.set_id(planted_.ids["decision_id"] = Id(50));
    decision.set_from_association_id(closed);
    decision.set_to_association_id(open);
    decision.set_kind(identity::v1::Decision::KIND_UNSURE);
    Put(Kind::kDecision, decision.id(), decision,
        {{Index::kDecisionByTime, "0000000000000001"},
         {Index::kDecisionByAssociation, closed},
         {Index::kDecisionByAssociation, open}});
    auto question = Filled<identity::v1::MatchQuestion>(Word(Kind::kMatchQuestion));
    question.set_id(planted_.ids["question_id"] = Id(51));
    question.set_left_association_id(closed);
    question.set_right_association_id(open);
    question.set_state(identity::v1::MatchQuestion::STATE_OPEN);
    Put(Kind::kMatchQuestion, "open/" + question.id(), question,
        {{Index::kQuestionByAssociation, closed}, {Index::kQuestionByAssociation, open}});
    identity::v1::StoredMerge merge;
    FillTexts(Word(Kind::kMerge), *merge.mutable_record());
    merge.mutable_record()->set_id(Id(52));
    merge.mutable_record()->set_survivor_association_id(closed);
    merge.mutable_record()->set_absorbed_association_id(other_);
    merge.mutable_record()->mutable_undo_time()->set_seconds(1);
    Put(Kind::kMerge, merge.record().id(), merge,
        {{Index::kMergeByAssociation, closed}, {Index::kMergeByAssociation, other_}});
  }

  void PlantConnection() {
    auto connection = Filled<sync::v1::Connection>(Word(Kind::kConnection));
    connection.set_id(planted_.ids["connection_id"] = connection_);
    connection.set_plugin("fake");
    connection.set_config_json("{}");
    connection.clear_mappings();
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field("navn");
    mapping.set_target("official_name");
    connection.clear_owned_paths();
    connection.set_responsible_email("it@fjordby.example");
    connection.set_default_municipality_code(planted_.municipality_code);
    connection.clear_jail();
    connection.clear_applications();
    connection.clear_meetings();
    connection.clear_stream();
    connection.set_family(sync::v1::Connection::FAMILY_GRANTS);
    connection.set_department_id(planted_.ids["department_id"]);
    Put(Kind::kConnection, connection_, connection);
    const std::string record = connection_ + "/associations/1";
    auto claim = Filled<sync::v1::Claim>(Word(Kind::kClaim));
    Put(Kind::kClaim, record, claim);
    sync::v1::Link link;
    link.set_association_id(planted_.ids["association_id"]);
    link.set_state(sync::v1::Link::STATE_LIVE);
    Put(Kind::kLink, record, link, {{Index::kLinkByAssociation, link.association_id()}});
  }

  void PlantRuns() {
    auto run = Filled<sync::v1::Run>(Word(Kind::kRun));
    run.set_id(planted_.ids["run_id"] = Id(60));
    run.set_connection_id(connection_);
    run.set_state(sync::v1::Run::STATE_DONE);
    Put(Kind::kRun, connection_ + "/0000000000000001/" + run.id(), run);
    sync::v1::RunPart done;
    FillTexts(Word(Kind::kRunPart), *done.add_actions());
    Put(Kind::kRunPart, run.id() + "/0000000000", done);
    auto plan = Filled<sync::v1::Plan>(Word(Kind::kPlan));
    plan.set_id(planted_.ids["plan_id"] = Id(61));
    plan.set_connection_id(connection_);
    plan.set_part_count(1);
    plan.mutable_expire_time()->set_seconds(4'000'000'000);
    plan.set_verdict(sync::v1::Plan::VERDICT_OK);
    Put(Kind::kPlan, plan.id(), plan);
    sync::v1::PlanPart part;
    FillTexts(Word(Kind::kPlanPart), *part.add_actions());
    Put(Kind::kPlanPart, sync::PlanPartKey(plan.id(), 0), part);
    auto rejected = Filled<sync::v1::RejectedRecord>(Word(Kind::kRejected));
    rejected.set_connection_id(connection_);
    Put(Kind::kRejected, connection_ + "/1", rejected);
    const std::string& about = planted_.ids["association_id"];
    auto conflict = Filled<sync::v1::Conflict>(Word(Kind::kConflict));
    conflict.set_connection_id(connection_);
    conflict.set_association_id(about);
    planted_.ids["conflict_id"] = connection_ + "/associations/1/phones";
    Put(Kind::kConflict, planted_.ids["conflict_id"], conflict);
    auto letter = Filled<sync::v1::DeadLetter>(Word(Kind::kDeadLetter));
    letter.set_connection_id(connection_);
    letter.set_association_id(about);
    Put(Kind::kDeadLetter, connection_ + "/associations/" + about, letter);
    auto overruled = Filled<sync::v1::OverruledValue>(Word(Kind::kOverruled));
    overruled.set_connection_id(connection_);
    overruled.set_association_id(about);
    Put(Kind::kOverruled, connection_ + "/0000000000000001/1", overruled);
  }

  storage::Transaction& transaction_;
  const int number_;
  Planted planted_;
  std::string connection_;
  std::string today_;
  std::string other_;
};

void PlantPerson(people::People& people, Planted& planted, const std::string& today) {
  people::v1::Person person;
  person.set_display_name(planted.WordOf(Kind::kPerson));
  person.set_email("person" + planted.municipality_code + "@fjordby.example");
  auto& role = *person.add_roles();
  role.set_department_id(planted.ids["department_id"]);
  role.set_function(people::v1::PERSON_FUNCTION_CONTACT_PERSON);
  role.set_basis(people::v1::RECORDING_BASIS_CONSENT);
  role.set_basis_date(today);
  role.set_expires_date(base::DayOf(base::SystemClock().Now(), 100));
  const auto ids = people.Add(access::LocalOperator(), {person}, false);
  INFO(ids.status());
  REQUIRE(ids.ok());
  planted.ids["person_id"] = ids->front();
  planted.records.push_back({Kind::kPerson, ids->front()});
}

}  // namespace

Planted Plant(storage::Store& store,
              people::People& people,
              const std::string& municipality_code,
              int number) {
  Planted planted;
  const auto body = [&](storage::Transaction& transaction) {
    planted = Planting(transaction, municipality_code, number).Run();
    return absl::OkStatus();
  };
  const auto written = store.Write("operator", body);
  INFO(written.status());
  REQUIRE(written.ok());
  PlantPerson(people, planted, base::DanishDayOf(base::SystemClock().Now()));
  return planted;
}

}  // namespace brobygger::scope
