#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "core/audit/file.h"
#include "core/audit/key_file.h"
#include "core/base/clock.h"

namespace brobygger::audit {

// HMAC-SHA256 (RFC 2104) of `text`.
Key KeyedDigest(const Key& key, std::string_view text);

// A subject's key and under what it is found. Wiped from memory with the object.
struct SubjectKey {
  Key tag{};  // HMAC of the subject's id under the key of the whole file
  Key key{};
  base::Instant made;

  SubjectKey() = default;
  SubjectKey(const SubjectKey&) = default;
  SubjectKey& operator=(const SubjectKey&) = default;
  ~SubjectKey();
};

// The file of the subjects' keys: places of 128 bytes, each written over in place, so
// that a key lies in one spot of one file and nowhere else. For one thread at a time.
class SubjectSlots {
 public:
  using Placed = std::pair<std::uint64_t, SubjectKey>;

  // STORAGE_CORRUPT: no place can be read, so this is no file of ours.
  static absl::StatusOr<std::unique_ptr<SubjectSlots>> Open(const Disk& disk,
                                                            const std::string& path);

  // The keys that were there. Once: what was taken is no longer kept.
  std::vector<Placed> TakeFound() { return std::move(found_); }
  // Places that hold no whole key: a write or a wipe was cut short there. To be wiped.
  const std::vector<std::uint64_t>& unreadable() const { return unreadable_; }

  // Returns the places when the keys are on disk, with one flush: free ones, or at the end.
  absl::StatusOr<std::vector<std::uint64_t>> Put(const std::vector<SubjectKey>& keys);

  // Returns when zeros lie over the place.
  absl::Status Wipe(std::uint64_t place);

 private:
  explicit SubjectSlots(std::unique_ptr<File> file) : file_(std::move(file)) {}
  void Read(std::string_view bytes);

  const std::unique_ptr<File> file_;
  std::vector<Placed> found_;
  std::vector<std::uint64_t> free_;
  std::uint64_t end_ = 0;
  std::vector<std::uint64_t> unreadable_;
};

}  // namespace brobygger::audit
