#include "core/grants/kept.h"

#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/grants/application_id.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using storage::Index;
using storage::Kind;

template <typename Record>
absl::StatusOr<std::optional<Record>> Find(const storage::Snapshot& snapshot,
                                           Kind kind,
                                           const std::string& key) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, key));
  if (bytes == nullptr) return std::optional<Record>();
  Record record;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, record));
  return std::optional<Record>(std::move(record));
}

}  // namespace

absl::StatusOr<std::optional<GrantApplication>> FindApplication(const storage::Snapshot& snapshot,
                                                                const std::string& id) {
  return Find<GrantApplication>(snapshot, Kind::kGrantApplication, id);
}

absl::StatusOr<GrantApplication> GetApplication(const storage::Snapshot& snapshot,
                                                const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto application, FindApplication(snapshot, MeantId(id)));
  if (application) return *std::move(application);
  return base::MakeError(
      errors::v1::ERROR_REASON_GRANT_APPLICATION_NOT_FOUND,
      "there is no grant application '" + registry::Shown(id) + "'; see brobygger grant list",
      {{"application_id", registry::Shown(id)}});
}

absl::Status StoreApplication(storage::Transaction& transaction, GrantApplication& application) {
  application.set_etag(registry::EtagOf(transaction.revision()));
  *application.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!application.has_create_time())
    *application.mutable_create_time() = application.update_time();
  std::vector<storage::IndexTerm> terms;
  const auto add = [&](Index index, const std::string& value) {
    if (!value.empty()) terms.push_back({index, value});
  };
  add(Index::kGrantByApplicant, ApplicantKey(application));
  add(Index::kGrantByCvr, application.applicant().written_cvr());
  add(Index::kGrantByAssignment, application.assigned_association_id());
  return transaction.Put(Kind::kGrantApplication, application.id(), registry::ToBytes(application),
                         std::move(terms));
}

absl::StatusOr<std::optional<FollowUp>> FindFollowUp(const storage::Snapshot& snapshot,
                                                     const std::string& application_id) {
  return Find<FollowUp>(snapshot, Kind::kFollowUp, application_id);
}

absl::Status StoreFollowUp(storage::Transaction& transaction, FollowUp& follow_up) {
  follow_up.set_etag(registry::EtagOf(transaction.revision()));
  follow_up.clear_application();
  return transaction.Put(Kind::kFollowUp, follow_up.application_id(), registry::ToBytes(follow_up));
}

std::string ApplicantKey(const GrantApplication& application) {
  const auto& applicant = application.applicant();
  if (applicant.external_id().empty()) return "";
  return application.connection_id() + "/" + applicant.stream() + "/" + applicant.external_id();
}

}  // namespace brobygger::grants
