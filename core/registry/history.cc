#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/page.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using storage::Kind;
using storage::Version;

std::vector<std::string> Differences(const v1::Association& before, const v1::Association& after) {
  std::vector<std::string> paths = model::ChangedPaths(before, after);
  if (before.has_delete_time() != after.has_delete_time()) {
    paths.insert(std::lower_bound(paths.begin(), paths.end(), "delete_time"), "delete_time");
  }
  const std::string merged = "merged_into_association_id";
  if (before.merged_into_association_id() != after.merged_into_association_id()) {
    paths.insert(std::lower_bound(paths.begin(), paths.end(), merged), merged);
  }
  return paths;
}

absl::Status AddVersion(const Version& version, v1::ListAssociationHistoryResponse& response) {
  v1::AssociationVersion& added = *response.add_versions();
  added.set_revision(version.revision);
  *added.mutable_registered_time() = base::ToTimestamp(version.registered_time);
  added.set_actor(version.actor);
  return ParseRecord(version.bytes, *added.mutable_association());
}

// Each version differs from the one after it in the list, which is the older.
void SetChangedPaths(const v1::Association& before_all,
                     v1::ListAssociationHistoryResponse& response) {
  auto& versions = *response.mutable_versions();
  for (int i = 0; i < versions.size(); ++i) {
    const bool oldest = i + 1 == versions.size();
    const v1::Association& before = oldest ? before_all : versions[i + 1].association();
    const auto paths = Differences(before, versions[i].association());
    versions[i].mutable_changed_paths()->Assign(paths.begin(), paths.end());
  }
}

// How many of the versions fit on a page of `size`.
std::size_t CountFitting(const std::vector<Version>& versions, std::size_t size) {
  std::size_t bytes = 0;
  std::size_t count = 0;
  while (count < versions.size() && count < size) {
    bytes += versions[count].bytes == nullptr ? 0 : versions[count].bytes->size();
    if (count > 0 && bytes > kPageBytes) break;
    ++count;
  }
  return count;
}

// The versions of one page, and one more where there is one: the oldest that is
// shown differs from it.
absl::StatusOr<v1::ListAssociationHistoryResponse> MakePage(const std::vector<Version>& versions,
                                                            std::size_t size,
                                                            const std::string& arguments) {
  v1::ListAssociationHistoryResponse response;
  const std::size_t shown = CountFitting(versions, size);
  for (std::size_t i = 0; i < shown; ++i) BB_RETURN_IF_ERROR(AddVersion(versions[i], response));
  v1::Association older;
  if (shown < versions.size()) {
    BB_RETURN_IF_ERROR(ParseRecord(versions[shown].bytes, older));
    response.set_next_page_token(MakePageToken({versions[shown - 1].revision, "", ""}, arguments));
  }
  SetChangedPaths(older, response);
  return response;
}

}  // namespace

absl::StatusOr<v1::ListAssociationHistoryResponse> ListAssociationHistory(
    const storage::Store& store, const v1::ListAssociationHistoryRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string arguments = PageArguments({"history", request.association_id()});
  PagePlace before;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(before, ReadPageToken(request.page_token(), arguments));
  }
  BB_ASSIGN_OR_RETURN(
      const std::vector<Version> versions,
      store.VersionsOf(Kind::kAssociation, request.association_id(), before.revision, size + 1));
  if (versions.empty() && before.revision == 0) {
    return AssociationNotFound(request.association_id());
  }
  return MakePage(versions, static_cast<std::size_t>(size), arguments);
}

}  // namespace brobygger::registry
