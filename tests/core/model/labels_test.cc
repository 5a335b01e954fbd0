#include "core/model/labels.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "brobygger/registry/v1/registry_service.pb.h"

namespace brobygger::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

void AddEnums(const Descriptor& message, std::vector<const EnumDescriptor*>& enums) {
  for (int i = 0; i < message.enum_type_count(); ++i) enums.push_back(message.enum_type(i));
  for (int i = 0; i < message.nested_type_count(); ++i) AddEnums(*message.nested_type(i), enums);
}

// Every enum of the package, found by walking the files that the service needs.
std::vector<const EnumDescriptor*> RegistryEnums() {
  std::vector<const EnumDescriptor*> enums;
  std::set<const FileDescriptor*> seen;
  const std::function<void(const FileDescriptor*)> walk = [&](const FileDescriptor* file) {
    if (!seen.insert(file).second) return;
    if (file->package() == "brobygger.registry.v1" || file->package() == "brobygger.grant.v1") {
      for (int i = 0; i < file->enum_type_count(); ++i) enums.push_back(file->enum_type(i));
      for (int i = 0; i < file->message_type_count(); ++i) AddEnums(*file->message_type(i), enums);
    }
    for (int i = 0; i < file->dependency_count(); ++i) walk(file->dependency(i));
  };
  walk(registry::v1::ListAssociationsRequest::descriptor()->file());
  return enums;
}

TEST_CASE("every value of every enum of the registry has a Danish and an English label") {
  const auto enums = RegistryEnums();
  CHECK(enums.size() == 16);
  for (const EnumDescriptor* type : enums) {
    for (int i = 0; i < type->value_count(); ++i) {
      CAPTURE(type->full_name(), type->value(i)->name());
      CHECK_FALSE(Label(type->full_name(), type->value(i)->name(), "da").empty());
      CHECK_FALSE(Label(type->full_name(), type->value(i)->name(), "en").empty());
    }
  }
}

TEST_CASE("two values of one enum never share a label") {
  for (const EnumDescriptor* type : RegistryEnums()) {
    std::set<std::string> words;
    for (int i = 0; i < type->value_count(); ++i) {
      const auto word = Label(type->full_name(), type->value(i)->name(), "da");
      CAPTURE(type->full_name(), word);
      CHECK(words.insert(std::string(word)).second);
    }
  }
}

TEST_CASE("a label that does not exist is empty") {
  CHECK(Label("brobygger.registry.v1.Theme", "THEME_CULTURE", "da") == "kultur");
  CHECK(Label("brobygger.registry.v1.Theme", "THEME_CULTURE", "fr").empty());
  CHECK(Label("brobygger.registry.v1.Theme", "THEME_NONE", "da").empty());
}

}  // namespace
}  // namespace brobygger::model
