// A municipality's store with departments and associations.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/contact/address_book.h"
#include "core/contact/sightings.h"
#include "core/contact/touchpoints.h"
#include "core/registry/edit.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::contact {

using v1::Touchpoint;

struct Town {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  const Pseudonyms pseudonyms{"key"};

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

  std::string Associate(const std::string& official_name,
                        const std::vector<std::string>& emails = {},
                        const std::string& cvr = "",
                        const std::string& website = "") {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    for (const std::string& email : emails) wanted.add_emails(email);
    if (!website.empty()) wanted.add_websites(website);
    if (!cvr.empty()) {
      auto& identifier = *wanted.add_identifiers();
      identifier.set_scheme("DK-CVR");
      identifier.set_value(cvr);
    }
    const auto made = Write([&](storage::Transaction& transaction) {
      return registry::CreateAssociation(transaction, wanted, "operator");
    });
    INFO(made.status());
    REQUIRE(made.ok());
    return made->id();
  }

  std::string Department(const std::string& official_name, const std::string& email = "") {
    registry::v1::Department wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    wanted.set_contact_email(email);
    const auto made = Write([&](storage::Transaction& transaction) {
      return registry::CreateDepartment(transaction, wanted, "operator");
    });
    INFO(made.status());
    REQUIRE(made.ok());
    return made->id();
  }

  AddressBook Book() const {
    auto book = AddressBook::Make(**store->Latest(), pseudonyms);
    REQUIRE(book.ok());
    return *std::move(book);
  }

  // Who was asked, with addresses in clear.
  Asked Ask(const std::vector<std::string>& codes,
            const std::vector<std::string>& addresses) const {
    Asked asked;
    asked.codes = codes;
    for (const std::string& address : addresses) {
      asked.addresses.push_back(pseudonyms.Of("address", address));
      asked.domains.push_back(pseudonyms.Of("domain", address.substr(address.find('@') + 1)));
    }
    return asked;
  }

  std::string Day(int days) const { return base::DayOf(clock.Now(), days); }

  v1::ListTouchpointsResponse List(const v1::ListTouchpointsRequest& request = {}) {
    const auto listed = ListTouchpoints(*store, clock, access::LocalOperator(), request);
    INFO(listed.status());
    REQUIRE(listed.ok());
    return *listed;
  }
};

}  // namespace brobygger::contact
