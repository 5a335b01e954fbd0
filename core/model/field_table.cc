#include "core/model/field_table.h"

#include <algorithm>
#include <array>

#include <absl/container/flat_hash_map.h>

namespace brobygger::model {
namespace {

using google::protobuf::FieldDescriptor;
using registry::v1::Association;

constexpr std::array<std::string_view, 8> kOutputOnly = {"id",
                                                         "etag",
                                                         "create_time",
                                                         "update_time",
                                                         "delete_time",
                                                         "provenance",
                                                         "merged_into_association_id",
                                                         "visibility_consent"};

FieldForm FormOf(const FieldDescriptor& field) {
  if (field.name() == "identifiers") return FieldForm::kIdentifiers;
  const bool texts = field.message_type() == registry::v1::LocalizedText::descriptor();
  if (texts && !field.is_repeated()) return FieldForm::kLanguages;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.is_repeated() ? FieldForm::kTextList : FieldForm::kText;
    case FieldDescriptor::CPPTYPE_ENUM:
      return FieldForm::kEnum;
    case FieldDescriptor::CPPTYPE_BOOL:
      return FieldForm::kFlag;
    default:
      return FieldForm::kJson;
  }
}

std::vector<FieldSpec> BuildTable() {
  std::vector<FieldSpec> table;
  const auto* descriptor = Association::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (IsOutputOnly(field->name())) continue;
    FieldSpec spec{field->name(), FormOf(*field), field, ""};
    if (spec.form == FieldForm::kEnum) {
      const std::string& zero = field->enum_type()->value(0)->name();
      spec.enum_prefix = zero.substr(0, zero.rfind("UNSPECIFIED"));
    }
    table.push_back(std::move(spec));
  }
  std::sort(table.begin(), table.end(),
            [](const FieldSpec& left, const FieldSpec& right) { return left.name < right.name; });
  return table;
}

using FieldsByName = absl::flat_hash_map<std::string, const FieldSpec*>;

FieldsByName BuildIndex() {
  FieldsByName index;
  for (const FieldSpec& spec : FieldTable()) index[spec.name] = &spec;
  return index;
}

}  // namespace

const std::vector<FieldSpec>& FieldTable() {
  static const std::vector<FieldSpec> kTable = BuildTable();
  return kTable;
}

const registry::v1::LocalizedText& TextsOf(const Association& association, const FieldSpec& spec) {
  // FormOf() gives the form to fields of this type alone.
  return static_cast<const registry::v1::LocalizedText&>(
      Association::GetReflection()->GetMessage(association, spec.field));
}

FieldRef FindField(const std::string& path) {
  static const FieldsByName kIndex = BuildIndex();
  const std::size_t dot = path.find('.');
  const bool keyed = dot != std::string::npos;
  const auto found = keyed ? kIndex.find(path.substr(0, dot)) : kIndex.find(path);
  if (found == kIndex.end()) return {nullptr, ""};

  const FieldForm form = found->second->form;
  const bool wants_key = form == FieldForm::kIdentifiers || form == FieldForm::kLanguages;
  if (keyed != wants_key || dot + 1 == path.size()) return {nullptr, ""};
  return {found->second, keyed ? std::string_view(path).substr(dot + 1) : ""};
}

bool IsOutputOnly(std::string_view name) {
  return std::find(kOutputOnly.begin(), kOutputOnly.end(), name) != kOutputOnly.end();
}

}  // namespace brobygger::model
