// Whether a log is as it was written. Reads files and nothing else: no server, no
// network, no write. Also of a copy, on another machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::audit {

struct VerifyRequest {
  std::string folder;
  // Checkpoints that were kept elsewhere; empty: none. Only they show that the end was
  // cut off together with the folder's own, or that all of it was written anew.
  std::string outside_checkpoints = {};
  // A copy of `checkpoint.pub` that was kept elsewhere; empty: the folder's own.
  std::string public_key = {};
};

// The first thing that is wrong.
struct Finding {
  std::string file;            // name of the file in the folder, or the path of the one outside
  std::uint64_t sequence = 0;  // of the record, or the one that should stand there
  std::uint64_t offset = 0;    // byte in the file where it begins
  std::string what;            // one sentence without its full stop
};

struct VerifyResult {
  std::uint64_t records = 0;      // read and in order
  std::uint64_t checkpoints = 0;  // held against the log, here and outside
  std::uint64_t last_sequence = 0;
  std::uint64_t vouched_sequence = 0;  // of the newest checkpoint that holds
  std::optional<Finding> first_bad;
};

// An error only if the folder or a file that was named cannot be read; what is wrong
// with the log is in the result.
absl::StatusOr<VerifyResult> VerifyLog(const VerifyRequest& request);

// The result as one sentence.
std::string VerifySentence(const VerifyResult& result);

}  // namespace brobygger::audit
