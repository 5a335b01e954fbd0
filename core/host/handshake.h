#pragma once

#include <optional>
#include <string>

namespace brobygger::host {

inline constexpr int kLifelineDescriptor = 3;
inline constexpr int kHandshakeDescriptor = 4;

// Why the process cannot serve. `code` is one of those in README.md.
struct Refusal {
  std::string code;
  std::string text;
};

// Nothing, or why not.
using Verdict = std::optional<Refusal>;

// True if the supervisor's descriptors are there.
bool HasSupervisor();

// Write the one line on the handshake descriptor and close it.
void SayReady(const std::string& socket, const std::string& name, const std::string& version);
void SayRefused(const Refusal& refusal);

// Ends the process with status 3 as soon as the lifeline reaches its end. Call once.
void FollowLifeline();

}  // namespace brobygger::host
