// A department and an association, and what is on record of them.
#pragma once

#include "core/advice/advice.h"
#include "core/advice/triggers.h"
#include "core/contact/touchpoints.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::advice {

namespace v1 = ::brobygger::collab::v1;

struct AdviceTown : collab::WorkingTown {
  void Meet(const std::string& date,
            contact::v1::ContactInitiator initiator = contact::v1::CONTACT_INITIATOR_UNSPECIFIED,
            contact::v1::ContactPurpose purpose = contact::v1::CONTACT_PURPOSE_ADVICE) {
    contact::v1::Touchpoint touchpoint;
    touchpoint.set_association_id(association);
    touchpoint.set_department_id(department);
    touchpoint.set_date(date);
    touchpoint.set_initiator(initiator);
    touchpoint.set_purpose(purpose);
    Do([&](storage::Transaction& transaction) {
      return contact::AddTouchpoint(transaction, touchpoint, access::LocalOperator());
    });
  }

  std::set<v1::AdviceTrigger> Triggers() {
    auto triggers = TriggersOf(**store->Latest(), clock.Now(), association);
    INFO(triggers.status());
    REQUIRE(triggers.ok());
    return *std::move(triggers);
  }
};

}  // namespace brobygger::advice
