#include "core/rpc/status_mapping.h"

#include <catch2/catch.hpp>

#include "google/rpc/status.pb.h"

#include "core/base/error.h"

namespace brobygger::rpc {
namespace {

TEST_CASE("an error made for clients keeps its code, text, reason and facts") {
  const auto status = ToGrpc(base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
                                             "no association a1", {{"association_id", "a1"}}));
  CHECK(status.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(status.error_message() == "no association a1");

  google::rpc::Status details;
  REQUIRE(details.ParseFromString(status.error_details()));
  REQUIRE(details.details_size() == 1);
  google::rpc::ErrorInfo info;
  REQUIRE(details.details(0).UnpackTo(&info));
  CHECK(info.reason() == "ASSOCIATION_NOT_FOUND");
  CHECK(info.domain() == "brobygger");
  CHECK(info.metadata().at("association_id") == "a1");
}

TEST_CASE("an error that may pass says when to come back, after its reason") {
  const auto status =
      ToGrpc(base::MakeRetryError(errors::v1::ERROR_REASON_QUOTA_EXCEEDED, "too much",
                                  std::chrono::seconds(7), {{"quota", "calls"}}));
  CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(status.error_message() == "too much; try again in 7 s");
  google::rpc::Status details;
  REQUIRE(details.ParseFromString(status.error_details()));
  REQUIRE(details.details_size() == 2);
  google::rpc::ErrorInfo info;
  REQUIRE(details.details(0).UnpackTo(&info));
  CHECK(info.reason() == "QUOTA_EXCEEDED");
  CHECK(info.metadata().at("quota") == "calls");
  CHECK(info.metadata().at("retry_after_seconds") == "7");
  google::rpc::RetryInfo retry;
  REQUIRE(details.details(1).UnpackTo(&retry));
  CHECK(retry.retry_delay().seconds() == 7);
}

TEST_CASE("any other error tells a client nothing") {
  const auto status = ToGrpc(absl::NotFoundError("SELECT bytes FROM /var/lib/hub"));
  CHECK(status.error_code() == grpc::StatusCode::INTERNAL);
  CHECK(status.error_message().find("SELECT") == std::string::npos);
  CHECK(status.error_details().empty());
}

TEST_CASE("a call that was cancelled is nobody's mistake") {
  CHECK(ToGrpc(absl::CancelledError("x")).error_code() == grpc::StatusCode::CANCELLED);
  CHECK(ToGrpc(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace brobygger::rpc
