// What a caller reads and writes through a scope: consents, pages, the past, and whose writes are.
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/feed/feed.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "core/registry/query.h"
#include "core/scope/scoped_store.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::scope {
namespace {

using access::Caller;
using access::CallerKind;
namespace reasons = errors::v1;
using registry::v1::Association;

Caller Of(const std::string& municipality_code, CallerKind kind = CallerKind::kEmployee) {
  Caller caller = access::LocalOperator();
  caller.actor = "somebody";
  caller.kind = kind;
  caller.municipality_code = municipality_code;
  return caller;
}

// A store, and what two municipalities made in it.
struct Town {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  const Caller horsens = Of("0615");
  const Caller fjordby = Of("0998");

  template <typename Body>
  absl::Status WriteAs(const Caller& caller, Body body) {
    ScopedStore scoped(*store, caller);
    return scoped.Write(caller.actor, body).status();
  }

  std::string Associate(const std::string& official_name, const std::string& municipality_code) {
    Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code(municipality_code);
    wanted.set_coverage_area("Midtbyen");
    wanted.mutable_minority()->set_is_minority_association(true);
    wanted.mutable_minority()->set_basis(registry::v1::MinorityStatement::BASIS_OWN_WORDS);
    std::string id;
    REQUIRE(WriteAs(access::LocalOperator(), [&](storage::Transaction& transaction) {
              const auto made = registry::CreateAssociation(transaction, wanted, "operator");
              if (made.ok()) id = made->id();
              return made.status();
            }).ok());
    return id;
  }

  void Agree(const std::string& id, bool municipalities, bool centres) {
    registry::v1::VisibilityConsent consent;
    consent.set_other_municipalities(municipalities);
    consent.set_volunteer_centres(centres);
    consent.set_date("2020-05-04");
    consent.set_evidence("brev");
    const auto told = WriteAs(access::LocalOperator(), [&](storage::Transaction& transaction) {
      return registry::RecordVisibilityConsent(transaction, id, consent,
                                               registry::v1::PERSPECTIVE_MUNICIPALITY)
          .status();
    });
    INFO(told);
    REQUIRE(told.ok());
  }

  // Leads the id of one association to another.
  void Merge(const std::string& absorbed, const std::string& survivor) {
    const auto merged =
        WriteAs(access::LocalOperator(), [&](storage::Transaction& transaction) -> absl::Status {
          const auto bytes = transaction.Find(storage::Kind::kAssociation, absorbed);
          if (!bytes.ok()) return bytes.status();
          Association association;
          REQUIRE(association.ParseFromString(**bytes));
          association.set_merged_into_association_id(survivor);
          return transaction.Put(storage::Kind::kAssociation, absorbed,
                                 association.SerializeAsString());
        });
    REQUIRE(merged.ok());
  }

  absl::StatusOr<Association> Get(const Caller& caller,
                                  const std::string& id,
                                  const registry::v1::AsOf& as_of = {}) {
    const ScopedStore scoped(*store, caller);
    const auto snapshot = registry::SnapshotAt(scoped, as_of);
    if (!snapshot.ok()) return snapshot.status();
    const auto bytes = registry::GetAssociationBytes(**snapshot, id);
    if (!bytes.ok()) return bytes.status();
    Association association;
    REQUIRE(association.ParseFromString(**bytes));
    return association;
  }

  bool Sees(const Caller& caller, const std::string& id) {
    const auto got = Get(caller, id);
    if (!got.ok())
      CHECK(base::ReasonOf(got.status()) == reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND);
    return got.ok();
  }

