// Tokens that are not even tokens, and headers that ask for what they must not have.
#include "core/access/base64url.h"
#include "tests/core/access/token_world.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using R = TokenRefusal;

const TokenWorld& Issued() { return World(); }

// A good token, and the places of its dots.
std::string Good() { return Issued().Es(); }

std::string WithHeader(const json& patch) { return Issued().Es(json::object(), patch); }

// `text` with the last character of the part before `end` changed in a bit that stands
// for no byte.
std::string WithUnusedBit(std::string text, std::size_t end) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  char& last = text[end - 1];
  last = kAlphabet[kAlphabet.find(last) | 1];
  return text;
}

std::string Arrays(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// As WithUnusedBit(), in the payload, which is then signed as it stands.
std::string OddPayload(const std::string& end) {
  std::string payload = Issued().Payload().dump();
  // One byte more than a multiple of three leaves four bits over.
  while (payload.size() % 3 != 1) payload += ' ';
  std::string text =
      ToBase64Url(Issued().Header("ES256", "es-1").dump()) + "." + ToBase64Url(payload);
  text = end.empty() ? WithUnusedBit(text, text.size()) : text + end;
  return text + "." + ToBase64Url(Issued().es.SignEc(text));
}

}  // namespace

std::vector<Forgery> ForgedForms() {
  return {
      {"nothing", R::kNotThreeParts, [] { return std::string(); }},
      {"two dots alone", R::kNotJson, [] { return std::string(".."); }},
      {"two parts", R::kNotThreeParts, [] { return Good().substr(0, Good().rfind('.')); }},
      {"four parts", R::kNotThreeParts, [] { return Good() + ".AAAA"; }},
      {"a dot at the end", R::kNotThreeParts, [] { return Good() + "."; }},
      {"five parts, as if encrypted", R::kNotThreeParts, [] { return Good() + ".AAAA.AAAA"; }},
      {"the JSON form", R::kNotThreeParts,
       [] { return R"({"payload":"e30","protected":"e30","signature":"AAAA"})"; }},
      {"the word Bearer before it", R::kNotBase64Url, [] { return "Bearer " + Good(); }},
      {"a space before it", R::kNotBase64Url, [] { return " " + Good(); }},
      {"a line end after it", R::kNotBase64Url, [] { return Good() + "\n"; }},
      {"a NUL after it", R::kNotBase64Url, [] { return Good() + std::string(1, '\0'); }},
      {"one byte too long", R::kTooLong,
       [] { return std::string(kMostTokenBytes - 1, 'A') + ".."; }},
      {"a good token with 8 KiB of claims", R::kTooLong,
       [] {
         return Issued().Es({{"more", std::string(8192, 'x')}});
       }},
      {"a megabyte of dots", R::kTooLong, [] { return std::string(1'000'000, '.'); }},
      {"the header padded", R::kNotBase64Url, [] { return Good().insert(Good().find('.'), "="); }},
      {"the payload padded", R::kNotBase64Url, [] { return OddPayload("=="); }},
      {"the signature padded", R::kNotBase64Url, [] { return Good() + "=="; }},
      {"the other alphabet of base64", R::kNotBase64Url,
       [] { return Good().replace(Good().size() - 4, 2, "+/"); }},
      {"a line break within base64", R::kNotBase64Url,
       [] { return Good().insert(Good().size() - 4, "\r\n"); }},
      {"percent encoding", R::kNotBase64Url,
       [] { return Good().replace(Good().find('.'), 1, "%2E."); }},
      {"a signature of 4n + 1 characters", R::kNotBase64Url, [] { return Good() + "AAA"; }},
      {"unused bits in the signature", R::kNotBase64Url,
       [] { return WithUnusedBit(Good(), Good().size()); }},
      {"unused bits in the payload", R::kNotBase64Url, [] { return OddPayload(""); }},
      {"an empty header", R::kNotJson, [] { return Issued().EsHeader(""); }},
      {"a header that is a list", R::kNotJson, [] { return Issued().EsHeader("[]"); }},
      {"a header that is text", R::kNotJson, [] { return Issued().EsHeader(R"("alg")"); }},
      {"a header with a byte order mark", R::kNotJson,
       [] { return Issued().EsHeader("\xEF\xBB\xBF" + Issued().Header("ES256", "es-1").dump()); }},
      {"a header that is not UTF-8", R::kNotJson,
       [] { return Issued().EsHeader("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"\xFF\"}"); }},
      {"a header with more after it", R::kNotJson,
       [] { return Issued().EsHeader(Issued().Header("ES256", "es-1").dump() + "{}"); }},
      {"a header with a NUL and more after it", R::kNotJson,
       [] {
         return Issued().EsHeader(Issued().Header("ES256", "es-1").dump() + std::string("\0{}", 3));
       }},
      {"a header with a comment", R::kNotJson,
       [] { return Issued().EsHeader("/**/" + Issued().Header("ES256", "es-1").dump()); }},
      {"a header of 1,000 lists in each other", R::kTooDeep,
       [] { return Issued().EsHeader("{\"alg\":" + Arrays(1000) + "}"); }},
  };
}

