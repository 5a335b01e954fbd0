#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <absl/time/civil_time.h>
#include <nlohmann/json.hpp>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/graph/client.h"
#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/reader.h"

namespace brobygger::graph {

using Json = nlohmann::json;

// A Wednesday; the window of its week is from 2026-01-07 to 2026-10-10.
inline constexpr char kToday[] = "2026-07-08";
inline constexpr char kMailbox[] = "fritid@fjordby.example";
inline constexpr char kRefused[] = "borgmester@fjordby.example";

inline const calendars::Pseudonyms& Key() {
  static const calendars::Pseudonyms kKey("a key of the tests");
  return kKey;
}

// An event that nobody was asked to, on a day at noon in UTC.
Json Single(const std::string& uid, const std::string& day);
// A series of such instances.
Json Series(const std::string& uid, const std::vector<std::string>& days);

// The stand-in for Graph (plugins/calendars/graph/fixture/graph_server.py) in a process of its own,
// which ends with this object. Its tenant has the mailbox that must be refused, and the mailbox
// kMailbox with a calendar of its own.
class FakeGraph {
 public:
  FakeGraph();
  ~FakeGraph();
  FakeGraph(const FakeGraph&) = delete;
  FakeGraph& operator=(const FakeGraph&) = delete;

  // The events of kMailbox's own calendar by Graph's ids; Tell() makes them known.
  Json& events() { return tenant["mailboxes"][kMailbox]["calendars"][""]; }
  void Tell();
  // Only this goes wrong from now on.
  void GoWrong(const Json& fault);
  void GoRight();
  void ForgetStates();
  // What was asked since the last time, in order, without the login.
  std::vector<std::string> Asked();
  // The same of the login alone.
  int Logins();
  std::string url() const { return "http://127.0.0.1:" + port_; }

  Json tenant;

 private:
  std::string Post(const std::string& what, const std::string& body);

  pid_t pid_ = 0;
  int input_ = -1;
  std::string port_;
  Http http_{""};
};

// Waits in no time, and keeps count.
class PatientListener final : public Listener {
 public:
  bool Stopped() const override { return stopped; }
  absl::Status Progress() override { return absl::OkStatus(); }
  bool MayWait(std::chrono::seconds time) const override { return time <= most; }
  absl::Status Wait(std::chrono::seconds time) override {
    waited.push_back(time);
    if (now != nullptr) *now += time;
    return absl::OkStatus();
  }

  bool stopped = false;
  std::chrono::seconds most{90};
  std::vector<std::chrono::seconds> waited;
  std::chrono::steady_clock::time_point* now = nullptr;  // a clock that passes while it waits
};

// What one read told.
struct Outcome {
  absl::Status status;
  std::vector<sdk::Record> records;
  std::vector<sdk::RecordError> errors;
  std::string cursor;
  bool ended = false;
  sdk::SnapshotEnd end;
  std::string bytes;  // all that was sent
};

// A hub that reads, and keeps what it was told.
class FakeHub {
 public:
  explicit FakeHub(const FakeGraph& graph);

  Outcome Read(sdk::ReadRequest::Mode mode, std::uint32_t most_records = 0);
  Outcome Delta() { return Read(sdk::ReadRequest::MODE_DELTA); }
  Outcome Snapshot() { return Read(sdk::ReadRequest::MODE_SNAPSHOT); }

  // "2026-05-04 2026-05-11x" of each record that the hub holds, by its UID in kMailbox's own
  // calendar; cancelled ones with an x.
  std::string Days(const std::string& uid) const;
  bool Has(const std::string& uid) const;

  std::string today = kToday;
  std::set<std::string> selected;
  Config config;
  PatientListener listener;
  std::chrono::steady_clock::time_point now;  // that the client's clock shows
  Client client;
  std::map<std::string, sdk::Record> held;
  std::string cursor;
};

// What the plugin calls an event of kMailbox's own calendar.
std::string IdOf(const std::string& uid);

Config ConfigFor(const FakeGraph& graph);

}  // namespace brobygger::graph
