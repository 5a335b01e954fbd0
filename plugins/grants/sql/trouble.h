#pragma once

#include <string>

#include <absl/status/status.h>

namespace brobygger::sql {

// What ODBC said about a call that failed.
struct OdbcMessage {
  std::string state;  // SQLSTATE, five signs
  int native = 0;
  std::string text;
};

// Tells a case worker what an ODBC failure means and who must do what. `table` is
// the configured one.
absl::Status Explain(const OdbcMessage& message, const std::string& table);

// The same for a call that was to write: CLASS_REJECTED if the same call would fail
// again, CLASS_AUTH and CLASS_CONFIG if a person must act first, otherwise
// CLASS_TRANSIENT.
absl::Status ExplainWrite(const OdbcMessage& message, const std::string& table);

}  // namespace brobygger::sql
