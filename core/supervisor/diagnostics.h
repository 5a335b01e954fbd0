#pragma once

#include <optional>
#include <string>

#include <absl/status/status.h>
#include <google/protobuf/repeated_ptr_field.h>

#include "brobygger/plugin/v1/diagnostic.pb.h"

#include "core/base/id.h"
#include "core/supervisor/redaction.h"

namespace brobygger::supervisor {

// The texts that come from one connection's plugin, made fit for a person.
// Immutable; `redactor` must outlive it.
class Diagnoser {
 public:
  Diagnoser(base::ConnectionId connection, std::string plugin, const Redactor& redactor)
      : connection_(std::move(connection)), plugin_(std::move(plugin)), redactor_(redactor) {}

  // SOURCE_UNAVAILABLE, SOURCE_REFUSED, PLUGIN_UNAVAILABLE or PLUGIN_UNSUPPORTED,
  // with metadata `connection_id`, `plugin`, `class`, `code`, `text_da` and, if
  // the source asked for it, `retry_after_seconds`.
  absl::Status ToStatus(const plugin::v1::Diagnostic& diagnostic) const;

  // CONNECTION_INVALID for the first error among `diagnostics`; OK if there is none.
  absl::Status ToConfigurationStatus(
      const google::protobuf::RepeatedPtrField<plugin::v1::Diagnostic>& diagnostics) const;

  // PLUGIN_UNAVAILABLE: "The plugin of connection 'x' <what>". Redacts `what`.
  absl::Status Unavailable(const std::string& what) const;

  // Redacts every text.
  void Clean(plugin::v1::Diagnostic& diagnostic) const;
  void Clean(google::protobuf::RepeatedPtrField<plugin::v1::Diagnostic>* diagnostics) const;

 private:
  std::string Clean(const std::string& text) const;
  std::string EnglishOf(const plugin::v1::Diagnostic& diagnostic) const;

  base::ConnectionId connection_;
  std::string plugin_;
  const Redactor& redactor_;
};

// Whether it is about a failure, not something good to know.
bool IsError(const plugin::v1::Diagnostic& diagnostic);

}  // namespace brobygger::supervisor
