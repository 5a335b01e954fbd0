#include "core/conformance/contract.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "brobygger/plugin/v1/plugin_service.pb.h"

namespace brobygger::conformance {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::Message;
using google::protobuf::ServiceDescriptorProto;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr char kFolder[] = "brobygger/plugin/v1/";
constexpr char kSuffix[] = ".proto";
constexpr std::size_t kLongestName = 127;  // whose length is one byte

std::string InWords(const FieldDescriptorProto& field) {
  const auto word = [](const std::string& name, const char* prefix) {
    return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
  };
  return absl::StrCat(word(FieldDescriptorProto::Label_Name(field.label()), "LABEL_"), " ",
                      field.type_name().empty()
                          ? word(FieldDescriptorProto::Type_Name(field.type()), "TYPE_")
                          : field.type_name(),
                      " ", field.number(), field.has_oneof_index() ? " in a oneof" : "");
}

void Add(const EnumDescriptorProto& type, const std::string& scope, Contract& contract) {
  for (const auto& value : type.value()) {
    contract[absl::StrCat(scope, type.name(), ".", value.name())] = absl::StrCat(value.number());
  }
}

void Add(const DescriptorProto& type, const std::string& scope, Contract& contract) {
  const std::string inner = absl::StrCat(scope, type.name(), ".");
  for (const auto& field : type.field()) contract[inner + field.name()] = InWords(field);
  for (const auto& nested : type.nested_type()) Add(nested, inner, contract);
  for (const auto& nested : type.enum_type()) Add(nested, inner, contract);
}

void Add(const ServiceDescriptorProto& service, Contract& contract) {
  for (const auto& method : service.method()) {
    contract[absl::StrCat(service.name(), ".", method.name())] =
        absl::StrCat("a method from ", method.input_type(), " to ",
                     method.server_streaming() ? "many " : "", method.output_type());
  }
}

void Add(const FileDescriptorProto& file, Contract& contract) {
  for (const auto& type : file.message_type()) Add(type, "", contract);
  for (const auto& type : file.enum_type()) Add(type, "", contract);
  for (const auto& service : file.service()) Add(service, contract);
}

void Add(const FileDescriptor& file, Contract& contract) {
  if (file.name().rfind(kFolder, 0) != 0) return;
  FileDescriptorProto proto;
  file.CopyTo(&proto);
  Add(proto, contract);
  for (int at = 0; at < file.dependency_count(); ++at) Add(*file.dependency(at), contract);
}

// How long the descriptor is that begins with `bytes`: generated code lays it down without its
// length, and the syntax is its last field. Nothing if it is none.
std::optional<int> LengthOf(const std::string& bytes) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  while (const std::uint32_t tag = in.ReadTag()) {
    if (!WireFormatLite::SkipField(&in, tag)) return std::nullopt;
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    if (field == FileDescriptorProto::kSyntaxFieldNumber) return in.CurrentPosition();
    if (field > FileDescriptorProto::kSyntaxFieldNumber) return std::nullopt;
  }
  return std::nullopt;
}

// The descriptor whose name stands at `at` in `bytes`, if there is one.
std::optional<FileDescriptorProto> DescriptorAt(const std::string& bytes, std::size_t at) {
  const std::size_t end = bytes.find(kSuffix, at);
  if (at < 2 || end == std::string::npos) return std::nullopt;
  const std::size_t size = end + sizeof(kSuffix) - 1 - at;
  const bool named = size <= kLongestName && bytes[at - 2] == '\x0a' &&
                     static_cast<std::size_t>(bytes[at - 1]) == size;
  if (!named) return std::nullopt;
  const std::string from = bytes.substr(at - 2);
  const std::optional<int> length = LengthOf(from);
  FileDescriptorProto file;
  if (!length || !file.ParseFromArray(from.data(), *length)) return std::nullopt;
  return file;
}

}  // namespace

Contract OurContract() {
  Contract contract;
  Add(*plugin::v1::HandshakeRequest::descriptor()->file(), contract);
  return contract;
}

Contract ContractIn(const std::string& library) {
  std::ifstream in(library, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  Contract contract;
  for (std::size_t at = bytes.find(kFolder); at != std::string::npos;
       at = bytes.find(kFolder, at + 1)) {
    if (const auto file = DescriptorAt(bytes, at)) Add(*file, contract);
  }
  return contract;
}

std::string DifferenceFromOurs(const Contract& theirs, bool may_have_more) {
  const Contract ours = OurContract();
  for (const auto& [part, words] : ours) {
    const auto found = theirs.find(part);
    if (found == theirs.end()) return absl::StrCat("it knows no ", part);
    if (found->second == words) continue;
    return absl::StrCat(part, " is '", found->second, "' in it, and the contract says '", words,
                        "'");
  }
  for (const auto& [part, words] : theirs) {
    if (!may_have_more && ours.count(part) == 0) {
      return absl::StrCat("it has a ", part, ", which the contract does not");
    }
  }
  return "";
}

std::string UnknownField(const Message& message) {
  const auto& reflection = *message.GetReflection();
  const auto& unknown = reflection.GetUnknownFields(message);
  if (!unknown.empty()) {
    return absl::StrCat("field ", unknown.field(0).number(), " of ",
                        message.GetDescriptor()->name());
  }
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* const field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int at = 0; at < count; ++at) {
      const Message& below = field->is_repeated()
                                 ? reflection.GetRepeatedMessage(message, field, at)
                                 : reflection.GetMessage(message, field);
      if (std::string found = UnknownField(below); !found.empty()) return found;
    }
  }
  return "";
}

}  // namespace brobygger::conformance
