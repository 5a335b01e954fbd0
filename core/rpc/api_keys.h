#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/access/v1/api_key.pb.h"

#include "core/access/api_key.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// A key just made, with its text, which is shown once and never kept.
struct CreatedApiKey {
  access::v1::ApiKey api_key;
  std::string text;
};

// Makes a key. Of one holder (title and municipality) two may work at a time, so that the next can
// be rolled out while the last one still works. FIELD_INVALID, CPR_REFUSED; ALREADY_EXISTS if
// two work already.
absl::StatusOr<CreatedApiKey> CreateApiKey(storage::Transaction& transaction,
                                           access::v1::ApiKey wanted);

// Makes a key that speaks for the association, in the policy's role "association" and for a year.
// `title` is the function of whoever has it. It keeps the id that it is given, so that it follows
// the association into a merge and out of it again. FIELD_INVALID, CPR_REFUSED; ALREADY_EXISTS if
// access::kMostLiveAssociationKeys of the association work. ASSOCIATION_NOT_FOUND,
// ASSOCIATION_DELETED.
absl::StatusOr<CreatedApiKey> CreateAssociationKey(storage::Transaction& transaction,
                                                   const std::string& association_id,
                                                   const std::string& title);

// Those of one association and of what was merged into it, the newest first.
// ASSOCIATION_NOT_FOUND.
absl::StatusOr<std::vector<access::v1::ApiKey>> ListAssociationKeys(
    const storage::Snapshot& snapshot, const std::string& association_id);

// Ends one that an association has, by its id or the beginning of it; again changes nothing.
// API_KEY_NOT_FOUND.
absl::StatusOr<access::v1::ApiKey> RevokeAssociationKey(storage::Transaction& transaction,
                                                        const std::string& typed_id);

// All of them, the newest first.
absl::StatusOr<std::vector<access::v1::ApiKey>> ListApiKeys(const storage::Snapshot& snapshot);

// Ends a key; again changes nothing. API_KEY_NOT_FOUND.
absl::StatusOr<access::v1::ApiKey> RevokeApiKey(storage::Transaction& transaction,
                                                const std::string& id);

// Notes that a key was used; an earlier use than is noted changes nothing.
absl::Status NoteApiKeyUse(storage::Transaction& transaction,
                           const std::string& id,
                           base::Instant used);

// What is stored under the id of a key that somebody showed, as access::CheckApiKey() takes it.
absl::StatusOr<std::optional<access::ApiKeyRecord>> FindApiKey(const storage::Snapshot& snapshot,
                                                               const std::string& id);

}  // namespace brobygger::rpc
