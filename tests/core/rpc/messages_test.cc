#include "core/rpc/messages.h"

#include <array>

#include <catch2/catch.hpp>

#include "brobygger/registry/v1/registry_service.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/error.h"

namespace brobygger::rpc {
namespace {

using registry::v1::CreateAssociationRequest;
using registry::v1::GetAssociationRequest;

constexpr std::size_t kLimit = 1 << 20;
// Field 1000, varint 1: nothing of ours has it.
constexpr char kUnknownField[] = "\xc0\x3e\x01";

errors::v1::ErrorReason ReasonFor(const std::string& bytes, google::protobuf::Message& request) {
  return base::ReasonOf(ParseRequest(ToBytes(bytes), kLimit, &request));
}

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  REQUIRE(buffer.Dump(&slices).ok());
  std::string text;
  for (const auto& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

TEST_CASE("a request that comes in several slices is read whole") {
  GetAssociationRequest wanted;
  wanted.set_association_id(std::string(300, 'x'));
  const std::string bytes = wanted.SerializeAsString();
  const std::array slices = {grpc::Slice(bytes.substr(0, 100)), grpc::Slice(bytes.substr(100))};
  GetAssociationRequest read;
  REQUIRE(ParseRequest(grpc::ByteBuffer(slices.data(), slices.size()), kLimit, &read).ok());
  CHECK(read.association_id() == wanted.association_id());
}

TEST_CASE("an empty request is read") {
  GetAssociationRequest read;
  CHECK(ParseRequest(ToBytes(std::string()), kLimit, &read).ok());
}

TEST_CASE("a request over the limit is refused before it is read") {
  GetAssociationRequest read;
  const auto status = ParseRequest(ToBytes(std::string(kLimit + 1, '\xff')), kLimit, &read);
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_REQUEST_TOO_LARGE);
  CHECK(base::ErrorMetadata(status, "limit") == "1048576");
}

TEST_CASE("damaged bytes and text that is not UTF-8 are the caller's mistake") {
  GetAssociationRequest read;
  CHECK(ReasonFor("\x0a\x7fshort", read) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(ReasonFor("\x0a\x02\xc3\x28", read) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("fields that are not known are refused at any depth") {
  GetAssociationRequest get;
  CHECK(ReasonFor(kUnknownField, get) == errors::v1::ERROR_REASON_UNKNOWN_FIELDS);

  CreateAssociationRequest create;
  auto& association = *create.mutable_association();
  association.set_official_name("LAWAN");
  CreateAssociationRequest read;
  REQUIRE(ParseRequest(ToBytes(create), kLimit, &read).ok());

  association.mutable_purpose()->ParseFromString(kUnknownField);
  CHECK(ReasonFor(create.SerializeAsString(), read) == errors::v1::ERROR_REASON_UNKNOWN_FIELDS);
  association.clear_purpose();
  association.add_identifiers()->ParseFromString(kUnknownField);
  const auto status = ParseRequest(ToBytes(create), kLimit, &read);
  CHECK(base::ErrorMetadata(status, "message") == "brobygger.registry.v1.Identifier");
}

TEST_CASE("a record is wrapped as its response would be") {
  registry::v1::GetAssociationResponse response;
  for (const int length : {0, 5, 200, 70'000}) {
    CAPTURE(length);
    response.mutable_association()->set_official_name(std::string(length, 'n'));
    const auto record =
        std::make_shared<const std::string>(response.association().SerializeAsString());
    CHECK(TextOf(WrapAsField1(record)) == response.SerializeAsString());
  }
}

TEST_CASE("a wrapped record is shared, and let go of with the buffer") {
  auto record = std::make_shared<const std::string>(std::string(1000, 'r'));
  {
    const grpc::ByteBuffer buffer = WrapAsField1(record);
    CHECK(record.use_count() == 2);
    std::vector<grpc::Slice> slices;
    REQUIRE(buffer.Dump(&slices).ok());
    CHECK(reinterpret_cast<const char*>(slices.back().begin()) == record->data());
  }
  CHECK(record.use_count() == 1);
}

TEST_CASE("the same request gives the same bytes, whatever the order of its maps") {
  sync::v1::CreateConnectionRequest one;
  sync::v1::CreateConnectionRequest other;
  for (int i = 0; i < 50; ++i) {
    (*one.mutable_connection()->mutable_secret_references())[std::to_string(i)] = "x";
    (*other.mutable_connection()->mutable_secret_references())[std::to_string(49 - i)] = "x";
  }
  CHECK(StableBytes(one) == StableBytes(other));
}

}  // namespace
}  // namespace brobygger::rpc
