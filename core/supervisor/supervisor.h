#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/plugin_service.pb.h"

#include "core/base/clock.h"
#include "core/base/id.h"

namespace brobygger::supervisor {

// A plugin as its manifest (plugin.json) describes it.
struct PluginFile {
  std::string plugin;  // "files.csv"
  std::string version;
  std::string kind;  // "dll" or "exec"
  std::string summary;
  std::string path;             // the .so, or the program
  std::string refused_because;  // in words; empty if it may be started
};

// What the jail lets one process reach beyond its own files. Absolute paths.
struct Jail {
  std::vector<std::string> read_paths;
  std::vector<std::string> write_paths;
  std::vector<std::uint16_t> tcp_ports;
  bool resolve_names = false;
};

// All that is needed to start the plugin of one connection.
struct ProcessSpec {
  base::ConnectionId connection;
  std::string plugin;
  std::string config_json;
  std::map<std::string, std::string> secrets;  // the values; kept in memory only
  std::vector<plugin::v1::StreamSelection> streams;
  Jail jail;
  // The operator's own limit, whatever the plugin declares; 0: none. A minute's calls may
  // come at once.
  std::uint32_t calls_per_minute = 0;
};

enum class ProcessState { kOff, kStarting, kIdle, kRunning, kBackingOff, kBroken, kDraining };

struct ProcessStatus {
  ProcessState state = ProcessState::kOff;
  std::uint64_t epoch = 0;
  int pid = 0;               // 0: no process
  base::Instant retry_time;  // in the pausing states
  std::string last_end;      // how the last process ended, in words
};

// Set from any thread to make a call end early.
class CancelToken {
 public:
  void Cancel() { cancelled_ = true; }
  bool cancelled() const { return cancelled_; }

 private:
  std::atomic<bool> cancelled_ = false;
};

// A conversation with the plugin of one connection: the process is up, jailed
// and configured. There is one at a time for each connection. Belongs to one
// thread; CancelToken may be used from another. Destroying it leaves the process
// running for the next one.
//
// A call that the source's budget has no room for is not made: SOURCE_UNAVAILABLE with
// `retry_after_seconds`, and of Write the outcome RETRY. Every other call has a deadline
// and ends within it: PLUGIN_UNAVAILABLE if the
// process ended or hung (it has then been killed), SOURCE_UNAVAILABLE or
// SOURCE_REFUSED if the plugin reported trouble with its source.
class Session {
 public:
  virtual ~Session() = default;

  // What Configure answered: differs when the set of visible records may differ.
  virtual const std::string& scope_hash() const = 0;
  virtual std::uint64_t epoch() const = 0;
  // As the plugin tells it in its handshake; empty if it does not.
  virtual const std::string& plugin_version() const = 0;

  virtual absl::StatusOr<plugin::v1::CheckResponse> Check() = 0;
  virtual absl::StatusOr<plugin::v1::DiscoverResponse> Discover() = 0;

  // State of another version of the plugin in this one's form.
  virtual absl::StatusOr<plugin::v1::UpgradeStateResponse> UpgradeState(
      plugin::v1::UpgradeStateRequest request) = 0;

  // Calls `on_event` for each event, in order, except error diagnostics, which end
  // the call and become its status. An error from `on_event` ends the call
  // and comes back. Ends with PLUGIN_UNAVAILABLE if no event moves the position
  // for the progress deadline. Events of another epoch are dropped.
  virtual absl::Status Read(
      const plugin::v1::ReadRequest& request,
      absl::FunctionRef<absl::Status(const plugin::v1::ReadResponse&)> on_event,
      const CancelToken& cancel) = 0;

  // Single records, and which of those asked for are surely not there.
  virtual absl::StatusOr<plugin::v1::LookupResponse> Lookup(plugin::v1::LookupRequest request) = 0;

