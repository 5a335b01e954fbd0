#include "core/audit/subject_slots.h"

#include <algorithm>
#include <cstring>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/audit/segment.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

// A whole number of them is a sector, which disks write whole.
constexpr std::size_t kSlotBytes = 128;
constexpr std::size_t kKeyAt = 32;
constexpr std::size_t kMadeAt = 64;
constexpr std::size_t kCheckAt = 72;

using Slot = std::array<char, kSlotBytes>;

Slot ToSlot(const SubjectKey& key) {
  Slot slot{};
  const std::int64_t made = key.made.time_since_epoch().count();
  std::memcpy(slot.data(), key.tag.data(), key.tag.size());
  std::memcpy(slot.data() + kKeyAt, key.key.data(), key.key.size());
  for (std::size_t i = 0; i < 8; ++i) {
    slot[kMadeAt + i] = static_cast<char>((static_cast<std::uint64_t>(made) >> (8 * i)) & 0xFF);
  }
  const Hash check = ChainHasher().Next({}, {slot.data(), kCheckAt});
  std::memcpy(slot.data() + kCheckAt, check.data(), check.size());
  return slot;
}

std::optional<SubjectKey> FromSlot(std::string_view slot) {
  const Hash check = ChainHasher().Next({}, slot.substr(0, kCheckAt));
  if (std::memcmp(check.data(), slot.data() + kCheckAt, check.size()) != 0) return std::nullopt;
  SubjectKey key;
  std::memcpy(key.tag.data(), slot.data(), key.tag.size());
  std::memcpy(key.key.data(), slot.data() + kKeyAt, key.key.size());
  std::uint64_t made = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    made |= static_cast<std::uint64_t>(static_cast<unsigned char>(slot[kMadeAt + i])) << (8 * i);
  }
  key.made = base::Instant(std::chrono::microseconds(static_cast<std::int64_t>(made)));
  return key;
}

}  // namespace

SubjectKey::~SubjectKey() { OPENSSL_cleanse(key.data(), key.size()); }

Key KeyedDigest(const Key& key, std::string_view text) {
  Key digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
  return digest;
}

absl::StatusOr<std::unique_ptr<SubjectSlots>> SubjectSlots::Open(const Disk& disk,
                                                                 const std::string& path) {
  absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok() && !absl::IsNotFound(bytes.status())) return bytes.status();
  BB_ASSIGN_OR_RETURN(auto file, disk.Open(path));
  BB_RETURN_IF_ERROR(disk.SyncFolder(path.substr(0, path.rfind('/'))));
  std::unique_ptr<SubjectSlots> slots(new SubjectSlots(std::move(file)));
  if (bytes.ok()) {
    slots->Read(*bytes);
    OPENSSL_cleanse(bytes->data(), bytes->size());
  }
  // One may have been cut short by a crash. Of many, wiping would destroy what a person
  // could still save.
  if (slots->found_.empty() && slots->unreadable_.size() > 1) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                           "no key of a subject can be read; restore the file subjects",
                           {{"kind", "subjects"}});
  }
  return slots;
}

void SubjectSlots::Read(std::string_view bytes) {
  for (; (end_ + 1) * kSlotBytes <= bytes.size(); ++end_) {
    const std::string_view slot = bytes.substr(end_ * kSlotBytes, kSlotBytes);
    if (slot.find_first_not_of('\0') == std::string_view::npos) {
      free_.push_back(end_);
    } else if (auto key = FromSlot(slot); key.has_value()) {
      found_.emplace_back(end_, *key);
    } else {
      unreadable_.push_back(end_);
    }
  }
}

absl::StatusOr<std::vector<std::uint64_t>> SubjectSlots::Put(const std::vector<SubjectKey>& keys) {
  std::vector<std::uint64_t> places;
  absl::Status status;
  for (std::size_t i = 0; i < keys.size() && status.ok(); ++i) {
    if (free_.empty()) free_.push_back(end_++);
    places.push_back(free_.back());
    free_.pop_back();
    Slot slot = ToSlot(keys[i]);
    status = file_->WriteAt(places.back() * kSlotBytes, {slot.data(), slot.size()});
    OPENSSL_cleanse(slot.data(), slot.size());
  }
  if (status.ok()) status = file_->Sync();
  if (status.ok()) return places;
  // The next keys go over them, so that no second key of a subject stays in the file.
  free_.insert(free_.end(), places.rbegin(), places.rend());
  return status;
}

absl::Status SubjectSlots::Wipe(std::uint64_t place) {
  const Slot zeros{};
  BB_RETURN_IF_ERROR(file_->WriteAt(place * kSlotBytes, {zeros.data(), zeros.size()}));
  BB_RETURN_IF_ERROR(file_->Sync());
  free_.push_back(place);
  return absl::OkStatus();
}

}  // namespace brobygger::audit
