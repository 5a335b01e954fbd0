#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// The registry at the asked time. REVISION_UNKNOWN, FIELD_INVALID.
absl::StatusOr<std::shared_ptr<const storage::Snapshot>> SnapshotAt(const storage::Store& store,
                                                                    const v1::AsOf& as_of);

// The association's stored bytes, deleted or not; one that was merged leads to the
// association it is part of then. ASSOCIATION_NOT_FOUND.
absl::StatusOr<storage::Bytes> GetAssociationBytes(const storage::Snapshot& snapshot,
                                                   const std::string& id);

// One page each; the limits are those of the requests' comments. FIELD_INVALID,
// FILTER_INVALID, PAGE_TOKEN_INVALID, REVISION_UNKNOWN.
absl::StatusOr<v1::ListAssociationsResponse> ListAssociations(
    const storage::Store& store, const v1::ListAssociationsRequest& request);
absl::StatusOr<v1::ListAssociationHistoryResponse> ListAssociationHistory(
    const storage::Store& store, const v1::ListAssociationHistoryRequest& request);
absl::StatusOr<v1::ListRelationsResponse> ListRelations(const storage::Store& store,
                                                        const v1::ListRelationsRequest& request);
// All of a municipality, in the order of their ids.
absl::StatusOr<std::vector<v1::Department>> DepartmentsOf(const storage::Snapshot& snapshot,
                                                          const std::string& municipality_code);
// DEPARTMENT_NOT_FOUND.
absl::StatusOr<v1::Department> GetDepartment(const storage::Snapshot& snapshot,
                                             const std::string& id);

absl::StatusOr<v1::ListDepartmentsResponse> ListDepartments(
    const storage::Store& store, const v1::ListDepartmentsRequest& request);
v1::ListMunicipalitiesResponse ListMunicipalities();

}  // namespace brobygger::registry
