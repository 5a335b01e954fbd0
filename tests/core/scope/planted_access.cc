#include "tests/core/scope/planted_access.h"

#include <catch2/catch.hpp>

#include "brobygger/access/v1/api_key.pb.h"

#include "core/rpc/join_codes.h"

namespace brobygger::scope {
namespace {

using storage::Kind;

void PutKey(storage::Transaction& transaction,
            const std::string& id,
            const std::string& association_id,
            Planted& planted) {
  access::v1::StoredApiKey stored;
  FillTexts(planted.WordOf(Kind::kApiKey), stored);
  stored.mutable_api_key()->set_id(id);
  stored.mutable_api_key()->set_municipality_code(planted.municipality_code);
  stored.mutable_api_key()->set_association_id(association_id);
  REQUIRE(transaction.Put(Kind::kApiKey, id, stored.SerializeAsString()).ok());
  planted.records.push_back({Kind::kApiKey, id});
}

}  // namespace

void PlantAccess(storage::Transaction& transaction,
                 const std::array<std::string, 2>& ids,
                 Planted& planted) {
  const std::string association = planted.ids.at("association_id");
  PutKey(transaction, planted.ids["api_key_id"] = ids[0], "", planted);
  PutKey(transaction, planted.ids["association_key_id"] = ids[1], association, planted);
  const auto made =
      rpc::CreateJoinCode(transaction, association, planted.WordOf(Kind::kJoinCode) + "actor");
  INFO(made.status());
  REQUIRE(made.ok());
  planted.join_code = made->text;
  planted.ids["join_code_id"] = made->join_code.id();
  planted.records.push_back({Kind::kJoinCode, made->join_code.id()});
}

}  // namespace brobygger::scope
