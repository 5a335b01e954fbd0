#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/read.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/storage/store.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// Records that could not be used are kept aside with the reason, so that a
// person can mend them at the source. Two doors refuse records: the reading
// (a malformed row) and the planning (a value that breaks a rule).

// A row that a plugin could not read.
v1::RejectedRecord RejectedByPlugin(const plugin::v1::RecordError& error);

// A record that the hub refused; `status` came from base::MakeError(). `place` is
// where the source says that it stands, or "".
v1::RejectedRecord RejectedByHub(const std::string& external_id,
                                 const std::string& place,
                                 const absl::Status& status);

// Why a record is refused whose key is wrong.
absl::Status BadKey(const std::string& why);

// Keeps a row of a read, or a record of the stream, aside; without its key if that
// looks like a CPR number. An older entry's first time stays.
absl::Status KeepAside(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const std::string& run_id,
                       v1::RejectedRecord rejected,
                       bool from_reading);

// Forgets that a record of the stream was refused by the planning.
absl::Status NoLongerAside(storage::Transaction& transaction,
                           const StreamKey& stream,
                           const std::string& external_id);

// Whether the record was refused by the planning, and is kept aside since.
absl::StatusOr<bool> IsAside(const storage::Snapshot& snapshot,
                             const StreamKey& stream,
                             const std::string& external_id);

// Names anew the records of the stream that the planning refused; `renamed` is new ids by old.
absl::Status RenameAside(storage::Transaction& transaction,
                         const StreamKey& stream,
                         const std::map<std::string, std::string>& renamed);

// Whether any record of the stream was refused by the planning.
absl::StatusOr<bool> AnyAside(const storage::Snapshot& snapshot, const StreamKey& stream);

// Forgets rows of earlier reads about these records, which can be read now. Where only changes are
// read, no list of all that there is will say so.
absl::Status ForgetReadsOf(storage::Transaction& transaction,
                           const StreamKey& stream,
                           const std::vector<std::string>& external_ids);

// Forgets the rows of reads before `run_id`, and the refused records that the
// source no longer has: the newest complete read decides.
absl::Status ForgetOlderReads(storage::Transaction& transaction,
                              const StreamKey& stream,
                              const std::string& run_id,
                              const std::function<bool(const std::string& external_id)>& has);

}  // namespace brobygger::sync
