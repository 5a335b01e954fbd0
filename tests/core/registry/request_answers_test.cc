#include "core/registry/request_answers.h"

#include <string>

#include <catch2/catch.hpp>

#include "core/base/id.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

class AnswersFixture : public RegistryFixture {
 public:
  // Makes one call; it answers with the number of times that the work was done.
  absl::StatusOr<std::string> Call(const std::string& id,
                                   const std::string& request,
                                   const std::string& method = "m") {
    const auto work = [&](storage::Transaction& transaction) -> absl::StatusOr<std::string> {
      ++done;
      BB_RETURN_IF_ERROR(fault);
      BB_RETURN_IF_ERROR(transaction.Put(storage::Kind::kRelation, "x", "x"));
      return std::to_string(done);
    };
    return Write([&](storage::Transaction& transaction) -> absl::StatusOr<std::string> {
      std::string answer;
      const absl::Status status = AnswerOnce(
          transaction, {method, id, DigestOf(request)}, [&] { return work(transaction); }, &answer);
      if (!status.ok()) return status;
      return answer;
    });
  }

  std::size_t Kept() const {
    return Latest()->Scan(storage::Kind::kRequestAnswer, {.limit = 1000})->size();
  }

  int done = 0;
  absl::Status fault;
};

TEST_CASE_METHOD(AnswersFixture, "a retry gets the same answer and is done once") {
  const std::string id = base::MakeUuid();
  CHECK(Call(id, "request").value_or("") == "1");
  CHECK(Call(id, "request").value_or("") == "1");
  CHECK(done == 1);
  CHECK(Call(base::MakeUuid(), "request").value_or("") == "2");
  CHECK(Call(id, "request", "another method").value_or("") == "3");
}

TEST_CASE_METHOD(AnswersFixture, "a call without an id is done each time and keeps nothing") {
  CHECK(Call("", "request").value_or("") == "1");
  CHECK(Call("", "request").value_or("") == "2");
  CHECK(Kept() == 0);
}

TEST_CASE_METHOD(AnswersFixture, "an id that was used for another request is refused") {
  const std::string id = base::MakeUuid();
  REQUIRE(Call(id, "request").ok());
  const auto status = Call(id, "another").status();
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_REQUEST_ID_REUSED);
  CHECK(base::ErrorMetadata(status, "request_id") == id);
  CHECK(done == 1);
}

TEST_CASE_METHOD(AnswersFixture, "an id that is no UUID is refused before anything is done") {
  CHECK(base::ErrorMetadata(Call("again", "request").status(), "field") == "request_id");
  CHECK(done == 0);
}

TEST_CASE_METHOD(AnswersFixture, "a failed call is not remembered") {
  const std::string id = base::MakeUuid();
  fault = absl::CancelledError("changed my mind");
  CHECK(absl::IsCancelled(Call(id, "request").status()));
  fault = absl::OkStatus();
  CHECK(Call(id, "request").value_or("") == "2");
}

TEST_CASE_METHOD(AnswersFixture, "after 24 hours an answer is forgotten") {
  const std::string id = base::MakeUuid();
  REQUIRE(Call(id, "request").ok());
  clock.Advance(std::chrono::hours(24) - std::chrono::seconds(2));
  CHECK(Call(id, "request").value_or("") == "1");
  clock.Advance(std::chrono::seconds(2));
  CHECK(Call(id, "another").value_or("") == "2");
}

TEST_CASE_METHOD(AnswersFixture, "old answers do not pile up") {
  for (int i = 0; i < 60; ++i) REQUIRE(Call(base::MakeUuid(), "request").ok());
  CHECK(Kept() == 60);
  clock.Advance(std::chrono::hours(25));
  // Each write forgets some; the answers that were made since stay.
  for (int i = 0; i < 40; ++i) REQUIRE(Call(base::MakeUuid(), "request").ok());
  CHECK(Kept() < 60);
  CHECK(Kept() >= 40);
}

}  // namespace
}  // namespace brobygger::registry
