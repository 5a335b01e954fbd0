#pragma once

#include <array>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::audit {

using Key = std::array<unsigned char, 32>;

struct KeyFile {
  Key key;
  bool made;  // there was none before
};

// The key in the file, as 64 hexadecimal digits; made of random bytes, mode 0600, if
// there is no file. A file that is there is never replaced. FAILED_PRECONDITION
// (SECRET_UNREADABLE): others may read it, or it holds no key.
absl::StatusOr<KeyFile> ReadOrMakeKey(const std::string& path);

}  // namespace brobygger::audit
