// Funds as they are kept, and what fits an association that is kept.
#include "core/grants/pools.h"

#include "brobygger/collab/v1/collaboration.pb.h"

#include "core/grants/fit_association.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"
#include "tests/core/grants/municipality.h"

namespace brobygger::grants {
namespace {

using errors::v1::ERROR_REASON_ETAG_MISMATCH;
using errors::v1::ERROR_REASON_FIELD_INVALID;
using grant::v1::ImportPoolsRequest;
using grant::v1::ImportPoolsResponse;

struct PoolTown : Municipality {
  std::string Department(const std::string& code = "0615") {
    registry::v1::Department department;
    department.set_municipality_code(code);
    department.set_official_name("Kultur og Fritid");
    const auto made = Write([&](storage::Transaction& transaction) {
      return registry::CreateDepartment(transaction, department, "operator");
    });
    REQUIRE(made.ok());
    return made->id();
  }

  absl::StatusOr<ImportPoolsResponse> Import(const std::vector<Pool>& pools) {
    ImportPoolsRequest request;
    request.mutable_pools()->Assign(pools.begin(), pools.end());
    return Write(
        [&](storage::Transaction& transaction) { return ImportPools(transaction, request); });
  }

  std::vector<Pool> Listed(bool closed = false, const std::string& code = "") {
    grant::v1::ListPoolsRequest request;
    request.set_show_closed(closed);
    request.set_municipality_code(code);
    request.set_page_size(2);
    std::vector<Pool> pools;
    do {
      const auto page = ListPools(*store, request);
      REQUIRE(page.ok());
      pools.insert(pools.end(), page->pools().begin(), page->pools().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return pools;
  }

  grant::v1::FitPoolsResponse Fit(const std::string& association, const std::string& pool = "") {
    const auto snapshot = store->Latest();
    const auto applicant = LoadApplicant(**snapshot, association);
    REQUIRE(applicant.ok());
    const auto fit = FitPools(**snapshot, *applicant, pool, "2026-11-27");
    REQUIRE(fit.ok());
    return *fit;
  }

  void Collaborate(const std::string& association,
                   const std::string& department,
                   collab::v1::CollaborationState state) {
    collab::v1::Collaboration collaboration;
    collaboration.set_id("c1");
    collaboration.set_state(state);
    collaboration.add_parties()->set_department_id(department);
    collaboration.add_parties()->set_association_id(association);
    REQUIRE(store
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          return transaction.Put(storage::Kind::kCollaboration, "c1",
                                                 collaboration.SerializeAsString());
                        })
                .ok());
  }
};

Pool Named(const std::string& key, const std::string& code = "0615") {
  Pool pool;
  pool.set_key(key);
  pool.set_title("Pulje " + key);
  pool.set_municipality_code(code);
  return pool;
}

std::string Message(const absl::StatusOr<ImportPoolsResponse>& done) {
  return std::string(done.status().message());
}

}  // namespace

TEST_CASE("an import makes what is new, changes what differs and leaves the rest") {
  PoolTown town;
  const auto first = town.Import({Named("a"), Named("b"), Named("a", "")});
  INFO(first.status());
  REQUIRE(first.ok());
  CHECK(first->created_count() == 3);
  Pool changed = Named("b");
  changed.set_largest_ore(100);
  const auto second = town.Import({Named("a"), changed, Named("c")});
  REQUIRE(second.ok());
  CHECK(second->created_count() == 1);
  CHECK(second->updated_count() == 1);
  CHECK(second->unchanged_count() == 1);
  CHECK(second->pools(1).id() == first->pools(1).id());
  CHECK(second->pools(0).etag() == first->pools(0).etag());
  CHECK(second->pools(1).create_time().seconds() == first->pools(1).create_time().seconds());
  CHECK(town.Listed().size() == 4);
  CHECK(town.Listed(false, "0751").size() == 1);
}

TEST_CASE("a mistake in one fund names it and leaves all as they were") {
  PoolTown town;
  REQUIRE(town.Import({Named("a")}).ok());
  Pool changed = Named("a");
  changed.set_title("Noget nyt");
  Pool wrong = Named("b");
  wrong.add_deadline_dates("2027-02-30");
  const auto refused = town.Import({changed, wrong});
  CHECK(base::ReasonOf(refused.status()) == ERROR_REASON_FIELD_INVALID);
  CHECK(base::ErrorMetadata(refused.status(), "field").starts_with("pools[1].deadline_dates"));
  REQUIRE(town.Listed().size() == 1);
  CHECK(town.Listed()[0].title() == "Pulje a");
  CHECK(Message(town.Import({Named("a"), Named("a")})).find("stands there twice") !=
        std::string::npos);
}

TEST_CASE("an import with an etag is refused when somebody wrote meanwhile") {
  PoolTown town;
  const auto first = town.Import({Named("a")});
  Pool mine = first->pools(0);
  Pool theirs = mine;
  theirs.set_title("Deres");
  REQUIRE(town.Import({theirs}).ok());
  mine.set_title("Min");
  CHECK(base::ReasonOf(town.Import({mine}).status()) == ERROR_REASON_ETAG_MISMATCH);
  grant::v1::SetPoolStateRequest close;
  close.set_pool_id(mine.id());
  close.set_state(grant::v1::POOL_STATE_CLOSED);
  close.set_etag(mine.etag());
  const auto set = [&] {
    return town.Write(
        [&](storage::Transaction& transaction) { return SetPoolState(transaction, close); });
  };
  CHECK(base::ReasonOf(set().status()) == ERROR_REASON_ETAG_MISMATCH);
  close.clear_etag();
  CHECK(set().ok());
  CHECK(town.Listed().empty());
  CHECK(town.Listed(true).size() == 1);
  close.set_pool_id("nothing");
  CHECK(base::ReasonOf(set().status()) == errors::v1::ERROR_REASON_POOL_NOT_FOUND);
}

TEST_CASE("a file that says nothing of it opens no closed fund again") {
  PoolTown town;
  Pool pool = Named("a");
  pool.set_state(grant::v1::POOL_STATE_CLOSED);
  REQUIRE(town.Import({pool}).ok());
  pool.clear_state();
  CHECK(town.Import({pool})->unchanged_count() == 1);
  pool.set_title("Nyt navn");
  CHECK(town.Import({pool})->pools(0).state() == grant::v1::POOL_STATE_CLOSED);
  pool.set_state(grant::v1::POOL_STATE_OPEN);
  CHECK(town.Import({pool})->pools(0).state() == grant::v1::POOL_STATE_OPEN);
}

TEST_CASE("a list for a municipality that there is not is refused") {
  PoolTown town;
  grant::v1::ListPoolsRequest request;
  request.set_municipality_code("Horsens");
  CHECK(base::ReasonOf(ListPools(*town.store, request).status()) == ERROR_REASON_FIELD_INVALID);
  REQUIRE(town.Import({Named("a")}).ok());
  CHECK(town.Listed(false, "615").size() == 1);
}

TEST_CASE("a fund is refused by what is wrong with it") {
  PoolTown town;
  const std::string elsewhere = town.Department("0751");
  const auto refused = [&](const auto& edit) {
    Pool pool = Named("a");
    edit(pool);
    return !town.Import({pool}).ok();
  };
  CHECK(refused([](Pool& pool) { pool.set_key("Æ"); }));
  CHECK(refused([](Pool& pool) { pool.clear_title(); }));
  CHECK(refused([](Pool& pool) { pool.set_municipality_code("9999"); }));
  CHECK(refused([](Pool& pool) { pool.set_kle_number("18,15"); }));
  CHECK(refused([](Pool& pool) { pool.set_url("fjordby"); }));
  CHECK(refused([](Pool& pool) { pool.set_law("for muslimer"); }));
  CHECK(refused([](Pool& pool) { pool.set_law("Ring til 010190-1234"); }));
  CHECK(refused([&](Pool& pool) { pool.set_owner_department_id(elsewhere); }));
  CHECK(refused([](Pool& pool) { pool.set_owner_department_id("nobody"); }));
  CHECK(refused([](Pool& pool) {
    pool.set_all_year(true);
    pool.add_deadline_dates("2027-01-01");
  }));
  CHECK(refused([](Pool& pool) {
    pool.set_smallest_ore(2);
    pool.set_largest_ore(1);
  }));
  CHECK(refused([](Pool& pool) { pool.add_criteria(); }));
  CHECK(refused([](Pool& pool) { pool.add_criteria()->set_fact(grant::v1::POOL_FACT_ASK); }));
  CHECK(refused([](Pool& pool) { pool.add_criteria()->mutable_activities(); }));
  CHECK(refused([](Pool& pool) { pool.add_criteria()->mutable_municipalities(); }));
  CHECK(refused([](Pool& pool) {
    auto& least = *pool.add_criteria()->mutable_least();
    least.set_measure(grant::v1::POOL_MEASURE_UNDER_25_PERCENT);
    least.set_amount(101);
  }));
  CHECK_FALSE(refused([](Pool& pool) { pool.add_criteria()->set_fact(grant::v1::POOL_FACT_CVR); }));
}

TEST_CASE("a department that is gone leaves its fund, without a name") {
  PoolTown town;
  const std::string department = town.Department();
  Pool pool = Named("a");
  pool.set_owner_department_id(department);
  REQUIRE(town.Import({pool}).ok());
  CHECK(town.Listed()[0].department_name() == "Kultur og Fritid");
  REQUIRE(town.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return transaction.Remove(storage::Kind::kDepartment, department);
                      })
              .ok());
  CHECK(town.Listed()[0].department_name().empty());
}

