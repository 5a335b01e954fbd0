#include "core/web/own_origin.h"

#include <catch2/catch.hpp>

#include "core/web/cookies.h"

namespace brobygger::web {
namespace {

Request With(std::map<std::string, std::string, std::less<>> fields) {
  Request request;
  request.fields = std::move(fields);
  return request;
}

TEST_CASE("without a public address the names of this machine are ours, at our port") {
  const OwnOrigin origin("", "127.0.0.1:8480", false);
  for (const char* const host :
       {"127.0.0.1:8480", "localhost:8480", "LOCALHOST:8480", "[::1]:8480"}) {
    CHECK(origin.IsOurs(With({{"host", host}})));
  }
  for (const char* const host : {"evil.example:8480", "127.0.0.1", "127.0.0.1:80", ":8480", "",
                                 "localhost.evil.example:8480", "127.0.0.1:8480, evil.example"}) {
    CAPTURE(host);
    CHECK_FALSE(origin.IsOurs(With({{"host", host}})));
  }
}

TEST_CASE("with a public address only its host is ours") {
  const OwnOrigin origin("https://hub.fjordby.example", "127.0.0.1:8480", false);
  CHECK(origin.encrypted());
  CHECK(origin.IsOurs(With({{"host", "Hub.Fjordby.example"}})));
  CHECK_FALSE(origin.IsOurs(With({{"host", "127.0.0.1:8480"}})));
  CHECK_FALSE(origin.IsOurs(With({{"host", "hub.fjordby.example.evil.example"}})));
  CHECK(origin.AddressFor(With({{"host", "hub.fjordby.example"}})) ==
        "https://hub.fjordby.example");
}

TEST_CASE("a POST is from our page only if the browser says so") {
  const OwnOrigin origin("", "127.0.0.1:8480", false);
  const auto from = [&](const char* site, const char* said) {
    std::map<std::string, std::string, std::less<>> fields = {{"host", "127.0.0.1:8480"}};
    if (site != nullptr) fields["sec-fetch-site"] = site;
    if (said != nullptr) fields["origin"] = said;
    return origin.IsFromOurPage(With(fields));
  };
  CHECK(from("same-origin", "http://127.0.0.1:8480"));
  CHECK(from(nullptr, "http://127.0.0.1:8480"));
  CHECK(from("same-origin", nullptr));
  CHECK_FALSE(from(nullptr, nullptr));
  CHECK_FALSE(from("same-origin", "http://localhost:8480"));
  CHECK_FALSE(from("same-origin", "null"));
  CHECK_FALSE(from("same-site", "http://127.0.0.1:8480"));
  CHECK_FALSE(from("cross-site", nullptr));
  CHECK_FALSE(from("none", nullptr));
  CHECK_FALSE(from(nullptr, "https://127.0.0.1:8480"));
  CHECK_FALSE(from("same-origin, same-origin", "http://127.0.0.1:8480"));
}

TEST_CASE("a cookie is found by its whole name, once") {
  CHECK(CookieIn("brobygger=abc", "brobygger") == "abc");
  CHECK(CookieIn("a=1; brobygger=abc; b=2", "brobygger") == "abc");
  CHECK(CookieIn("brobygger=a=b", "brobygger") == "a=b");
  CHECK(CookieIn("xbrobygger=abc; brobygger-x=1", "brobygger").empty());
  CHECK(CookieIn("brobygger", "brobygger").empty());
  CHECK(CookieIn("", "brobygger").empty());
  // One of them may have been put there by a neighbour.
  CHECK(CookieIn("brobygger=abc; brobygger=def", "brobygger").empty());
  CHECK(CookieIn("brobygger=abc, brobygger=def", "brobygger").empty());
}

}  // namespace
}  // namespace brobygger::web
