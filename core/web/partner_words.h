#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

#include "brobygger/discovery/v1/partner_calls.pb.h"

#include "core/web/parameters.h"

namespace brobygger::web {

using Json = nlohmann::ordered_json;

// The parameters of /v1/partners: those that say what is wanted, and then the two of pages.
const std::vector<ParameterRule>& PartnerRules();
// The first of them alone, as for a list without pages.
const std::vector<ParameterRule>& PartnerFilterRules();

// What is wanted. FIELD_INVALID, with those allowed, for a theme or audience that there is not;
// what else may be wrong the hub says.
absl::StatusOr<discovery::v1::PartnerCriteria> ToCriteria(const Parameters& parameters);

// A partner as /v1 tells it: lists of ours in words ("school-and-homework"), texts by language,
// and only what the caller was told; a member that is not there was not granted or is not known.
Json ToPartnerJson(const discovery::v1::Partner& partner);

// A page: "partners", which is there also when it is empty, "total" where it is known,
// "next_page_token" where there is more, and "relaxed", "partial" and "catching_up" where they are
// true (discovery_service.proto).
Json ToPartnersJson(const discovery::v1::FindPartnersResponse& page);

}  // namespace brobygger::web
