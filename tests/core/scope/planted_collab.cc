#include "tests/core/scope/planted_collab.h"

namespace brobygger::scope {
namespace {

using storage::Kind;

template <typename Record>
Record Filled(const std::string& word) {
  Record record;
  FillTexts(word, record);
  return record;
}

collab::v1::AlignmentRound AnsweredRound(const std::string& word, const std::string& id) {
  auto round = Filled<collab::v1::AlignmentRound>(word);
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

}  // namespace

PlantedCollaboration MakeCollaboration(const Planted& planted,
                                       const std::array<std::string, 4>& ids,
                                       const std::string& today) {
  PlantedCollaboration made;
  made.collaboration = Filled<collab::v1::Collaboration>(planted.WordOf(Kind::kCollaboration));
  made.collaboration.set_id(ids[0]);
  made.collaboration.set_state(collab::v1::COLLABORATION_STATE_EVALUATING);
  made.collaboration.clear_parties();
  auto& department = *made.collaboration.add_parties();
  department.set_id(ids[1]);
  department.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
  department.set_department_id(planted.ids.at("department_id"));
  auto& association = *made.collaboration.add_parties();
  association.set_id(ids[2]);
  association.set_side(collab::v1::COLLABORATION_SIDE_ASSOCIATION);
  association.set_association_id(planted.ids.at("association_id"));
  made.round = AnsweredRound(planted.WordOf(Kind::kAlignmentRound), ids[0]);
  made.check = Filled<collab::v1::ResourceCheck>(planted.WordOf(Kind::kResourceCheck));
  made.check.set_id(ids[3]);
  made.check.set_subject(collab::v1::RESOURCE_SUBJECT_ASSOCIATION);
  made.check.set_subject_id(planted.ids.at("association_id"));
  made.check.set_date(today);
  made.check.set_mode(collab::v1::RESOURCE_CHECK_MODE_SELF);
  made.check.set_shared(true);
  made.check.clear_scores();
  made.check.add_scores()->set_statement_id("vision-1");
  made.check.mutable_scores(0)->set_score(3);
  return made;
}

report::v1::Programme MakeProgramme(const Planted& planted, const std::string& id) {
  auto programme = Filled<report::v1::Programme>(planted.WordOf(Kind::kProgramme));
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

}  // namespace brobygger::scope
