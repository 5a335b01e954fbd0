// Which fields hold words, and what is planted in them.
#include <set>

#include <fmt/format.h>

#include "tests/core/scope/planted.h"

namespace brobygger::scope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using storage::Kind;

constexpr int kDeepestText = 6;

// What the rules for such a field let pass.
std::string TextFor(const std::string& word, const std::string& name) {
  if (name.ends_with("email") || name.ends_with("emails")) return word + name + "@fjordby.example";
  if (name.ends_with("phone") || name.ends_with("phones")) return "+4510550101";
  if (name == "url" || name == "websites") return "https://" + word + name + ".example/";
  return word + name;
}

// Texts in a language.
void FillMap(const std::string& word, const FieldDescriptor& field, Message& message) {
  const auto* const value = field.message_type()->FindFieldByName("value");
  if (field.name() != "by_language" || value == nullptr) return;
  Message& entry = *message.GetReflection()->AddMessage(&message, &field);
  const auto* const key = field.message_type()->FindFieldByName("key");
  entry.GetReflection()->SetString(&entry, key, "da");
  entry.GetReflection()->SetString(&entry, value, word + "da");
}

void Fill(const std::string& word, Message& message, int depth) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.is_map()) {
      FillMap(word, field, message);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const bool own = field.message_type()->full_name().starts_with("brobygger.");
      if (!own || depth == kDeepestText) continue;
      Message& within = field.is_repeated() ? *reflection->AddMessage(&message, &field)
                                            : *reflection->MutableMessage(&message, &field);
      Fill(word, within, depth + 1);
    } else if (HoldsWords(field)) {
      const std::string text = TextFor(word, field.name());
      if (field.is_repeated()) {
        reflection->AddString(&message, &field, text);
      } else {
        reflection->SetString(&message, &field, text);
      }
    }
  }
}

}  // namespace

std::string Planted::WordOf(Kind kind) const {
  return fmt::format("{}-k{}-", word, static_cast<int>(kind));
}

bool IsShown(Kind kind) {
  static const std::set<Kind> kHidden = {Kind::kClaim, Kind::kLink, Kind::kTouchpointCount,
                                         Kind::kFeedKey, Kind::kDismissedAdvice};
  static const std::set<Kind> kPublic = {Kind::kDepartment, Kind::kKleAssignment, Kind::kPolicy,
                                         Kind::kCoordinationGroup, Kind::kPool};
  return !kHidden.contains(kind) && !kPublic.contains(kind);
}

bool HoldsWords(const FieldDescriptor& field) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING ||
      field.type() == FieldDescriptor::TYPE_BYTES) {
    return false;
  }
  const std::string& name = field.name();
  if (name == "id" || name == "code" || name == "etag" || name == "digest") return false;
  for (const char* end : {"_id", "_ids", "_code", "_codes", "_date", "_json", "path", "paths",
                          "quarter", "_number", "meeting_key"}) {
    if (name.ends_with(end)) return false;
  }
  return true;
}

void FillTexts(const std::string& word, Message& message) { Fill(word, message, 0); }

}  // namespace brobygger::scope
