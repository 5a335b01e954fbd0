#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/storage/store.h"
#include "core/sync/mapping.h"

namespace brobygger::sync {

// A claim as it is stored, and what it tells: the larger part of what deciding
// about a record costs, and nothing but the claim's bytes goes into it.
struct ToldClaim {
  storage::Bytes bytes;
  v1::Claim claim;
  absl::StatusOr<ToldAssociation> told;  // the error of Mapping::Tell()
};

// STORAGE_CORRUPT if the claim cannot be read.
absl::StatusOr<ToldClaim> TellClaim(const Mapping& mapping, storage::Bytes bytes);

// By the keys of the claims.
using ToldClaims = absl::flat_hash_map<std::string, ToldClaim>;

// What the claims under `keys` tell; those that are not there or cannot be read
// are left out. For a thread beside the one that decides.
ToldClaims TellClaims(const storage::Snapshot& snapshot,
                      const Mapping& mapping,
                      const std::vector<std::string>& keys);

// What was told ahead, for the one thread that decides.
class ToldAhead {
 public:
  // In place of what was there.
  void Use(ToldClaims claims) { claims_ = std::move(claims); }

  // What was told ahead of exactly these bytes, once; or nothing.
  std::optional<ToldClaim> Take(const std::string& key, const storage::Bytes& bytes);

 private:
  ToldClaims claims_;
};

}  // namespace brobygger::sync
