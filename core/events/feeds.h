#pragma once

#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/events/rules.h"
#include "core/storage/store.h"

namespace brobygger::events {

// A new key with its secret: 256 random bits in base64url, of which the store keeps
// SHA-256. DEPARTMENT_NOT_FOUND.
absl::StatusOr<event::v1::CreateFeedKeyResponse> CreateFeedKey(storage::Transaction& transaction,
                                                               const std::string& department_id);

// The newest first.
absl::StatusOr<event::v1::ListFeedKeysResponse> ListFeedKeys(
    const storage::Snapshot& snapshot, const event::v1::ListFeedKeysRequest& request);

// Revoking twice is revoking once. FEED_KEY_NOT_FOUND.
absl::StatusOr<FeedKey> RevokeFeedKey(storage::Transaction& transaction, const std::string& id);

// The key that has the secret. FEED_KEY_NOT_FOUND, for a revoked one too, and without saying which.
absl::StatusOr<FeedKey> FeedKeyOf(const storage::Snapshot& snapshot, const std::string& secret);

// What a department's calendar shows beside its events, as whole days: ids, titles, days and etags
// are looked at.
using MoreDays =
    absl::FunctionRef<absl::StatusOr<std::vector<Event>>(const std::string& department_id)>;

// The events of the key's department, from the day `year_ago` on, and what `more` gives for it.
// FEED_KEY_NOT_FOUND, for a revoked key too, and without saying which.
absl::StatusOr<event::v1::GetFeedResponse> GetFeed(const storage::Snapshot& snapshot,
                                                   const event::v1::GetFeedRequest& request,
                                                   const std::string& year_ago,
                                                   MoreDays more);

}  // namespace brobygger::events
