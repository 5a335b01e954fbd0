#include "core/people/person_keys.h"

#include <utility>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "core/base/status_macros.h"

namespace brobygger::people {

PersonKeys::PersonKeys(const Options& options,
                       const audit::Key& master,
                       std::unique_ptr<audit::SubjectSlots> slots)
    : clock_(*options.clock),
      sealing_(audit::KeyedDigest(master, "brobygger.people.seal")),
      tagging_(audit::KeyedDigest(master, "brobygger.people.tag")),
      digesting_(audit::KeyedDigest(master, "brobygger.people.digest")),
      slots_(std::move(slots)) {}

PersonKeys::~PersonKeys() {
  OPENSSL_cleanse(sealing_.data(), sealing_.size());
  OPENSSL_cleanse(tagging_.data(), tagging_.size());
  OPENSSL_cleanse(digesting_.data(), digesting_.size());
  const absl::MutexLock lock(&mutex_);
  for (auto& [tag, place] : places_) OPENSSL_cleanse(place.key.data(), place.key.size());
}

absl::StatusOr<std::unique_ptr<PersonKeys>> PersonKeys::Open(const Options& options) {
  BB_ASSIGN_OR_RETURN(audit::KeyFile master, audit::ReadOrMakeKey(options.master_key_path));
  BB_ASSIGN_OR_RETURN(auto slots, audit::SubjectSlots::Open(*options.disk, options.path));
  std::unique_ptr<PersonKeys> keys(new PersonKeys(options, master.key, std::move(slots)));
  OPENSSL_cleanse(master.key.data(), master.key.size());
  const absl::MutexLock lock(&keys->mutex_);
  for (const auto& [number, key] : keys->slots_->TakeFound()) {
    keys->places_[key.tag] = Place{number, key.key};
  }
  // A write that was cut short was never answered; a wipe that was is done now.
  for (const std::uint64_t number : keys->slots_->unreadable()) {
    BB_RETURN_IF_ERROR(keys->slots_->Wipe(number));
  }
  return keys;
}

audit::Key PersonKeys::TagOf(const std::string& person_id) const {
  return audit::KeyedDigest(tagging_, person_id);
}

SealKey PersonKeys::SealKeyOf(const audit::Key& key, const std::string& person_id) const {
  std::string text = absl::StrCat(
      person_id, ":", std::string(reinterpret_cast<const char*>(key.data()), key.size()));
  const SealKey sealing = audit::KeyedDigest(sealing_, text);
  OPENSSL_cleanse(text.data(), text.size());
  return sealing;
}

absl::StatusOr<std::vector<SealKey>> PersonKeys::Make(const std::vector<std::string>& person_ids) {
  std::vector<audit::SubjectKey> made(person_ids.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i].tag = TagOf(person_ids[i]);
    made[i].made = clock_.Now();
    if (RAND_bytes(made[i].key.data(), static_cast<int>(made[i].key.size())) != 1) {
      return absl::InternalError("the machine has no random numbers for a person's key");
    }
  }
  const absl::MutexLock lock(&mutex_);
  BB_ASSIGN_OR_RETURN(const auto numbers, slots_->Put(made));
  std::vector<SealKey> keys;
  for (std::size_t i = 0; i < made.size(); ++i) {
    places_[made[i].tag] = Place{numbers[i], made[i].key};
    keys.push_back(SealKeyOf(made[i].key, person_ids[i]));
  }
  return keys;
}

std::optional<SealKey> PersonKeys::Find(const std::string& person_id) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = places_.find(TagOf(person_id));
  if (found == places_.end()) return std::nullopt;
  return SealKeyOf(found->second.key, person_id);
}

absl::Status PersonKeys::Destroy(const std::string& person_id) {
  const absl::MutexLock lock(&mutex_);
  const auto found = places_.find(TagOf(person_id));
  if (found == places_.end()) return absl::OkStatus();
  BB_RETURN_IF_ERROR(slots_->Wipe(found->second.number));
  OPENSSL_cleanse(found->second.key.data(), found->second.key.size());
  places_.erase(found);
  return absl::OkStatus();
}

std::string PersonKeys::Digest(std::string_view text) const {
  const audit::Key digest = audit::KeyedDigest(digesting_, text);
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::size_t PersonKeys::count() const {
  const absl::MutexLock lock(&mutex_);
  return places_.size();
}

}  // namespace brobygger::people
