#include "core/model/fields.h"

#include <algorithm>
#include <utility>

#include <google/protobuf/reflection.h>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/model/field_table.h"

namespace brobygger::model {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using nlohmann::json;

absl::Status NoSuchPath(const std::string& path) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "An association has no field \"" + path + "\" that can be set.",
                         {{"field", path}});
}

absl::Status WrongForm(const std::string& path, const std::string& wanted) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "The value of \"" + path + "\" is not " + wanted + ".", {{"field", path}});
}

const Reflection& Mirror() { return *Association::GetReflection(); }

// The place of the identifier that a path means, or -1. The one without an end
// day is the one in use.
int IdentifierAt(const Association& association, std::string_view scheme) {
  int found = -1;
  for (int i = 0; i < association.identifiers_size(); ++i) {
    if (association.identifiers(i).scheme() != scheme) continue;
    if (association.identifiers(i).valid().to_date().empty()) return i;
    if (found < 0) found = i;
  }
  return found;
}

std::string EnumText(const Association& association, const FieldSpec& spec) {
  const int number = Mirror().GetEnumValue(association, spec.field);
  const EnumValueDescriptor* value = spec.field->enum_type()->FindValueByNumber(number);
  return number == 0 || value == nullptr ? "" : value->name().substr(spec.enum_prefix.size());
}

std::string ListText(const Association& association, const FieldSpec& spec) {
  const auto texts = Mirror().GetRepeatedFieldRef<std::string>(association, spec.field);
  if (texts.empty()) return "";
  json list = json::array();
  for (const std::string& text : texts) list.push_back(text);
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

// JSON with its members sorted: protobuf writes map entries in any order.
json ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? json::parse(text, nullptr, false) : json();
}

