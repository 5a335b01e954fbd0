#include "tests/core/access/token_world.h"

#include "core/access/base64url.h"

namespace brobygger::access {
namespace {

using nlohmann::json;

json Patched(json base, const json& patch) {
  if (!patch.is_null()) base.merge_patch(patch);
  return base;
}

}  // namespace

std::string Compact(const std::string& header, const std::string& payload, const Sign& sign) {
  const std::string text = ToBase64Url(header) + "." + ToBase64Url(payload);
  return text + "." + ToBase64Url(sign(text));
}

TokenWorld::TokenWorld() {
  issuer.issuer = "https://id.example.dk/realms/kommune";
  issuer.audience = "brobygger";
  plain_issuer = issuer;
  plain_issuer.plain_type = PlainType{"brobygger-api", "Bearer"};
  const json set = {{"keys",
                     {es.Jwk("es-1", "ES256"), second_es.Jwk("es-2"), ps.Jwk("ps-1", "PS256"),
                      rs.Jwk("rs-1", "RS256")}}};
  keys = ParseKeySet(set.dump()).value();
}

json TokenWorld::Header(const std::string& alg, const std::string& kid) const {
  return {{"alg", alg}, {"typ", "at+jwt"}, {"kid", kid}};
}

json TokenWorld::Payload() const {
  return {{"iss", issuer.issuer},
          {"sub", "a7c1"},
          {"aud", "brobygger"},
          {"iat", kNow - 10},
          {"exp", kNow + 600},
          {"client_id", "web"},
          {"jti", "t-1"},
          {"roles", {"caseworker", "reader"}},
          {"scope", "registry contacts"},
          {"municipality_code", "0615"},
          {"department_ids", {"d-1"}}};
}

std::string TokenWorld::EsText(const std::string& header, const std::string& payload) const {
  return Compact(header, payload, [&](std::string_view text) { return es.SignEc(text); });
}

std::string TokenWorld::Es(const json& payload, const json& header) const {
  return EsText(Patched(Header("ES256", "es-1"), header).dump(),
                Patched(Payload(), payload).dump());
}

std::string TokenWorld::EsPayload(const std::string& payload) const {
  return EsText(Header("ES256", "es-1").dump(), payload);
}

std::string TokenWorld::EsHeader(const std::string& header) const {
  return EsText(header, Payload().dump());
}

std::string TokenWorld::Ps(const json& header) const {
  return Compact(Patched(Header("PS256", "ps-1"), header).dump(), Payload().dump(),
                 [&](std::string_view text) { return ps.SignPss(text); });
}

std::string TokenWorld::Rs(const json& header) const {
  return Compact(Patched(Header("RS256", "rs-1"), header).dump(), Payload().dump(),
                 [&](std::string_view text) { return rs.SignPkcs1(text); });
}

std::string TokenWorld::Plain(const json& payload) const {
  const json usual = {{"typ", "Bearer"}, {"aud", "brobygger-api"}};
  return Es(Patched(usual, payload), {{"typ", "JWT"}});
}

const TokenWorld& World() {
  static const TokenWorld kWorld;
  return kWorld;
}

}  // namespace brobygger::access