  // One result for each operation, in their order; one that the plugin says nothing
  // of is doubtful. After an error every operation is: it may have been done.
  virtual absl::StatusOr<std::vector<plugin::v1::OperationResult>> Write(
      plugin::v1::WriteRequest request) = 0;
};

// How long a plugin has for each verb, and to die when told to.
struct Deadlines {
  std::chrono::milliseconds start = std::chrono::seconds(5);
  std::chrono::milliseconds handshake = std::chrono::seconds(5);
  std::chrono::milliseconds configure = std::chrono::seconds(10);
  std::chrono::milliseconds check = std::chrono::seconds(30);
  std::chrono::milliseconds discover = std::chrono::seconds(60);
  std::chrono::milliseconds upgrade = std::chrono::seconds(60);
  std::chrono::milliseconds lookup = std::chrono::seconds(30);
  std::chrono::milliseconds write = std::chrono::seconds(30);
  std::chrono::milliseconds write_each = std::chrono::milliseconds(200);  // for each operation
  std::chrono::milliseconds waiting = std::chrono::minutes(15);  // a Read in a waiting state
  std::chrono::milliseconds stop = std::chrono::seconds(5);
  std::chrono::milliseconds terminate = std::chrono::seconds(2);  // between TERM and KILL
};

struct SupervisorOptions {
  std::string run_dir;                    // private; made with mode 0700
  std::string host_program;               // brobygger-plugin-host
  std::vector<std::string> plugin_roots;  // folders with <name>/plugin.json or *.plugin.json
  std::chrono::milliseconds progress_deadline = std::chrono::seconds(120);
  std::chrono::milliseconds idle_stop = std::chrono::minutes(10);
  std::chrono::milliseconds backoff_base = std::chrono::milliseconds(500);
  std::chrono::milliseconds backoff_cap = std::chrono::minutes(5);
  int breaker_ends = 5;  // ends without a committed checkpoint ...
  std::chrono::milliseconds breaker_window = std::chrono::minutes(10);  // ... within this open it
  std::chrono::milliseconds breaker_rest = std::chrono::minutes(15);    // doubling to 6 h
  std::uint64_t data_limit_bytes = 256ull << 20;                        // RLIMIT_DATA of a process
  // Where what is left of a connection's calls survives a restart; "": nowhere.
  std::string state_dir = {};
  // The next epoch of a connection, durably counted. Required.
  std::function<absl::StatusOr<std::uint64_t>(const base::ConnectionId&)> next_epoch;
  // For back-off, breaker and idle stop. Deadlines of calls follow the steady
  // clock, which nobody can set.
  const base::Clock* clock = &base::SystemClock();
  Deadlines deadlines;
};

// Starts, watches, restarts and stops plugin processes: one for each connection,
// never two. Safe to use from many threads. The destructor stops them all, which
// takes the longest stop of one; sessions must be gone before it.
class Supervisor {
 public:
  virtual ~Supervisor() = default;

  // The plugins under the roots, read anew; refused ones too, with the reason.
  virtual std::vector<PluginFile> Plugins() const = 0;

  // Starts the process if there is none (or if the spec differs from the running
  // one's), and opens the conversation. PLUGIN_NOT_FOUND, PLUGIN_REFUSED;
  // PLUGIN_UNAVAILABLE while backing off; PLUGIN_BROKEN while the breaker is
  // open; RUN_IN_PROGRESS if another conversation is open; CONNECTION_INVALID if
  // the plugin refuses its configuration.
  virtual absl::StatusOr<std::unique_ptr<Session>> Open(const ProcessSpec& spec) = 0;

  // Tells that a checkpoint of the connection is committed: closes its breaker.
  virtual void Committed(const base::ConnectionId& connection) = 0;

  virtual ProcessStatus StatusOf(const base::ConnectionId& connection) const = 0;

  // Stops a connection's process, if there is one, and waits for its end.
  virtual void Stop(const base::ConnectionId& connection) = 0;
};

absl::StatusOr<std::unique_ptr<Supervisor>> MakeSupervisor(SupervisorOptions options);

}  // namespace brobygger::supervisor
