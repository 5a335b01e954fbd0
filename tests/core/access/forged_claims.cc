// Tokens that our provider has signed, and that are not for us, not now, or not clear.
#include <utility>

#include "tests/core/access/token_world.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using R = TokenRefusal;

constexpr std::int64_t kIssuedAt = TokenWorld::kNow;

const TokenWorld& Tokens() { return World(); }

// A token whose claim `name` is `value`.
Forgery With(const std::string& title, R why, const std::string& name, const json& value) {
  return {title, why, [name, value] { return Tokens().Es({{name, value}}); }};
}

// A token whose claims, as text, have `member` as their first member instead of `name`.
Forgery Written(const std::string& title, R why, const std::string& name, const char* member) {
  return {title, why, [name, member] {
            json payload = Tokens().Payload();
            payload.erase(name);
            return Tokens().EsPayload("{" + std::string(member) + "," + payload.dump().substr(1));
          }};
}

Forgery Expired(const std::string& title, std::int64_t expiry) {
  return {title, R::kExpired, [expiry] {
            return Tokens().Es({{"exp", expiry}, {"iat", expiry - 60}});
          }};
}

// A token whose claims are this text.
Forgery Text(const std::string& title, R why, const std::string& payload) {
  return {title, why, [payload] { return Tokens().EsPayload(payload); }};
}

Forgery Plain(const std::string& title, R why, const json& patch) {
  return {title, why, [patch] { return Tokens().Plain(patch); }, true};
}

