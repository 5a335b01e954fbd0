#include "tests/plugins/calendars/graph/fake_graph.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::graph {
namespace {

const Place kPlace = {.what = "test", .path = "test"};

std::string ReadLine(int descriptor) {
  std::string line;
  for (char sign = 0; read(descriptor, &sign, 1) == 1 && sign != '\n';) line += sign;
  return line;
}

Outcome& OutcomeOf(bb_call* call) { return *reinterpret_cast<Outcome*>(call); }

void Take(const sdk::ReadResponse& event, Outcome& outcome) {
  for (const auto& record : event.batch().records()) outcome.records.push_back(record);
  if (event.has_checkpoint()) outcome.cursor = event.checkpoint().cursor();
  if (event.has_record_error()) outcome.errors.push_back(event.record_error());
  if (!event.has_snapshot_end()) return;
  outcome.ended = true;
  outcome.end = event.snapshot_end();
}

const bb_host_v1& Host() {
  static const bb_host_v1 kHost = {
      .size = sizeof(bb_host_v1),
      .reply =
          [](bb_call* call, const void* bytes, size_t size) {
            Outcome& outcome = OutcomeOf(call);
            outcome.bytes.append(static_cast<const char*>(bytes), size);
            sdk::ReadResponse event;
            REQUIRE(event.ParseFromArray(bytes, static_cast<int>(size)));
            Take(event, outcome);
            return 0;
          },
      .cancelled = [](bb_call*) { return 0; },
      .deadline_ns = [](bb_call*) { return INT64_MAX; },
      .log = [](int, const char*, size_t) {}};
  return kHost;
}

}  // namespace

Json Single(const std::string& uid, const std::string& day) {
  return {{"uid", uid}, {"start", day + "T12:00:00"}};
}

Json Series(const std::string& uid, const std::vector<std::string>& days) {
  Json series = Single(uid, days.at(0));
  for (const std::string& day : days) series["instances"].push_back({{"start", day + "T12:00:00"}});
  return series;
}

FakeGraph::FakeGraph() {
  std::string program = BB_GRAPH_SERVER;
  std::string python = "/usr/bin/python3";
  std::string isolated = "-I";
  std::array<char*, 4> words = {python.data(), isolated.data(), program.data(), nullptr};
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  REQUIRE(pipe2(input.data(), O_CLOEXEC) == 0);
  REQUIRE(pipe2(output.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  REQUIRE(posix_spawn(&pid_, python.c_str(), &actions, nullptr, words.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  port_ = ReadLine(output[0]);
  close(output[0]);
  REQUIRE_FALSE(port_.empty());
  tenant = {{"tenant", "fjordby.example"},
            {"client_id", "app-1"},
            {"client_secret", "secret-1"},
            {"mailboxes",
             {{kMailbox, {{"calendars", {{"", Json::object()}}}}},
              {kRefused, {{"allowed", false}, {"calendars", {{"", Json::object()}}}}}}}};
  Tell();
}

FakeGraph::~FakeGraph() {
  close(input_);
  waitpid(pid_, nullptr, 0);
}

std::string FakeGraph::Post(const std::string& what, const std::string& body) {
  const auto never = [] { return false; };
  const auto answer =
      http_.Perform({.url = url() + "/people/" + what, .form = body}, kPlace, never);
  REQUIRE(answer.ok());
  REQUIRE(answer->status == 200);
  return answer->body;
}

void FakeGraph::Tell() { Post("tenant", tenant.dump()); }

void FakeGraph::GoWrong(const Json& fault) { Post("faults", Json::array({fault}).dump()); }

void FakeGraph::GoRight() { Post("faults", "[]"); }

void FakeGraph::ForgetStates() { Post("forget", "null"); }

std::vector<std::string> FakeGraph::Asked() {
  std::vector<std::string> paths;
  for (const Json& one : Json::parse(Post("requests", "null"))) {
    const std::string path = one.at("path");
    if (path.starts_with("/v1.0/")) paths.push_back(path);
  }
  return paths;
}

int FakeGraph::Logins() {
  const Json all = Json::parse(Post("requests", "null"));
  return static_cast<int>(std::count_if(all.begin(), all.end(), [](const Json& one) {
    return one.at("path").get<std::string>().ends_with("/token");
  }));
}

Config ConfigFor(const FakeGraph& graph) {
  Config config;
  config.tenant = "fjordby.example";
  config.client_id = "app-1";
  config.must_be_refused_mailbox = kRefused;
  config.graph_url = graph.url();
  config.login_url = graph.url();
  config.calendars["møder"] = {.mailbox = kMailbox};
  return config;
}

FakeHub::FakeHub(const FakeGraph& graph)
    : config(ConfigFor(graph)), client(config, "secret-1", [this] { return now; }) {
  listener.now = &now;
  client.set_listener(listener);
}

Outcome FakeHub::Read(sdk::ReadRequest::Mode mode, std::uint32_t most_records) {
  Outcome outcome;
  const std::atomic<bool> stopping = false;
  sdk::Call call(Host(), reinterpret_cast<bb_call*>(&outcome), stopping);
  sdk::Sink sink(call, 1, 0);
  sdk::EventRing ring;
  sdk::Log log(ring);
  const std::string scope = "scope";
  sdk::ReadRequest request;
  request.set_stream(kMeetingsStream);
  request.set_mode(mode);
  request.set_cursor(cursor);
  request.set_cursor_version(Cursor::kVersion);
  request.set_max_records(most_records);
  absl::CivilDay day;
  REQUIRE(absl::ParseCivilTime(today, &day));
  outcome.status = MeetingReader({.config = config,
                                  .scope = scope,
                                  .selected = selected,
                                  .pseudonyms = Key(),
                                  .client = client,
                                  .log = log},
                                 day, sink)
                       .Read(request);
  if (!outcome.cursor.empty()) cursor = outcome.cursor;
  for (const sdk::Record& record : outcome.records) {
    if (record.deleted()) {
      held.erase(record.external_id());
    } else {
      held[record.external_id()] = record;
    }
  }
  return outcome;
}

std::string IdOf(const std::string& uid) {
  return Key().Of("href", std::string("/") + kMailbox + "//" + uid);
}

bool FakeHub::Has(const std::string& uid) const { return held.count(IdOf(uid)) > 0; }

std::string FakeHub::Days(const std::string& uid) const {
  std::vector<std::string> days;
  for (const auto& part : held.at(IdOf(uid)).fields().at("parts").list().items()) {
    for (const auto& meeting : part.group().fields().at("meetings").list().items()) {
      const auto& fields = meeting.group().fields();
      days.push_back(fields.at("date").date() + (fields.at("cancelled").flag() ? "x" : ""));
    }
  }
  std::sort(days.begin(), days.end());
  std::string text;
  for (const std::string& day : days) text += (text.empty() ? "" : " ") + day;
  return text;
}

}  // namespace brobygger::graph