  absl::Status Rename(const Caller& caller, const std::string& id) {
    Association wanted;
    wanted.set_id(id);
    wanted.set_official_name("Nyt navn");
    google::protobuf::FieldMask mask;
    mask.add_paths("official_name");
    return WriteAs(caller, [&](storage::Transaction& transaction) {
      return registry::UpdateAssociation(transaction, wanted, mask, caller.actor).status();
    });
  }
};

TEST_CASE(
    "an association is seen elsewhere only where it agreed, and no more of it than is public") {
  Town town;
  const std::string id = town.Associate("Lawan", "0615");
  CHECK(town.Get(town.horsens, id)->has_minority());
  CHECK_FALSE(town.Sees(town.fjordby, id));
  town.Agree(id, false, true);
  CHECK_FALSE(town.Sees(town.fjordby, id));
  CHECK(town.Sees(Of("0998", CallerKind::kVolunteerCentre), id));
  town.Agree(id, true, false);
  CHECK_FALSE(town.Sees(Of("0998", CallerKind::kVolunteerCentre), id));
  CHECK_FALSE(town.Sees(Of("0615", CallerKind::kVolunteerCentre), id));
  const auto seen = town.Get(town.fjordby, id);
  REQUIRE(seen.ok());
  CHECK(seen->official_name() == "Lawan");
  CHECK_FALSE(seen->has_minority());
  CHECK(seen->provenance().empty());
  CHECK(seen->visibility_consent().evidence().empty());
  // Taken back, it is gone with the next call.
  town.Agree(id, false, false);
  CHECK_FALSE(town.Sees(town.fjordby, id));
  CHECK(town.Sees(town.horsens, id));
}

TEST_CASE("who belongs to no municipality, and a door, see what nobody's consent opens: nothing") {
  Town town;
  const std::string id = town.Associate("Lawan", "0615");
  CHECK_FALSE(town.Sees(Of(""), id));
  town.Agree(id, true, true);
  CHECK(town.Sees(Of(""), id));
  CHECK_FALSE(town.Sees(Of("0615", CallerKind::kDoor), id));
  CHECK_FALSE(town.Sees(Of("0615", CallerKind::kStranger), id));
}

TEST_CASE("an association sees itself, and no other of its municipality") {
  Town town;
  const std::string lawan = town.Associate("Lawan", "0615");
  const std::string other = town.Associate("Havnens Venner", "0615");
  town.Agree(other, true, true);
  Caller itself = Of("0615", CallerKind::kAssociation);
  itself.association_id = lawan;
  CHECK(town.Sees(itself, lawan));
  CHECK_FALSE(town.Sees(itself, other));
  itself.association_id.clear();
  CHECK_FALSE(town.Sees(itself, lawan));
  // As part of another one it speaks for the whole.
  itself.association_id = lawan;
  town.Merge(lawan, other);
  CHECK(town.Sees(itself, lawan));
  CHECK(town.Sees(itself, other));
}

TEST_CASE("what is not there is refused as not found, and what may be seen as not allowed") {
  Town town;
  const std::string id = town.Associate("Lawan", "0615");
  const auto hidden = town.Rename(town.fjordby, id);
  const auto missing = town.Rename(town.fjordby, "7c0c4f6e-0000-4000-8000-000000000000");
  CHECK(base::ReasonOf(hidden) == reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  CHECK(base::ReasonOf(missing) == reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  town.Agree(id, true, false);
  CHECK(base::ReasonOf(town.Rename(town.fjordby, id)) == reasons::ERROR_REASON_NOT_ALLOWED);
  CHECK(town.Get(town.horsens, id)->official_name() == "Lawan");
  CHECK(town.Rename(town.horsens, id).ok());
  CHECK(town.Get(town.horsens, id)->official_name() == "Nyt navn");
}

TEST_CASE("nobody makes records for another municipality, or gives theirs away to one") {
  Town town;
  const auto make = [&](const Caller& caller, const std::string& code) {
    registry::v1::Department department;
    department.set_official_name("Kultur og Fritid");
    department.set_municipality_code(code);
    return base::ReasonOf(town.WriteAs(caller, [&](storage::Transaction& transaction) {
      return registry::CreateDepartment(transaction, department, caller.actor).status();
    }));
  };
  CHECK(make(town.fjordby, "0615") == reasons::ERROR_REASON_NOT_ALLOWED);
  CHECK(make(town.horsens, "0615") == reasons::ERROR_REASON_UNSPECIFIED);
  const std::string id = town.Associate("Lawan", "0615");
  Association wanted;
  wanted.set_id(id);
  wanted.set_municipality_code("0998");
  google::protobuf::FieldMask mask;
  mask.add_paths("municipality_code");
  const auto moved = town.WriteAs(town.horsens, [&](storage::Transaction& transaction) {
    return registry::UpdateAssociation(transaction, wanted, mask, "somebody").status();
  });
  CHECK(base::ReasonOf(moved) == reasons::ERROR_REASON_NOT_ALLOWED);
}

TEST_CASE("a number that an association elsewhere has is taken, and nobody is told by whom") {
  Town town;
  Association numbered;
  numbered.set_official_name("Lawan");
  numbered.set_municipality_code("0615");
  auto& cvr = *numbered.add_identifiers();
  cvr.set_scheme("DK-CVR");
  cvr.set_value("99000007");
  std::string id;
  const auto make = [&](const Caller& caller) {
    return town.WriteAs(caller, [&](storage::Transaction& transaction) {
      const auto made = registry::CreateAssociation(transaction, numbered, "x");
      if (made.ok()) id = made->id();
      return made.status();
    });
  };
  REQUIRE(make(town.horsens).ok());
  numbered.set_municipality_code("0998");
  const auto taken = make(town.fjordby);
  CHECK(base::ReasonOf(taken) == reasons::ERROR_REASON_IDENTIFIER_TAKEN);
  CHECK(taken.ToString().find(id) == std::string::npos);
}

TEST_CASE("pages are full of what the caller may see, skip nothing and repeat nothing") {
  Town town;
  std::set<std::string> mine;
  for (int i = 0; i < 330; ++i) {
    const bool own = i % 11 == 0;
    const std::string id = town.Associate(fmt::format("Forening {:03}", i), own ? "0998" : "0615");
    if (own) mine.insert(id);
  }
  const ScopedStore scoped(*town.store, town.fjordby);
  registry::v1::ListAssociationsRequest request;
  request.set_page_size(GENERATE(1, 7, 15, 30, 500));
  request.set_order_by(GENERATE("official_name", "official_name desc", "update_time desc"));
  CAPTURE(request.page_size(), request.order_by());
  std::set<std::string> listed;
  do {
    const auto page = registry::ListAssociations(scoped, request);
    REQUIRE(page.ok());
    for (const auto& each : page->associations()) CHECK(listed.insert(each.id()).second);
    const bool full = page->associations_size() == request.page_size();
    CHECK((full || page->next_page_token().empty()));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(listed == mine);
}

TEST_CASE("who asks by municipality finds the departments that they would find one by one") {
  Town town;
  registry::v1::Department department;
  department.set_official_name("Integrationsafdelingen");
  department.set_municipality_code("0998");
  REQUIRE(town.WriteAs(access::LocalOperator(),
                       [&](storage::Transaction& transaction) {
                         const auto made =
                             registry::CreateDepartment(transaction, department, "operator");
                         return made.status();
                       })
              .ok());
  const ScopedStore scoped(*town.store, town.fjordby);
  registry::v1::ListDepartmentsRequest request;
  request.set_municipality_code(GENERATE("", "0998"));
  CAPTURE(request.municipality_code());
  const auto listed = registry::ListDepartments(scoped, request);
  REQUIRE(listed.ok());
  CHECK(listed->departments_size() == 1);
}

TEST_CASE("the past is seen by what holds now, and by what held then") {
  Town town;
  const std::string id = town.Associate("Lawan", "0615");
  const storage::Revision closed = (*town.store->Latest())->revision();
  town.Agree(id, true, false);
  const storage::Revision open = (*town.store->Latest())->revision();
  REQUIRE(town.Rename(town.horsens, id).ok());
  const auto at = [&](storage::Revision revision) {
    registry::v1::AsOf as_of;
    as_of.set_revision(revision);
    return town.Get(town.fjordby, id, as_of).ok();
  };
  const auto versions = [&](const Caller& caller) {
    const ScopedStore scoped(*town.store, caller);
    registry::v1::ListAssociationHistoryRequest request;
    request.set_association_id(id);
    const auto history = registry::ListAssociationHistory(scoped, request);
    return history.ok() ? history->versions_size() : -1;
  };
  CHECK_FALSE(at(closed));
  CHECK(at(open));
  CHECK(versions(town.fjordby) == 2);
  CHECK(versions(town.horsens) == 3);
  town.Agree(id, false, false);
  CHECK_FALSE(at(open));
  CHECK(versions(town.fjordby) == -1);
  CHECK(versions(town.horsens) == 4);
}

TEST_CASE("a follower hears of what it may see, and of its end where a consent is taken back") {
  Town town;
  const std::string hidden = town.Associate("Havnens Venner", "0615");
  const std::string id = town.Associate("Lawan", "0615");
  const std::string mine = town.Associate("Fjordbroen", "0998");
  const auto heard = [&] {
    const ScopedStore scoped(*town.store, town.fjordby);
    std::vector<std::pair<std::string, bool>> changes;  // and whether there is a record
    const auto all = scoped.ChangesAfter(0, 500);
    REQUIRE(all.ok());
    for (const auto& change : *all) changes.emplace_back(change.key, change.bytes != nullptr);
    return changes;
  };
  using Changes = std::vector<std::pair<std::string, bool>>;
  CHECK(heard() == Changes{{mine, true}});
  town.Agree(id, true, false);
  CHECK(heard() == Changes{{mine, true}, {id, true}});
  town.Agree(id, false, false);
  // What it was is told no more, and that it is gone is.
  CHECK(heard() == Changes{{mine, true}, {id, false}});
}

}  // namespace
}  // namespace brobygger::scope