std::string Listed(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// The usual claims as text, with more text before and after.
std::string Around(const std::string& before, const std::string& after) {
  return before + Tokens().Payload().dump() + after;
}

std::string Beginning(const std::string& members) {
  return "{" + members + "," + Tokens().Payload().dump().substr(1);
}

std::vector<Forgery> WrongJson() {
  return {
      Text("no claims", R::kNotJson, ""),
      Text("claims that are a list", R::kNotJson, "[]"),
      Text("claims that are null", R::kNotJson, "null"),
      {"a token within a token", R::kNotJson, [] { return Tokens().EsPayload(Tokens().Es()); }},
      Text("a byte order mark", R::kNotJson, Around("\xEF\xBB\xBF", "")),
      Text("UTF-16", R::kNotJson, std::string("\xFF\xFE{\0}\0", 6)),
      Text("two objects", R::kNotJson, Around("", "{}")),
      Text("a comma after the claims", R::kNotJson, Around("", ",")),
      Text("a NUL after the claims", R::kNotJson, Around("", std::string(1, '\0'))),
      Text("a NUL and more after the claims", R::kNotJson, Around("", std::string("\0{}", 3))),
      Text("a comment", R::kNotJson, Around("/* */", "")),
      Text("single quotes", R::kNotJson, "{'sub':'a7c1'}"),
      Text("not UTF-8", R::kNotJson, Beginning("\"name\":\"\xFF\"")),
      Text("UTF-8 longer than it need be", R::kNotJson, Beginning("\"name\":\"\xC0\xAF\"")),
      Text("half a surrogate pair", R::kNotJson, Beginning(R"("name":"\ud800")")),
      Text("a NUL within text", R::kNotJson, Beginning(std::string("\"name\":\"a\0b\"", 12))),
      Text("a NUL as an escape", R::kNotJson, Beginning(R"("name":"a\u0000b")")),
      Text("a NUL in a name", R::kNotJson, Beginning(R"("exp\u0000":1)")),
      Text("a number no double holds", R::kNotJson, Beginning(R"("more":1e400)")),
      Text("nine levels", R::kTooDeep, Beginning("\"more\":" + Listed(8))),
      Text("3,000 levels", R::kTooDeep, Beginning("\"more\":" + Listed(2500))),
      Text("3,000 levels that never end", R::kTooDeep, std::string(3000, '[')),
      Text("sub twice", R::kDuplicateName, Beginning(R"("sub":"boss")")),
      Text("exp twice", R::kDuplicateName, Beginning(R"("exp":1714564900)")),
      Text("aud twice, once with an escape", R::kDuplicateName,
           Beginning(R"("\u0061ud":"another")")),
      Text("a name twice further within", R::kDuplicateName, Beginning(R"("act":{"a":1,"a":1})")),
  };
}

std::vector<Forgery> WrongIssuers() {
  const std::string issuer = Tokens().issuer.issuer;
  return {
      With("no iss", R::kWrongIssuer, "iss", nullptr),
      With("another iss", R::kWrongIssuer, "iss", "https://evil.example"),
      With("iss with a slash more", R::kWrongIssuer, "iss", issuer + "/"),
      With("iss with other letters", R::kWrongIssuer, "iss", "HTTPS" + issuer.substr(5)),
      With("iss with more after it", R::kWrongIssuer, "iss", issuer + ".evil.example"),
      With("iss a list", R::kWrongIssuer, "iss", {issuer}),
      With("no aud", R::kWrongAudience, "aud", nullptr),
      With("another aud", R::kWrongAudience, "aud", "account"),
      With("aud that begins like ours", R::kWrongAudience, "aud", "brobygger2"),
      With("aud in capitals", R::kWrongAudience, "aud", "BROBYGGER"),
      With("aud with spaces around", R::kWrongAudience, "aud", "other brobygger"),
      With("aud of nobody", R::kWrongAudience, "aud", json::array()),
      With("aud a list of others", R::kWrongAudience, "aud", {"account", "web"}),
      With("aud a list with a number in it", R::kWrongAudience, "aud", {"brobygger", 1}),
      With("aud lists in a list", R::kWrongAudience, "aud", json::array({{"brobygger"}})),
      With("aud an object", R::kWrongAudience, "aud", {{"brobygger", true}}),
  };
}

std::vector<Forgery> WrongOthers() {
  return {
      With("no sub", R::kWrongClaim, "sub", nullptr),
      With("an empty sub", R::kWrongClaim, "sub", ""),
      With("sub a number", R::kWrongClaim, "sub", 7),
      With("sub of 256 bytes", R::kWrongClaim, "sub", std::string(256, 'x')),
      With("sub with a line end", R::kWrongClaim, "sub", "a\nb"),
      With("client_id a list", R::kWrongClaim, "client_id", {"web"}),
      With("acr a number", R::kWrongClaim, "acr", 1),
      With("roles as one text", R::kWrongClaim, "roles", "admin"),
      With("roles an object", R::kWrongClaim, "roles", {{"admin", true}}),
      With("a role that is a number", R::kWrongClaim, "roles", {"reader", 1}),
      With("a role that is empty", R::kWrongClaim, "roles", {"reader", ""}),
      With("65 roles", R::kWrongClaim, "roles", std::vector<std::string>(65, "r")),
      With("scope a list", R::kWrongClaim, "scope", {"registry"}),
      With("scope with a quote", R::kWrongClaim, "scope", "registry \"contacts"),
      With("scope with a tab", R::kWrongClaim, "scope", "registry\tcontacts"),
      With("a municipality as a number", R::kWrongClaim, "municipality_code", 615),
      With("a municipality of five digits", R::kWrongClaim, "municipality_code", "06150"),
      With("two municipalities", R::kWrongClaim, "municipality_code", {"0615", "0751"}),
      With("departments as one text", R::kWrongClaim, "department_ids", "d-1"),
      With("bound to nothing", R::kWrongClaim, "cnf", json::object({{"x5t#S256", ""}})),
      With("bound to a key we cannot ask for", R::kWrongClaim, "cnf", {{"jkt", "AAAA"}}),
      With("bound to a short digest", R::kWrongClaim, "cnf", {{"x5t#S256", "AAAA"}}),
      With("bound to a text", R::kWrongClaim, "cnf", "AAAA"),
      Plain("an ID token", R::kWrongType, {{"typ", "ID"}}),
      Plain("a refresh token", R::kWrongType, {{"typ", "Refresh"}}),
      Plain("a plain token without the claim typ", R::kWrongType, {{"typ", nullptr}}),
      Plain("a plain token with typ a list", R::kWrongType, {{"typ", {"Bearer"}}}),
      Plain("a plain token for the usual audience", R::kWrongAudience, {{"aud", "brobygger"}}),
      {"an access token for the plain audience", R::kWrongAudience,
       [] {
         return Tokens().Es({{"aud", "brobygger-api"}});
       },
       true},
      {"a plain token where none is allowed", R::kWrongType, [] { return Tokens().Plain(); }},
  };
}

}  // namespace