std::vector<Forgery> ForgedHeaders() {
  std::vector<Forgery> forgeries = {
      {"alg twice", R::kDuplicateName,
       [] {
         return Issued().EsHeader(R"({"alg":"none","alg":"ES256","typ":"at+jwt","kid":"es-1"})");
       }},
      {"kid twice, once with an escape", R::kDuplicateName,
       [] {
         return Issued().EsHeader(
             R"({"alg":"ES256","typ":"at+jwt","kid":"es-2","\u006bid":"es-1"})");
       }},
      {"no alg", R::kHeaderValue,
       [] {
         return WithHeader({{"alg", nullptr}});
       }},
      {"alg a number", R::kHeaderValue,
       [] {
         return WithHeader({{"alg", 256}});
       }},
      {"alg a list", R::kHeaderValue,
       [] {
         return WithHeader({{"alg", {"ES256"}}});
       }},
      {"alg in small letters", R::kWrongAlgorithm,
       [] {
         return WithHeader({{"alg", "es256"}});
       }},
      {"no kid", R::kHeaderValue,
       [] {
         return WithHeader({{"kid", nullptr}});
       }},
      {"kid a number", R::kHeaderValue,
       [] {
         return WithHeader({{"kid", 1}});
       }},
      {"kid empty", R::kUnknownKey,
       [] {
         return WithHeader({{"kid", ""}});
       }},
      {"a kid nobody has", R::kUnknownKey,
       [] {
         return WithHeader({{"kid", "es-3"}});
       }},
      {"a kid that is a path", R::kUnknownKey,
       [] {
         return WithHeader({{"kid", "../../dev/null"}});
       }},
      {"a kid with a NUL", R::kNotJson,
       [] {
         return WithHeader({{"kid", std::string("es-1\0x", 6)}});
       }},
      {"no typ", R::kWrongType,
       [] {
         return WithHeader({{"typ", ""}});
       }},
      {"typ left out", R::kHeaderValue,
       [] {
         return WithHeader({{"typ", nullptr}});
       }},
      {"typ a number", R::kHeaderValue,
       [] {
         return WithHeader({{"typ", 1}});
       }},
  };
  for (const char* typ : {"JWT", "jwt", "AT+JWT", "at+jwt ", "dpop+jwt", "logout+jwt", "JOSE",
                          "secevent+jwt", "application/jwt", "application/application/at+jwt"}) {
    forgeries.push_back({std::string("typ ") + typ, R::kWrongType, [typ] {
                           return WithHeader({{"typ", typ}});
                         }});
  }
  const json jwk = Issued().stranger.Jwk("es-1", "ES256");
  const std::vector<std::pair<const char*, json>> more = {
      {"crit", {"exp"}},    {"crit", json::array()},
      {"b64", false},       {"jku", "https://evil.example/keys"},
      {"jwk", jwk},         {"x5u", "https://evil.example/cert"},
      {"x5c", {"MIIB"}},    {"x5t", "AAAA"},
      {"x5t#S256", "AAAA"}, {"zip", "DEF"},
      {"cty", "JWT"},       {"enc", "A256GCM"},
      {"nonce", "1"},       {"iss", "https://id.example.dk/realms/kommune"},
      {"Alg", "none"}};
  for (const auto& [name, value] : more) {
    forgeries.push_back({std::string("a header with ") + name + " " + value.dump().substr(0, 8),
                         R::kHeaderMember, [name = name, value = value] {
                           return WithHeader({{name, value}});
                         }});
  }
  return forgeries;
}

}  // namespace brobygger::access
