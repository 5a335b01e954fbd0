#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/clock.h"
#include "core/registry/links.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/engine.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// What a key in Kind::kPending waits for, beside something new that was told.
using registry::kPendingTold;
inline constexpr char kPendingVanished[] = "V";  // a complete snapshot lacked it
inline constexpr char kPendingHidden[] = "S";    // so did one of another scope

// What a read of one stream brought.
struct IntakeResult {
  std::uint64_t read = 0;      // records sent, repeated ones too
  std::uint64_t changed = 0;   // of these, records that told something new
  std::uint64_t rejected = 0;  // records kept aside
  bool complete = false;
  bool unchanged = false;
  bool canary_seen = false;
  bool scope_changed = false;  // another set of records is visible than last time
  std::string scope_hash;
};

// Reads one stream of one source into claims. Each batch and the checkpoint that
// follows it are one commit, so what the cursor says was read is kept, and a
// plugin that dies resumes from there.
class Intake {
 public:
  // All must outlive the intake.
  struct Context {
    storage::Store& store;
    supervisor::Supervisor& supervisor;
    const base::Clock& clock;
    const v1::Connection& connection;
    StreamKey stream;
    std::string run_id;
    // Takes from a record what may not be kept; an error sets the record aside.
    std::function<absl::Status(plugin::v1::Record&)> screen;
    // Whether nothing need be kept of a screened record that was not known before. Such a
    // stream is read by its changes where it can be.
    bool (*says_nothing)(const plugin::v1::Record& record) = nullptr;
    // Differs when `screen` would keep something else: then all is read again.
    std::uint64_t screen_fingerprint = 0;
  };

  explicit Intake(Context context);
  ~Intake();

  // Reads to the end, starting the plugin again (with its own back-off) as often
  // as its breaker allows. Whatever went wrong, nothing that was committed is
  // lost and nothing is concluded from absence.
  absl::StatusOr<IntakeResult> Run(const supervisor::ProcessSpec& spec,
                                   const ProgressSink& progress,
                                   const supervisor::CancelToken& cancel);

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace brobygger::sync
