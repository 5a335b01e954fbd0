#include "core/discovery/contact_index.h"

#include "core/base/day.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {
namespace {

TEST_CASE("a contact is known as soon as its writer is answered, and gone as soon as it is") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  const std::string id = town.Meet(town.integration, lawan, 1);
  CHECK(town.index.size() == 1);
  CHECK(town.Knows(lawan).associations(0).acquaintances_size() == 1);
  REQUIRE(town.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return contact::DeleteTouchpoint(transaction, id, access::LocalOperator());
                      })
              .ok());
  CHECK(town.index.size() == 0);
  CHECK(town.Knows(lawan).associations(0).acquaintances().empty());
}

TEST_CASE("a write that fails is not heard of") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  contact::v1::Touchpoint wanted;
  wanted.set_association_id(lawan);
  wanted.set_department_id(town.integration);
  wanted.set_date(base::DayOf(town.clock.Now(), -1));
  const auto failed = town.store->Write("operator", [&](storage::Transaction& transaction) {
    REQUIRE(contact::AddTouchpoint(transaction, wanted, access::LocalOperator()).ok());
    return absl::CancelledError("changed my mind");
  });
  CHECK_FALSE(failed.ok());
  CHECK(town.index.size() == 0);
}

TEST_CASE("what is written while all is read is in it once") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  const std::string first = town.Meet(town.integration, lawan, 1);
  ContactIndex late;
  const auto bytes = (*town.store->Latest())->Find(storage::Kind::kTouchpoint, first);
  // Heard before Load() reads it, and in what Load() reads.
  late.Heard(storage::Kind::kTouchpoint, first, nullptr, *bytes);
  CHECK(late.size() == 0);
  REQUIRE(late.Load(**town.store->Latest()).ok());
  CHECK(late.loaded());
  CHECK(late.size() == 1);
  late.Heard(storage::Kind::kTouchpoint, first, *bytes, nullptr);
  CHECK(late.size() == 0);
}

TEST_CASE("until all is read nobody is told that nobody knows anybody") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  const ContactIndex empty;
  v1::WhoKnowsRequest request;
  request.set_association_id(lawan);
  CHECK_FALSE(WhoKnows({*town.store, empty, town.clock, town.caller}, request).ok());
}

TEST_CASE("of what is in review or dismissed nobody is told") {
  Town town;
  const std::string lawan = town.Associate("Lawan");
  contact::v1::StoredTouchpoint stored;
  stored.mutable_touchpoint()->set_id("t");
  stored.mutable_touchpoint()->set_association_id(lawan);
  stored.mutable_touchpoint()->set_department_id(town.integration);
  stored.mutable_touchpoint()->set_date(base::DayOf(town.clock.Now(), -1));
  const auto hear = [&](contact::v1::StoredTouchpoint::Review review) {
    const auto before = std::make_shared<const std::string>(stored.SerializeAsString());
    stored.set_review(review);
    const auto after = std::make_shared<const std::string>(stored.SerializeAsString());
    town.index.Heard(storage::Kind::kTouchpoint, "t", before, after);
    return town.index.size();
  };
  CHECK(hear(contact::v1::StoredTouchpoint::REVIEW_OPEN) == 0);
  CHECK(hear(contact::v1::StoredTouchpoint::REVIEW_CONFIRMED) == 1);
  CHECK(hear(contact::v1::StoredTouchpoint::REVIEW_DISMISSED) == 0);
}

}  // namespace
}  // namespace brobygger::discovery