TEST_CASE("an association is shown its municipality's open funds, and else what fits") {
  PoolTown town;
  const std::string id = town.Associate("Lanternen");
  Pool strict = Named("strict", "");
  strict.add_criteria()->mutable_municipalities()->add_municipality_codes("0101");
  Pool closed = Named("closed");
  closed.set_state(grant::v1::POOL_STATE_CLOSED);
  const auto made =
      town.Import({Named("here"), closed, Named("there", "0751"), Named("national", ""), strict});
  REQUIRE(made.ok());
  const auto fit = town.Fit(id);
  REQUIRE(fit.fits_size() == 1);
  CHECK(fit.fits(0).pool().key() == "here");
  REQUIRE(fit.others_size() == 1);
  CHECK(fit.others(0).pool().key() == "national");
  CHECK(fit.official_name() == "Lanternen");

  const auto one = town.Fit(id, made->pools(1).id());
  REQUIRE(one.fits_size() == 1);
  CHECK(one.fits(0).pool().key() == "closed");
  CHECK(one.others_size() == 2);
}

TEST_CASE("an agreement counts for the association, also after it was merged") {
  PoolTown town;
  const std::string department = town.Department();
  const std::string first = town.Associate("Lanternen");
  const std::string second = town.Associate("Lanternen Fjordby");
  Pool pool = Named("a");
  pool.add_criteria()->set_fact(grant::v1::POOL_FACT_AGREED_COLLABORATION);
  REQUIRE(town.Import({pool}).ok());
  const auto verdict = [&](const std::string& id) { return town.Fit(id).fits(0).verdict(); };
  CHECK(verdict(second) == grant::v1::POOL_VERDICT_MAY_FIT);
  town.Collaborate(second, department, collab::v1::COLLABORATION_STATE_ALIGNING);
  CHECK(verdict(second) == grant::v1::POOL_VERDICT_NOT_YET);
  town.Collaborate(second, department, collab::v1::COLLABORATION_STATE_ACTIVE);
  CHECK(verdict(second) == grant::v1::POOL_VERDICT_FITS);
  CHECK(verdict(first) == grant::v1::POOL_VERDICT_MAY_FIT);
  REQUIRE(town.Write([&](storage::Transaction& transaction) {
                const auto left = registry::GetAssociation(transaction, first);
                const auto right = registry::GetAssociation(transaction, second);
                return registry::JoinAssociations(transaction, *left, *right, "d1", "operator");
              })
              .ok());
  CHECK(verdict(first) == grant::v1::POOL_VERDICT_FITS);
  CHECK(verdict(second) == grant::v1::POOL_VERDICT_FITS);
}

