#include "core/rpc/api_keys.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::rpc {
namespace {

using access::v1::ApiKey;
using access::v1::StoredApiKey;
using model::Place;
using storage::Kind;

constexpr std::size_t kLongestTitle = 200;
// A function, for which a line of a list is enough.
constexpr std::size_t kLongestFunction = 40;
constexpr char kAssociationRole[] = "association";
constexpr int kMostCallsPerMinute = 1'000'000;
constexpr std::chrono::hours kUsualLife(24 * 365);

access::ApiKeyRecord ToRecord(const StoredApiKey& stored) {
  const ApiKey& key = stored.api_key();
  access::ApiKeyRecord record;
  record.id = key.id();
  record.digest = stored.digest();
  record.municipality_code = key.municipality_code();
  record.scopes.assign(key.roles().begin(), key.roles().end());
  record.created_at = base::ToInstant(key.create_time());
  record.expires_at = base::ToInstant(key.expire_time());
  record.revoked = key.has_revoke_time();
  record.calls_per_minute = key.calls_per_minute();
  record.association_id = key.association_id();
  for (const int field : key.fields()) {
    record.fields.insert(static_cast<access::v1::AssociationField>(field));
  }
  if (key.has_last_use_time()) record.used_at = base::ToInstant(key.last_use_time());
  return record;
}

bool Works(const ApiKey& key, base::Instant now) {
  return !key.has_revoke_time() && base::ToInstant(key.expire_time()) > now;
}

absl::StatusOr<std::optional<StoredApiKey>> Find(const storage::Snapshot& snapshot,
                                                 const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kApiKey, id));
  if (bytes == nullptr) return std::optional<StoredApiKey>();
  StoredApiKey stored;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, stored));
  return std::optional<StoredApiKey>(std::move(stored));
}

absl::Status Store(storage::Transaction& transaction, const StoredApiKey& stored) {
  return transaction.Put(Kind::kApiKey, stored.api_key().id(), stored.SerializeAsString());
}

// Stores it under an id and with a secret of its own.
absl::StatusOr<CreatedApiKey> Make(storage::Transaction& transaction, ApiKey wanted) {
  BB_ASSIGN_OR_RETURN(access::NewApiKey made, access::MakeApiKey());
  wanted.set_id(made.id);
  *wanted.mutable_create_time() = base::ToTimestamp(transaction.now());
  wanted.clear_revoke_time();
  wanted.clear_last_use_time();
  StoredApiKey stored;
  *stored.mutable_api_key() = wanted;
  stored.set_digest(made.digest);
  BB_RETURN_IF_ERROR(access::ValidateApiKeyRecord(ToRecord(stored)));
  BB_RETURN_IF_ERROR(Store(transaction, stored));
  return CreatedApiKey{std::move(wanted), std::move(made.text)};
}

absl::Status Check(ApiKey& wanted, base::Instant now) {
  const Place parent{nullptr, "api_key"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(wanted, parent));
  BB_RETURN_IF_ERROR(
      model::FixLine({&parent, "title"}, {1, kLongestTitle}, *wanted.mutable_title()));
  const Place municipality{&parent, "municipality_code"};
  if (wanted.municipality_code().empty()) return model::BrokenRule(municipality, "is required");
  BB_RETURN_IF_ERROR(model::FixMunicipality(municipality, *wanted.mutable_municipality_code()));
  if (wanted.roles().empty()) return model::BrokenRule({&parent, "roles"}, "are required");
  if (wanted.calls_per_minute() < 0 || wanted.calls_per_minute() > kMostCallsPerMinute) {
    return model::BrokenRule({&parent, "calls_per_minute"}, "must be from 0 to 1,000,000");
  }
  for (int i = 0; i < wanted.fields_size(); ++i) {
    if (wanted.fields(i) == access::v1::ASSOCIATION_FIELD_UNSPECIFIED) {
      return model::BrokenRule({&parent, "fields"}, "names nothing that can be granted");
    }
  }
  if (!wanted.has_expire_time())
    *wanted.mutable_expire_time() = base::ToTimestamp(now + kUsualLife);
  const base::Instant end = base::ToInstant(wanted.expire_time());
  if (end <= now || end > now + access::kLongestApiKeyLife) {
    return model::BrokenRule({&parent, "expire_time"}, "is past, or more than a year from now");
  }
  return absl::OkStatus();
}

absl::Status CheckRoom(const storage::Snapshot& snapshot, const ApiKey& wanted, base::Instant now) {
  std::size_t live = 0;
  const auto count = [&](const StoredApiKey& stored) {
    const ApiKey& key = stored.api_key();
    const bool same =
        key.title() == wanted.title() && key.municipality_code() == wanted.municipality_code();
    live += same && key.association_id().empty() && Works(key, now);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR((registry::ForEachRecord<StoredApiKey>(snapshot, Kind::kApiKey, "", count)));
  if (live < access::kMostLiveApiKeys) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_ALREADY_EXISTS,
                         "two keys of this holder work already, one to use and one to change to; "
                         "revoke one first: brobygger access key list",
                         {{"field", "api_key.title"}});
}

}  // namespace

