#include "core/rpc/join_codes.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/registry/edit.h"
#include "core/registry/joining.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::rpc {
namespace {

using access::v1::JoinCode;
using storage::Kind;
using storage::Transaction;

constexpr std::size_t kWholeCode = 19;  // four groups of four, and three hyphens

struct Town {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  std::string lawan = Associate("Lawan");

  // Runs `body`, which returns a StatusOr, in a write.
  template <typename Body>
  auto Write(const Body& body) {
    using Result = std::invoke_result_t<Body, Transaction&>;
    Result result = absl::UnknownError("the body did not run");
    (void)store->Write("test", [&](Transaction& transaction) {
      result = body(transaction);
      return result.status();
    });
    return result;
  }

  registry::v1::Association Make(const std::string& name) {
    registry::v1::Association wanted;
    wanted.set_official_name(name);
    wanted.set_municipality_code("0615");
    const auto made = Write([&](Transaction& transaction) {
      return registry::CreateAssociation(transaction, wanted, "user:fritid");
    });
    INFO(made.status());
    REQUIRE(made.ok());
    return *made;
  }
  std::string Associate(const std::string& name) { return Make(name).id(); }

  MadeJoinCode Invite(const std::string& id) {
    const auto made = Write(
        [&](Transaction& transaction) { return CreateJoinCode(transaction, id, "user:fritid"); });
    INFO(made.status());
    REQUIRE(made.ok());
    return *made;
  }

  absl::StatusOr<CreatedApiKey> Join(const std::string& code,
                                     const std::string& title = "formand") {
    return Write([&](Transaction& transaction) { return Redeem(transaction, code, title); });
  }

  std::vector<JoinCode> Codes(const std::string& id = "") {
    const auto listed = ListJoinCodes(**store->Latest(), id, clock.Now());
    INFO(listed.status());
    REQUIRE(listed.ok());
    return *listed;
  }

  std::vector<access::v1::ApiKey> Keys(const std::string& id) {
    const auto listed = ListAssociationKeys(**store->Latest(), id);
    INFO(listed.status());
    REQUIRE(listed.ok());
    return *listed;
  }
};

bool Refused(const absl::StatusOr<CreatedApiKey>& joined) {
  return base::ReasonOf(joined.status()) == errors::v1::ERROR_REASON_JOIN_CODE_INVALID;
}

std::string Without(std::string text, char letter) {
  text.erase(std::remove(text.begin(), text.end(), letter), text.end());
  return text;
}

}  // namespace

TEST_CASE("a code has four groups without letters that look alike, and is not stored", "[rpc]") {
  Town town;
  std::set<std::string> codes;
  for (int i = 0; i < 50; ++i) {
    const MadeJoinCode made = town.Invite(town.lawan);
    CHECK(made.text.size() == kWholeCode);
    CHECK(made.text.find_first_not_of("34679ABCDEFGHJKMNPQRSTVWXYZ-") == std::string::npos);
    CHECK(made.text.find_first_of("0O1IL8528U") == std::string::npos);
    CHECK(made.text[4] == '-');
    CHECK(codes.insert(made.text).second);
  }
  std::string stored;
  const auto latest = town.store->Latest();
  const auto entries = (*latest)->Scan(Kind::kJoinCode, {.prefix = "", .limit = 1000});
  for (const auto& entry : *entries) {
    stored += *entry.bytes;
  }
  for (const std::string& code : codes) {
    CHECK(stored.find(code) == std::string::npos);
    CHECK(stored.find(Without(code, '-')) == std::string::npos);
  }
}

