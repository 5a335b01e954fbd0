#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>
#include <nlohmann/json.hpp>

#include "core/model/contact.h"
#include "core/model/field_table.h"
#include "core/model/fields.h"
#include "core/model/identifiers.h"
#include "core/model/text.h"

namespace brobygger::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Reflection;
using nlohmann::json;

bool HoldsSomething(const Association& association, const FieldSpec& spec) {
  const Reflection& mirror = *Association::GetReflection();
  if (spec.field->is_repeated()) return mirror.FieldSize(association, spec.field) > 0;
  return mirror.HasField(association, spec.field);
}

// Adds the paths of a field that holds something.
void AddPaths(const Association& association, const FieldSpec& spec, std::set<std::string>& paths) {
  if (!HoldsSomething(association, spec)) return;
  if (spec.form == FieldForm::kIdentifiers) {
    for (const auto& identifier : association.identifiers()) {
      paths.insert(spec.name + "." + identifier.scheme());
    }
  } else if (spec.form == FieldForm::kLanguages) {
    for (const auto& [language, text] : TextsOf(association, spec).by_language()) {
      paths.insert(spec.name + "." + language);
    }
  } else {
    paths.insert(spec.name);
  }
}

bool SameMessage(const google::protobuf::Message& left, const google::protobuf::Message& right) {
  return left.SerializeAsString() == right.SerializeAsString();
}

bool SameRepeated(const Association& before, const Association& after, const FieldSpec& spec) {
  const Reflection& mirror = *Association::GetReflection();
  const int size = mirror.FieldSize(before, spec.field);
  if (size != mirror.FieldSize(after, spec.field)) return false;
  std::string scratch;
  std::string other_scratch;
  for (int i = 0; i < size; ++i) {
    const bool same =
        spec.field->message_type() != nullptr
            ? SameMessage(mirror.GetRepeatedMessage(before, spec.field, i),
                          mirror.GetRepeatedMessage(after, spec.field, i))
            : mirror.GetRepeatedStringReference(before, spec.field, i, &scratch) ==
                  mirror.GetRepeatedStringReference(after, spec.field, i, &other_scratch);
    if (!same) return false;
  }
  return true;
}

// Whether the field is the same to the byte. Cheap, since it asks this of every
// field of every write; what it takes for different may still have one text form.
bool SameBytes(const Association& before, const Association& after, const FieldSpec& spec) {
  const Reflection& mirror = *Association::GetReflection();
  if (spec.field->is_repeated()) return SameRepeated(before, after, spec);
  if (mirror.HasField(before, spec.field) != mirror.HasField(after, spec.field)) return false;
  std::string scratch;
  std::string other_scratch;
  switch (spec.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return !mirror.HasField(before, spec.field) ||
             SameMessage(mirror.GetMessage(before, spec.field),
                         mirror.GetMessage(after, spec.field));
    case FieldDescriptor::CPPTYPE_STRING:
      return mirror.GetStringReference(before, spec.field, &scratch) ==
             mirror.GetStringReference(after, spec.field, &other_scratch);
    case FieldDescriptor::CPPTYPE_ENUM:
      return mirror.GetEnumValue(before, spec.field) == mirror.GetEnumValue(after, spec.field);
    default:
      return !mirror.HasField(before, spec.field);
  }
}

// All that the record holds of one scheme, for comparing.
std::string IdentifiersText(const Association& association, std::string_view scheme) {
  std::string text;
  for (const auto& identifier : association.identifiers()) {
    if (identifier.scheme() != scheme) continue;
    text += identifier.value() + '\n' + identifier.valid().from_date() + '\n' +
            identifier.valid().to_date() + '\n';
  }
  return text;
}

bool Differs(const Association& before, const Association& after, const std::string& path) {
  const FieldRef ref = FindField(path);
  if (ref.spec != nullptr && ref.spec->form == FieldForm::kIdentifiers) {
    return IdentifiersText(before, ref.key) != IdentifiersText(after, ref.key);
  }
  const auto old_text = FieldText(before, path);
  const auto new_text = FieldText(after, path);
  return old_text.ok() && new_text.ok() && *old_text != *new_text;
}

// A value as it is compared: what is only formatting is taken away.
std::string Bare(const std::string& name, const std::string& text) {
  if (name == "phones") return NormalizePhone(text).value_or(NormalLine(text));
  if (name == "emails") return absl::AsciiStrToLower(NormalLine(text));
  if (name == "websites") return BareUrl(text);
  if (name == "language_codes") return absl::AsciiStrToLower(NormalLine(text));
  return NormalLine(text);
}

bool SameList(const std::string& name, const std::string& left, const std::string& right) {
  const auto items_of = [&](const std::string& text) {
    std::set<std::string> items;
    const json list = text.empty() ? json::array() : json::parse(text, nullptr, false);
    for (const json& item : list) {
      if (item.is_string()) items.insert(Bare(name, item.get<std::string>()));
    }
    return items;
  };
  return items_of(left) == items_of(right);
}

bool SameJson(const std::string& left, const std::string& right) {
  if (left.empty() || right.empty()) return false;
  return json::parse(left, nullptr, false) == json::parse(right, nullptr, false);
}

bool SameIdentifier(std::string_view scheme, const std::string& left, const std::string& right) {
  const auto bare = [&](const std::string& text) {
    auto normal = NormalizeIdentifier(std::string(scheme), text);
    return normal.ok() ? *std::move(normal) : NormalLine(text);
  };
  return bare(left) == bare(right);
}

}  // namespace

std::vector<std::string> FilledPaths(const Association& association) {
  std::set<std::string> paths;
  for (const FieldSpec& spec : FieldTable()) AddPaths(association, spec, paths);
  return {paths.begin(), paths.end()};
}

std::vector<std::string> ChangedPaths(const Association& before, const Association& after) {
  std::set<std::string> paths;
  for (const FieldSpec& spec : FieldTable()) {
    if (SameBytes(before, after, spec)) continue;
    AddPaths(before, spec, paths);
    AddPaths(after, spec, paths);
  }
  std::vector<std::string> changed;
  for (const std::string& path : paths) {
    if (Differs(before, after, path)) changed.push_back(path);
  }
  return changed;
}

bool SameValue(const std::string& path, const std::string& left, const std::string& right) {
  if (left == right) return true;
  const FieldRef ref = FindField(path);
  if (ref.spec == nullptr) return false;
  switch (ref.spec->form) {
    case FieldForm::kTextList:
      return SameList(ref.spec->name, left, right);
    case FieldForm::kJson:
      return SameJson(left, right);
    case FieldForm::kIdentifiers:
      return SameIdentifier(ref.key, left, right);
    default:
      return Bare(ref.spec->name, left) == Bare(ref.spec->name, right);
  }
}

}  // namespace brobygger::model
