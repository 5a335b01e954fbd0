// What is to be done after a refusal.
#include "core/base/status_macros.h"
#include "tests/core/grants/municipality.h"

namespace brobygger::grants {
namespace {

TEST_CASE("a refusal that is seen to happen, or is of late, is to be followed up") {
  Municipality here;
  const std::string today = base::DayOf(here.clock.Now());
  SECTION("it was decided otherwise before") {
    here.Ingest(Told("1", grant::v1::GRANT_STATE_IN_PROGRESS));
    CHECK(here.FollowUps().empty());
    here.Ingest(Told("1", GRANT_STATE_REFUSED));
    CHECK(here.FollowUps().size() == 1);
  }
  SECTION("the first reading brings it, decided 90 days ago at most") {
    auto told = Told("1", GRANT_STATE_REFUSED);
    told.set_decided_date(base::DayOf(here.clock.Now(), -90));
    here.Ingest(told);
    REQUIRE(here.FollowUps().size() == 1);
    CHECK(here.FollowUps()[0].due_date() == base::DayOf(here.clock.Now(), 14));
    CHECK(here.FollowUps()[0].application().title() == "Folkedans");
  }
  SECTION("but not what was refused before that, or nobody knows when") {
    auto told = Told("1", GRANT_STATE_REFUSED);
    told.set_decided_date(base::DayOf(here.clock.Now(), -91));
    here.Ingest(told);
    here.Ingest(Told("2", GRANT_STATE_REFUSED));
    CHECK(here.FollowUps().empty());
  }
}

TEST_CASE("a follow-up is done by a person, or no longer needed") {
  Municipality here;
  auto told = Told("1", GRANT_STATE_REFUSED);
  told.set_decided_date(base::DayOf(here.clock.Now()));
  const auto application = here.Ingest(told);
  const auto complete = [&](const std::string& id, const std::string& note) {
    grant::v1::CompleteFollowUpRequest request;
    request.set_application_id(id);
    request.set_note(note);
    return here.Write([&](storage::Transaction& transaction) {
      return CompleteFollowUp(transaction, request, "operator");
    });
  };
  SECTION("done, it is listed no more, and stays done when the source tells it again") {
    REQUIRE(complete(application.id(), "Ringet; de søger fritidspuljen i stedet.").ok());
    CHECK(here.FollowUps().empty());
    told.set_title("Folkedans igen");
    here.Ingest(told);
    CHECK(here.FollowUps().empty());
    REQUIRE(here.FollowUps(true).size() == 1);
    CHECK(here.FollowUps(true)[0].note() == "Ringet; de søger fritidspuljen i stedet.");
    CHECK(here.FollowUps(true)[0].done_by() == "operator");
  }
  SECTION("taken away at its source, nobody has to do it") {
    REQUIRE(here.Write([&](storage::Transaction& transaction) -> absl::StatusOr<bool> {
                  BB_RETURN_IF_ERROR(IngestGone(transaction, "tilskud", "1"));
                  return true;
                })
                .ok());
    CHECK(here.FollowUps().empty());
    CHECK(here.FollowUps(true)[0].state() == FollowUp::STATE_DROPPED);
  }
  SECTION("granted after all, nobody has to do it") {
    here.Ingest(Told("1"));
    CHECK(here.FollowUps().empty());
    CHECK(here.FollowUps(true)[0].state() == FollowUp::STATE_DROPPED);
  }
  SECTION("what is not there, or holds a CPR number, is refused") {
    CHECK(base::ReasonOf(complete("nothing", "").status()) ==
          errors::v1::ERROR_REASON_FOLLOW_UP_NOT_FOUND);
    CHECK(base::ReasonOf(complete(application.id(), "Tal med 010190-1234").status()) ==
          errors::v1::ERROR_REASON_CPR_REFUSED);
  }
}

}  // namespace
}  // namespace brobygger::grants
