#pragma once

#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "brobygger/registry/v1/common.pb.h"

// What is said of funds, in Danish and English; for this module's own files.
namespace brobygger::grants {

using registry::v1::LocalizedText;

// What stands for "{name}" in a text.
using Values = std::vector<std::pair<std::string, LocalizedText>>;

// The text with this key of data/pool_texts.csv, in both languages.
LocalizedText Say(const std::string& key, const Values& values = {});

// The same in both.
LocalizedText Plain(const std::string& text);

// A day in ISO 8601 as each language writes it.
LocalizedText Day(const std::string& iso);

// What people call the values, with commas between.
template <typename Numbers>
LocalizedText LabelsOf(const google::protobuf::EnumDescriptor& enumeration, const Numbers& numbers);

// Adds `more` to a list with commas between.
void Append(const LocalizedText& more, LocalizedText& list);

// What people call one value.
LocalizedText LabelOf(const google::protobuf::EnumDescriptor& enumeration, int number);

template <typename Numbers>
LocalizedText LabelsOf(const google::protobuf::EnumDescriptor& enumeration,
                       const Numbers& numbers) {
  LocalizedText list;
  for (const int number : numbers) Append(LabelOf(enumeration, number), list);
  return list;
}

}  // namespace brobygger::grants
