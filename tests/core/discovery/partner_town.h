// The searched town with a homework café that agreed to be a partner, and what is found of it.
#pragma once

#include <string>
#include <vector>

#include "core/discovery/find_partners.h"
#include "tests/core/discovery/searched_town.h"

namespace brobygger::discovery {

using v1::FindPartnersRequest;
using v1::FindPartnersResponse;
using v1::Partner;
using Names = std::vector<std::string>;

struct PartnerTown : SearchedTown {
  std::string cafe = Cafe("Nordby Lektiehjaelp");

  PartnerTown() { AgreeToCentres(cafe, /*contact=*/true); }

  absl::StatusOr<FindPartnersResponse> Ask(const FindPartnersRequest& request) {
    search::Shelf& shelf = Shelf();
    return FindPartners(Town::Ask(), shelf, request);
  }
  FindPartnersResponse Found(const FindPartnersRequest& request) {
    auto found = Ask(request);
    INFO(found.status());
    REQUIRE(found.ok());
    return *std::move(found);
  }
  Names NamesOf(const FindPartnersRequest& request) {
    Names names;
    const FindPartnersResponse found = Found(request);
    for (const Partner& partner : found.partners()) names.push_back(partner.official_name());
    return names;
  }
};

}  // namespace brobygger::discovery
