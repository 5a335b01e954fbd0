#include "core/supervisor/diagnostics.h"

#include <absl/strings/str_cat.h>

#include "core/base/error.h"

namespace brobygger::supervisor {
namespace {

using plugin::v1::Diagnostic;

constexpr std::size_t kLongestText = 1000;

base::ErrorReason ReasonFor(Diagnostic::Class kind) {
  switch (kind) {
    case Diagnostic::CLASS_AUTH:
    case Diagnostic::CLASS_CONFIG:
    case Diagnostic::CLASS_REJECTED:
    case Diagnostic::CLASS_NOT_FOUND:
      return errors::v1::ERROR_REASON_SOURCE_REFUSED;
    case Diagnostic::CLASS_BUG:
      return errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE;
    case Diagnostic::CLASS_UNSUPPORTED:
      return errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED;
    default:
      // What a plugin did not classify is never taken for permanent.
      return errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE;
  }
}

std::string OpeningFor(base::ErrorReason reason) {
  switch (reason) {
    case errors::v1::ERROR_REASON_SOURCE_REFUSED:
      return "needs a person: ";
    case errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE:
      return "failed in its plugin: ";
    case errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED:
      return "cannot do this: ";
    default:
      return "cannot be read now, and is tried again later: ";
  }
}

std::string ClassName(Diagnostic::Class kind) {
  return Diagnostic::Class_Name(kind).substr(std::string("CLASS_").size());
}

std::string TextIn(const Diagnostic& diagnostic, const std::string& language) {
  const auto found = diagnostic.text().find(language);
  return found == diagnostic.text().end() ? "" : found->second;
}

}  // namespace

bool IsError(const Diagnostic& diagnostic) {
  return diagnostic.severity() != Diagnostic::SEVERITY_WARNING &&
         diagnostic.severity() != Diagnostic::SEVERITY_INFO;
}

std::string Diagnoser::Clean(const std::string& text) const {
  return OneLine(redactor_.ForPeople(text), kLongestText);
}

std::string Diagnoser::EnglishOf(const Diagnostic& diagnostic) const {
  std::string text = TextIn(diagnostic, "en");
  if (text.empty()) text = diagnostic.detail();
  if (text.empty()) text = absl::StrCat("it only told the code '", diagnostic.code(), "'");
  if (!diagnostic.path().empty()) absl::StrAppend(&text, " (at ", diagnostic.path(), ")");
  return Clean(text);
}

absl::Status Diagnoser::ToStatus(const Diagnostic& diagnostic) const {
  const base::ErrorReason reason = ReasonFor(diagnostic.class_());
  std::vector<base::ErrorField> fields = {{"connection_id", connection_.text()},
                                          {"plugin", plugin_},
                                          {"class", ClassName(diagnostic.class_())},
                                          {"code", Clean(diagnostic.code())}};
  if (const std::string danish = TextIn(diagnostic, "da"); !danish.empty()) {
    fields.emplace_back("text_da", Clean(danish));
  }
  if (diagnostic.has_retry_after()) {
    fields.emplace_back("retry_after_seconds", absl::StrCat(diagnostic.retry_after().seconds()));
  }
  return base::MakeError(reason,
                         absl::StrCat("The source of connection '", connection_.text(), "' ",
                                      OpeningFor(reason), EnglishOf(diagnostic)),
                         fields);
}

absl::Status Diagnoser::ToConfigurationStatus(
    const google::protobuf::RepeatedPtrField<Diagnostic>& diagnostics) const {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!IsError(diagnostic)) continue;
    return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                           absl::StrCat("The plugin refuses the configuration of connection '",
                                        connection_.text(), "': ", EnglishOf(diagnostic)),
                           {{"connection_id", connection_.text()},
                            {"plugin", plugin_},
                            {"field", Clean(diagnostic.path())},
                            {"class", ClassName(diagnostic.class_())},
                            {"code", Clean(diagnostic.code())},
                            {"text_da", Clean(TextIn(diagnostic, "da"))}});
  }
  return absl::OkStatus();
}

absl::Status Diagnoser::Unavailable(const std::string& what) const {
  return base::MakeError(
      errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
      absl::StrCat("The plugin of connection '", connection_.text(), "' ", Clean(what)),
      {{"connection_id", connection_.text()}, {"plugin", plugin_}});
}

void Diagnoser::Clean(Diagnostic& diagnostic) const {
  for (auto& [language, text] : *diagnostic.mutable_text()) text = Clean(text);
  diagnostic.set_code(Clean(diagnostic.code()));
  diagnostic.set_detail(Clean(diagnostic.detail()));
  diagnostic.set_path(Clean(diagnostic.path()));
}

void Diagnoser::Clean(google::protobuf::RepeatedPtrField<Diagnostic>* diagnostics) const {
  for (Diagnostic& diagnostic : *diagnostics) Clean(diagnostic);
}

}  // namespace brobygger::supervisor
