#include "core/grants/rules.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::grants {
namespace {

using errors::v1::ERROR_REASON_CPR_REFUSED;
using errors::v1::ERROR_REASON_FIELD_INVALID;

std::string FieldOf(const absl::Status& status) { return base::ErrorMetadata(status, "field"); }

TEST_CASE("an application is brought into normal form") {
  GrantApplication application;
  application.set_title("  Sommerlejr \n for  unge ");
  application.set_currency("dkk");
  application.set_kle("18.15.05");
  application.mutable_applicant()->set_written_cvr("DK 99 10 00 28");
  REQUIRE(NormalizeAndCheck(application).ok());
  CHECK(application.title() == "Sommerlejr for unge");
  CHECK(application.currency().empty());
  CHECK(application.applicant().written_cvr() == "99100028");
}

TEST_CASE("a CVR number that somebody mistyped stays as it is written") {
  GrantApplication application;
  application.mutable_applicant()->set_written_cvr("99100029");
  REQUIRE(NormalizeAndCheck(application).ok());
  CHECK(application.applicant().written_cvr() == "99100029");
}

TEST_CASE("what breaks a rule is refused with the field's name") {
  GrantApplication application;
  std::string field;
  SECTION("an amount below zero") {
    application.set_awarded_ore(-1);
    field = "awarded_ore";
  }
  SECTION("a date that does not exist") {
    application.set_decided_date("2026-02-30");
    field = "decided_date";
  }
  SECTION("a period that ends before it begins") {
    application.mutable_period()->set_from_date("2026-08-01");
    application.mutable_period()->set_to_date("2026-07-01");
    field = "period.to_date";
  }
  SECTION("something else than a KLE number") {
    application.set_kle("18.15.5");
    field = "kle";
  }
  SECTION("something else than a currency") {
    application.set_currency("kroner");
    field = "currency";
  }
  const absl::Status refused = NormalizeAndCheck(application);
  CHECK(base::ReasonOf(refused) == ERROR_REASON_FIELD_INVALID);
  CHECK(FieldOf(refused) == field);
}

TEST_CASE("a CPR number is refused wherever it stands") {
  GrantApplication application;
  application.mutable_applicant()->set_written_name("Formand 010190-1234");
  CHECK(base::ReasonOf(NormalizeAndCheck(application)) == ERROR_REASON_CPR_REFUSED);
}

TEST_CASE("every state is granted, undecided, or neither") {
  using namespace grant::v1;  // NOLINT(google-build-using-namespace): thirteen long names
  for (const auto state : {GRANT_STATE_GRANTED, GRANT_STATE_PARTLY_GRANTED, GRANT_STATE_PAID,
                           GRANT_STATE_AWAITING_ACCOUNTS, GRANT_STATE_CLOSED}) {
    CHECK(IsGranted(state));
    CHECK_FALSE(IsUndecided(state));
  }
  for (const auto state : {GRANT_STATE_RECEIVED, GRANT_STATE_INCOMPLETE, GRANT_STATE_IN_PROGRESS,
                           GRANT_STATE_RECOMMENDED}) {
    CHECK(IsUndecided(state));
    CHECK_FALSE(IsGranted(state));
  }
  for (const auto state : {GRANT_STATE_UNSPECIFIED, GRANT_STATE_REFUSED, GRANT_STATE_TO_BE_REPAID,
                           GRANT_STATE_WITHDRAWN}) {
    CHECK_FALSE(IsGranted(state));
    CHECK_FALSE(IsUndecided(state));
  }
}

}  // namespace
}  // namespace brobygger::grants
