#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "brobygger/plugin/v1/record.pb.h"

#include "core/supervisor/supervisor.h"

namespace brobygger::support {

// A source system in memory, behind the supervisor's interface: what sync sees
// of a plugin, without a process. Its faults are switches. One thread at a time.
class FakeSource final : public supervisor::Supervisor {
 public:
  // What the source holds, by external id, and in that order.
  std::map<std::string, plugin::v1::Record> records;

  // How the next reads behave.
  bool complete = true;
  std::string scope_hash = "scope-1";
  int batch_records = 2;
  int dies_after_records = -1;  // once: the process is gone after so many
  int malformed_rows = 0;
  std::string malformed_id;  // the key of the malformed rows, where it can be told
  absl::Status open_error;

  // What was seen of the hub.
  int opens = 0;
  int committed = 0;
  std::uint64_t records_sent = 0;
  std::vector<std::string> wanted_fields;

  // Adds or replaces a record of text fields.
  void Tell(const std::string& id, const std::map<std::string, std::string>& fields);

  std::vector<supervisor::PluginFile> Plugins() const override;
  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open(
      const supervisor::ProcessSpec& spec) override;
  void Committed(const base::ConnectionId& connection) override;
  supervisor::ProcessStatus StatusOf(const base::ConnectionId& connection) const override;
  void Stop(const base::ConnectionId& connection) override;
};

}  // namespace brobygger::support
