#include "core/base/error.h"

#include <catch2/catch.hpp>

#include "google/rpc/status.pb.h"

namespace brobygger::base {
namespace {

TEST_CASE("an error carries its code, text, reason and facts", "[error]") {
  const absl::Status status = MakeError(errors::v1::ERROR_REASON_ETAG_MISMATCH,
                                        "association a1 changed since you read it; read it again",
                                        {{"association_id", "a1"}, {"current_etag", "7"}});

  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK(status.message() == "association a1 changed since you read it; read it again");
  CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  CHECK(ErrorMetadata(status, "association_id") == "a1");
  CHECK(ErrorMetadata(status, "current_etag") == "7");
}

TEST_CASE("the payload is an ErrorInfo that any gRPC client can read", "[error]") {
  const absl::Status status = MakeError(errors::v1::ERROR_REASON_PLAN_HELD, "look first");

  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  REQUIRE(payload.has_value());
  google::rpc::ErrorInfo info;
  REQUIRE(info.ParseFromString(std::string(*payload)));
  CHECK(info.reason() == "PLAN_HELD");
  CHECK(info.domain() == "brobygger");
}

TEST_CASE("a fact that was not told reads as empty", "[error]") {
  const absl::Status status = MakeError(errors::v1::ERROR_REASON_PLAN_HELD, "look first");
  CHECK(ErrorMetadata(status, "plan_id").empty());
}

TEST_CASE("a status from elsewhere has no reason and no facts", "[error]") {
  CHECK(ReasonOf(absl::OkStatus()) == errors::v1::ERROR_REASON_UNSPECIFIED);
  const absl::Status other = absl::NotFoundError("no such file");
  CHECK(ReasonOf(other) == errors::v1::ERROR_REASON_UNSPECIFIED);
  CHECK(ErrorMetadata(other, "association_id").empty());
}

TEST_CASE("a damaged payload reads as no reason", "[error]") {
  absl::Status status = absl::InternalError("odd");
  status.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord("\xff\xff\xff"));
  CHECK(ReasonOf(status) == errors::v1::ERROR_REASON_UNSPECIFIED);
  CHECK(ErrorMetadata(status, "association_id").empty());
}

TEST_CASE("every reason a client may meet has a code of its own choice", "[error]") {
  const auto* reasons = errors::v1::ErrorReason_descriptor();
  for (int i = 0; i < reasons->value_count(); ++i) {
    const auto reason = static_cast<ErrorReason>(reasons->value(i)->number());
    if (reason == errors::v1::ERROR_REASON_UNSPECIFIED) continue;
    CAPTURE(reasons->value(i)->name());
    CHECK(CodeOf(reason) != absl::StatusCode::kInternal);
    CHECK(CodeOf(reason) != absl::StatusCode::kOk);
  }
}

}  // namespace
}  // namespace brobygger::base
