#include "core/events/feeds.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include <absl/strings/escaping.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/events/kept.h"
#include "core/registry/each_record.h"
#include "core/registry/index_scan.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::events {
namespace {

using storage::Index;
using storage::Kind;

constexpr std::size_t kSecretBytes = 32;

std::string Sha256Hex(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

absl::Status NotFound(const std::string& id) {
  return base::MakeError(
      errors::v1::ERROR_REASON_FEED_KEY_NOT_FOUND,
      "there is no such calendar feed, or it was revoked; see brobygger event feed list",
      {{"feed_key_id", registry::Shown(id)}});
}

absl::StatusOr<FeedKey> LoadKey(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kFeedKey, id));
  if (bytes == nullptr) return NotFound(id);
  FeedKey key;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, key));
  return key;
}

FeedKey Shown(const storage::Snapshot& snapshot, FeedKey key) {
  const auto department = registry::GetDepartment(snapshot, key.department_id());
  if (department.ok()) key.set_department_name(department->official_name());
  return key;
}

bool Shows(const Event& event, const std::string& department_id, const std::string& from) {
  const auto& hosts = event.host_department_ids();
  return LastDay(event) >= from &&
         std::find(hosts.begin(), hosts.end(), department_id) != hosts.end();
}

}  // namespace

absl::StatusOr<event::v1::CreateFeedKeyResponse> CreateFeedKey(storage::Transaction& transaction,
                                                               const std::string& department_id) {
  BB_RETURN_IF_ERROR(registry::GetDepartment(transaction, department_id).status());
  std::array<unsigned char, kSecretBytes> random{};
  if (RAND_bytes(random.data(), random.size()) != 1) {
    return absl::InternalError("the machine has no random numbers");
  }
  event::v1::CreateFeedKeyResponse response;
  response.set_secret(
      absl::WebSafeBase64Escape({reinterpret_cast<const char*>(random.data()), random.size()}));
  FeedKey& key = *response.mutable_feed_key();
  key.set_id(base::MakeUuid());
  key.set_department_id(department_id);
  *key.mutable_create_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kFeedKey, key.id(), key.SerializeAsString(),
                                     {{Index::kFeedKeyBySecret, Sha256Hex(response.secret())}}));
  key = Shown(transaction, key);
  return response;
}

absl::StatusOr<event::v1::ListFeedKeysResponse> ListFeedKeys(
    const storage::Snapshot& snapshot, const event::v1::ListFeedKeysRequest& request) {
  std::vector<FeedKey> keys;
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<FeedKey>(snapshot, Kind::kFeedKey, "", [&](FeedKey key) {
        const std::string& wanted = request.department_id();
        if (wanted.empty() || key.department_id() == wanted) keys.push_back(std::move(key));
        return absl::OkStatus();
      })));
  std::sort(keys.begin(), keys.end(), [](const FeedKey& left, const FeedKey& right) {
    return base::ToInstant(left.create_time()) > base::ToInstant(right.create_time());
  });
  event::v1::ListFeedKeysResponse response;
  for (FeedKey& key : keys) *response.add_feed_keys() = Shown(snapshot, std::move(key));
  return response;
}

absl::StatusOr<FeedKey> RevokeFeedKey(storage::Transaction& transaction, const std::string& id) {
  // Whole, or the beginning of just one.
  BB_ASSIGN_OR_RETURN(const auto meant,
                      transaction.Scan(Kind::kFeedKey, {.prefix = id, .after = "", .limit = 2}));
  if (id.empty() || meant.size() != 1) return NotFound(id);
  BB_ASSIGN_OR_RETURN(FeedKey key, LoadKey(transaction, meant.front().key));
  if (!key.has_revoke_time()) {
    *key.mutable_revoke_time() = base::ToTimestamp(transaction.now());
    // Without its place in the index no secret leads to it any more.
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kFeedKey, key.id(), key.SerializeAsString()));
  }
  return Shown(transaction, std::move(key));
}

absl::StatusOr<FeedKey> FeedKeyOf(const storage::Snapshot& snapshot, const std::string& secret) {
  BB_ASSIGN_OR_RETURN(const auto ids,
                      registry::KeysAt(snapshot, Index::kFeedKeyBySecret, Sha256Hex(secret)));
  if (ids.empty()) return NotFound("");
  return LoadKey(snapshot, ids.front());
}

absl::StatusOr<event::v1::GetFeedResponse> GetFeed(const storage::Snapshot& snapshot,
                                                   const event::v1::GetFeedRequest& request,
                                                   const std::string& year_ago,
                                                   MoreDays more) {
  BB_ASSIGN_OR_RETURN(const FeedKey key, FeedKeyOf(snapshot, request.secret()));
  BB_ASSIGN_OR_RETURN(const auto department,
                      registry::GetDepartment(snapshot, key.department_id()));
  BB_ASSIGN_OR_RETURN(auto events, LoadEvents(snapshot));
  std::erase_if(events,
                [&](const Event& event) { return !Shows(event, key.department_id(), year_ago); });
  BB_ASSIGN_OR_RETURN(auto days, more(key.department_id()));
  events.insert(events.end(), std::make_move_iterator(days.begin()),
                std::make_move_iterator(days.end()));
  std::sort(events.begin(), events.end(), [](const Event& left, const Event& right) {
    return std::tuple(FirstDay(left), left.id()) < std::tuple(FirstDay(right), right.id());
  });
  event::v1::GetFeedResponse response;
  response.set_department_name(department.official_name());
  std::string all = department.official_name();
  for (const Event& event : events) all += "\n" + event.id() + " " + event.etag();
  response.set_etag(Sha256Hex(all).substr(0, 32));
  response.set_unchanged(response.etag() == request.etag());
  if (response.unchanged()) return response;
  for (Event& event : events) {
    BB_ASSIGN_OR_RETURN(*response.add_events(), events::Shown(snapshot, std::move(event)));
  }
  return response;
}

}  // namespace brobygger::events
