#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::exchange {

// Members stand in the order in which they are told.
using Json = nlohmann::ordered_json;

// The id of an activity as a service: its own where that is a UUID, else one that is always the
// same for this activity of this association.
std::string HsdsServiceId(const registry::v1::Association& association,
                          const registry::v1::Activity& activity);

// HSDS 3.0, schema/compiled/organization.json: with identifiers, telephones, locations and
// services.
Json ToHsds(const registry::v1::Association& association);

// organization_list.json: the same without what is nested.
Json ToHsdsListed(const registry::v1::Association& association);

// service.json: one activity, with the organization that does it.
Json ToHsdsService(const registry::v1::Association& association,
                   const registry::v1::Activity& activity);

// service_list.json.
Json ToHsdsListedService(const registry::v1::Association& association,
                         const registry::v1::Activity& activity);

// Page of the HSDS API specification. `number` counts from 1; `size` is how many a page holds.
struct HsdsPage {
  std::int64_t total = 0;
  int number = 1;
  int size = 50;
};
Json ToHsdsPage(const HsdsPage& page, std::vector<Json> contents);

}  // namespace brobygger::exchange
