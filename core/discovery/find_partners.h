#pragma once

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/discovery/who_knows.h"
#include "core/search/query.h"
#include "core/search/shelf.h"

namespace brobygger::discovery {

// Associations that could be asked to work together, for one caller: see the service's comments for
// limits and errors. Those are told that the caller may see (access/scope.h), with the fields that
// it was granted; no other is searched, filtered, counted by or named in a reason. Does not wait
// for a revision; the caller does.
absl::StatusOr<v1::FindPartnersResponse> FindPartners(const Asker& asker,
                                                      search::Shelf& shelf,
                                                      const v1::FindPartnersRequest& request);

// By id, or the first 8 characters or more of it. ASSOCIATION_NOT_FOUND, also for one that has
// ended or is not the caller's to see.
absl::StatusOr<v1::GetPartnerResponse> GetPartner(const Asker& asker,
                                                  const v1::GetPartnerRequest& request);

// A question about partners, ready to be asked: its query leaves out associations that have ended.
absl::StatusOr<search::Query> PartnerQuery(const access::Caller& caller,
                                           const v1::PartnerCriteria& criteria,
                                           bool as_you_type);

}  // namespace brobygger::discovery
