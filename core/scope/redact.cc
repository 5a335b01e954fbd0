#include "core/scope/redact.h"

#include <memory>
#include <string>
#include <vector>

#include "brobygger/report/v1/programme.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::scope {
namespace {

using access::Sight;
using storage::Bytes;
using storage::Kind;
using sync::v1::PlannedAction;

absl::StatusOr<bool> IsHidden(Judge& judge, const std::string& association_id) {
  if (association_id.empty()) return false;
  BB_ASSIGN_OR_RETURN(const Sight sight, judge.SightOfAssociation(association_id));
  return sight == Sight::kNothing;
}

PlannedAction& ActionOf(PlannedAction& action) { return action; }
PlannedAction& ActionOf(sync::v1::RunAction& done) { return *done.mutable_action(); }

absl::Status Redact(Judge& judge, PlannedAction& action) {
  BB_ASSIGN_OR_RETURN(const bool hidden, IsHidden(judge, action.association_id()));
  if (hidden) {
    action.clear_official_name();
    action.clear_told_official_name();
    action.clear_changes();
    action.clear_source_changes();
  }
  BB_ASSIGN_OR_RETURN(const bool other, IsHidden(judge, action.other_association_id()));
  if (other) action.clear_other_official_name();
  return absl::OkStatus();
}

template <typename Record>
absl::StatusOr<Record> Parsed(const Bytes& bytes) {
  Record record;
  if (record.ParseFromString(*bytes)) return record;
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "A stored record of type " + record.GetTypeName() +
                             " cannot be read; restore the store from a backup.",
                         {{"kind", record.GetTypeName()}});
}

template <typename Part>
absl::StatusOr<Bytes> RedactedPart(Judge& judge, const Bytes& bytes) {
  BB_ASSIGN_OR_RETURN(Part part, Parsed<Part>(bytes));
  for (auto& each : *part.mutable_actions()) BB_RETURN_IF_ERROR(Redact(judge, ActionOf(each)));
  return std::make_shared<const std::string>(part.SerializeAsString());
}

// Without the associations that the caller may not see.
absl::StatusOr<Bytes> RedactedProgramme(Judge& judge, const Bytes& bytes) {
  BB_ASSIGN_OR_RETURN(auto programme, Parsed<report::v1::Programme>(bytes));
  std::vector<std::string> seen;
  for (const std::string& id : programme.association_ids()) {
    BB_ASSIGN_OR_RETURN(const bool hidden, IsHidden(judge, id));
    if (!hidden) seen.push_back(id);
  }
  programme.mutable_association_ids()->Assign(seen.begin(), seen.end());
  return std::make_shared<const std::string>(programme.SerializeAsString());
}

}  // namespace

absl::StatusOr<Bytes> Redacted(Judge& judge, Kind kind, const Bytes& bytes) {
  if (kind == Kind::kPlanPart) return RedactedPart<sync::v1::PlanPart>(judge, bytes);
  if (kind == Kind::kRunPart) return RedactedPart<sync::v1::RunPart>(judge, bytes);
  if (kind == Kind::kProgramme) return RedactedProgramme(judge, bytes);
  return bytes;
}

}  // namespace brobygger::scope
