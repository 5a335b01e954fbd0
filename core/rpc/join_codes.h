#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/access/v1/join_code.pb.h"

#include "core/base/clock.h"
#include "core/rpc/api_keys.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Codes with which somebody on an association's board lets it in. "ABCD-EFGH-JKMN-PQRS": 16 of 27
// letters and digits, drawn evenly, so some 76 bits. Without 0 O 1 I L, and of each pair that is
// mistaken for the other on paper (8 B, 5 S, 2 Z, U V) only one; what is typed in its place means
// it. SHA-256 is all that is stored: whoever stole the store and tried 10^12 codes a second would
// need some thousand years, and a code is good for 30 days and one use. At the door ten wrong ones
// a minute are looked at.

inline constexpr std::chrono::hours kJoinCodeLife = std::chrono::hours(24 * 30);

// A code just made, with its text, which is shown once and never kept.
struct MadeJoinCode {
  access::v1::JoinCode join_code;
  std::string text;
};

// `created_by` as in the audit log. What ended more than a year ago for the same association is
// forgotten meanwhile. ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED.
absl::StatusOr<MadeJoinCode> CreateJoinCode(storage::Transaction& transaction,
                                            const std::string& association_id,
                                            const std::string& created_by);

// The newest first, at most 500; of one association, or of all that may be seen.
// ASSOCIATION_NOT_FOUND.
absl::StatusOr<std::vector<access::v1::JoinCode>> ListJoinCodes(const storage::Snapshot& snapshot,
                                                                const std::string& association_id,
                                                                base::Instant now);

// Takes one back, by its id or the beginning of it; again changes nothing. JOIN_CODE_INVALID.
absl::StatusOr<access::v1::JoinCode> WithdrawJoinCode(storage::Transaction& transaction,
                                                      const std::string& typed_id);

// What is kept of the code that somebody typed. Looks at each code there is, and compares all of
// it, so the time tells nothing. JOIN_CODE_INVALID with one text, whatever is wrong; also where its
// association is gone.
absl::StatusOr<access::v1::JoinCode> FindOpenJoinCode(const storage::Snapshot& snapshot,
                                                      const std::string& typed,
                                                      base::Instant now);

// Uses a code up, for a key of its association. Who used it is not written down. JOIN_CODE_INVALID,
// and what CreateAssociationKey() answers; then the code stays good.
absl::StatusOr<CreatedApiKey> Redeem(storage::Transaction& transaction,
                                     const std::string& typed,
                                     const std::string& title);

}  // namespace brobygger::rpc
