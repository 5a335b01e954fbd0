// A write tells its revision, and a read may ask for it.
#include "core/rpc/revision_token.h"

#include <catch2/catch.hpp>

#include "tests/core/rpc/served.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

namespace v1 = registry::v1;
using support::ReasonOf;

v1::CreateAssociationRequest Wanted() {
  v1::CreateAssociationRequest request;
  request.mutable_association()->set_official_name("Lawan Kurdisk Ungdom");
  request.mutable_association()->set_municipality_code("0615");
  return request;
}

// What the answer to a write says of its revision; empty: nothing.
std::string RevisionSaid(Served& hub, const v1::CreateAssociationRequest& request) {
  grpc::ClientContext context;
  Served::Prepare(context);
  v1::CreateAssociationResponse response;
  hub.registry().CreateAssociation(&context, request, &response);
  const auto said = context.GetServerTrailingMetadata().find(kRevisionKey);
  if (said == context.GetServerTrailingMetadata().end()) return "";
  return {said->second.data(), said->second.size()};
}

grpc::Status ListFrom(Served& hub, const std::string& revision) {
  grpc::ClientContext context;
  Served::Prepare(context);
  context.AddMetadata(kMinRevisionKey, revision);
  v1::ListAssociationsResponse response;
  return hub.registry().ListAssociations(&context, v1::ListAssociationsRequest(), &response);
}

}  // namespace

TEST_CASE("the answer to a write tells the revision it made, also to a retry") {
  Served hub;
  v1::CreateAssociationRequest request = Wanted();
  request.set_request_id("7a9c5a52-7b0e-4a56-9f5d-9d5c5d3a0b11");
  CHECK(RevisionSaid(hub, request) == "1");
  REQUIRE(hub.Call(&v1::RegistryService::Stub::CreateAssociation, Wanted()).first.ok());
  // Not older than what it did.
  CHECK(RevisionSaid(hub, request) == "2");
}

TEST_CASE("a write that is refused or only tried tells no revision") {
  Served hub;
  CHECK(RevisionSaid(hub, v1::CreateAssociationRequest()).empty());
  v1::CreateAssociationRequest tried = Wanted();
  tried.set_validate_only(true);
  CHECK(RevisionSaid(hub, tried).empty());
}

TEST_CASE("a read is answered from the revision it asks for, or refused") {
  Served hub;
  const std::string revision = RevisionSaid(hub, Wanted());
  CHECK(ListFrom(hub, revision).ok());
  CHECK(ListFrom(hub, "0").ok());
  const grpc::Status ahead = ListFrom(hub, "2");
  CHECK(ahead.error_code() == grpc::StatusCode::OUT_OF_RANGE);
  CHECK(ReasonOf(ahead) == "REVISION_UNKNOWN");
  CHECK(ahead.error_message().find("restored from a backup") != std::string::npos);
  for (const char* const wrong : {"", "x", "-1", "1.5", "99999999999999999999999"}) {
    CHECK(ReasonOf(ListFrom(hub, wrong)) == "FIELD_INVALID");
  }
}

}  // namespace brobygger::rpc
