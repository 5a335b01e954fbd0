// Tokens that are not signed, or by another key, or in another way than the key is for.
#include <utility>

#include "core/access/base64url.h"
#include "tests/core/access/token_world.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using R = TokenRefusal;

const TokenWorld& Signed() { return World(); }

// A token of the claims all others have, whose header says `alg` and `kid`.
std::string Signed(const std::string& alg, const std::string& kid, const Sign& sign) {
  return Compact(Signed().Header(alg, kid).dump(), Signed().Payload().dump(), sign);
}

std::string Unsigned(const std::string& alg, const std::string& kid) {
  return Signed(alg, kid, [](std::string_view) { return std::string(); });
}

// The secret of an HS256 signature is what everybody has: the public key, in some form.
std::string Confused(const std::string& kid, const std::string& secret) {
  return Signed("HS256", kid, [&](std::string_view text) { return HmacSha256(secret, text); });
}

// A good token of the EC key, whose signature `change` has changed.
std::string Changed(const std::function<std::string(std::string)>& change) {
  return Signed("ES256", "es-1",
                [&](std::string_view text) { return change(Signed().es.SignEc(text)); });
}

std::string EcBytes(const std::string& r, const std::string& s) {
  return Signed("ES256", "es-1", [&](std::string_view) { return r + s; });
}

