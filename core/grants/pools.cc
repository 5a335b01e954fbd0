#include "core/grants/pools.h"

#include <map>
#include <utility>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/grants/one_page.h"
#include "core/model/names.h"
#include "core/registry/each_record.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using grant::v1::ImportPoolsRequest;
using grant::v1::ImportPoolsResponse;
using grant::v1::ListPoolsRequest;
using grant::v1::ListPoolsResponse;
using model::BrokenRule;
using model::Place;
using storage::Kind;

constexpr int kMostAtOnce = 500;

absl::Status NotFound(const std::string& id) {
  return base::MakeError(
      errors::v1::ERROR_REASON_POOL_NOT_FOUND,
      "there is no fund '" + registry::Shown(id) + "'; see brobygger pool list --closed",
      {{"pool_id", registry::Shown(id)}});
}

absl::StatusOr<Pool> Load(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kPool, id));
  if (bytes == nullptr) return NotFound(id);
  Pool pool;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, pool));
  return pool;
}

// A department that is gone has no name any more; the fund stays.
Pool Named(const storage::Snapshot& snapshot, Pool pool) {
  const auto department = registry::GetDepartment(snapshot, pool.owner_department_id());
  pool.set_department_name(department.ok() ? department->official_name() : "");
  return pool;
}

absl::Status Store(storage::Transaction& transaction, Pool& pool) {
  pool.clear_department_name();
  pool.set_etag(registry::EtagOf(transaction.revision()));
  *pool.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!pool.has_create_time()) *pool.mutable_create_time() = pool.update_time();
  return transaction.Put(Kind::kPool, pool.id(), registry::ToBytes(pool));
}

absl::Status CheckDepartment(const storage::Snapshot& snapshot,
                             const Place& place,
                             const Pool& pool) {
  if (pool.owner_department_id().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto department,
                      registry::GetDepartment(snapshot, pool.owner_department_id()));
  if (department.municipality_code() == pool.municipality_code()) return absl::OkStatus();
  return BrokenRule({&place, "owner_department_id"}, "is a department of another municipality");
}

using KeyPlace = std::pair<std::string, std::string>;  // municipality code and key

KeyPlace KeyPlaceOf(const Pool& pool) { return {pool.municipality_code(), pool.key()}; }

// Whether what a person may write is the same.
bool IsSame(const Pool& left, Pool right) {
  right.set_id(left.id());
  right.set_etag(left.etag());
  right.clear_create_time();
  right.clear_update_time();
  if (left.has_create_time()) *right.mutable_create_time() = left.create_time();
  if (left.has_update_time()) *right.mutable_update_time() = left.update_time();
  return registry::ToBytes(left) == registry::ToBytes(right);
}

// Whose fund it is not is told by the fund, since there are many in one file.
absl::Status AtFund(const Place& place, const absl::Status& status) {
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_NOT_ALLOWED) return status;
  const std::string field = place.ToString() + ".municipality_code";
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         field + ": " + std::string(status.message()), {{"field", field}});
}

// `told` is as the request has it, `pool` the same in normal form.
absl::Status Import(storage::Transaction& transaction,
                    const std::map<KeyPlace, Pool>& known,
                    const Pool& told,
                    Pool pool,
                    ImportPoolsResponse& response) {
  const auto before = known.find(KeyPlaceOf(pool));
  const bool is_new = before == known.end();
  if (!is_new) {
    if (told.state() == grant::v1::POOL_STATE_UNSPECIFIED) pool.set_state(before->second.state());
    BB_RETURN_IF_ERROR(
        registry::CheckEtag(pool.etag(), before->second.etag(), {"pool_id", before->second.id()}));
  }
  if (!is_new && IsSame(before->second, pool)) {
    response.set_unchanged_count(response.unchanged_count() + 1);
    *response.add_pools() = Named(transaction, before->second);
    return absl::OkStatus();
  }
  pool.clear_create_time();
  if (is_new) {
    pool.set_id(base::MakeUuid());
    response.set_created_count(response.created_count() + 1);
  } else {
    pool.set_id(before->second.id());
    *pool.mutable_create_time() = before->second.create_time();
    response.set_updated_count(response.updated_count() + 1);
  }
  BB_RETURN_IF_ERROR(Store(transaction, pool));
  *response.add_pools() = Named(transaction, std::move(pool));
  return absl::OkStatus();
}

