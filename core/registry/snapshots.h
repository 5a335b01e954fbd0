#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/registry/page.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// What of a listing's request says which page of which revision is wanted.
struct PageRequest {
  const std::string* page_token;
  const v1::AsOf* as_of;
  std::string arguments;  // see PageArguments()
};

// The registry as the page sees it, and where the page begins.
struct PagedSnapshot {
  std::shared_ptr<const storage::Snapshot> snapshot;
  PagePlace place;
};

// PAGE_TOKEN_INVALID, REVISION_UNKNOWN, FIELD_INVALID.
absl::StatusOr<PagedSnapshot> SnapshotForPage(const storage::Store& store,
                                              const PageRequest& request);

}  // namespace brobygger::registry
