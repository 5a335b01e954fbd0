#include "tests/core/scope/planted_grants.h"

namespace brobygger::scope {
namespace {

using storage::Kind;

template <typename Record>
Record FilledGrant(const std::string& word) {
  Record record;
  FillTexts(word, record);
  return record;
}

void SetSlot(grant::v1::WeeklySlot& slot) {
  slot.set_weekday(grant::v1::WEEKDAY_THURSDAY);
  slot.set_from_time("18:00");
  slot.set_to_time("20:00");
}

void AddPremises(const Planted& planted, const std::string& today, PlantedGrants& made) {
  made.need.set_association_id(planted.ids.at("association_id"));
  made.need.set_state(grant::v1::PREMISES_NEED_STATE_OPEN);
  made.need.clear_slots();
  SetSlot(*made.need.add_slots());
  made.premises.set_association_id(planted.ids.at("association_id"));
  made.premises.set_department_id(planted.ids.at("department_id"));
  made.premises.clear_department_name();
  SetSlot(*made.premises.mutable_slot());
  made.premises.mutable_season()->set_from_date(today);
  made.premises.mutable_season()->set_to_date("9999-12-31");
}

}  // namespace

PlantedGrants MakeGrants(const Planted& planted,
                         const std::array<std::string, 4>& ids,
                         const std::string& connection,
                         const std::string& today) {
  PlantedGrants made;
  made.application =
      FilledGrant<grant::v1::GrantApplication>(planted.WordOf(Kind::kGrantApplication));
  made.application.set_id(ids[0]);
  made.application.set_connection_id(connection);
  made.application.set_department_id(planted.ids.at("department_id"));
  made.application.set_assigned_association_id(planted.open_association);
  made.application.set_received_date(today);
  made.follow_up = FilledGrant<grant::v1::FollowUp>(planted.WordOf(Kind::kFollowUp));
  made.follow_up.clear_application();
  made.follow_up.set_application_id(ids[0]);
  made.follow_up.set_state(grant::v1::FollowUp::STATE_OPEN);
  made.pool = FilledGrant<grant::v1::Pool>(kPublicWord);
  made.pool.set_id(ids[1]);
  made.pool.set_municipality_code(planted.municipality_code);
  made.pool.set_owner_department_id(planted.ids.at("department_id"));
  made.pool.set_state(grant::v1::POOL_STATE_CLOSED);
  made.pool.clear_deadline_dates();
  made.pool.clear_criteria();
  made.pool.add_criteria()->set_fact(grant::v1::POOL_FACT_CVR);
  made.need = FilledGrant<grant::v1::PremisesNeed>(planted.WordOf(Kind::kPremisesNeed));
  made.need.set_id(ids[2]);
  made.premises = FilledGrant<grant::v1::PremisesAllocation>(planted.WordOf(Kind::kPremises));
  made.premises.set_id(ids[3]);
  AddPremises(planted, today, made);
  return made;
}

}  // namespace brobygger::scope
