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

// The configured table that a call was about.
struct TableInTrouble {
  std::string name;
  std::string part;  // what comes before its keys in the configuration
};

// Tells a case worker what an ODBC failure means and who must do what.
absl::Status Explain(const OdbcMessage& message, const TableInTrouble& table);

// The same for a call that was to write: CLASS_REJECTED if the same call would fail
// again, CLASS_AUTH and CLASS_CONFIG if a person must act first, otherwise
// CLASS_TRANSIENT.
absl::Status ExplainWrite(const OdbcMessage& message, const TableInTrouble& table);

}  // namespace brobygger::sql
