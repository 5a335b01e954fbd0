#pragma once

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/partner.pb.h"

#include "core/search/query.h"

namespace brobygger::discovery {

// What is asked of partners, as the search takes it. QUERY_INVALID for a field that is not among
// `options.allowed`, as for one that there is not, and for a value that there is not, with those
// that there are; FIELD_INVALID names the list and the place in it.
absl::StatusOr<search::Query> ParseCriteria(const v1::PartnerCriteria& criteria,
                                            const search::QueryOptions& options);

}  // namespace brobygger::discovery
