// A checkpoint says, signed, how far the log had come and which hash stood there. Kept
// outside the machine it shows what the chain cannot: that the end was cut off, or that
// the whole log was written anew.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "core/audit/key_file.h"
#include "core/audit/segment.h"
#include "core/base/clock.h"

namespace brobygger::audit {

// Ed25519 (RFC 8032), raw.
using PublicKey = std::array<unsigned char, 32>;

struct Checkpoint {
  ChainHead head;  // the newest record that was on disk
  base::Instant time;
};

// Signs checkpoints. Thread-safe. The secret is wiped from memory with the object.
class Signer {
 public:
  explicit Signer(const Key& seed);
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  const PublicKey& public_key() const { return public_key_; }

  // One line without its end: "brobygger-audit-1 SEQUENCE HASH MICROSECONDS SIGNATURE",
  // hash and signature in hexadecimal digits. What is signed is the line before the
  // last space.
  std::string Line(const Checkpoint& checkpoint) const;

 private:
  std::array<unsigned char, 64> secret_{};
  PublicKey public_key_{};
};

// The checkpoint of a line, if it is signed with the key. DATA_LOSS: it is not, or is
// not written as Line() writes it.
absl::StatusOr<Checkpoint> ReadCheckpoint(std::string_view line, const PublicKey& key);

// The signer whose seed is in `<folder>/checkpoint.key`. Both that and the public key,
// `<folder>/checkpoint.pub`, are made at the first start.
absl::StatusOr<std::unique_ptr<Signer>> OpenSigner(const std::string& folder);

// As 64 hexadecimal digits.
std::string PublicKeyText(const PublicKey& key);
// From a file that holds such a text.
absl::StatusOr<PublicKey> ReadPublicKey(const std::string& path);

// Names of files in the log's folder, and in the folder outside.
inline constexpr char kCheckpointsFile[] = "checkpoints";
inline constexpr char kPublicKeyFile[] = "checkpoint.pub";

}  // namespace brobygger::audit
