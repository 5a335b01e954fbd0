#include "core/daemon/key_fetch.h"

#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "core/access/jwt.h"
#include "core/access/key_keeper.h"
#include "tests/core/daemon/login_provider.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::daemon {
namespace {

using access::KeyKeeper;
using access::TokenRefusal;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLong = seconds(60);

KeySource SourceAt(const std::string& url, milliseconds most_time = kLong) {
  return {.url = url, .plain_on_this_machine = true, .ca_file = "", .most_time = most_time};
}

absl::StatusOr<std::string> FetchFrom(const KeySource& source, std::stop_token stop = {}) {
  const auto fetch = MakeKeyFetch(source);
  return fetch.ok() ? (*fetch)(std::move(stop)) : absl::StatusOr<std::string>(fetch.status());
}

access::Issuer IssuerOf(const LoginProvider& provider) {
  access::Issuer issuer;
  issuer.issuer = provider.Address();
  issuer.audience = "brobygger";
  return issuer;
}

// The hub's side of a login. Its clock begins at the real time, which tokens are made at,
// and then moves only for the keeper.
struct Hub {
  explicit Hub(const LoginProvider& provider)
      : issuer(IssuerOf(provider)),
        keeper(MakeKeyFetch(SourceAt(provider.Address("/jwks"))).value(), clock) {
    clock.Set(base::SystemClock().Now());
  }

  absl::StatusOr<access::Claims> Verify(const std::string& token) {
    return VerifyToken(token, issuer, keeper, base::SystemClock().Now(), kLong);
  }
  TokenRefusal RefusalOf(const std::string& token) {
    return access::RefusalOf(Verify(token).status());
  }

  const access::Issuer issuer;
  support::FakeClock clock;
  KeyKeeper keeper;
};

}  // namespace

TEST_CASE("a real provider's token is verified with keys that were fetched", "[key_fetch]") {
  LoginProvider provider("es-1");
  Hub hub(provider);
  const auto claims = hub.Verify(provider.Token());
  INFO(claims.status().ToString());
  REQUIRE(claims.ok());
  CHECK(claims->subject == "journal");
  CHECK(claims->client_id == "journal");
  CHECK(claims->audience == "brobygger");
  CHECK(claims->issuer == provider.Address());
  CHECK(claims->expires_at - claims->issued_at == seconds(600));
  CHECK(claims->roles == std::vector<std::string>{"caseworker"});
  CHECK(claims->scopes == std::vector<std::string>{"registry"});
  CHECK(claims->municipality_code == "0615");
  CHECK(claims->department_ids == std::vector<std::string>{"d-1"});
  CHECK_FALSE(claims->token_id.empty());
  CHECK(hub.Verify(provider.Token()).ok());
  CHECK(provider.Asked() == 1);
}

TEST_CASE("a provider that starts with new keys is understood after one fetch", "[key_fetch]") {
  LoginProvider old("es-1");
  Hub hub(old);
  const std::string old_token = old.Token();
  CHECK(hub.Verify(old_token).ok());
  old.Stop();
  LoginProvider provider("es-2", {old.port()});
  const std::string token = provider.Token();
  hub.clock.Advance(seconds(29));
  CHECK(hub.RefusalOf(token) == TokenRefusal::kUnknownKey);
  CHECK(provider.Asked() == 0);
  hub.clock.Advance(seconds(1));
  CHECK(hub.Verify(token).ok());
  CHECK(provider.Asked() == 1);
  CHECK(hub.RefusalOf(old_token) == TokenRefusal::kUnknownKey);
}

TEST_CASE("a thousand unknown keys ask a real provider once in half a minute", "[key_fetch]") {
  LoginProvider provider("es-1");
  Hub hub(provider);
  CHECK(hub.Verify(provider.Token()).ok());
  hub.clock.Advance(seconds(30));
  for (int i = 0; i < 1000; ++i) {
    const auto keys = hub.keeper.KeysFor("unknown-" + std::to_string(i), kLong);
    CHECK(keys.ok());
    hub.clock.Advance(milliseconds(29));
  }
  CHECK(provider.Asked() == 2);
}

TEST_CASE("logins go on for a day without the provider, and then end", "[key_fetch]") {
  LoginProvider provider("es-1");
  Hub hub(provider);
  const std::string token = provider.Token();
  CHECK(hub.Verify(token).ok());
  provider.Stop();
  for (int hour = 1; hour < 24; ++hour) {
    hub.clock.Advance(hours(1));
    CHECK(hub.Verify(token).ok());
  }
  hub.clock.Advance(hours(1));
  CHECK(absl::IsUnavailable(hub.Verify(token).status()));
  CHECK(absl::IsUnavailable(hub.keeper.state().last_fetch));
  LoginProvider again("es-1", {provider.port()});
  hub.clock.Advance(seconds(30));
  CHECK(hub.Verify(again.Token()).ok());
  // Its keys are new ones under the old name.
  CHECK(hub.RefusalOf(token) == TokenRefusal::kWrongSignature);
}

TEST_CASE("keys that are not those of the token refuse it", "[key_fetch]") {
  LoginProvider provider("es-1");
  support::FakeClock clock;
  KeyKeeper keeper(MakeKeyFetch(SourceAt(provider.Address("/wrong-keys"))).value(), clock);
  const auto claims =
      VerifyToken(provider.Token(), IssuerOf(provider), keeper, base::SystemClock().Now(), kLong);
  CHECK(access::RefusalOf(claims.status()) == TokenRefusal::kWrongSignature);
}

