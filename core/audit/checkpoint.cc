#include "core/audit/checkpoint.h"

#include <algorithm>

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <sodium.h>

#include "core/audit/file.h"
#include "core/audit/tail_file.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

constexpr char kWord[] = "brobygger-audit-1";

template <std::size_t kSize>
std::string ToHex(const std::array<unsigned char, kSize>& bytes) {
  return absl::BytesToHexString({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Lower-case digits only, so that each value has one spelling.
template <std::size_t kSize>
bool FromHex(const std::string& text, std::array<unsigned char, kSize>& bytes) {
  const bool good = text.size() == 2 * kSize && std::all_of(text.begin(), text.end(), [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                    });
  if (!good) return false;
  const std::string raw = absl::HexStringToBytes(text);
  std::copy(raw.begin(), raw.end(), bytes.begin());
  return true;
}

std::string SignedPart(const Checkpoint& checkpoint) {
  return absl::StrCat(kWord, " ", checkpoint.head.sequence, " ", ToHex(checkpoint.head.hash), " ",
                      checkpoint.time.time_since_epoch().count());
}

// May be called again and again, and from any thread.
absl::Status StartSodium() {
  if (sodium_init() >= 0) return absl::OkStatus();
  return absl::InternalError("libsodium cannot be used on this machine");
}

absl::Status Damaged(const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT, "the checkpoint " + what,
                         {{"kind", "checkpoint"}});
}

}  // namespace

Signer::Signer(const Key& seed) {
  crypto_sign_seed_keypair(public_key_.data(), secret_.data(), seed.data());
}

Signer::~Signer() { sodium_memzero(secret_.data(), secret_.size()); }

std::string Signer::Line(const Checkpoint& checkpoint) const {
  const std::string part = SignedPart(checkpoint);
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr,
                       reinterpret_cast<const unsigned char*>(part.data()), part.size(),
                       secret_.data());
  return absl::StrCat(part, " ", ToHex(signature));
}

absl::StatusOr<Checkpoint> ReadCheckpoint(std::string_view line, const PublicKey& key) {
  BB_RETURN_IF_ERROR(StartSodium());
  const std::vector<std::string> words = absl::StrSplit(std::string(line), ' ');
  Checkpoint checkpoint;
  std::int64_t micros = 0;
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  if (words.size() != 5 || words[0] != kWord ||
      !absl::SimpleAtoi(words[1], &checkpoint.head.sequence) ||
      !FromHex(words[2], checkpoint.head.hash) || !absl::SimpleAtoi(words[3], &micros) ||
      !FromHex(words[4], signature)) {
    return Damaged("cannot be read");
  }
  checkpoint.time = base::Instant(std::chrono::microseconds(micros));
  const std::string part = SignedPart(checkpoint);
  // Numbers have more than one spelling, of which one was signed.
  if (line.substr(0, line.rfind(' ')) != part) return Damaged("cannot be read");
  if (crypto_sign_verify_detached(signature.data(),
                                  reinterpret_cast<const unsigned char*>(part.data()), part.size(),
                                  key.data()) != 0) {
    return Damaged("is not signed with the log's key");
  }
  return checkpoint;
}

absl::StatusOr<std::unique_ptr<Signer>> OpenSigner(const std::string& folder) {
  BB_RETURN_IF_ERROR(StartSodium());
  BB_ASSIGN_OR_RETURN(KeyFile file, ReadOrMakeKey(folder + "/checkpoint.key"));
  auto signer = std::make_unique<Signer>(file.key);
  sodium_memzero(file.key.data(), file.key.size());

  const std::string path = folder + "/" + kPublicKeyFile;
  const std::string text = PublicKeyText(signer->public_key()) + "\n";
  const auto there = ReadFile(path);
  // Written once: one that differs is for verification to find, not for us to mend.
  if (there.ok() && !there->empty()) return signer;
  BB_ASSIGN_OR_RETURN(auto public_file, TailFile::OpenLines(RealDisk(), path));
  BB_RETURN_IF_ERROR(public_file->Append(text));
  return signer;
}

std::string PublicKeyText(const PublicKey& key) { return ToHex(key); }

absl::StatusOr<PublicKey> ReadPublicKey(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) {
    return absl::Status(text.status().code(),
                        absl::StrCat(path, ": ", std::string(text.status().message())));
  }
  PublicKey key{};
  if (!FromHex(std::string(absl::StripAsciiWhitespace(*text)), key)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " holds no public key of 64 hexadecimal digits"));
  }
  return key;
}

}  // namespace brobygger::audit
