#pragma once

#include <absl/status/statusor.h>

#include "brobygger/search/v1/search_service.pb.h"

#include "core/discovery/who_knows.h"
#include "core/search/fields.h"
#include "core/search/shelf.h"

namespace brobygger::discovery {

// Associations that fit a query, for one caller: see the service's comments for limits and errors.
// `allowed` are the fields this caller may see: no other is searched, filtered or counted by, named
// in a reason, or told. The name is always told. Which associations there are for the caller says
// access/scope.h. Does not wait for a revision; the caller does.
absl::StatusOr<search::v1::SearchAssociationsResponse> SearchAssociations(
    const Asker& asker,
    search::Shelf& shelf,
    const search::v1::SearchAssociationsRequest& request,
    search::FieldSet allowed = search::FieldSet::All());

}  // namespace brobygger::discovery
