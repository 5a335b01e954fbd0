#include "core/base/status_macros.h"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

namespace brobygger::base {
namespace {

absl::StatusOr<std::unique_ptr<int>> Half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return std::make_unique<int>(number / 2);
}

absl::StatusOr<int> Quarter(int number) {
  BB_ASSIGN_OR_RETURN(const auto half, Half(number));
  BB_ASSIGN_OR_RETURN(const auto quarter, Half(*half));
  return *quarter;
}

absl::Status CountUntilError(const absl::Status& status, int& count) {
  ++count;
  BB_RETURN_IF_ERROR(status);
  ++count;
  return absl::OkStatus();
}

TEST_CASE("a value passes through the macro, also one that can only be moved", "[macros]") {
  CHECK(*Quarter(12) == 3);
}

TEST_CASE("the first error ends the function and comes back as it was", "[macros]") {
  CHECK(Quarter(3).status() == absl::InvalidArgumentError("odd"));
  CHECK(Quarter(6).status() == absl::InvalidArgumentError("odd"));
  int count = 0;
  CHECK(CountUntilError(absl::AbortedError("enough"), count) == absl::AbortedError("enough"));
  CHECK(count == 1);
}

TEST_CASE("an expression that is given to the macro is looked at once", "[macros]") {
  int calls = 0;
  const auto call = [&]() -> absl::Status {
    BB_RETURN_IF_ERROR((++calls, absl::OkStatus()));
    return absl::OkStatus();
  };
  CHECK(call().ok());
  CHECK(calls == 1);
}

}  // namespace
}  // namespace brobygger::base
