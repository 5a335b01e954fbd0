// What a municipality has decided to want.
#include <algorithm>
#include <tuple>
#include <utility>

#include "core/model/validate.h"
#include "core/registry/municipality_records.h"
#include "core/registry/municipality_work.h"

namespace brobygger::registry {
namespace {

constexpr MunicipalityKind kPolicies = {
    .kind = storage::Kind::kPolicy,
    .index = storage::Index::kPolicyByMunicipality,
    .not_found = errors::v1::ERROR_REASON_POLICY_NOT_FOUND,
    .noun = "policy",
    .id_field = "policy_id",
};

bool ComesBefore(const v1::Policy& left, const v1::Policy& right) {
  const auto place = [](const v1::Policy& policy) {
    return std::make_tuple(static_cast<int>(policy.kind()), policy.valid().from_date(),
                           policy.title(), policy.id());
  };
  return place(left) < place(right);
}

}  // namespace

absl::StatusOr<v1::Policy> PutPolicy(storage::Transaction& transaction, v1::Policy wanted) {
  return PutRecord(transaction, kPolicies, std::move(wanted),
                   [](v1::Policy& policy) { return model::NormalizeAndCheck(policy); });
}

absl::Status DeletePolicy(storage::Transaction& transaction, const std::string& id) {
  return RemoveRecord(transaction, kPolicies, id);
}

absl::StatusOr<v1::ListPoliciesResponse> ListPolicies(const storage::Snapshot& snapshot,
                                                      const std::string& municipality_code) {
  BB_ASSIGN_OR_RETURN(auto policies, RecordsOf<v1::Policy>(snapshot, kPolicies, municipality_code));
  std::sort(policies.begin(), policies.end(), ComesBefore);
  v1::ListPoliciesResponse response;
  response.mutable_policies()->Assign(policies.begin(), policies.end());
  return response;
}

}  // namespace brobygger::registry
