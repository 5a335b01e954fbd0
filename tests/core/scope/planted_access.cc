#include "tests/core/scope/planted_access.h"

#include <catch2/catch.hpp>

#include "core/rpc/join_codes.h"

namespace brobygger::scope {

using storage::Kind;

void PlantAccess(storage::Transaction& transaction,
                 const std::string& id,
                 access::v1::StoredApiKey stored,
                 Planted& planted) {
  const std::string association = planted.ids.at("association_id");
  stored.mutable_api_key()->set_id(planted.ids["association_key_id"] = id);
  stored.mutable_api_key()->set_association_id(association);
  REQUIRE(transaction.Put(Kind::kApiKey, id, stored.SerializeAsString()).ok());
  planted.records.push_back({Kind::kApiKey, id});
  const auto made =
      rpc::CreateJoinCode(transaction, association, planted.WordOf(Kind::kJoinCode) + "actor");
  INFO(made.status());
  REQUIRE(made.ok());
  planted.join_code = made->text;
  planted.ids["join_code_id"] = made->join_code.id();
  planted.records.push_back({Kind::kJoinCode, made->join_code.id()});
}

}  // namespace brobygger::scope
