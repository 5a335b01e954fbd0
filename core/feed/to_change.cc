#include "core/feed/to_change.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::feed {
namespace {

using storage::Kind;

absl::Status Parse(const storage::Change& stored, google::protobuf::MessageLite& record) {
  if (record.ParseFromString(*stored.bytes)) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "A stored record of type " + record.GetTypeName() +
                             " cannot be read; restore the store from a backup.",
                         {{"kind", record.GetTypeName()}});
}

absl::Status SetAssociation(const storage::Change& stored,
                            bool include_record,
                            v1::Change& change) {
  BB_RETURN_IF_ERROR(Parse(stored, *change.mutable_association()));
  if (change.association().has_delete_time()) change.set_kind(v1::Change::KIND_DELETED);
  if (!include_record) change.clear_record();
  return absl::OkStatus();
}

absl::Status SetRecord(const storage::Change& stored, bool include_record, v1::Change& change) {
  // Only an association's own bytes say whether it is deleted.
  if (stored.kind == Kind::kAssociation) return SetAssociation(stored, include_record, change);
  if (!include_record) return absl::OkStatus();
  if (stored.kind == Kind::kRelation) return Parse(stored, *change.mutable_relation());
  if (stored.kind == Kind::kDepartment) return Parse(stored, *change.mutable_department());
  // Who may follow the registry may not for that see what associations apply for.
  return absl::OkStatus();
}

// The part of a key before its first slash.
std::string Owner(const std::string& key) { return key.substr(0, key.find('/')); }

// What lies within the work of both sides. False for any other kind.
bool SetWork(Kind kind, const std::string& key, v1::Change& change) {
  switch (kind) {
    case Kind::kCollaboration:
      change.set_collaboration_id(key);
      return true;
    case Kind::kAlignmentRound:
      change.set_alignment_collaboration_id(Owner(key));
      return true;
    case Kind::kResourceCheck:
      change.set_resource_check_subject_id(Owner(key));
      return true;
    case Kind::kCourse:
      change.set_course_id(key);
      return true;
    case Kind::kNetwork:
      change.set_network_id(key);
      return true;
    case Kind::kProgramme:
      change.set_programme_id(key);
      return true;
    default:
      return false;
  }
}

void SetSubject(const storage::Change& stored, v1::Change& change) {
  if (SetWork(stored.kind, stored.key, change)) return;
  switch (stored.kind) {
    case Kind::kAssociation:
      return change.set_association_id(stored.key);
    case Kind::kRelation:
      return change.set_relation_id(stored.key);
    case Kind::kDepartment:
      return change.set_department_id(stored.key);
    case Kind::kGrantApplication:
      return change.set_grant_application_id(stored.key);
    case Kind::kFollowUp:
      return change.set_follow_up_application_id(stored.key);
    case Kind::kKleAssignment:
      return change.set_kle_assignment_id(stored.key);
    case Kind::kPolicy:
      return change.set_policy_id(stored.key);
    case Kind::kCoordinationGroup:
      return change.set_coordination_group_id(stored.key);
    case Kind::kPool:
      return change.set_pool_id(stored.key);
    case Kind::kPremisesNeed:
      return change.set_premises_need_id(stored.key);
    case Kind::kPremises:
      return change.set_premises_id(stored.key);
    // The feed has the registry's kinds alone.
    default:
      return;
  }
}

}  // namespace

absl::Status ToChange(const storage::Change& stored, bool include_record, v1::Change& change) {
  change.set_revision(stored.revision);
  *change.mutable_registered_time() = base::ToTimestamp(stored.registered_time);
  SetSubject(stored, change);
  if (stored.bytes == nullptr) {
    change.set_kind(v1::Change::KIND_DELETED);
    return absl::OkStatus();
  }
  change.set_kind(stored.created ? v1::Change::KIND_CREATED : v1::Change::KIND_UPDATED);
  return SetRecord(stored, include_record, change);
}

}  // namespace brobygger::feed
