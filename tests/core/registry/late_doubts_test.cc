#include "core/registry/late_doubts.h"

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "tests/core/registry/identity_fixture.h"

namespace brobygger::registry {
namespace {

using idv1::Decision;
using idv1::MatchQuestion;

constexpr char kDanceName[] = "Afghansk Danseforening";

// Two that are told apart, and one of them then says what the other does.
struct Grown {
  IdentityFixture fixture;
  v1::Association first = fixture.Make({"a", "1", {{"official_name", kDanceName}}});
  v1::Association second = fixture.Make({"b", "2", {{"official_name", "Cafe for sprog"}}});

  void Correct(const std::string& name) {
    v1::Association next = fixture.Get(second.id());
    next.set_official_name(name);
    model::RecordStatement(next, SourceOf({"b", "2", {}}), {"official_name"});
    REQUIRE(
        fixture
            .Write([&](auto& transaction) { return IngestAssociation(transaction, next).status(); })
            .ok());
  }

  void Settle() {
    REQUIRE(AskAboutChanged(*fixture.store, fixture.identity, fixture.identity.TakeChanged()).ok());
    REQUIRE(fixture.Write([](auto&) { return absl::OkStatus(); }).ok());
  }
};

TEST_CASE("one that comes to look like another later on is asked about, once") {
  Grown grown;
  grown.fixture.identity.RememberChanged();
  CHECK(grown.fixture.Questions().questions().empty());
  grown.Correct(kDanceName);
  grown.Settle();
  REQUIRE(grown.fixture.Questions().questions_size() == 1);
  CHECK(grown.fixture.Questions().questions(0).id() ==
        QuestionIdOf(grown.first.id(), grown.second.id()));
  // Nothing that is compared has changed.
  v1::Association next = grown.fixture.Get(grown.second.id());
  next.set_coverage_area("Nordbyen");
  model::RecordStatement(next, SourceOf({"b", "2", {}}), {"coverage_area"});
  REQUIRE(
      grown.fixture
          .Write([&](auto& transaction) { return IngestAssociation(transaction, next).status(); })
          .ok());
  CHECK(grown.fixture.identity.TakeChanged().empty());
}

TEST_CASE("what a person has decided is not asked again, whatever is said later") {
  Grown grown;
  REQUIRE(grown.fixture.Say(grown.first.id(), Decision::KIND_NOT_SAME, grown.second.id()).ok());
  grown.fixture.identity.RememberChanged();
  grown.Correct(kDanceName);
  grown.Settle();
  CHECK(grown.fixture.Questions().questions().empty());
}

TEST_CASE("what the hub itself took for two is asked about when they look alike again") {
  Grown grown;
  grown.fixture.identity.RememberChanged();
  grown.Correct(kDanceName);
  grown.Settle();
  // Nothing in common any more: the hub closes the question by itself.
  grown.Correct("Cafe for sprog");
  REQUIRE(grown.fixture.Write([](auto&) { return absl::OkStatus(); }).ok());
  CHECK(grown.fixture.Questions().questions().empty());
  grown.Correct(kDanceName);
  grown.Settle();
  REQUIRE(grown.fixture.Questions().questions_size() == 1);
  CHECK(grown.fixture.Questions().questions(0).state() == MatchQuestion::STATE_OPEN);
}

TEST_CASE("the hub asks by itself a moment after the last change") {
  // Before the store, which tells them.
  absl::Mutex mutex;
  int commits = 0;
  Grown grown;
  grown.fixture.store->OnCommit([&](storage::Revision) {
    absl::MutexLock lock(&mutex);
    ++commits;
  });
  const auto two_commits = [&] { return commits >= 2; };
  LateDoubts late(*grown.fixture.store, grown.fixture.identity, std::chrono::milliseconds(5));
  grown.Correct(kDanceName);
  {
    // The correction, and then the question.
    absl::MutexLock lock(&mutex);
    REQUIRE(mutex.AwaitWithTimeout(absl::Condition(&two_commits), absl::Seconds(20)));
  }
  CHECK(grown.fixture.Questions().questions_size() == 1);
}

}  // namespace
}  // namespace brobygger::registry
