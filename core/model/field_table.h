#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::model {

// How a field of an association is told apart into paths and written as text.
enum class FieldForm {
  kText,
  kEnum,
  kFlag,
  kTextList,
  kJson,         // a message or a list of messages
  kIdentifiers,  // a path for each scheme
  kLanguages,    // a path for each language
};

// One top-level field that a source may tell.
struct FieldSpec {
  std::string name;
  FieldForm form;
  const google::protobuf::FieldDescriptor* field;
  // What the names of the enum's values begin with, if it is an enum.
  std::string enum_prefix;
};

// All of them, sorted by name. Built once from the message's own description, so
// a field that is added to it is not forgotten here.
const std::vector<FieldSpec>& FieldTable();

// The field that a path belongs to, and what comes after its first dot.
struct FieldRef {
  const FieldSpec* spec;  // null: there is no such path
  std::string_view key;
};
FieldRef FindField(const std::string& path);

// The texts by language that the field holds, where its form is kLanguages; of one that is unset,
// none.
const registry::v1::LocalizedText& TextsOf(const registry::v1::Association& association,
                                           const FieldSpec& spec);

// Whether the hub alone sets this top-level field.
bool IsOutputOnly(std::string_view name);

}  // namespace brobygger::model
