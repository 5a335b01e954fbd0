// The plugin as the host has it: by its C table.
#include <catch2/catch.hpp>

#include "brobygger/sdk/bb_abi.h"
#include "brobygger/sdk/error.h"

#include "tests/plugins/calendars/graph/fake_graph.h"

extern "C" const void* bb_entry_v1;

namespace brobygger::graph {
namespace {

struct Answer {
  int code = 0;
  sdk::Diagnostic trouble;
  std::vector<std::string> messages;
};

int Keep(bb_call* call, const void* bytes, size_t size) {
  reinterpret_cast<Answer*>(call)->messages.emplace_back(static_cast<const char*>(bytes), size);
  return 0;
}

const bb_host_v1 kHost = {.size = sizeof(bb_host_v1),
                          .reply = Keep,
                          .cancelled = [](bb_call*) { return 0; },
                          .deadline_ns = [](bb_call*) { return INT64_MAX; },
                          .log = [](int, const char*, size_t) {}};

class Plugin {
 public:
  Plugin()
      : table_(*reinterpret_cast<bb_entry_v1_fn>(const_cast<void*>(bb_entry_v1))()),
        self_(table_.create(&kHost)) {
    REQUIRE(self_ != nullptr);
  }
  ~Plugin() { table_.destroy(self_); }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  Answer Call(const char* method, const google::protobuf::MessageLite& request) {
    Answer answer;
    std::string error(BB_ERROR_ROOM, '\0');
    std::size_t size = error.size();
    const std::string bytes = request.SerializeAsString();
    answer.code = table_.call(self_, method, bytes.data(), bytes.size(),
                              reinterpret_cast<bb_call*>(&answer), error.data(), &size);
    REQUIRE(answer.trouble.ParseFromArray(error.data(), static_cast<int>(size)));
    return answer;
  }

 private:
  const bb_plugin_v1& table_;
  void* const self_;
};

void Configure(Plugin& plugin, const FakeGraph& graph) {
  sdk::ConfigureRequest request;
  request.set_config_json(Json({{"tenant", "fjordby.example"},
                                {"client_id", "app-1"},
                                {"graph_url", graph.url()},
                                {"login_url", graph.url()},
                                {"must_be_refused_mailbox", kRefused},
                                {"calendars", {{"møder", {{"mailbox", kMailbox}}}}}})
                              .dump());
  (*request.mutable_secrets())["client_secret"] = "secret-1";
  (*request.mutable_secrets())["pseudonym_key"] = "a key of the tests";
  REQUIRE(plugin.Call("Configure", request).code == 0);
}

sdk::ReadRequest Snapshot() {
  sdk::ReadRequest request;
  request.set_stream("meetings");
  request.set_mode(sdk::ReadRequest::MODE_SNAPSHOT);
  return request;
}

std::vector<sdk::ReadResponse> EventsOf(const Answer& answer) {
  std::vector<sdk::ReadResponse> events;
  for (const std::string& bytes : answer.messages) {
    REQUIRE(events.emplace_back().ParseFromString(bytes));
  }
  return events;
}

TEST_CASE("rule 30: nothing is read while a mailbox can be read that must be refused") {
  FakeGraph graph;
  graph.tenant["mailboxes"][kRefused]["allowed"] = true;
  graph.Tell();
  Plugin plugin;
  Configure(plugin, graph);
  const Answer answer = plugin.Call("Read", Snapshot());
  CHECK(answer.code == static_cast<int>(absl::StatusCode::kFailedPrecondition));
  CHECK(answer.trouble.code() == "calendars.graph.open_mailbox");
  for (const sdk::ReadResponse& event : EventsOf(answer)) CHECK(event.has_heartbeat());
  (void)plugin.Call("Check", plugin::v1::CheckRequest());
  for (const std::string& path : graph.Asked()) {
    CAPTURE(path);
    CHECK(path.find(kMailbox) == std::string::npos);
    CHECK(path.find("$top=1&$select=id") != std::string::npos);
  }
  // Once the application is restricted it runs, without a restart.
  graph.tenant["mailboxes"][kRefused]["allowed"] = false;
  graph.Tell();
  CHECK(plugin.Call("Read", Snapshot()).code == 0);
  // The proof is not asked for again at once.
  graph.Asked();
  CHECK(plugin.Call("Read", Snapshot()).code == 0);
  for (const std::string& path : graph.Asked()) CHECK(path.find(kRefused) == std::string::npos);
}

TEST_CASE("rule 31: Check does not keep a person waiting for a limit") {
  FakeGraph graph;
  Plugin plugin;
  Configure(plugin, graph);
  graph.GoWrong({{"on", "view"}, {"kind", "status"}, {"status", 429}, {"retry_after", 30}});
  const Answer answer = plugin.Call("Check", plugin::v1::CheckRequest());
  const bool told = answer.trouble.class_() == sdk::Diagnostic::CLASS_RATE_LIMITED ||
                    (!answer.messages.empty() &&
                     answer.messages[0].find("calendars.graph.busy") != std::string::npos);
  CHECK(told);
}

TEST_CASE("rule 31: while it waits it says so") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.Tell();
  Plugin plugin;
  Configure(plugin, graph);
  graph.GoWrong(
      {{"on", "delta"}, {"kind", "status"}, {"status", 429}, {"retry_after", 1}, {"times", 1}});
  const Answer answer = plugin.Call("Read", Snapshot());
  CHECK(answer.code == 0);
  bool told = false;
  for (const sdk::ReadResponse& event : EventsOf(answer)) {
    told |= event.heartbeat().state() == sdk::Heartbeat::STATE_WAITING_RATE_LIMIT;
  }
  CHECK(told);
}

TEST_CASE("a read of what it does not have is refused in words") {
  FakeGraph graph;
  Plugin plugin;
  Configure(plugin, graph);
  sdk::ReadRequest request = Snapshot();
  request.set_stream("events");
  CHECK(plugin.Call("Read", request).trouble.code() == "calendars.graph.unsupported");
  CHECK(graph.Asked().empty());
}

}  // namespace
}  // namespace brobygger::graph
