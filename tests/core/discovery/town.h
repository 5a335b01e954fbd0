// Two municipalities with departments and associations, and who has met whom.
#pragma once

#include <catch2/catch.hpp>

#include "core/access/policy.h"
#include "core/base/day.h"
#include "core/contact/touchpoints.h"
#include "core/discovery/who_knows.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "core/storage/listening_store.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::discovery {

struct Town {
  support::FakeClock clock;
  ContactIndex index;
  std::unique_ptr<storage::Store> store =
      storage::MakeListeningStore(storage::OpenMemoryStore(clock), index);
  std::string integration = Department("Integration", "0615", "integration@horsens.example");
  std::string culture = Department("Kultur og Fritid", "0615");
  std::string elsewhere = Department("Medborgerskab", "0621", "borger@kolding.example");
  access::Caller caller = access::LocalOperator();

  Town() { REQUIRE(index.Load(**store->Latest()).ok()); }

  template <typename Body>
  auto Write(Body body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    (void)store->Write("operator", [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.ok() ? absl::OkStatus() : result.status();
    });
    INFO(result.status());
    REQUIRE(result.ok());
    return *result;
  }

  std::string Department(const std::string& official_name,
                         const std::string& municipality,
                         const std::string& email = "") {
    registry::v1::Department wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code(municipality);
    wanted.set_contact_email(email);
    return Write([&](storage::Transaction& transaction) {
             return registry::CreateDepartment(transaction, wanted, "operator");
           })
        .id();
  }

  std::string Associate(const std::string& official_name,
                        registry::v1::Theme theme = registry::v1::THEME_UNSPECIFIED) {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    if (theme != registry::v1::THEME_UNSPECIFIED) {
      auto& activity = *wanted.add_activities();
      activity.set_id("7c0c4f6e-0000-4000-8000-000000000001");
      activity.set_title("Aktivitet");
      activity.add_themes(theme);
    }
    return Write([&](storage::Transaction& transaction) {
             return registry::CreateAssociation(transaction, wanted, "operator");
           })
        .id();
  }

  std::string Meet(const std::string& department,
                   const std::string& association,
                   int days_ago,
                   const std::string& role = "") {
    contact::v1::Touchpoint wanted;
    wanted.set_association_id(association);
    wanted.set_department_id(department);
    wanted.set_date(base::DayOf(clock.Now(), -days_ago));
    wanted.set_channel(contact::v1::CONTACT_CHANNEL_MEETING);
    wanted.set_our_role(role);
    return Write([&](storage::Transaction& transaction) {
             return contact::AddTouchpoint(transaction, wanted, access::LocalOperator());
           })
        .id();
  }

  void Agree(const std::string& association, bool municipalities, bool centres) {
    registry::v1::VisibilityConsent consent;
    consent.set_other_municipalities(municipalities);
    consent.set_volunteer_centres(centres);
    consent.set_date(base::DayOf(clock.Now()));
    consent.set_evidence("brev");
    Write([&](storage::Transaction& transaction) {
      return registry::RecordVisibilityConsent(transaction, association, consent,
                                               registry::v1::PERSPECTIVE_MUNICIPALITY);
    });
  }

  access::Caller As(const std::string& role,
                    const std::string& municipality,
                    const std::string& department = "",
                    const std::string& purpose = "collaboration") {
    const bool centre = role == "volunteer-centre";
    auto admitted = access::Policy::Shipped().Admit(
        {.actor = "u1",
         .kind = centre ? access::CallerKind::kVolunteerCentre : access::CallerKind::kEmployee,
         .roles = {role},
         .municipality_code = municipality,
         .department_id = department,
         .purpose = centre ? "" : purpose});
    REQUIRE(admitted.ok());
    return *admitted;
  }

  Asker Ask() const { return {*store, index, clock, caller}; }

  v1::WhoKnowsResponse Knows(const std::string& association) {
    v1::WhoKnowsRequest request;
    request.set_association_id(association);
    const auto known = WhoKnows(Ask(), request);
    INFO(known.status());
    REQUIRE(known.ok());
    REQUIRE(known->associations_size() == 1);
    return *known;
  }
};

}  // namespace brobygger::discovery