TEST_CASE("a code is read as people write it", "[rpc]") {
  Town town;
  std::string typed = town.Invite(town.lawan).text;
  std::transform(typed.begin(), typed.end(), typed.begin(), [](unsigned char c) {
    const char lower = static_cast<char>(std::tolower(c));
    switch (lower) {
      case 'b':
        return '8';
      case 's':
        return '5';
      case 'z':
        return '2';
      case 'v':
        return 'u';
      case '-':
        return ' ';
      default:
        return lower;
    }
  });
  CHECK(town.Join("  " + typed + "\n").ok());
  CHECK(town.Join(Without(town.Invite(town.lawan).text, '-')).ok());
}

TEST_CASE("a code is good for one key, which speaks for its association alone", "[rpc]") {
  Town town;
  const std::string code = town.Invite(town.lawan).text;
  const auto joined = town.Join(code, "kasserer");
  REQUIRE(joined.ok());
  CHECK(joined->api_key.association_id() == town.lawan);
  CHECK(joined->api_key.title() == "kasserer");
  CHECK(joined->api_key.roles_size() == 1);
  CHECK(joined->api_key.roles(0) == "association");
  const auto record = FindApiKey(**town.store->Latest(), joined->api_key.id());
  CHECK((*record)->association_id == town.lawan);
  CHECK((*record)->expires_at <= town.clock.Now() + access::kLongestApiKeyLife);
  CHECK(Refused(town.Join(code)));
  const auto codes = town.Codes();
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].state() == JoinCode::STATE_USED);
  CHECK(codes[0].created_by() == "user:fritid");
  CHECK(codes[0].official_name() == "Lawan");
}

TEST_CASE("whatever is wrong with a code, whoever tries it is told the same", "[rpc]") {
  Town town;
  const auto used = town.Invite(town.lawan);
  REQUIRE(town.Join(used.text).ok());
  const auto withdrawn = town.Invite(town.lawan);
  REQUIRE(town.Write([&](Transaction& transaction) {
                return WithdrawJoinCode(transaction, withdrawn.join_code.id().substr(0, 8));
              })
              .ok());
  const auto gone = town.Make("Havnens Venner");
  const auto orphan = town.Invite(gone.id());
  REQUIRE(town.Write([&](Transaction& transaction) {
                return registry::DeleteAssociation(transaction, gone.id(), "", "test");
              })
              .ok());
  town.clock.Set(town.clock.Now() + std::chrono::seconds(1));  // so that this one is the newest
  const auto old = town.Invite(town.lawan);
  const std::string wrong = town.Join("AAAA-AAAA-AAAA-AAAA").status().ToString();
  CHECK(town.Join(used.text).status().ToString() == wrong);
  CHECK(town.Join(withdrawn.text).status().ToString() == wrong);
  CHECK(town.Join(orphan.text).status().ToString() == wrong);
  CHECK(town.Join("").status().ToString() == wrong);
  town.clock.Set(town.clock.Now() + kJoinCodeLife - std::chrono::seconds(1));
  CHECK(FindOpenJoinCode(**town.store->Latest(), old.text, town.clock.Now()).ok());
  town.clock.Set(town.clock.Now() + std::chrono::seconds(1));
  CHECK(town.Join(old.text).status().ToString() == wrong);
  CHECK(town.Codes().front().state() == JoinCode::STATE_EXPIRED);
}

TEST_CASE("of many who redeem one code at once exactly one gets a key", "[rpc]") {
  constexpr int kAtOnce = 16;
  Town town;
  const std::string code = town.Invite(town.lawan).text;
  std::atomic<int> won = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kAtOnce; ++i) {
      threads.emplace_back([&] {
        absl::StatusOr<CreatedApiKey> joined = absl::UnknownError("not run");
        (void)town.store->Write("test", [&](Transaction& transaction) {
          joined = Redeem(transaction, code, "formand");
          return joined.status();
        });
        won += joined.ok();
        refused += Refused(joined);
      });
    }
  }
  CHECK(won == 1);
  CHECK(refused == kAtOnce - 1);
  CHECK(town.Keys(town.lawan).size() == 1);
}

