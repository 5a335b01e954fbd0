#include "core/rpc/messages.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpcpp/support/slice.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Field number 1, length-delimited.
constexpr std::uint8_t kField1Tag = (1 << 3) | 2;

absl::Status RefuseUnknownFields(const Message& message) {
  const auto* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty()) {
    const std::string name = message.GetDescriptor()->full_name();
    return base::MakeError(
        errors::v1::ERROR_REASON_UNKNOWN_FIELDS,
        absl::StrCat("the request holds fields of ", name,
                     " that this hub does not know; it is older than the caller"),
        {{"message", name}});
  }
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      BB_RETURN_IF_ERROR(RefuseUnknownFields(reflection->GetMessage(message, field)));
      continue;
    }
    const int count = reflection->FieldSize(message, field);
    for (int i = 0; i < count; ++i) {
      BB_RETURN_IF_ERROR(RefuseUnknownFields(reflection->GetRepeatedMessage(message, field, i)));
    }
  }
  return absl::OkStatus();
}

// Lets go of the record when gRPC has sent it.
void ReleaseRecord(void* shared) {
  const std::unique_ptr<storage::Bytes> held(static_cast<storage::Bytes*>(shared));
}

void ReleaseText(void* text) {
  const std::unique_ptr<std::string> held(static_cast<std::string*>(text));
}

grpc::Slice SliceOf(const storage::Bytes& record) {
  auto held = std::make_unique<storage::Bytes>(record);
  // gRPC's slices are for reading once they are in a buffer, whatever their type
  // says.
  auto* data = const_cast<char*>(record->data());
  return {data, record->size(), ReleaseRecord, held.release()};
}

}  // namespace

absl::Status ParseRequest(const grpc::ByteBuffer& bytes,
                          std::size_t limit_bytes,
                          Message* request) {
  if (bytes.Length() > limit_bytes) {
    return base::MakeError(
        errors::v1::ERROR_REASON_REQUEST_TOO_LARGE,
        absl::StrCat("the request has ", bytes.Length(), " bytes and may have at most ",
                     limit_bytes, "; send less at a time"),
        {{"limit", absl::StrCat(limit_bytes)}});
  }
  // A request may come in several slices, if seldom.
  grpc::Slice slice;
  if (!bytes.TrySingleSlice(&slice).ok()) {
    if (const auto dumped = bytes.DumpToSingleSlice(&slice); !dumped.ok()) {
      return absl::InternalError("a request's slices cannot be read");
    }
  }
  if (!request->ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    const std::string name = request->GetDescriptor()->full_name();
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           absl::StrCat("the request is not a valid ", name,
                                        ": its bytes are damaged, or text in it is not UTF-8"),
                           {{"field", name}});
  }
  return RefuseUnknownFields(*request);
}

grpc::ByteBuffer ToBytes(std::string serialized) {
  auto held = std::make_unique<std::string>(std::move(serialized));
  std::string* text = held.release();
  const grpc::Slice slice(text->data(), text->size(), ReleaseText, text);
  return {&slice, 1};
}

grpc::ByteBuffer ToBytes(const Message& message) { return ToBytes(message.SerializeAsString()); }

grpc::ByteBuffer WrapAsField1(const storage::Bytes& record) {
  std::array<std::uint8_t, 16> header{kField1Tag};
  const std::uint8_t* end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(
      record->size(), header.data() + 1);
  const std::array slices = {
      grpc::Slice(header.data(), static_cast<std::size_t>(end - header.data())), SliceOf(record)};
  return {slices.data(), slices.size()};
}

std::string StableBytes(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
  }
  return bytes;
}

}  // namespace brobygger::rpc
