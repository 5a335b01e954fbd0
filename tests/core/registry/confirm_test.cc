#include <catch2/catch.hpp>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "core/registry/query.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::registry {
namespace {

using storage::Transaction;

struct Town {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  std::string id;

  Town() {
    v1::Association wanted;
    wanted.set_official_name("Lawan");
    wanted.set_municipality_code("0615");
    const auto written = store->Write("user:fritid", [&](Transaction& transaction) {
      const auto made = CreateAssociation(transaction, wanted, "user:fritid");
      if (made.ok()) id = made->id();
      return made.status();
    });
    REQUIRE(written.ok());
  }

  absl::StatusOr<v1::Association> Confirm(const std::string& section,
                                          v1::Perspective side,
                                          const std::string& etag = "") {
    v1::ConfirmSectionRequest wanted;
    wanted.set_association_id(id);
    wanted.set_section(section);
    wanted.set_etag(etag);
    absl::StatusOr<v1::Association> confirmed = absl::UnknownError("not run");
    (void)store->Write("key:0011", [&](Transaction& transaction) {
      confirmed = ConfirmSection(transaction, wanted, side);
      return confirmed.status();
    });
    return confirmed;
  }

  absl::StatusOr<v1::Association> Decide(const v1::VisibilityConsent& consent,
                                         v1::Perspective side) {
    absl::StatusOr<v1::Association> decided = absl::UnknownError("not run");
    (void)store->Write("key:0011", [&](Transaction& transaction) {
      decided = RecordVisibilityConsent(transaction, id, consent, side);
      return decided.status();
    });
    return decided;
  }
};

}  // namespace

TEST_CASE("each side confirms for itself, and its newest word counts", "[registry]") {
  Town town;
  const auto first = town.Confirm("contact", v1::PERSPECTIVE_ASSOCIATION);
  REQUIRE(first.ok());
  const std::string day = first->confirmations(0).date();
  CHECK(day == base::DanishDayOf(town.clock.Now()));
  REQUIRE(town.Confirm("contact", v1::PERSPECTIVE_MUNICIPALITY).ok());
  town.clock.Set(town.clock.Now() + std::chrono::hours(48));
  const auto again = town.Confirm("contact", v1::PERSPECTIVE_ASSOCIATION);
  REQUIRE(again.ok());
  REQUIRE(again->confirmations_size() == 2);
  CHECK(again->confirmations(0).perspective() == v1::PERSPECTIVE_MUNICIPALITY);
  CHECK(again->confirmations(0).date() == day);
  CHECK(again->confirmations(1).date() > day);
  // The history keeps the earlier word, and who said it.
  v1::ListAssociationHistoryRequest request;
  request.set_association_id(town.id);
  const auto history = ListAssociationHistory(*town.store, request);
  REQUIRE(history.ok());
  CHECK(history->versions(0).actor() == "key:0011");
  CHECK(history->versions(2).association().confirmations(0).date() == day);
}

TEST_CASE("what somebody changed meanwhile is not confirmed unseen", "[registry]") {
  Town town;
  const auto seen = town.Confirm("contact", v1::PERSPECTIVE_ASSOCIATION);
  REQUIRE(town.Confirm("purpose", v1::PERSPECTIVE_MUNICIPALITY).ok());
  const auto late = town.Confirm("contact", v1::PERSPECTIVE_ASSOCIATION, seen->etag());
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  const auto unknown = town.Confirm("board", v1::PERSPECTIVE_ASSOCIATION);
  CHECK(base::ReasonOf(unknown.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("an association decides by itself and today; an employee has to say how it is known",
          "[registry]") {
  Town town;
  v1::VisibilityConsent consent;
  consent.set_volunteer_centres(true);
  consent.set_date("2001-01-01");
  consent.set_evidence("kommunen siger det");
  const auto itself = town.Decide(consent, v1::PERSPECTIVE_ASSOCIATION);
  REQUIRE(itself.ok());
  CHECK(itself->visibility_consent().date() == base::DanishDayOf(town.clock.Now()));
  CHECK(itself->visibility_consent().evidence().empty());
  CHECK(itself->visibility_consent().perspective() == v1::PERSPECTIVE_ASSOCIATION);
  consent.clear_evidence();
  const auto employee = town.Decide(consent, v1::PERSPECTIVE_MUNICIPALITY);
  CHECK(base::ReasonOf(employee.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("an older letter overrules nothing that an association has decided by itself",
          "[registry]") {
  Town town;
  REQUIRE(town.Decide({}, v1::PERSPECTIVE_ASSOCIATION).ok());
  v1::VisibilityConsent letter;
  letter.set_other_municipalities(true);
  letter.set_evidence("brev");
  letter.set_date(base::DanishDayOf(town.clock.Now()));
  const auto refused = town.Decide(letter, v1::PERSPECTIVE_MUNICIPALITY);
  CHECK(base::ErrorMetadata(refused.status(), "field") == "consent.date");
  // A later one is a later word.
  town.clock.Advance(std::chrono::hours(48));
  letter.set_date(base::DanishDayOf(town.clock.Now()));
  const auto later = town.Decide(letter, v1::PERSPECTIVE_MUNICIPALITY);
  REQUIRE(later.ok());
  CHECK(later->visibility_consent().other_municipalities());
}

}  // namespace brobygger::registry