TEST_CASE("a title that may not stand leaves the code good", "[rpc]") {
  Town town;
  const std::string code = town.Invite(town.lawan).text;
  for (const char* title :
       {"", "0101701234", "muslim", "en meget lang titel som ingen har brug for"}) {
    const auto joined = town.Join(code, title);
    INFO(title);
    CHECK_FALSE(joined.ok());
    CHECK_FALSE(Refused(joined));
  }
  CHECK(town.Join(code, "formand").ok());
}

TEST_CASE("a board has room for all its keys, whatever they are called, and not for endless ones",
          "[rpc]") {
  Town town;
  std::string last;
  for (std::size_t i = 0; i < access::kMostLiveAssociationKeys; ++i) {
    const auto joined = town.Join(town.Invite(town.lawan).text, "formand");
    REQUIRE(joined.ok());
    last = joined->api_key.id();
  }
  const std::string code = town.Invite(town.lawan).text;
  CHECK(base::ReasonOf(town.Join(code).status()) == errors::v1::ERROR_REASON_ALREADY_EXISTS);
  const auto ended = town.Write([&](Transaction& transaction) {
    return RevokeAssociationKey(transaction, last.substr(0, 8));
  });
  CHECK(ended->has_revoke_time());
  CHECK(town.Join(code).ok());
}

TEST_CASE("keys and codes of an association follow it into a merge and out again", "[rpc]") {
  Town town;
  const auto code = town.Invite(town.lawan);
  town.clock.Set(town.clock.Now() + std::chrono::seconds(5));
  const auto other = town.Make("Lawan i Fjordby");
  REQUIRE(town.Join(town.Invite(other.id()).text, "kasserer").ok());
  const auto left = registry::GetLive(**town.store->Latest(), town.lawan);
  const auto merged = town.Write([&](Transaction& transaction) {
    return registry::JoinAssociations(transaction, *left, other, "d", "test");
  });
  INFO(merged.status());
  REQUIRE(merged.ok());
  const auto together = town.Keys(other.id());
  REQUIRE(together.size() == 1);
  CHECK(together[0].association_id() == town.lawan);
  CHECK(town.Codes(town.lawan).size() == 2);
  REQUIRE(town.Join(code.text).ok());
  CHECK(town.Keys(town.lawan).size() == 2);
  REQUIRE(
      town.Write([&](Transaction& transaction) { return registry::UndoJoin(transaction, *merged); })
          .ok());
  CHECK(town.Keys(town.lawan).size() == 1);
  CHECK(town.Keys(other.id()).size() == 1);
}

TEST_CASE("withdrawing again changes nothing, and a used code has nothing to withdraw", "[rpc]") {
  Town town;
  const auto made = town.Invite(town.lawan);
  const auto withdraw = [&](const std::string& id) {
    return town.Write([&](Transaction& transaction) { return WithdrawJoinCode(transaction, id); });
  };
  const auto first = withdraw(made.join_code.id());
  REQUIRE(first.ok());
  CHECK(first->state() == JoinCode::STATE_WITHDRAWN);
  town.clock.Set(town.clock.Now() + std::chrono::hours(1));
  CHECK(withdraw(made.join_code.id())->withdraw_time().seconds() ==
        first->withdraw_time().seconds());
  const auto used = town.Invite(town.lawan);
  REQUIRE(town.Join(used.text).ok());
  for (const std::string& id : {used.join_code.id(), std::string(), std::string("nobody")}) {
    CHECK(base::ReasonOf(withdraw(id).status()) == errors::v1::ERROR_REASON_JOIN_CODE_INVALID);
  }
}

TEST_CASE("a code that ended a year ago is forgotten when the next one is made", "[rpc]") {
  Town town;
  (void)town.Invite(town.lawan);
  town.clock.Set(town.clock.Now() + std::chrono::hours(24 * 396));
  (void)town.Invite(town.lawan);
  CHECK(town.Codes().size() == 1);
}

}  // namespace brobygger::rpc
