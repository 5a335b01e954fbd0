#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/plugin/v1/write.pb.h"

#include "core/supervisor/supervisor.h"

namespace brobygger::support {

// A source system in memory, behind the supervisor's interface: what sync sees
// of a plugin, without a process. Its faults are switches. One thread at a time.
class FakeSource final : public supervisor::Supervisor {
 public:
  // What the source holds, by external id, and in that order.
  std::map<std::string, plugin::v1::Record> records;

  // What its other stream holds, "applications". It is only read.
  std::map<std::string, plugin::v1::Record> applications;

  // How the next reads behave.
  bool complete = true;
  std::string scope_hash = "scope-1";
  int batch_records = 2;
  bool shows_nothing = false;           // its list is empty, though the records are there
  int dies_after_records = -1;          // once: the process is gone after so many
  bool dies_before_checkpoint = false;  // once: it is gone when it has sent some records
  int malformed_rows = 0;
  std::string malformed_id;  // the key of the malformed rows, where it can be told
  absl::Status open_error;
  std::function<void()> between_batches;  // somebody works there while it is read

  // A source that tells only what has changed since, and what was taken away as
  // deleted. It goes by its own clock, which is coarse, so that records share an
  // instant, and may be set back: so each read begins `overlap` before the newest.
  bool delta = false;
  std::int64_t clock = 0;
  std::int64_t overlap = 0;
  std::map<std::string, std::int64_t> changed_at;  // by external id

  // How writes behave. Fields named in `expected` are compared; nothing is deleted.
  std::set<std::string> upper_cased;           // fields that are stored in capitals
  std::map<std::string, std::size_t> cut_to;   // fields that are cut to so many bytes
  std::map<std::string, std::size_t> longest;  // fields that refuse more bytes: "fake.too_long"
  std::map<std::string, std::string> refuses;  // association id to the diagnostic's code
  int puts_off = 0;                            // so many operations are to come again later
  int loses_answers = 0;                       // so many calls are done and not answered
  std::set<std::string> dies_of;               // associations whose write ends the plugin
  int loses_calls = 0;                         // so many calls do not arrive
  bool can_look_up = true;
  bool can_write = true;
  bool inserts_blindly = false;   // a record is made also where one has our id
  bool ignores_expected = false;  // whatever a record holds is written over
  bool denies_all = false;        // nothing that is looked up is there
  bool keeps_still = false;       // it does not say what a changed record holds now
  // Called before each operation: somebody at the source is faster.
  std::function<void(const plugin::v1::Operation&)> before_write;

  // Its plugin's version, and what that makes of another one's state; nothing: it cannot.
  std::string version;
  std::function<absl::StatusOr<plugin::v1::UpgradeStateResponse>(
      const plugin::v1::UpgradeStateRequest&)>
      upgrade;

  // What was seen of the hub.
  int opens = 0;
  int committed = 0;
  std::uint64_t records_sent = 0;
  std::vector<std::string> wanted_fields;
  int written = 0;  // operations that changed a record
  int texts_cut = 0;
  int texts_refused = 0;

  // Records that somebody at the source took away, with our ids.
  std::map<std::string, plugin::v1::Record> gone;

  plugin::v1::OperationResult Carry(const plugin::v1::Operation& operation);
  std::string Text(const std::string& id, const std::string& field) const;
  // What the field holds once `text` was written to it.
  std::string Holding(const std::string& field, std::string text) const;

  // Somebody at the source takes a record away, puts it back, or has changed it.
  void TakeAway(const std::string& id);
  void BringBack(const std::string& id);
  void Touch(const std::string& id) { changed_at[id] = clock; }

  // Adds or replaces a record, or an application, of text fields.
  void Tell(const std::string& id, const std::map<std::string, std::string>& fields);
  void TellApplication(const std::string& id, const std::map<std::string, std::string>& fields);

  std::vector<supervisor::PluginFile> Plugins() const override;
  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open(
      const supervisor::ProcessSpec& spec) override;
  void Committed(const base::ConnectionId& connection) override;
  supervisor::ProcessStatus StatusOf(const base::ConnectionId& connection) const override;
  void Stop(const base::ConnectionId& connection) override;
};

}  // namespace brobygger::support
