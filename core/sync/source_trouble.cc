#include "core/sync/source_trouble.h"

#include "core/base/error.h"

namespace brobygger::sync {

absl::Status FromDiagnostic(const plugin::v1::Diagnostic& diagnostic,
                            const std::string& connection_id) {
  using plugin::v1::Diagnostic;
  const bool refused = diagnostic.class_() == Diagnostic::CLASS_AUTH ||
                       diagnostic.class_() == Diagnostic::CLASS_CONFIG ||
                       diagnostic.class_() == Diagnostic::CLASS_REJECTED ||
                       diagnostic.class_() == Diagnostic::CLASS_NOT_FOUND ||
                       diagnostic.class_() == Diagnostic::CLASS_UNSUPPORTED;
  const auto text = diagnostic.text().find("en");
  const auto danish = diagnostic.text().find("da");
  return base::MakeError(refused ? errors::v1::ERROR_REASON_SOURCE_REFUSED
                                 : errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE,
                         text == diagnostic.text().end() ? diagnostic.code() : text->second,
                         {{"connection_id", connection_id},
                          {"code", diagnostic.code()},
                          {"class", Diagnostic::Class_Name(diagnostic.class_())},
                          {"text_da", danish == diagnostic.text().end() ? "" : danish->second}});
}

}  // namespace brobygger::sync
