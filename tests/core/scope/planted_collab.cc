#include "tests/core/scope/planted_collab.h"

#include "brobygger/collab/v1/advice.pb.h"
#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/collab/v1/course.pb.h"
#include "brobygger/collab/v1/network.pb.h"
#include "brobygger/collab/v1/resource_check.pb.h"
#include "brobygger/report/v1/programme.pb.h"

namespace brobygger::scope {
namespace {

using storage::Index;
using storage::Kind;

template <typename Record>
Record FilledWork(const std::string& word) {
  Record record;
  FillTexts(word, record);
  return record;
}

collab::v1::AlignmentRound AnsweredRound(const std::string& word, const std::string& id) {
  auto round = FilledWork<collab::v1::AlignmentRound>(word);
  round.set_collaboration_id(id);
  round.set_version(1);
  round.mutable_statements(0)->set_id("roles-1");
  round.clear_answers();
  for (const auto side :
       {collab::v1::COLLABORATION_SIDE_MUNICIPALITY, collab::v1::COLLABORATION_SIDE_ASSOCIATION}) {
    auto& answers = *round.add_answers();
    answers.set_side(side);
    answers.add_answers()->set_statement_id("roles-1");
    answers.mutable_answers(0)->set_agreement(4);
  }
  round.set_state(collab::v1::ALIGNMENT_STATE_ANSWERED_BY_BOTH);
  return round;
}

collab::v1::Collaboration MakeCollaboration(const Planted& planted) {
  auto made = FilledWork<collab::v1::Collaboration>(planted.WordOf(Kind::kCollaboration));
  made.set_id(planted.ids.at("collaboration_id"));
  made.set_state(collab::v1::COLLABORATION_STATE_EVALUATING);
  made.clear_parties();
  auto& department = *made.add_parties();
  department.set_id(planted.ids.at("party_id"));
  department.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  department.set_department_id(planted.ids.at("department_id"));
  return made;
}

collab::v1::ResourceCheck MakeCheck(const Planted& planted, const std::string& today) {
  auto check = FilledWork<collab::v1::ResourceCheck>(planted.WordOf(Kind::kResourceCheck));
  check.set_id(planted.ids.at("resource_check_id"));
  check.set_subject(collab::v1::RESOURCE_SUBJECT_ASSOCIATION);
  check.set_subject_id(planted.ids.at("association_id"));
  check.set_date(today);
  check.set_mode(collab::v1::RESOURCE_CHECK_MODE_SELF);
  check.set_shared(true);
  check.clear_scores();
  check.add_scores()->set_statement_id("vision-1");
  check.mutable_scores(0)->set_score(3);
  return check;
}

collab::v1::Course MakeCourse(const Planted& planted, const std::string& today) {
  auto course = FilledWork<collab::v1::Course>(planted.WordOf(Kind::kCourse));
  course.set_id(planted.ids.at("course_id"));
  course.set_municipality_code(planted.municipality_code);
  course.set_state(collab::v1::COURSE_STATE_RUNNING);
  course.mutable_participants(0)->set_association_id(planted.ids.at("association_id"));
  auto& module = *course.mutable_modules(0);
  module.set_topic(collab::v1::RESOURCE_TOPIC_VISION);
  auto& session = *module.mutable_sessions(0);
  session.set_id(planted.ids.at("session_id"));
  session.set_date(today);
  session.clear_attendance();
  return course;
}

collab::v1::Network MakeNetwork(const Planted& planted, const std::string& today) {
  auto network = FilledWork<collab::v1::Network>(planted.WordOf(Kind::kNetwork));
  network.set_id(planted.ids.at("network_id"));
  network.set_convenor_department_id(planted.ids.at("department_id"));
  network.mutable_members(0)->set_association_id(planted.ids.at("association_id"));
  network.mutable_meetings(0)->set_date(today);
  network.set_published(true);
  return network;
}

report::v1::Programme MakeProgramme(const Planted& planted, const std::string& id) {
  auto programme = FilledWork<report::v1::Programme>(planted.WordOf(Kind::kProgramme));
  programme.set_id(id);
  programme.set_short_name("bro-" + planted.municipality_code);
  programme.set_start_date("2020-01-01");
  programme.set_end_date("2030-12-31");
  programme.clear_targets();
  programme.add_municipality_codes(planted.municipality_code);
  programme.add_association_ids(planted.ids.at("association_id"));
  return programme;
}

collab::v1::DismissedAdvice MakeDismissedAdvice(const Planted& planted) {
  collab::v1::DismissedAdvice dismissed;
  dismissed.set_advice_id("open-questions");
  dismissed.set_side_id(planted.municipality_code);
  return dismissed;
}

}  // namespace

void PlantTogether(const std::function<std::string(int)>& id,
                   const std::string& today,
                   const PutRecord& put,
                   Planted& planted) {
  int number = 80;
  for (const char* const name : {"collaboration_id", "party_id", "resource_check_id", "course_id",
                                 "session_id", "network_id"}) {
    planted.ids[name] = id(number++);
  }
  const std::string association = planted.ids.at("association_id");
  auto collaboration = MakeCollaboration(planted);
  auto& party = *collaboration.add_parties();
  party.set_id(id(number));
  party.set_side(collab::v1::COLLABORATION_SIDE_ASSOCIATION);
  party.set_association_id(association);
  put(Kind::kCollaboration, collaboration.id(), collaboration,
      {{Index::kCollaborationByAssociation, association}});
  put(Kind::kAlignmentRound, collaboration.id() + "/000001",
      AnsweredRound(planted.WordOf(Kind::kAlignmentRound), collaboration.id()), {});
  const auto check = MakeCheck(planted, today);
  planted.ids["subject_id"] = check.subject_id();
  put(Kind::kResourceCheck, check.subject_id() + "/" + check.id(), check, {});
  const auto course = MakeCourse(planted, today);
  put(Kind::kCourse, course.id(), course, {{Index::kCourseByAssociation, association}});
  const auto network = MakeNetwork(planted, today);
  put(Kind::kNetwork, network.id(), network, {{Index::kNetworkByAssociation, association}});
  const std::string programme = planted.ids["programme_id"] = id(number + 1);
  put(Kind::kProgramme, programme, MakeProgramme(planted, programme), {});
  const auto dismissed = MakeDismissedAdvice(planted);
  put(Kind::kDismissedAdvice, "open-questions//" + dismissed.side_id(), dismissed, {});
}

}  // namespace brobygger::scope
