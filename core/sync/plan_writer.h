#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <openssl/evp.h>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/sync/keys.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {

// Stores a plan as it is being made: its actions in parts, and what no longer waits.
// Belongs to one thread.
class PlanWriter {
 public:
  // `plan` has its id, connection and times. All must outlive the writer.
  // `unattended`: no person asked for it.
  PlanWriter(storage::Store& store,
             const base::Clock& clock,
             StreamKey stream,
             v1::Plan plan,
             bool unattended);
  ~PlanWriter();
  PlanWriter(const PlanWriter&) = delete;
  PlanWriter& operator=(const PlanWriter&) = delete;

  // `about`: the association, or the record that makes it. Several records of one are put in a
  // part each, which is a commit: what each agrees with is the revision that it left.
  absl::Status Add(v1::PlannedAction action, const std::string& about = "");
  // The record no longer waits.
  absl::Status Settle(const std::string& external_id);
  // Nothing of the association has to be written to the source.
  absl::Status SettleDirty(const std::string& association_id);
  // Whether anything of it has to be written can only be said later.
  absl::Status PutOff(const std::string& association_id, base::Instant until);
  // The record cannot be used: kept aside, and no longer waits.
  absl::Status Reject(v1::RejectedRecord rejected);

  // Counts so far; the caller fills in what only it knows.
  v1::Plan& plan() { return plan_; }

  // Commits what is not yet. The plan's parts are complete then.
  absl::Status Drain();

  // Makes it the stream's newest plan; the one before can no longer be applied. One
  // that says the same as a plan that waits for a person is that plan: a schedule must
  // not pull it away from under them; nor does one made without reading the source. What a
  // person rejected stays rejected that way, until a person asks.
  absl::StatusOr<v1::Plan> Finish();

 private:
  void Count(const v1::PlannedAction& action);
  absl::Status FlushPart();
  absl::Status FlushIfMany();
  absl::Status Store(storage::Transaction& transaction);
  bool SaysTheSame(const v1::Plan& before) const;

  storage::Store& store_;
  const base::Clock& clock_;
  const StreamKey stream_;
  v1::Plan plan_;
  const bool unattended_;
  v1::PlanPart part_;
  std::set<std::string> in_part_;  // what it is about
  // For parts behind it, by what they are about.
  std::map<std::string, std::deque<v1::PlannedAction>> later_;
  std::vector<std::string> settled_;
  std::vector<std::string> settled_dirty_;
  std::vector<std::pair<std::string, std::string>> put_off_;  // key and mark
  std::vector<v1::RejectedRecord> rejected_;
  EVP_MD_CTX* digest_;
  WriteWindow window_;
};

}  // namespace brobygger::sync
