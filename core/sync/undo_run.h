#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::sync {

// Puts back what a run changed, newest first, as edits of `actor` that flow out like
// any other: fields that still hold what the run made of them, in the registry and at
// the source; associations that it made and nobody has touched; those it deleted. What
// somebody has changed since stays, and is told. Records made at the source stay: the
// hub never deletes there. In writes of some hundred; if it is cut off, undoing again
// goes on. RUN_NOT_FOUND, RUN_NOT_UNDOABLE.
absl::StatusOr<v1::UndoRunResponse> UndoRun(storage::Store& store,
                                            const v1::UndoRunRequest& request,
                                            const std::string& actor);

}  // namespace brobygger::sync
