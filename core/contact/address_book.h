#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/contact/v1/touchpoint.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/contact/pseudonyms.h"
#include "core/storage/store.h"

namespace brobygger::contact {

// An association that a meeting was with, and how that is known.
struct Recognised {
  std::string association_id;
  v1::Touchpoint::Basis basis = v1::Touchpoint::BASIS_UNSPECIFIED;
  // It may be another one's: what was recognised belongs to several.
  bool in_review = false;
};

// Who was asked to a meeting, as a calendar plugin tells it.
struct Asked {
  std::vector<std::string> codes;      // what follows "Brobygger:" in its categories
  std::vector<std::string> addresses;  // digests of kind `address`
  std::vector<std::string> domains;    // digests of kind `domain`
};

// Recognises associations in meetings: the live ones of one moment. Immutable once made;
// safe to share across threads.
class AddressBook {
 public:
  // Reads every association and department: about 5 microseconds each.
  static absl::StatusOr<AddressBook> Make(const storage::Snapshot& snapshot,
                                          const Pseudonyms& pseudonyms);

  // Each association at most once, in the order of their ids, by the strongest sign:
  // category, then address, then domain. With `category_only` no other sign counts.
  std::vector<Recognised> Recognise(const Asked& asked, bool category_only) const;

  // Differs when a meeting may be recognised otherwise. Stable: it is stored.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  using Owners = absl::flat_hash_map<std::string, std::vector<std::string>>;

  void Add(const registry::v1::Association& association, const Pseudonyms& pseudonyms);

  Owners by_code_;  // id, CVR number and folded name
  Owners by_address_;
  Owners by_domain_;
  std::uint64_t fingerprint_ = 0;
};

// The newest address book, made again only when an association or department has changed.
// Safe to use from many threads.
class AddressBooks {
 public:
  // The key of all digests: see Pseudonyms.
  explicit AddressBooks(std::string key) : pseudonyms_(std::move(key)) {}

  absl::StatusOr<std::shared_ptr<const AddressBook>> Get(const storage::Snapshot& snapshot);

 private:
  const Pseudonyms pseudonyms_;
  absl::Mutex mutex_;
  std::string made_of_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const AddressBook> book_ ABSL_GUARDED_BY(mutex_);
};

// 64 bits of SHA-256 over `text`.
std::uint64_t StableHash(const std::string& text);

}  // namespace brobygger::contact
