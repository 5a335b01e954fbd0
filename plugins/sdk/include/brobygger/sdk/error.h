#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/strings/cord.h>

#include "brobygger/plugin/v1/diagnostic.pb.h"

namespace brobygger::sdk {

using plugin::v1::Diagnostic;

// What a plugin says about trouble. `da` and `en` tell a case worker what is wrong,
// where, and who must do what; both are required.
struct Trouble {
  Diagnostic::Class kind = Diagnostic::CLASS_TRANSIENT;
  std::string code = {};  // stable: "files.csv.truncated"
  std::string da = {};
  std::string en = {};
  std::string path = {};    // "read.table", or "file.csv:17"
  std::string detail = {};  // for the log; no secrets, nothing about persons
};

inline Diagnostic ToDiagnostic(const Trouble& trouble) {
  Diagnostic diagnostic;
  diagnostic.set_severity(Diagnostic::SEVERITY_ERROR);
  diagnostic.set_class_(trouble.kind);
  diagnostic.set_code(trouble.code);
  (*diagnostic.mutable_text())["da"] = trouble.da;
  (*diagnostic.mutable_text())["en"] = trouble.en;
  diagnostic.set_path(trouble.path);
  diagnostic.set_detail(trouble.detail);
  return diagnostic;
}

// The gRPC code, which absl shares, that goes with a class.
inline absl::StatusCode CodeFor(Diagnostic::Class kind) {
  switch (kind) {
    case Diagnostic::CLASS_AUTH:
      return absl::StatusCode::kUnauthenticated;
    case Diagnostic::CLASS_RATE_LIMITED:
      return absl::StatusCode::kResourceExhausted;
    case Diagnostic::CLASS_CONFIG:
    case Diagnostic::CLASS_REJECTED:
      return absl::StatusCode::kFailedPrecondition;
    case Diagnostic::CLASS_CONFLICT:
      return absl::StatusCode::kAborted;
    case Diagnostic::CLASS_NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case Diagnostic::CLASS_UNSUPPORTED:
      return absl::StatusCode::kUnimplemented;
    case Diagnostic::CLASS_BUG:
      return absl::StatusCode::kInternal;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

inline constexpr char kDiagnosticPayload[] = "brobygger/Diagnostic";

// The error a verb returns: it reaches the hub as this Diagnostic.
inline absl::Status ToStatus(const Diagnostic& diagnostic) {
  const auto english = diagnostic.text().find("en");
  absl::Status status(CodeFor(diagnostic.class_()),
                      english == diagnostic.text().end() ? diagnostic.code() : english->second);
  status.SetPayload(kDiagnosticPayload, absl::Cord(diagnostic.SerializeAsString()));
  return status;
}

inline absl::Status MakeError(const Trouble& trouble) { return ToStatus(ToDiagnostic(trouble)); }

// The Diagnostic in `status`, which is not OK. A Status made without one is
// transient: what nobody classified must not be given up.
inline Diagnostic DiagnosticOf(const absl::Status& status) {
  Diagnostic diagnostic;
  const auto payload = status.GetPayload(kDiagnosticPayload);
  if (payload && diagnostic.ParseFromString(std::string(*payload))) return diagnostic;
  const bool bug = status.code() == absl::StatusCode::kInternal;
  const std::string text(status.message());
  return ToDiagnostic({.kind = bug ? Diagnostic::CLASS_BUG : Diagnostic::CLASS_TRANSIENT,
                       .code = bug ? "sdk.bug" : "sdk.unclassified",
                       .da = "Der gik noget galt i forbindelsen: " + text,
                       .en = "Something went wrong in the connection: " + text});
}

}  // namespace brobygger::sdk
