// What the registry says of a municipality itself: its departments as its own directory
// has them, which department has to do with which task, policies and coordination groups.
//
// As in edit.h, a write works in the one transaction it is given and gives the record as
// stored; a write that would change nothing writes nothing. Texts that break a rule of
// core/model give FIELD_INVALID or CPR_REFUSED with the field's path. Safe from any thread
// as far as the transaction or snapshot is.
#pragma once

#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/field_mask.pb.h>

#include "brobygger/registry/v1/municipality.pb.h"
#include "brobygger/registry/v1/municipality_service.pb.h"
#include "brobygger/registry/v1/municipality_work.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// Replaces the top-level fields in `mask` ("*": all that can be written). A department stays
// in its municipality. DEPARTMENT_NOT_FOUND (it or its new parent), ETAG_MISMATCH,
// ALREADY_EXISTS (another department has its `os2mo_id`); a parent that is part of the
// department itself is FIELD_INVALID.
absl::StatusOr<v1::Department> UpdateDepartment(storage::Transaction& transaction,
                                                const v1::Department& wanted,
                                                const google::protobuf::FieldMask& mask);

// Takes departments over from a directory, known by `os2mo_id`, all or none. Name, parent
// and validity become the directory's; e-mail address and telephone number where it has
// one; the rest stays as the hub has it. FIELD_INVALID names the row: "departments[3].valid".
absl::StatusOr<v1::ImportDepartmentsResponse> ImportDepartments(
    storage::Transaction& transaction, const v1::ImportDepartmentsRequest& request);

// DEPARTMENT_NOT_FOUND. TASK_TAKEN if another department of the municipality is responsible
// for the same number at some time that the assignment covers.
absl::StatusOr<v1::KleAssignment> AssignTask(storage::Transaction& transaction,
                                             v1::KleAssignment wanted);

// Nothing happens if there is none with this id.
absl::Status WithdrawTask(storage::Transaction& transaction, const std::string& id);

// In the order of the KLE numbers, the responsible first. MUNICIPALITY_NOT_FOUND,
// DEPARTMENT_NOT_FOUND.
absl::StatusOr<v1::ListTasksResponse> ListTasks(const storage::Snapshot& snapshot,
                                                const v1::ListTasksRequest& request);

// Without id a new one; with it that one is replaced, if `etag` is its or "".
// POLICY_NOT_FOUND, ETAG_MISMATCH.
absl::StatusOr<v1::Policy> PutPolicy(storage::Transaction& transaction, v1::Policy wanted);

// POLICY_NOT_FOUND.
absl::Status DeletePolicy(storage::Transaction& transaction, const std::string& id);

// By kind, then from when. MUNICIPALITY_NOT_FOUND.
absl::StatusOr<v1::ListPoliciesResponse> ListPolicies(const storage::Snapshot& snapshot,
                                                      const std::string& municipality_code);

// As PutPolicy(). COORDINATION_GROUP_NOT_FOUND, DEPARTMENT_NOT_FOUND, ETAG_MISMATCH; a
// department of another municipality is FIELD_INVALID.
absl::StatusOr<v1::CoordinationGroup> PutCoordinationGroup(storage::Transaction& transaction,
                                                           v1::CoordinationGroup wanted);

// COORDINATION_GROUP_NOT_FOUND.
absl::Status DeleteCoordinationGroup(storage::Transaction& transaction, const std::string& id);

// By name. MUNICIPALITY_NOT_FOUND.
absl::StatusOr<v1::ListCoordinationGroupsResponse> ListCoordinationGroups(
    const storage::Snapshot& snapshot, const std::string& municipality_code);

}  // namespace brobygger::registry