TEST_CASE("an answer that is not a key set of sensible size is none", "[key_fetch]") {
  const LoginProvider provider("es-1");
  CHECK(FetchFrom(SourceAt(provider.Address("/wrong-keys"))).ok());
  for (const char* path : {"/huge", "/huge-in-parts", "/long-headers"}) {
    CAPTURE(path);
    const auto fetched = FetchFrom(SourceAt(provider.Address(path)));
    CHECK(absl::IsUnavailable(fetched.status()));
    CHECK(fetched.status().message().find("too large") != absl::string_view::npos);
  }
  for (const char* path : {"/elsewhere", "/down", "/cut", "/nowhere"}) {
    CAPTURE(path);
    CHECK(absl::IsUnavailable(FetchFrom(SourceAt(provider.Address(path))).status()));
  }
  support::FakeClock clock;
  KeyKeeper keeper(MakeKeyFetch(SourceAt(provider.Address("/page"))).value(), clock);
  CHECK(absl::IsUnavailable(keeper.KeysFor("es-1", kLong).status()));
  CHECK(absl::IsInvalidArgument(keeper.state().last_fetch));
}

TEST_CASE("a fetch ends in its time however slowly the answer comes", "[key_fetch]") {
  const LoginProvider provider("es-1");
  for (const char* path : {"/silent", "/slow"}) {
    CAPTURE(path);
    const auto begun = std::chrono::steady_clock::now();
    const auto fetched = FetchFrom(SourceAt(provider.Address(path), milliseconds(300)));
    CHECK(absl::IsUnavailable(fetched.status()));
    CHECK(std::chrono::steady_clock::now() - begun < seconds(10));
  }
}

TEST_CASE("nobody waits for a slow provider beyond the deadline", "[key_fetch]") {
  const LoginProvider provider("es-1");
  support::FakeClock clock;
  // The keeper's end stops the fetch, which would last a minute.
  const auto begun = std::chrono::steady_clock::now();
  {
    KeyKeeper keeper(MakeKeyFetch(SourceAt(provider.Address("/silent"))).value(), clock);
    CHECK(absl::IsDeadlineExceeded(keeper.KeysFor("es-1", milliseconds(50)).status()));
    CHECK(std::chrono::steady_clock::now() - begun < seconds(10));
  }
  CHECK(std::chrono::steady_clock::now() - begun < seconds(20));
}

TEST_CASE("keys come over TLS from a server that is trusted, or not at all", "[key_fetch]") {
  const support::TempFolder folder;
  const std::string key = folder.path() / "key.pem";
  const std::string certificate = folder.path() / "certificate.pem";
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
      " -days 2 -subj /CN=login -addext subjectAltName=IP:127.0.0.1"
      " -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  REQUIRE(std::system(make.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe): one thread here
  const LoginProvider provider("es-1", {"0", key, certificate});
  const std::string address = "https://127.0.0.1:" + provider.port() + "/jwks";
  KeySource source = {.url = address, .plain_on_this_machine = false, .ca_file = ""};
  const auto untrusted = FetchFrom(source);
  CHECK(absl::IsUnavailable(untrusted.status()));
  CHECK(untrusted.status().message().find("not trusted") != absl::string_view::npos);
  source.ca_file = certificate;
  const auto fetched = FetchFrom(source);
  REQUIRE(fetched.ok());
  CHECK(access::ParseKeySet(*fetched)->keys.contains("es-1"));
  // The certificate is for the number, not for a name of the same machine.
  source.url = "https://localhost:" + provider.port() + "/jwks";
  CHECK(absl::IsUnavailable(FetchFrom(source).status()));
}

TEST_CASE("keys are fetched by https, or within the machine where that is allowed", "[key_fetch]") {
  for (const char* url : {"https://id.example.dk/jwks", "https://id.example.dk:8443/a?b=c",
                          "http://127.0.0.1:8080/jwks", "http://[::1]/jwks"}) {
    CAPTURE(url);
    CHECK(MakeKeyFetch(SourceAt(url)).ok());
  }
  for (const char* url :
       {"", "id.example.dk/jwks", "http://id.example.dk/jwks", "http://localhost/jwks",
        "http://127.0.0.1.example.dk/jwks", "http://127.0.0.1@example.dk/jwks",
        "https://user:secret@id.example.dk/jwks", "https://id.example.dk/jwks#key",
        "ftp://id.example.dk/jwks", "file:///etc/passwd", "gopher://127.0.0.1/", "https://"}) {
    CAPTURE(url);
    CHECK(absl::IsInvalidArgument(MakeKeyFetch(SourceAt(url)).status()));
  }
  KeySource strict = SourceAt("http://127.0.0.1:8080/jwks");
  strict.plain_on_this_machine = false;
  CHECK(absl::IsInvalidArgument(MakeKeyFetch(strict).status()));
}

TEST_CASE("a fetch that is stopped does not go on", "[key_fetch]") {
  const LoginProvider provider("es-1");
  std::stop_source stop;
  stop.request_stop();
  const auto fetched = FetchFrom(SourceAt(provider.Address("/silent")), stop.get_token());
  CHECK(absl::IsUnavailable(fetched.status()));
}

}  // namespace brobygger::daemon
