#include "core/access/jwt.h"

#include <set>

#include <catch2/catch.hpp>

#include "core/access/base64url.h"
#include "tests/core/access/token_world.h"

namespace brobygger::access {
namespace {

using nlohmann::json;

constexpr std::int64_t kNow = TokenWorld::kNow;

absl::StatusOr<Claims> VerifyAccess(const std::string& token, bool plain = false) {
  const TokenWorld& world = World();
  return VerifyToken(token, plain ? world.plain_issuer : world.issuer, world.keys, world.now());
}

std::vector<Forgery> AllForgeries() {
  std::vector<Forgery> all;
  for (auto* list : {ForgedForms, ForgedHeaders, ForgedSignatures, ForgedTimes, ForgedClaims}) {
    for (Forgery& one : list()) all.push_back(std::move(one));
  }
  return all;
}

// A token that must be taken.
struct Genuine {
  std::string name;
  std::string token;
  bool plain = false;
};

// The claims filled up to a token of exactly `bytes`.
std::string OfBytes(std::size_t bytes) {
  for (std::size_t more = 1;; ++more) {
    std::string token = World().Es({{"more", std::string(more, 'x')}});
    if (token.size() >= bytes) return token;
  }
}

std::vector<Genuine> AllGenuine() {
  const TokenWorld& world = World();
  const std::string seven(7, '[');
  const std::string closed(7, ']');
  std::string deep = world.Payload().dump();
  deep.insert(1, "\"more\":" + seven + closed + ",");
  std::string escaped = world.Payload().dump();
  escaped.insert(1, R"("\u006ebf":1714564790,)");
  return {
      {"ES256", world.Es()},
      {"PS256", world.Ps()},
      {"RS256", world.Rs()},
      {"typ in full", world.Es({}, {{"typ", "application/at+jwt"}})},
      {"the issuer's second key",
       Compact(world.Header("ES256", "es-2").dump(), world.Payload().dump(),
               [&](auto text) { return world.second_es.SignEc(text); })},
      {"plain, as Keycloak makes them", world.Plain(), true},
      {"an access token where plain ones may be", world.Es(), true},
      {"plain, for several", world.Plain({{"aud", {"account", "brobygger-api"}}}), true},
      {"aud a list of one", world.Es({{"aud", {"brobygger"}}})},
      {"aud a list of several", world.Es({{"aud", {"account", "brobygger"}}})},
      {"a life of an hour", world.Es({{"iat", kNow}, {"exp", kNow + 3600}})},
      {"expired within the leeway", world.Es({{"exp", kNow - 59}, {"iat", kNow - 600}})},
      {"issued within the leeway", world.Es({{"iat", kNow + 60}})},
      {"nbf past", world.Es({{"nbf", kNow - 5}})},
      {"nbf within the leeway", world.Es({{"nbf", kNow + 60}})},
      {"a claim with an escaped name", world.EsPayload(escaped)},
      {"eight levels", world.EsPayload(deep)},
      {"claims with white space", world.EsPayload(world.Payload().dump(2) + "\n")},
      {"a header in another order",
       world.EsHeader("{ \"kid\" : \"es-1\", \"alg\" : \"ES256\",\r\n\"typ\" : \"at+jwt\" }")},
      {"8 KiB", OfBytes(kMostTokenBytes)},
      {"no roles, scopes or places", world.Es({{"roles", nullptr},
                                               {"scope", nullptr},
                                               {"municipality_code", nullptr},
                                               {"department_ids", nullptr}})},
      {"no scopes, as Keycloak says it", world.Es({{"scope", ""}})},
      {"a name in Danish", world.Es({{"name", "S\u00F8ren \u00C6b"}})},
      {"a subject of 255 bytes", world.Es({{"sub", std::string(255, 'x')}})},
      {"bound to a certificate",
       world.Es({{"cnf", {{"x5t#S256", ToBase64Url(std::string(32, 'c'))}}}})},
  };
}

}  // namespace

TEST_CASE("every forged token is refused, and for the reason it should be", "[jwt]") {
  const std::vector<Forgery> forgeries = AllForgeries();
  std::set<std::string> names;
  for (const Forgery& forgery : forgeries) {
    CAPTURE(forgery.name);
    CHECK(names.insert(forgery.name).second);
    const auto claims = VerifyAccess(forgery.make(), forgery.plain);
    CHECK_FALSE(claims.ok());
    CHECK(std::string(NameOf(RefusalOf(claims.status()))) == NameOf(forgery.why));
    CHECK(claims.status().code() == absl::StatusCode::kUnauthenticated);
    CHECK(claims.status().message() == RefuseToken(TokenRefusal::kExpired).message());
  }
  CHECK(forgeries.size() >= 60);
}

TEST_CASE("every reason to refuse a token has a forgery", "[jwt]") {
  std::set<TokenRefusal> seen;
  for (const Forgery& forgery : AllForgeries()) seen.insert(forgery.why);
  CHECK(seen.size() == static_cast<std::size_t>(TokenRefusal::kWrongClaim));
}

TEST_CASE("every genuine token is taken", "[jwt]") {
  const std::vector<Genuine> genuine = AllGenuine();
  for (const Genuine& one : genuine) {
    CAPTURE(one.name);
    const auto claims = VerifyAccess(one.token, one.plain);
    CHECK(std::string(NameOf(RefusalOf(claims.status()))) == "None");
    CHECK(claims.ok());
  }
  CHECK(genuine.size() >= 12);
}

TEST_CASE("any single changed character of a token refuses it", "[jwt]") {
  const std::string token = World().Es();
  int accepted = 0;
  for (std::size_t place = 0; place < token.size(); ++place) {
    std::string changed = token;
    changed[place] = changed[place] == 'A' ? 'B' : 'A';
    accepted += VerifyAccess(changed).ok() ? 1 : 0;
  }
  CHECK(accepted == 0);
}

TEST_CASE("any token that is cut short is refused", "[jwt]") {
  const std::string token = World().Rs();
  int accepted = 0;
  for (std::size_t size = 0; size < token.size(); ++size) {
    accepted += VerifyAccess(token.substr(0, size)).ok() ? 1 : 0;
  }
  CHECK(accepted == 0);
}

TEST_CASE("claims are read as the token has them", "[jwt]") {
  const std::string digest(32, 'c');
  const auto claims =
      VerifyAccess(World().Es({{"acr", "https://data.gov.dk/concept/core/nsis/High"},
                               {"cnf", {{"x5t#S256", ToBase64Url(digest)}}}}));
  REQUIRE(claims.ok());
  CHECK(claims->subject == "a7c1");
  CHECK(claims->issuer == World().issuer.issuer);
  CHECK(claims->audience == "brobygger");
  CHECK(claims->client_id == "web");
  CHECK(claims->token_id == "t-1");
  CHECK(claims->issued_at == base::Instant(std::chrono::seconds(kNow - 10)));
  CHECK(claims->expires_at == base::Instant(std::chrono::seconds(kNow + 600)));
  CHECK(claims->acr == "https://data.gov.dk/concept/core/nsis/High");
  CHECK(claims->roles == std::vector<std::string>{"caseworker", "reader"});
  CHECK(claims->scopes == std::vector<std::string>{"registry", "contacts"});
  CHECK(claims->municipality_code == "0615");
  CHECK(claims->department_ids == std::vector<std::string>{"d-1"});
  CHECK(claims->certificate_sha256 == digest);
}

TEST_CASE("the names of some claims are the issuer's choice", "[jwt]") {
  Issuer issuer = World().issuer;
  issuer.roles_claim = "https://example.dk/roller";
  issuer.municipality_claim = "kommune";
  issuer.departments_claim = "";
  const std::string token = World().Es({{"https://example.dk/roller", {"leader"}},
                                        {"kommune", "0751"},
                                        {"client_id", nullptr},
                                        {"azp", "portal"}});
  const auto claims = VerifyToken(token, issuer, World().keys, World().now());
  REQUIRE(claims.ok());
  CHECK(claims->roles == std::vector<std::string>{"leader"});
  CHECK(claims->municipality_code == "0751");
  CHECK(claims->department_ids.empty());
  CHECK(claims->client_id == "portal");
}

TEST_CASE("a token that is not proven yet hints at its issuer and key", "[jwt]") {
  const auto hint = ReadHint(World().Es({{"exp", 1}}, {{"kid", "nobody"}}));
  REQUIRE(hint.ok());
  CHECK(hint->key_id == "nobody");
  CHECK(hint->issuer == World().issuer.issuer);
  const auto none = ReadHint(World().Es({{"iss", 1}}));
  CHECK(RefusalOf(none.status()) == TokenRefusal::kWrongIssuer);
  CHECK(RefusalOf(ReadHint("a.b").status()) == TokenRefusal::kNotThreeParts);
}

TEST_CASE("an issuer of which tokens could not be told from others' is refused", "[jwt]") {
  CHECK(CheckIssuer(World().issuer).ok());
  CHECK(CheckIssuer(World().plain_issuer).ok());
  Issuer issuer = World().issuer;
  issuer.audience = "";
  CHECK(absl::IsInvalidArgument(CheckIssuer(issuer)));
  CHECK(RefusalOf(
            VerifyToken(World().Es({{"aud", ""}}), issuer, World().keys, World().now()).status()) ==
        TokenRefusal::kWrongAudience);
  issuer = World().issuer;
  for (const char* address : {"", "id.example.dk", "http://id.example.dk",
                              "http://127.0.0.1.example.dk", "http://localhost"}) {
    issuer.issuer = address;
    CHECK(absl::IsInvalidArgument(CheckIssuer(issuer)));
  }
  for (const char* address : {"http://127.0.0.1:8080", "http://[::1]/a", "http://127.0.0.1"}) {
    issuer.issuer = address;
    CHECK(CheckIssuer(issuer).ok());
  }
  issuer = World().plain_issuer;
  issuer.plain_type->audience = "";
  CHECK(absl::IsInvalidArgument(CheckIssuer(issuer)));
}

}  // namespace brobygger::access