absl::StatusOr<CreatedApiKey> CreateApiKey(storage::Transaction& transaction, ApiKey wanted) {
  BB_RETURN_IF_ERROR(Check(wanted, transaction.now()));
  BB_RETURN_IF_ERROR(CheckRoom(transaction, wanted, transaction.now()));
  wanted.clear_association_id();
  return Make(transaction, std::move(wanted));
}

absl::StatusOr<CreatedApiKey> CreateAssociationKey(storage::Transaction& transaction,
                                                   const std::string& association_id,
                                                   const std::string& title) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::GetLive(transaction, association_id));
  ApiKey wanted;
  wanted.set_title(title);
  wanted.set_municipality_code(association.municipality_code());
  wanted.add_roles(kAssociationRole);
  BB_RETURN_IF_ERROR(Check(wanted, transaction.now()));
  const Place place{nullptr, "title"};
  BB_RETURN_IF_ERROR(model::FixLine(place, {1, kLongestFunction}, *wanted.mutable_title()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveAbout(place, wanted.title()));
  BB_ASSIGN_OR_RETURN(const auto keys, ListAssociationKeys(transaction, association.id()));
  const auto works = [&](const ApiKey& key) { return Works(key, transaction.now()); };
  const auto live = static_cast<std::size_t>(std::count_if(keys.begin(), keys.end(), works));
  if (live >= access::kMostLiveAssociationKeys) {
    return base::MakeError(
        errors::v1::ERROR_REASON_ALREADY_EXISTS,
        absl::StrCat("the association has ", live,
                     " keys that work already; end one that nobody uses first: brobygger own keys, "
                     "or ask the municipality to"),
        {{"field", "api_key.association_id"}});
  }
  wanted.set_association_id(association_id);
  return Make(transaction, std::move(wanted));
}

absl::StatusOr<std::vector<ApiKey>> ListAssociationKeys(const storage::Snapshot& snapshot,
                                                        const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(auto keys, ListApiKeys(snapshot));
  std::erase_if(keys, [&](const ApiKey& key) { return key.association_id() != association->id(); });
  return keys;
}

absl::StatusOr<ApiKey> RevokeAssociationKey(storage::Transaction& transaction,
                                            const std::string& typed_id) {
  BB_ASSIGN_OR_RETURN(const auto keys, ListApiKeys(transaction));
  std::vector<std::string> meant;
  for (const ApiKey& key : keys) {
    const bool named = !key.association_id().empty() && absl::StartsWith(key.id(), typed_id);
    if (named) meant.push_back(key.id());
  }
  if (typed_id.empty() || meant.size() != 1) {
    return base::MakeError(
        errors::v1::ERROR_REASON_API_KEY_NOT_FOUND,
        absl::StrCat("there is no key '", registry::Shown(typed_id),
                     "' of an association; see brobygger own keys, or brobygger association keys"),
        {{"api_key_id", registry::Shown(typed_id)}});
  }
  return RevokeApiKey(transaction, meant.front());
}

absl::StatusOr<std::vector<ApiKey>> ListApiKeys(const storage::Snapshot& snapshot) {
  std::vector<ApiKey> keys;
  const auto keep = [&](const StoredApiKey& stored) {
    keys.push_back(stored.api_key());
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR((registry::ForEachRecord<StoredApiKey>(snapshot, Kind::kApiKey, "", keep)));
  std::stable_sort(keys.begin(), keys.end(), [](const ApiKey& left, const ApiKey& right) {
    return base::ToInstant(left.create_time()) > base::ToInstant(right.create_time());
  });
  for (ApiKey& key : keys) {
    if (key.association_id().empty()) continue;
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(snapshot, key.association_id()));
    if (association) key.set_association_id(association->id());
  }
  return keys;
}

absl::StatusOr<ApiKey> RevokeApiKey(storage::Transaction& transaction, const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto stored, Find(transaction, id));
  if (!stored) {
    return base::MakeError(
        errors::v1::ERROR_REASON_API_KEY_NOT_FOUND,
        "there is no API key '" + registry::Shown(id) + "'; see brobygger access key list",
        {{"api_key_id", registry::Shown(id)}});
  }
  ApiKey& key = *stored->mutable_api_key();
  if (!key.has_revoke_time()) {
    *key.mutable_revoke_time() = base::ToTimestamp(transaction.now());
    BB_RETURN_IF_ERROR(Store(transaction, *stored));
  }
  return key;
}

absl::Status NoteApiKeyUse(storage::Transaction& transaction,
                           const std::string& id,
                           base::Instant used) {
  BB_ASSIGN_OR_RETURN(auto stored, Find(transaction, id));
  if (!stored) return absl::OkStatus();
  ApiKey& key = *stored->mutable_api_key();
  if (key.has_last_use_time() && base::ToInstant(key.last_use_time()) >= used) {
    return absl::OkStatus();
  }
  *key.mutable_last_use_time() = base::ToTimestamp(used);
  return Store(transaction, *stored);
}

absl::StatusOr<std::optional<access::ApiKeyRecord>> FindApiKey(const storage::Snapshot& snapshot,
                                                               const std::string& id) {
  BB_ASSIGN_OR_RETURN(const auto stored, Find(snapshot, id));
  if (!stored) return std::optional<access::ApiKeyRecord>();
  return std::optional<access::ApiKeyRecord>(ToRecord(*stored));
}

}  // namespace brobygger::rpc
