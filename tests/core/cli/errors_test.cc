#include "core/cli/errors.h"

#include <catch2/catch.hpp>

#include "google/rpc/status.pb.h"

#include "core/base/error.h"

namespace brobygger::cli {
namespace {

namespace reasons = errors::v1;

// As it comes over the wire.
grpc::Status OnTheWire(const absl::Status& status) {
  google::rpc::Status rich;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    auto& detail = *rich.add_details();
    detail.set_type_url(std::string(url));
    detail.set_value(std::string(payload));
  });
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
          rich.SerializeAsString()};
}

int CodeFor(errors::v1::ErrorReason reason) { return ExitCodeOf(base::MakeError(reason, "x")); }

TEST_CASE("the hub's reason and facts survive the wire") {
  const auto sent = base::MakeError(reasons::ERROR_REASON_ETAG_MISMATCH, "changed meanwhile",
                                    {{"current_etag", "e2"}});
  const auto status = FromGrpc(OnTheWire(sent));

  CHECK(base::ReasonOf(status) == reasons::ERROR_REASON_ETAG_MISMATCH);
  CHECK(base::ErrorMetadata(status, "current_etag") == "e2");
  CHECK(ErrorText(status, "unix:/x", true).find("current_etag: e2") != std::string::npos);
}

TEST_CASE("of a position that is none the advice is about positions") {
  const auto refused = base::MakeError(reasons::ERROR_REASON_PAGE_TOKEN_INVALID,
                                       "position is wrong", {{"field", "position"}});
  const std::string text = ErrorText(refused, "unix:/x", false);
  CHECK(text.find("Use the position that was told last") != std::string::npos);
  CHECK(text.find("page") == std::string::npos);
}

TEST_CASE("exit codes are those the README promises") {
  CHECK(ExitCodeOf(absl::OkStatus()) == 0);
  CHECK(CodeFor(reasons::ERROR_REASON_STORAGE_FULL) == 1);
  CHECK(CodeFor(reasons::ERROR_REASON_PLAN_HELD) == 1);
  CHECK(CodeFor(reasons::ERROR_REASON_FIELD_INVALID) == 2);
  CHECK(CodeFor(reasons::ERROR_REASON_DEADLINE_PASSED) == 3);
  CHECK(CodeFor(reasons::ERROR_REASON_ASSOCIATION_NOT_FOUND) == 4);
  CHECK(CodeFor(reasons::ERROR_REASON_NOT_ALLOWED) == 5);
  CHECK(CodeFor(reasons::ERROR_REASON_ETAG_MISMATCH) == 6);
  CHECK(CodeFor(reasons::ERROR_REASON_PLAN_STALE) == 6);
  CHECK(ExitCodeOf(absl::CancelledError("")) == 130);
}

TEST_CASE("a hub that is not there is another thing than a source that is not there") {
  CHECK(ExitCodeOf(absl::UnavailableError("connect failed")) == 3);
  CHECK(CodeFor(reasons::ERROR_REASON_STOPPING) == 3);
  CHECK(CodeFor(reasons::ERROR_REASON_SOURCE_UNAVAILABLE) == 1);
}

TEST_CASE("an error says what, what to do, and its reason") {
  const std::string text = ErrorText(absl::UnavailableError("no such socket"), "unix:/x", false);
  CHECK(text.find("no such socket") != std::string::npos);
  CHECK(text.find("unix:/x") != std::string::npos);
  CHECK(text.find("[UNAVAILABLE]") != std::string::npos);

  const std::string stale =
      ErrorText(base::MakeError(reasons::ERROR_REASON_PLAN_STALE, "used"), "unix:/x", false);
  CHECK(stale.find("brobygger sync plan") != std::string::npos);
  CHECK(stale.find("[PLAN_STALE]") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::cli