std::string JsonText(const Association& association, const FieldSpec& spec) {
  json value;
  if (spec.field->is_repeated()) {
    const int size = Mirror().FieldSize(association, spec.field);
    for (int i = 0; i < size; ++i) {
      value.push_back(ToJson(Mirror().GetRepeatedMessage(association, spec.field, i)));
    }
  } else if (Mirror().HasField(association, spec.field)) {
    value = ToJson(Mirror().GetMessage(association, spec.field));
  }
  return value.empty() ? "" : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string TextOf(const Association& association, const FieldRef& ref) {
  const FieldSpec& spec = *ref.spec;
  std::string scratch;
  switch (spec.form) {
    case FieldForm::kText:
      return Mirror().GetStringReference(association, spec.field, &scratch);
    case FieldForm::kEnum:
      return EnumText(association, spec);
    case FieldForm::kFlag:
      if (!Mirror().HasField(association, spec.field)) return "";
      return Mirror().GetBool(association, spec.field) ? "true" : "false";
    case FieldForm::kTextList:
      return ListText(association, spec);
    case FieldForm::kJson:
      return JsonText(association, spec);
    case FieldForm::kIdentifiers: {
      const int at = IdentifierAt(association, ref.key);
      return at < 0 ? "" : association.identifiers(at).value();
    }
    case FieldForm::kLanguages: {
      const auto& texts = TextsOf(association, spec).by_language();
      const auto found = texts.find(std::string(ref.key));
      return found == texts.end() ? "" : found->second;
    }
  }
  return "";
}

absl::Status SetEnum(Association& association, const FieldSpec& spec, const std::string& text) {
  const auto* type = spec.field->enum_type();
  for (int i = 1; i < type->value_count(); ++i) {
    const EnumValueDescriptor* value = type->value(i);
    if (value->name().compare(spec.enum_prefix.size(), std::string::npos, text) == 0) {
      Mirror().SetEnumValue(&association, spec.field, value->number());
      return absl::OkStatus();
    }
  }
  return WrongForm(spec.name, "one of its words, such as \"" +
                                  type->value(1)->name().substr(spec.enum_prefix.size()) + "\"");
}

absl::Status SetList(Association& association, const FieldSpec& spec, const std::string& text) {
  const json list = json::parse(text, nullptr, false);
  const bool fits = list.is_array() && std::all_of(list.begin(), list.end(), [](const json& item) {
                      return item.is_string();
                    });
  if (!fits) return WrongForm(spec.name, "a JSON array of strings");
  Mirror().ClearField(&association, spec.field);
  for (const json& item : list) {
    Mirror().AddString(&association, spec.field, item.get<std::string>());
  }
  return absl::OkStatus();
}

absl::Status SetJson(Association& association, const FieldSpec& spec, const std::string& text) {
  const json value = json::parse(text, nullptr, false);
  const bool fits = spec.field->is_repeated() ? value.is_array() : value.is_object();
  if (!fits) return WrongForm(spec.name, "JSON of the form that the field has");
  Association parsed;
  const std::string whole = json::object({{spec.name, value}}).dump();
  if (!google::protobuf::util::JsonStringToMessage(whole, &parsed).ok()) {
    return WrongForm(spec.name, "JSON of the form that the field has");
  }
  Mirror().SwapFields(&association, &parsed, {spec.field});
  return absl::OkStatus();
}

void SetIdentifier(Association& association, std::string_view scheme, const std::string& text) {
  const int at = IdentifierAt(association, scheme);
  if (text.empty()) {
    if (at >= 0) association.mutable_identifiers()->DeleteSubrange(at, 1);
    return;
  }
  if (at >= 0 && association.identifiers(at).value() == text) return;
  // Another number is another statement: its interval is not the old one's.
  auto* identifier = at < 0 ? association.add_identifiers() : association.mutable_identifiers(at);
  identifier->Clear();
  identifier->set_scheme(std::string(scheme));
  identifier->set_value(text);
}

void SetLanguage(Association& association,
                 const FieldSpec& spec,
                 std::string_view language,
                 const std::string& text) {
  registry::v1::LocalizedText texts = TextsOf(association, spec);
  auto& by_language = *texts.mutable_by_language();
  if (text.empty()) {
    by_language.erase(std::string(language));
  } else {
    by_language[std::string(language)] = text;
  }
  Mirror().ClearField(&association, spec.field);
  if (by_language.empty()) return;
  Mirror().MutableMessage(&association, spec.field)->CopyFrom(texts);
}

absl::Status SetWhole(Association& association, const FieldSpec& spec, const std::string& text) {
  if (text.empty()) {
    Mirror().ClearField(&association, spec.field);
    return absl::OkStatus();
  }
  switch (spec.form) {
    case FieldForm::kText:
      Mirror().SetString(&association, spec.field, text);
      return absl::OkStatus();
    case FieldForm::kEnum:
      return SetEnum(association, spec, text);
    case FieldForm::kFlag:
      if (text != "true" && text != "false") return WrongForm(spec.name, "\"true\" or \"false\"");
      Mirror().SetBool(&association, spec.field, text == "true");
      return absl::OkStatus();
    case FieldForm::kTextList:
      return SetList(association, spec, text);
    default:
      return SetJson(association, spec, text);
  }
}

}  // namespace

absl::StatusOr<std::string> FieldText(const Association& association, const std::string& path) {
  const FieldRef ref = FindField(path);
  if (ref.spec == nullptr) return NoSuchPath(path);
  return TextOf(association, ref);
}

absl::Status SetFieldText(Association& association,
                          const std::string& path,
                          const std::string& text) {
  const FieldRef ref = FindField(path);
  if (ref.spec == nullptr) return NoSuchPath(path);
  if (ref.spec->form == FieldForm::kIdentifiers) {
    SetIdentifier(association, ref.key, text);
    return absl::OkStatus();
  }
  if (ref.spec->form == FieldForm::kLanguages) {
    SetLanguage(association, *ref.spec, ref.key, text);
    return absl::OkStatus();
  }
  return SetWhole(association, *ref.spec, text);
}

bool IsFieldPath(const std::string& path) { return FindField(path).spec != nullptr; }

}  // namespace brobygger::model