std::vector<Forgery> ForgedTimes() {
  std::vector<Forgery> forgeries = {
      Expired("expired an hour ago", kIssuedAt - 3600),
      Expired("expired by the leeway", kIssuedAt - 60),
      With("issued in a minute and a second", R::kNotYetValid, "iat", kIssuedAt + 61),
      With("valid in a minute and a second", R::kNotYetValid, "nbf", kIssuedAt + 61),
      With("nbf as text", R::kWrongTime, "nbf", std::to_string(kIssuedAt)),
      With("nbf 2^63", R::kWrongTime, "nbf", 9'223'372'036'854'775'808U),
      With("a life of an hour and a second", R::kLivesTooLong, "exp", kIssuedAt - 10 + 3601),
      With("a life of a year", R::kLivesTooLong, "exp", kIssuedAt + 31'536'000),
      With("an old token that lives on", R::kLivesTooLong, "iat", kIssuedAt - 86'400),
      With("expires when it is issued", R::kWrongTime, "exp", kIssuedAt - 10),
      With("expires before it is issued", R::kWrongTime, "exp", kIssuedAt - 20),
      With("issued in 1970", R::kLivesTooLong, "iat", 0),
      Written("exp with decimals", R::kWrongTime, "exp", R"("exp":1714565400.0)"),
      Written("exp with an exponent", R::kWrongTime, "exp", R"("exp":1714565e3)"),
      Written("exp 2^64", R::kWrongTime, "exp", R"("exp":18446744073709551616)"),
      Written("exp minus zero", R::kWrongTime, "exp", R"("exp":-0)"),
      Written("exp with a zero before it", R::kNotJson, "exp", R"("exp":01714565400)"),
      Written("exp in sixteens", R::kNotJson, "exp", R"("exp":0x66322c98)"),
      Written("exp not a number at all", R::kNotJson, "exp", R"("exp":NaN)"),
      Written("exp spelled otherwise", R::kWrongTime, "exp", R"("Exp":1714565400)"),
      Written("iat with decimals", R::kWrongTime, "iat", R"("iat":1714564790.5)"),
  };
  for (const char* name : {"exp", "iat"}) {
    const std::string title = name;
    const std::vector<std::pair<const char*, json>> values = {
        {" missing", nullptr},
        {" as text", std::to_string(kIssuedAt + 600)},
        {" true", true},
        {" a list", json::array({kIssuedAt + 600})},
        {" negative", -1},
        {" 2^63", 9'223'372'036'854'775'808U},
        {" 2^63 - 1", 9'223'372'036'854'775'807},
        {" 2^64 - 1", 18'446'744'073'709'551'615U},
        {" after the year 9999", 253'402'300'800}};
    for (const auto& [what, value] : values) {
      forgeries.push_back(With(title + what, R::kWrongTime, name, value));
    }
  }
  return forgeries;
}

std::vector<Forgery> ForgedClaims() {
  std::vector<Forgery> forgeries = WrongJson();
  for (auto& more : {WrongIssuers(), WrongOthers()}) {
    forgeries.insert(forgeries.end(), more.begin(), more.end());
  }
  return forgeries;
}

}  // namespace brobygger::access
