#include "core/grants/applications.h"

#include "core/base/status_macros.h"
#include "core/grants/kept.h"
#include "core/grants/owner.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"

namespace brobygger::grants {

absl::StatusOr<GrantApplication> GetOwnedApplication(const storage::Snapshot& snapshot,
                                                     const std::string& id) {
  BB_ASSIGN_OR_RETURN(GrantApplication application, GetApplication(snapshot, id));
  BB_RETURN_IF_ERROR(SetOwner(snapshot, application));
  return application;
}

absl::StatusOr<GrantApplication> AssignApplicant(storage::Transaction& transaction,
                                                 const grant::v1::AssignApplicantRequest& request,
                                                 const std::string& actor) {
  BB_ASSIGN_OR_RETURN(GrantApplication application,
                      GetApplication(transaction, request.application_id()));
  BB_RETURN_IF_ERROR(registry::CheckEtag(request.etag(), application.etag(),
                                         {"application_id", application.id()}));
  std::string id;
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::GetLive(transaction, request.association_id()));
    id = association.id();
  }
  application.set_assigned_association_id(id);
  application.set_assigned_by(id.empty() ? "" : actor);
  BB_RETURN_IF_ERROR(StoreApplication(transaction, application));
  BB_RETURN_IF_ERROR(SetOwner(transaction, application));
  return application;
}

}  // namespace brobygger::grants