TEST_CASE("after a refusal the fund that said no is not suggested again") {
  PoolTown town;
  const std::string id = town.Associate("Lanternen", kCvr);
  Pool culture = Named("culture");
  culture.set_kle_number("20");
  Pool asked = Named("asked");
  asked.set_title("Kulturpuljen");
  REQUIRE(town.Import({Named("other"), asked, culture}).ok());
  auto told = Told("1", GRANT_STATE_REFUSED);
  told.set_pool("kulturpuljen");
  told.set_kle("20");
  told.set_decided_date(base::DayOf(town.clock.Now()));
  told.mutable_applicant()->set_written_cvr(kCvr);
  const auto application = town.Get(town.Ingest(told).id());
  CHECK(application.association_id() == id);
  const auto snapshot = town.store->Latest();
  const auto applicant = LoadApplicant(**snapshot, id);
  const auto suggested = SuggestPools(**snapshot, application, *applicant, "2026-11-27");
  REQUIRE(suggested.ok());
  CHECK(suggested->follow_up().application_id() == application.id());
  REQUIRE(suggested->others_size() == 2);
  CHECK(suggested->others(0).pool().key() == "culture");
  CHECK(suggested->others(0).shared_themes_size() == 1);
  CHECK(suggested->others(1).pool().key() == "other");
}

}  // namespace brobygger::grants
