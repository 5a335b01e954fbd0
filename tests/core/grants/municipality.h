// A municipality's store with associations and what they applied for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/grants/applications.h"
#include "core/grants/follow_ups.h"
#include "core/grants/ingest.h"
#include "core/grants/money.h"
#include "core/registry/edit.h"
#include "core/registry/links.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::grants {

using grant::v1::GRANT_STATE_GRANTED;
using grant::v1::GRANT_STATE_REFUSED;

inline constexpr char kCvr[] = "99000007";

struct Municipality {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);

  template <typename Body>
  auto Write(Body body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    const auto written = store->Write("operator", [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.ok() ? absl::OkStatus() : result.status();
    });
    return result;
  }

  std::string Associate(const std::string& official_name, const std::string& cvr = "") {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    if (!cvr.empty()) {
      auto& identifier = *wanted.add_identifiers();
      identifier.set_scheme("DK-CVR");
      identifier.set_value(cvr);
    }
    auto made = Write([&](storage::Transaction& transaction) {
      return registry::CreateAssociation(transaction, wanted, "plugin:fake");
    });
    REQUIRE(made.ok());
    return made->id();
  }

  void Link(const std::string& key,
            const std::string& association,
            sync::v1::Link::State state = sync::v1::Link::STATE_LIVE) {
    sync::v1::Link link;
    link.set_association_id(association);
    link.set_state(state);
    REQUIRE(store
                ->Write("sync",
                        [&](storage::Transaction& transaction) {
                          return registry::PutLink(transaction, key, link);
                        })
                .ok());
  }

  GrantApplication Ingest(GrantApplication told) {
    const auto done = Write(
        [&](storage::Transaction& transaction) { return IngestApplication(transaction, told); });
    INFO(done.status());
    REQUIRE(done.ok());
    return told;
  }

  GrantApplication Get(const std::string& id) {
    const auto application = GetOwnedApplication(**store->Latest(), id);
    INFO(application.status());
    REQUIRE(application.ok());
    return *application;
  }

  grant::v1::AssociationMoney Money(const std::string& id) {
    const auto money = GetAssociationMoney(**store->Latest(), id);
    INFO(money.status());
    REQUIRE(money.ok());
    return *money;
  }

  std::vector<FollowUp> FollowUps(bool done = false) {
    grant::v1::ListFollowUpsRequest request;
    request.set_show_done(done);
    const auto listed = ListFollowUps(*store, request);
    REQUIRE(listed.ok());
    return {listed->follow_ups().begin(), listed->follow_ups().end()};
  }
};

inline GrantApplication Told(const std::string& external_id,
                             GrantState state = GRANT_STATE_GRANTED) {
  GrantApplication told;
  told.set_connection_id("tilskud");
  told.set_external_id(external_id);
  told.set_title("Folkedans");
  told.set_received_date("2026-02-0" + external_id);
  told.set_applied_ore(1'000'000);
  told.set_state(state);
  told.mutable_applicant()->set_external_id("a1");
  told.mutable_applicant()->set_stream("associations");
  return told;
}

}  // namespace brobygger::grants
