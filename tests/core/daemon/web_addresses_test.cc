#include "core/daemon/web_addresses.h"

#include <catch2/catch.hpp>

namespace brobygger::daemon {

TEST_CASE("a page of this machine is told from one that only looks so", "[sign_in]") {
  for (const char* url : {"http://127.0.0.1", "http://127.0.0.1/", "http://localhost:8480/x",
                          "https://[::1]:8480", "http://[::1]/"}) {
    CAPTURE(url);
    CHECK(IsOfThisMachine(url));
  }
  for (const char* url :
       {"", "127.0.0.1:8480", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/",
        "http://localhost.evil.example", "http://127.0.0.1:80@evil.example/", "http://127.0.0.1:/",
        "http://127.0.0.1?x", "http://127.0.0.10/", "https://hub.fjordby.example",
        "javascript://127.0.0.1/"}) {
    CAPTURE(url);
    CHECK_FALSE(IsOfThisMachine(url));
  }
}

TEST_CASE("where a door listens for this machine alone is told", "[sign_in]") {
  for (const char* listen : {"127.0.0.1:8480", "[::1]:8480", "localhost:0"}) {
    CAPTURE(listen);
    CHECK(ListensHereAlone(listen));
  }
  for (const char* listen : {"", "0.0.0.0:8480", "[::]:8480", "192.0.2.1:8480", "127.0.0.1",
                             "127.0.0.1:8480 ", "127.0.0.1.example:1"}) {
    CAPTURE(listen);
    CHECK_FALSE(ListensHereAlone(listen));
  }
}

TEST_CASE("a browser comes back to the page's own address and nowhere else", "[sign_in]") {
  const std::string path = "/session/callback";
  for (const std::string base : {"https://hub.fjordby.example", "https://hub.fjordby.example/"}) {
    CHECK(IsOwnPage("https://hub.fjordby.example/session/callback", path, base));
    for (const char* uri :
         {"", "http://hub.fjordby.example/session/callback",
          "https://hub.fjordby.example.evil.example/session/callback",
          "https://hub.fjordby.example/session/callback?x", "https://hub.fjordby.example/",
          "https://hub.fjordby.example//session/callback", "http://127.0.0.1:8480/session/callback",
          "https://HUB.fjordby.example/session/callback"}) {
      CAPTURE(uri);
      CHECK_FALSE(IsOwnPage(uri, path, base));
    }
  }
  for (const char* uri :
       {"http://127.0.0.1:8480/session/callback", "http://localhost:1/session/callback",
        "http://[::1]:65535/session/callback"}) {
    CAPTURE(uri);
    CHECK(IsOwnPage(uri, path, ""));
  }
  for (const char* uri :
       {"http://127.0.0.1/session/callback", "https://127.0.0.1:8480/session/callback",
        "http://127.0.0.1:8480/session/callback/", "http://127.0.0.1:8480/session/callback#x",
        "http://127.0.0.1:x/session/callback", "http://127.0.0.1:/session/callback",
        "http://127.0.0.1:8480@evil.example/session/callback",
        "http://127.0.0.1.evil.example:8480/session/callback",
        "http://hub.fjordby.example:8480/session/callback"}) {
    CAPTURE(uri);
    CHECK_FALSE(IsOwnPage(uri, path, ""));
  }
}

}  // namespace brobygger::daemon
