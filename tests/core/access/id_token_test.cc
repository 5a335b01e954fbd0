#include "core/access/id_token.h"

#include <catch2/catch.hpp>

#include "core/access/token_refusal.h"
#include "tests/core/access/token_world.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Refusal = TokenRefusal;

constexpr char kClient[] = "brobygger-web";

IdTokenRules Rules() {
  return {.issuer = World().issuer.issuer, .client_id = kClient, .nonce = "n-0S6_WzA2Mj"};
}

json Payload() {
  return {{"iss", World().issuer.issuer},  {"sub", "248289761001"},   {"aud", kClient},
          {"exp", TokenWorld::kNow + 300}, {"iat", TokenWorld::kNow}, {"nonce", "n-0S6_WzA2Mj"},
          {"name", "Mette fra Fjordby"}};
}

// A provider's ID token but for some changes (RFC 7396: null takes a member out).
std::string IdToken(const json& changes = json::object(), const json& header = {{"typ", "JWT"}}) {
  json payload = Payload();
  payload.merge_patch(changes);
  json head = World().Header("ES256", "es-1");
  head.merge_patch(header);
  return Compact(head.dump(), payload.dump(), [](auto text) { return World().es.SignEc(text); });
}

absl::StatusOr<IdClaims> VerifyId(const std::string& token, const IdTokenRules& rules = Rules()) {
  return VerifyIdToken(token, rules, World().keys, World().now());
}

Refusal RefusalOf(const json& changes, const json& header = {{"typ", "JWT"}}) {
  return access::RefusalOf(VerifyId(IdToken(changes, header)).status());
}

}  // namespace

TEST_CASE("an ID token says who signed in, and for which sign-in", "[id_token]") {
  const auto claims = VerifyId(IdToken());
  INFO(claims.status());
  REQUIRE(claims.ok());
  CHECK(claims->subject == "248289761001");
  CHECK(claims->display_name == "Mette fra Fjordby");
  CHECK(claims->nonce_fits);
  CHECK(VerifyId(IdToken(json::object(), {{"typ", nullptr}})).ok());
  CHECK(VerifyId(IdToken({{"aud", {kClient}}})).ok());
  CHECK(VerifyId(IdToken({{"aud", {"other", kClient}}, {"azp", kClient}})).ok());
  CHECK(VerifyId(IdToken({{"exp", TokenWorld::kNow - 59}})).ok());
}

TEST_CASE("the nonce of another sign-in, or none, does not fit", "[id_token]") {
  CHECK_FALSE(VerifyId(IdToken({{"nonce", "n-0S6_WzA2Mk"}}))->nonce_fits);
  CHECK_FALSE(VerifyId(IdToken({{"nonce", nullptr}}))->nonce_fits);
  CHECK_FALSE(VerifyId(IdToken({{"nonce", 7}}))->nonce_fits);
  IdTokenRules empty = Rules();
  empty.nonce = "";
  CHECK_FALSE(VerifyId(IdToken({{"nonce", ""}}), empty)->nonce_fits);
  // After a renewal none is asked for.
  IdTokenRules renewed = Rules();
  renewed.nonce.reset();
  CHECK(VerifyId(IdToken({{"nonce", nullptr}}), renewed)->nonce_fits);
}

TEST_CASE("an ID token for another, of another or too old is refused", "[id_token]") {
  CHECK(RefusalOf({{"iss", "https://evil.example"}}) == Refusal::kWrongIssuer);
  CHECK(RefusalOf({{"iss", nullptr}}) == Refusal::kWrongIssuer);
  for (const json& audience : {json("brobygger"), json("brobygger-cli"), json(nullptr), json(7),
                               json::array(), json::array({"other"})}) {
    CAPTURE(audience.dump());
    CHECK(RefusalOf({{"aud", audience}}) == Refusal::kWrongAudience);
  }
  // Whom it was given to counts where there are several audiences.
  CHECK(RefusalOf({{"aud", {"other", kClient}}}) == Refusal::kWrongAudience);
  CHECK(RefusalOf({{"aud", {"other", kClient}}, {"azp", "other"}}) == Refusal::kWrongAudience);
  CHECK(RefusalOf({{"azp", "other"}}) == Refusal::kWrongAudience);
  CHECK(RefusalOf({{"exp", TokenWorld::kNow - 60}}) == Refusal::kExpired);
  for (const json& time : {json(nullptr), json("1714564800"), json(-1), json(1e12)}) {
    CAPTURE(time.dump());
    CHECK(RefusalOf({{"exp", time}}) == Refusal::kWrongTime);
  }
  CHECK(RefusalOf({{"sub", nullptr}}) == Refusal::kWrongClaim);
  CHECK(RefusalOf({{"sub", ""}}) == Refusal::kWrongClaim);
}

TEST_CASE("an ID token that the provider did not sign, or another kind of token, is refused",
          "[id_token]") {
  std::string changed = IdToken();
  changed.back() = changed.back() == 'A' ? 'Q' : 'A';
  CHECK(access::RefusalOf(VerifyId(changed).status()) == Refusal::kWrongSignature);
  CHECK(RefusalOf(json::object(), {{"kid", "es-9"}}) == Refusal::kUnknownKey);
  CHECK(RefusalOf(json::object(), {{"alg", "none"}}) == Refusal::kWrongAlgorithm);
  CHECK(RefusalOf(json::object(), {{"alg", "HS256"}}) == Refusal::kWrongAlgorithm);
  CHECK(RefusalOf(json::object(), {{"typ", "at+jwt"}}) == Refusal::kWrongType);
  CHECK(RefusalOf(json::object(), {{"jku", "https://evil.example"}}) == Refusal::kHeaderMember);
}

TEST_CASE("a name that no screen can show is none", "[id_token]") {
  for (const json& name :
       {json("Mette\n"), json("a\x7f"), json(std::string(201, 'x')), json(7), json(nullptr)}) {
    const auto claims = VerifyId(IdToken({{"name", name}}));
    REQUIRE(claims.ok());
    CHECK(claims->display_name.empty());
  }
  CHECK(VerifyId(IdToken({{"name", "Søren Åkjær"}}))->display_name == "Søren Åkjær");
}

}  // namespace brobygger::access
