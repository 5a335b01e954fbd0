#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "core/base/clock.h"

namespace brobygger::mail {

// A mail of plain text.
struct Message {
  std::string from;      // plain addresses: model::IsMailbox()
  std::string to;        // one
  std::string subject;   // one line of UTF-8
  std::string language;  // "da" or "en"
  std::string id;        // what makes it this mail, without "<" and "@host"
  base::Instant time;
  std::string body;           // UTF-8, lines ended by "\n"
  std::string reply_to = {};  // where an answer goes; empty is `from`
};

// The mail as it is sent (RFC 5322, MIME; quoted-printable, so that a server need
// not know more than RFC 821 did; lines end in CRLF and hold at most 78 bytes, an
// address aside). Says that no person wrote it (RFC 3834), so that nobody's
// absence answers it. INVALID_ARGUMENT where a value could end a line of the head.
// Pure.
absl::StatusOr<std::string> WriteMessage(const Message& message);

}  // namespace brobygger::mail
