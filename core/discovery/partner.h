#pragma once

#include <vector>

#include "brobygger/discovery/v1/partner.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/access/access.h"
#include "core/search/query.h"
#include "core/search/reasons.h"

namespace brobygger::discovery {

// What a caller is told of an association that could be a partner: built from nothing, by the
// fields that were granted, so what is added to the record later is not told by mistake.
// `association` is as the caller may see it (scope/scoped_snapshot.h); `query` is what was asked.
// Pure.
v1::Partner ToPartner(const registry::v1::Association& association,
                      const access::Caller& caller,
                      const search::Query& query);

// Whether an association can be asked to work together at all: it is live and has not ended.
bool IsPartner(const registry::v1::Association& association);

// Whether every filter on activities and all words that are asked of activities hold for this one,
// by the rules of search/filters.h and search/activity_words.h; false if nothing is asked of them.
bool ActivityFits(const search::Query& query,
                  const registry::v1::Association& association,
                  const registry::v1::Activity& activity);

}  // namespace brobygger::discovery