// The order of P-256 (SEC 2 section 2.4.2): a signature's numbers are below it.
std::string Order() { return *FromBase64Url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE"); }

const std::string& Zero() {
  static const std::string kZero(32, '\0');
  return kZero;
}

// Header and payload of one good token with the signature of another.
std::string Mixed(const std::string& text, const std::string& signature) {
  return text.substr(0, text.rfind('.')) + signature.substr(signature.rfind('.'));
}

std::vector<Forgery> WrongAlgorithms() {
  std::vector<Forgery> forgeries = {
      {"none with a good signature", R::kWrongAlgorithm,
       [] {
         return Signed().Es(json::object(), {{"alg", "none"}});
       }},
      {"HS256 with the PEM of the EC key for a secret", R::kWrongAlgorithm,
       [] { return Confused("es-1", Signed().es.Pem()); }},
      {"HS256 with the PEM of the RSA key for a secret", R::kWrongAlgorithm,
       [] { return Confused("rs-1", Signed().rs.Pem()); }},
      {"HS256 with the DER of the RSA key for a secret", R::kWrongAlgorithm,
       [] { return Confused("rs-1", Signed().rs.Der()); }},
      {"HS256 with the JWK for a secret", R::kWrongAlgorithm,
       [] { return Confused("ps-1", Signed().ps.Jwk("ps-1", "PS256").dump()); }},
      {"HS256 with an empty secret", R::kWrongAlgorithm, [] { return Confused("es-1", ""); }},
      {"RSA PKCS1 v1.5 under a PS256 key", R::kWrongAlgorithm,
       [] {
         return Signed("RS256", "ps-1", [](auto text) { return Signed().ps.SignPkcs1(text); });
       }},
      {"PSS under an RS256 key", R::kWrongAlgorithm,
       [] { return Signed("PS256", "rs-1", [](auto text) { return Signed().rs.SignPss(text); }); }},
      {"an EC signature under an RSA key", R::kWrongAlgorithm,
       [] { return Signed("ES256", "rs-1", [](auto text) { return Signed().es.SignEc(text); }); }},
  };
  for (const char* alg : {"none", "None", "NONE", "nOnE", "none ", ""}) {
    forgeries.push_back({std::string("unsigned, alg \"") + alg + "\"", R::kWrongAlgorithm,
                         [alg] { return Unsigned(alg, "es-1"); }});
  }
  for (const char* alg : {"RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "HS512"}) {
    forgeries.push_back({std::string("the EC key under ") + alg, R::kWrongAlgorithm, [alg] {
                           return Signed().Es(json::object(), {{"alg", alg}});
                         }});
  }
  return forgeries;
}

std::vector<Forgery> WrongKeys() {
  return {
      {"a stranger's key under a known kid", R::kWrongSignature,
       [] {
         return Signed("ES256", "es-1", [](auto text) { return Signed().stranger.SignEc(text); });
       }},
      {"a key and kid of another issuer", R::kUnknownKey,
       [] {
         return Signed("ES256", "other-1",
                       [](auto text) { return Signed().stranger.SignEc(text); });
       }},
      {"another key of the same issuer", R::kWrongSignature,
       [] {
         return Signed().Es(json::object(), {{"kid", "es-2"}});
       }},
      {"PKCS1 v1.5 that says PS256", R::kWrongSignature,
       [] {
         return Signed("PS256", "ps-1", [](auto text) { return Signed().ps.SignPkcs1(text); });
       }},
      {"PSS that says RS256", R::kWrongSignature,
       [] { return Signed("RS256", "rs-1", [](auto text) { return Signed().rs.SignPss(text); }); }},
      {"PSS without salt", R::kWrongSignature,
       [] {
         return Signed("PS256", "ps-1", [](auto text) { return Signed().ps.SignPss(text, 0); });
       }},
      {"PSS with a salt of 64 bytes", R::kWrongSignature,
       [] {
         return Signed("PS256", "ps-1", [](auto text) { return Signed().ps.SignPss(text, 64); });
       }},
      {"an RSA signature cut by a byte", R::kWrongSignature,
       [] {
         return Signed("RS256", "rs-1", [](auto text) {
           std::string signature = Signed().rs.SignPkcs1(text);
           signature.pop_back();
           return signature;
         });
       }},
      {"an RSA signature after a zero", R::kWrongSignature,
       [] {
         return Signed("RS256", "rs-1", [](auto text) {
           return std::string(1, '\0') + Signed().rs.SignPkcs1(text);
         });
       }},
      {"an RSA signature of zeros", R::kWrongSignature,
       [] { return Signed("RS256", "rs-1", [](auto) { return std::string(256, '\0'); }); }},
      {"an RSA signature of a one", R::kWrongSignature,
       [] { return Signed("RS256", "rs-1", [](auto) { return std::string(255, '\0') + "\1"; }); }},
  };
}

std::vector<Forgery> WrongBytes() {
  return {
      {"no signature", R::kWrongSignature, [] { return Unsigned("ES256", "es-1"); }},
      {"no RSA signature", R::kWrongSignature, [] { return Unsigned("RS256", "rs-1"); }},
      {"a truncated signature", R::kWrongSignature,
       [] { return Changed([](auto bytes) { return bytes.substr(0, 63); }); }},
      {"half a signature", R::kWrongSignature,
       [] { return Changed([](auto bytes) { return bytes.substr(0, 32); }); }},
      {"a byte after the signature", R::kWrongSignature,
       [] { return Changed([](auto bytes) { return bytes + std::string(1, '\0'); }); }},
      {"a signature of 96 bytes, as if P-384", R::kWrongSignature,
       [] {
         return Changed([](auto bytes) {
           const std::string pad(16, '\0');
           return pad + bytes.substr(0, 32) + pad + bytes.substr(32);
         });
       }},
      {"an EC signature in DER", R::kWrongSignature,
       [] {
         return Signed("ES256", "es-1", [](auto text) { return Signed().es.SignEcDer(text); });
       }},
      {"r and s swapped", R::kWrongSignature,
       [] { return Changed([](auto bytes) { return bytes.substr(32) + bytes.substr(0, 32); }); }},
      {"one bit changed", R::kWrongSignature,
       [] {
         return Changed([](auto bytes) {
           const std::string changed(1, static_cast<char>(bytes[40] ^ 1));
           return bytes.substr(0, 40) + changed + bytes.substr(41);
         });
       }},
      {"r zero", R::kWrongSignature,
       [] { return Changed([](auto bytes) { return Zero() + bytes.substr(32); }); }},
      {"s zero", R::kWrongSignature,
       [] { return Changed([](auto bytes) { return bytes.substr(0, 32) + Zero(); }); }},
      {"r and s zero", R::kWrongSignature, [] { return EcBytes(Zero(), Zero()); }},
      {"r and s the order of the curve", R::kWrongSignature,
       [] { return EcBytes(Order(), Order()); }},
      {"r the order of the curve, s one", R::kWrongSignature,
       [] { return EcBytes(Order(), std::string(31, '\0') + "\1"); }},
      {"the signature of another token", R::kWrongSignature,
       [] {
         return Mixed(Signed().Es({{"sub", "boss"}}), Signed().Es());
       }},
      {"another header than was signed", R::kWrongSignature,
       [] {
         return Mixed(Signed().Es(json::object(), {{"typ", "application/at+jwt"}}), Signed().Es());
       }},
      {"an unsigned token with too deep claims", R::kWrongSignature,
       [] { return Mixed(Signed().EsPayload(std::string(5000, '[')), Signed().Es()); }},
  };
}

}  // namespace

std::vector<Forgery> ForgedSignatures() {
  std::vector<Forgery> forgeries = WrongAlgorithms();
  for (auto& more : {WrongKeys(), WrongBytes()}) {
    forgeries.insert(forgeries.end(), more.begin(), more.end());
  }
  return forgeries;
}

}  // namespace brobygger::access