bool IsWanted(const std::string& code, bool show_closed, const Pool& pool) {
  const bool here =
      code.empty() || pool.municipality_code().empty() || pool.municipality_code() == code;
  return here && (show_closed || pool.state() != grant::v1::POOL_STATE_CLOSED);
}

}  // namespace

absl::StatusOr<Pool> GetPool(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(Pool pool, Load(snapshot, id));
  return Named(snapshot, std::move(pool));
}

absl::StatusOr<std::vector<Pool>> LoadPools(const storage::Snapshot& snapshot) {
  std::vector<Pool> pools;
  const auto add = [&](Pool pool) {
    pools.push_back(Named(snapshot, std::move(pool)));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR((registry::ForEachRecord<Pool>(snapshot, Kind::kPool, "", add)));
  return pools;
}

absl::StatusOr<ListPoolsResponse> ListPools(const storage::Store& store,
                                            const ListPoolsRequest& request) {
  std::string code = request.municipality_code();
  BB_RETURN_IF_ERROR(model::FixMunicipality({nullptr, "municipality_code"}, code));
  BB_ASSIGN_OR_RETURN(
      const PageAsked asked,
      OpenPage(store, request, {"pools", code, request.show_closed() ? "closed" : ""}));
  BB_ASSIGN_OR_RETURN(auto pools, LoadPools(*asked.snapshot));
  std::erase_if(pools,
                [&](const Pool& pool) { return !IsWanted(code, request.show_closed(), pool); });
  ListPoolsResponse response;
  response.set_next_page_token(FillPage(
      asked, std::move(pools), [](const Pool& pool) { return model::FoldName(pool.title()); },
      [&](Pool&& pool) { *response.add_pools() = std::move(pool); }));
  return response;
}

absl::StatusOr<ImportPoolsResponse> ImportPools(storage::Transaction& transaction,
                                                const ImportPoolsRequest& request) {
  const Place list{nullptr, "pools"};
  if (request.pools().empty()) return BrokenRule(list, "are required");
  if (request.pools_size() > kMostAtOnce) return BrokenRule(list, "are more than 500", "500");
  std::map<KeyPlace, Pool> known;
  BB_ASSIGN_OR_RETURN(auto stored, LoadPools(transaction));
  for (Pool& pool : stored) {
    pool.clear_department_name();
    known[KeyPlaceOf(pool)] = std::move(pool);
  }
  std::map<KeyPlace, int> seen;
  ImportPoolsResponse response;
  for (int i = 0; i < request.pools_size(); ++i) {
    const Place place{nullptr, "pools", i};
    Pool pool = request.pools(i);
    pool.clear_id();
    pool.clear_department_name();
    BB_RETURN_IF_ERROR(NormalizeAndCheck(place, pool));
    if (!seen.emplace(KeyPlaceOf(pool), i).second) {
      return BrokenRule({&place, "key"}, "'" + pool.key() + "' stands there twice");
    }
    BB_RETURN_IF_ERROR(CheckDepartment(transaction, place, pool));
    const absl::Status imported =
        Import(transaction, known, request.pools(i), std::move(pool), response);
    if (!imported.ok()) return AtFund(place, imported);
  }
  return response;
}

absl::StatusOr<Pool> SetPoolState(storage::Transaction& transaction,
                                  const grant::v1::SetPoolStateRequest& request) {
  if (request.state() == grant::v1::POOL_STATE_UNSPECIFIED) {
    return BrokenRule({nullptr, "state"}, "is required");
  }
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  BB_ASSIGN_OR_RETURN(Pool pool, Load(transaction, request.pool_id()));
  BB_RETURN_IF_ERROR(registry::CheckEtag(request.etag(), pool.etag(), {"pool_id", pool.id()}));
  if (pool.state() != request.state()) {
    pool.set_state(request.state());
    BB_RETURN_IF_ERROR(Store(transaction, pool));
  }
  return Named(transaction, std::move(pool));
}

}  // namespace brobygger::grants
