#pragma once

#include <string>
#include <vector>

namespace brobygger::supervisor {

// Takes out of a plugin's text what must not be kept: plugins cannot be trusted
// with it. Immutable; safe to use from many threads.
class Redactor {
 public:
  // `secrets` are the values the plugin was given. Values shorter than 4 bytes
  // are not looked for: they would match everywhere.
  explicit Redactor(const std::vector<std::string>& secrets);

  // For text that a person is shown: takes out the secrets, also as base64, URL
  // or JSON text, and what looks like a CPR number.
  std::string ForPeople(std::string text) const;

  // For the log, which outlives consent: also takes out what looks like an
  // e-mail address or a telephone number.
  std::string ForLog(std::string text) const;

 private:
  std::vector<std::string> needles_;  // longest first
};

// At most `limit` bytes of `text` on one line: control characters and bytes that
// are not UTF-8 become '?', and a cut is marked.
std::string OneLine(const std::string& text, std::size_t limit);

}  // namespace brobygger::supervisor
