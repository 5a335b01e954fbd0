// How the audit log lies in its files. A segment `NNNNNN.log` is a header and frames:
//
//   header  "BBAUDIT1", sequence of the record before (8 bytes), hash of that record (32)
//   frame   length of the payload (4), its complement (4), sequence (8),
//           payload (an audit.v1.LogRecord), hash (32)
//
// Numbers are little-endian. A frame's hash is SHA-256 of the hash before it followed by
// the frame up to its own hash, so that no record can change, move or go without every
// hash after it being another one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

// OpenSSL's, which its headers would bring into every file.
struct evp_md_st;
struct evp_md_ctx_st;

namespace brobygger::audit {

using Hash = std::array<unsigned char, 32>;

inline constexpr std::size_t kHeaderBytes = 48;
inline constexpr std::size_t kPrefixBytes = 16;
// A record is at most this long, so a damaged length is seen at once.
inline constexpr std::size_t kMostPayloadBytes = 64 * 1024;

// A record's place in the chain: its sequence and its hash. The empty log's is all zero.
struct ChainHead {
  std::uint64_t sequence = 0;
  Hash hash{};
  bool operator==(const ChainHead&) const = default;
};

// Computes hashes with one context that is used again and again: asking OpenSSL for the
// algorithm each time takes three times as long. For one thread at a time.
class ChainHasher {
 public:
  ChainHasher();
  ~ChainHasher();
  ChainHasher(const ChainHasher&) = delete;
  ChainHasher& operator=(const ChainHasher&) = delete;

  // SHA-256 of `previous` followed by `bytes`.
  Hash Next(const Hash& previous, std::string_view bytes);

 private:
  evp_md_st* const algorithm_;
  evp_md_ctx_st* const context_;
};

std::string SegmentHeader(const ChainHead& before);
// None: `bytes` do not begin with a header.
std::optional<ChainHead> ReadSegmentHeader(std::string_view bytes);

// Adds the frame of the record after `head` to `out`, and moves `head` on to it.
void AppendFrame(std::string_view payload, ChainHasher& hasher, ChainHead& head, std::string& out);

// A frame in a segment's bytes, which it points into.
struct Frame {
  std::uint64_t offset = 0;  // of the frame in the segment
  std::uint64_t sequence = 0;
  std::string_view hashed;  // prefix and payload
  std::string_view payload;
  Hash hash{};
};

enum class Step {
  kFrame,
  kEnd,        // the segment ends behind a whole frame
  kTorn,       // it ends within a frame, or in zeros: what a crash leaves
  kMalformed,  // what stands here was never a frame
};

// Goes from frame to frame. Looks at no hash. `bytes` must outlive it.
class SegmentWalker {
 public:
  explicit SegmentWalker(std::string_view bytes) : bytes_(bytes) {}

  // Only kFrame goes on and sets `frame`.
  Step Next(Frame& frame);

  // Where the next frame begins.
  std::uint64_t offset() const { return offset_; }

 private:
  const std::string_view bytes_;
  std::uint64_t offset_ = kHeaderBytes;
};

// A segment's file.
struct SegmentFile {
  std::uint64_t number = 0;
  std::string path;
};

std::string SegmentPath(const std::string& folder, std::uint64_t number);

// In the order of their numbers. Other files do not count.
absl::StatusOr<std::vector<SegmentFile>> ListSegments(const std::string& folder);

}  // namespace brobygger::audit
