#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/model/identifiers.h"
#include "core/model/rules.h"
#include "core/model/text.h"

namespace brobygger::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using registry::v1::LocalizedText;
using registry::v1::Provenance;

absl::Status CheckText(const Place& place, const std::string& text) {
  if (!IsUtf8(text)) return BrokenRule(place, "is not UTF-8");
  // A tab or a carriage return is only white space to be put in order.
  if (HasControlCharacter(text, true) && HasControlCharacter(NormalText(text), true)) {
    return BrokenRule(place, "holds a control character");
  }
  // A UUID may by chance hold ten digits that begin with a date.
  if (!LooksLikeCpr(text) || base::IsUuid(text)) return absl::OkStatus();
  const std::string field = place.ToString();
  return base::MakeError(errors::v1::ERROR_REASON_CPR_REFUSED,
                         field +
                             " holds text that looks like a CPR number, which is never "
                             "stored; take the number out.",
                         {{"field", field}});
}

template <typename Map>
absl::Status CheckMap(const Place& place, const Map& texts) {
  for (const auto& [key, text] : texts) {
    BB_RETURN_IF_ERROR(CheckText(place, key));
    BB_RETURN_IF_ERROR(CheckText({&place, key.c_str()}, text));
  }
  return absl::OkStatus();
}

absl::Status CheckEnum(const Place& place, const FieldDescriptor& field, int number) {
  if (field.enum_type()->FindValueByNumber(number) != nullptr) return absl::OkStatus();
  return BrokenRule(place, "is " + std::to_string(number) + ", which this version does not know");
}

// One value of a field; `index` is -1 where the field is no list.
absl::Status CheckValue(const Message& message, const FieldDescriptor& field, const Place& place) {
  const Reflection& mirror = *message.GetReflection();
  const bool listed = place.index >= 0;
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return CheckText(
          place, listed ? mirror.GetRepeatedStringReference(message, &field, place.index, &scratch)
                        : mirror.GetStringReference(message, &field, &scratch));
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(place, field,
                       listed ? mirror.GetRepeatedEnumValue(message, &field, place.index)
                              : mirror.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckEverywhere(listed ? mirror.GetRepeatedMessage(message, &field, place.index)
                                    : mirror.GetMessage(message, &field),
                             place);
    default:
      return absl::OkStatus();
  }
}

absl::Status CheckField(const Message& message, const FieldDescriptor& field, const Place& place) {
  // Maps are read by their own types below: reflection would copy them.
  if (field.is_map()) return absl::OkStatus();
  const Place* parent = place.name[0] == '\0' ? nullptr : &place;
  const char* name = field.name().c_str();
  if (!field.is_repeated()) return CheckValue(message, field, {parent, name});
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    BB_RETURN_IF_ERROR(CheckValue(message, field, {parent, name, i}));
  }
  return absl::OkStatus();
}

// An identifier's value has the rules of its scheme instead; see identifiers.cc.
bool HasOwnRules(const FieldDescriptor& field) {
  return field.containing_type() == registry::v1::Identifier::descriptor() &&
         field.number() == registry::v1::Identifier::kValueFieldNumber;
}

}  // namespace

absl::Status CheckEverywhere(const Message& message, const Place& place) {
  if (message.GetDescriptor() == LocalizedText::descriptor()) {
    return CheckMap(place, static_cast<const LocalizedText&>(message).by_language());
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (HasOwnRules(*field)) continue;
    BB_RETURN_IF_ERROR(CheckField(message, *field, place));
  }
  if (message.GetDescriptor() != Provenance::descriptor()) return absl::OkStatus();
  return CheckMap({&place, "other_values"}, static_cast<const Provenance&>(message).other_values());
}

}  // namespace brobygger::model
