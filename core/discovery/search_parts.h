// What every search through core/search is made of.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/search/v1/search_service.pb.h"

#include "core/access/access.h"
#include "core/search/evaluate.h"

namespace brobygger::discovery {

// Fields to be counted by, as a request names them; kKnownBy the index does not count.
// QUERY_INVALID for one that cannot be counted or is not allowed.
absl::StatusOr<search::FieldSet> FacetsOf(
    const google::protobuf::RepeatedPtrField<std::string>& names, search::FieldSet allowed);

// The associations that access::SightOf() lets the caller see anything of, as the index has them.
search::Reach ReachOf(const access::Caller& caller);

void TellReasons(const search::Hit& hit,
                 google::protobuf::RepeatedPtrField<search::v1::SearchReason>& told);

void TellFacets(const search::Answer& answer,
                google::protobuf::RepeatedPtrField<search::v1::SearchFacet>& list);

}  // namespace brobygger::discovery
