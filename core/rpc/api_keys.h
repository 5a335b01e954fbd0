#pragma once

#include <optional>
#include <string>

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
