#include "core/access/api_key.h"

#include <set>

#include <catch2/catch.hpp>

namespace brobygger::access {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr base::Instant kNow = base::Instant(seconds(1'714'564'800));

ApiKeyRecord RecordOf(const NewApiKey& made) {
  return {.id = made.id,
          .digest = made.digest,
          .municipality_code = "0615",
          .scopes = {"associations.read"},
          .created_at = kNow - hours(24),
          .expires_at = kNow + hours(24)};
}

}  // namespace

TEST_CASE("an API key opens what its own record says, until it expires", "[api_key]") {
  const auto made = MakeApiKey();
  REQUIRE(made.ok());
  const auto shown = ReadApiKey(made->text);
  REQUIRE(shown.ok());
  CHECK(shown->id == made->id);
  CHECK(shown->digest == made->digest);
  const ApiKeyRecord record = RecordOf(*made);
  CHECK(CheckApiKey(*shown, &record, kNow).ok());
  CHECK(CheckApiKey(*shown, &record, record.expires_at - seconds(1)).ok());
  const absl::Status expired = CheckApiKey(*shown, &record, record.expires_at);
  CHECK(absl::IsUnauthenticated(expired));
  CHECK(ApiKeyRefusalOf(expired) == ApiKeyRefusal::kExpired);
}

TEST_CASE("no two API keys are alike, and nothing stored gives one away", "[api_key]") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto made = MakeApiKey();
    REQUIRE(made.ok());
    CHECK(made->text.size() == 63);
    CHECK(made->digest.size() == 64);
    CHECK(ReadApiKey(made->text).ok());
    CHECK(seen.insert(made->id).second);
    CHECK(seen.insert(made->text.substr(20)).second);
  }
}

TEST_CASE("an API key is refused with one sentence, whatever is wrong", "[api_key]") {
  const auto made = MakeApiKey();
  const auto other = MakeApiKey();
  REQUIRE((made.ok() && other.ok()));
  const auto shown = ReadApiKey(made->text);
  const ApiKeyRecord record = RecordOf(*made);
  ApiKeyRecord revoked = record;
  revoked.revoked = true;
  ApiKeyRecord other_secret = record;
  other_secret.digest = other->digest;
  ApiKeyRecord other_id = record;
  other_id.id = other->id;
  ApiKeyRecord without_digest = record;
  without_digest.digest.clear();
  ApiKeyRecord endless = record;
  endless.expires_at = kNow + hours(24 * 3650);
  const std::vector<std::pair<const ApiKeyRecord*, ApiKeyRefusal>> wrong = {
      {nullptr, ApiKeyRefusal::kUnknown},         {&revoked, ApiKeyRefusal::kRevoked},
      {&other_secret, ApiKeyRefusal::kUnknown},   {&other_id, ApiKeyRefusal::kUnknown},
      {&without_digest, ApiKeyRefusal::kUnknown}, {&endless, ApiKeyRefusal::kExpired}};
  const absl::Status first = CheckApiKey(*shown, nullptr, kNow);
  for (const auto& [stored, why] : wrong) {
    const absl::Status status = CheckApiKey(*shown, stored, kNow);
    CHECK(absl::IsUnauthenticated(status));
    CHECK(status.message() == first.message());
    CHECK(std::string(NameOf(ApiKeyRefusalOf(status))) == NameOf(why));
  }
  CHECK(ApiKeyRefusalOf(absl::OkStatus()) == ApiKeyRefusal::kNone);
}

TEST_CASE("what is not exactly an API key is none", "[api_key]") {
  const std::string id = "0123456789abcdef";
  const std::string secret(42, 'A');
  CHECK(ReadApiKey("bb_" + id + "_" + secret + "A").ok());
  const std::vector<std::string> wrong = {"",
                                          "bb_",
                                          "bb_" + id,
                                          "bb_" + id + "_" + secret,
                                          "bb_" + id + "_" + secret + "AA",
                                          "bb_" + id + "_" + secret + "=",
                                          "bb_" + id + "_" + secret + "B",
                                          "bb_" + id + "_" + secret + "+",
                                          "bb_" + id + "_" + secret + std::string(1, '\0'),
                                          "bb_" + id + "-" + secret + "A",
                                          "BB_" + id + "_" + secret + "A",
                                          " b_" + id + "_" + secret + "A",
                                          "bb_0123456789ABCDEF_" + secret + "A",
                                          "bb_0123456789abcde__" + secret + "A",
                                          std::string(1'000'000, 'b')};
  for (const std::string& text : wrong) {
    CAPTURE(text.substr(0, 80));
    const auto shown = ReadApiKey(text);
    CHECK(absl::IsUnauthenticated(shown.status()));
    CHECK(ApiKeyRefusalOf(shown.status()) == ApiKeyRefusal::kNotAKey);
  }
}

TEST_CASE("a key that would live for ever, or for nothing, is not stored", "[api_key]") {
  const auto made = MakeApiKey();
  REQUIRE(made.ok());
  ApiKeyRecord record = RecordOf(*made);
  CHECK(ValidateApiKeyRecord(record).ok());
  record.expires_at = record.created_at + kLongestApiKeyLife;
  CHECK(ValidateApiKeyRecord(record).ok());
  record.expires_at += seconds(1);
  CHECK(absl::IsInvalidArgument(ValidateApiKeyRecord(record)));
  record.expires_at = record.created_at;
  CHECK(absl::IsInvalidArgument(ValidateApiKeyRecord(record)));
  record = RecordOf(*made);
  record.scopes.clear();
  CHECK(absl::IsInvalidArgument(ValidateApiKeyRecord(record)));
  record = RecordOf(*made);
  record.municipality_code = "Horsens";
  CHECK(absl::IsInvalidArgument(ValidateApiKeyRecord(record)));
  record = RecordOf(*made);
  record.digest = made->text;
  CHECK(absl::IsInvalidArgument(ValidateApiKeyRecord(record)));
  record = RecordOf(*made);
  record.id.pop_back();
  CHECK(absl::IsInvalidArgument(ValidateApiKeyRecord(record)));
}

}  // namespace brobygger::access
