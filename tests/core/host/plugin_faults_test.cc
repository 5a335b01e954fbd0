#include <csignal>
#include <fstream>
#include <future>

#include <catch2/catch.hpp>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Diagnostic;
using plugin::v1::EventsResponse;

TEST_CASE("what is no plugin is refused in words, and not run", "[host]") {
  const TempFolder folder;
  folder.Write("text.so", "not ELF at all, but long enough to look at for sure");
  folder.Write("short.so", "\x7f");
  const auto [name, code, words] = GENERATE(table<std::string, std::string, std::string>({
      {"none.so", "load", "not there"},
      {"text.so", "load", "not a shared library"},
      {"short.so", "load", "not a shared library"},
      {"test.no_plugin", "load", "no bb_entry_v1"},
      {"test.old_abi", "abi", "ABI 99.7, and this host speaks 1.0"},
      {"test.newer_abi", "abi", "ABI 1.99, and this host speaks 1.0"},
      {"test.null", "create", "test.old 0.1.0"},
  }));
  CAPTURE(name);
  const bool built = name.rfind("test.", 0) == 0;
  const std::string file = built ? TestPluginFile(name) : folder.path() + "/" + name;
  HostProcess host({"--plugin", file});
  CHECK(host.line().rfind("ERR|" + code + "|", 0) == 0);
  CHECK_THAT(host.line(), Catch::Contains(words));
  CHECK(host.WaitForEnd() == 4);
}

TEST_CASE("wrong words are refused", "[host]") {
  HostProcess host({"--plugin", "relative.so"});
  CHECK(host.line().rfind("ERR|usage|", 0) == 0);
  CHECK(host.WaitForEnd() == 2);
}

TEST_CASE("a megabyte of noise before the handshake harms nothing", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  CHECK(host.line() == "OK|1|0|unix:" + host.socket() + "|test.faults|0.1.0");
}

TEST_CASE("a host whose hub is gone ends at once", "[host]") {
  HostProcess host({"--plugin", PluginFile("files.csv")});
  REQUIRE(host.ready());
  host.CutLifeline();
  CHECK(host.WaitForEnd(std::chrono::seconds(2)) == 3);
}

TEST_CASE("a host ends with the thread that started it", "[host]") {
  std::unique_ptr<HostProcess> host;
  std::thread([&] {
    host = std::make_unique<HostProcess>(
        std::vector<std::string>{"--plugin", PluginFile("files.csv")});
  }).join();
  CHECK(host->WaitForEnd(std::chrono::seconds(2)) == -SIGKILL);
}

TEST_CASE("an exception in any verb is a bug that is told, and the process lives on", "[host]") {
  const std::string fault = GENERATE(as<std::string>(), "throw", "throw-int");
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, R"({"in": "Read", "after": 600, "fault": ")" + fault + "\"}").empty());
  const ReadOutcome read = ReadSnapshot(host);
  CHECK(read.status.error_code() == grpc::StatusCode::INTERNAL);
  CHECK(read.diagnostic.class_() == Diagnostic::CLASS_BUG);
  CHECK(read.diagnostic.code() == "sdk.exception");
  CHECK(read.checkpoints.size() == 1);
  CHECK(read.ends.empty());
  REQUIRE(Configure(host, "{}").empty());
  CHECK(ReadSnapshot(host).records.size() == 1000);
}

TEST_CASE("a bad record is told, and the others go on", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, R"({"bad_row": 3, "unfit_row": 5})").empty());
  const ReadOutcome read = ReadSnapshot(host);
  CHECK(read.records.size() == 998);
  REQUIRE(read.errors.size() == 2);
  CHECK(read.errors[0].diagnostic().code() == "sdk.exception");
  CHECK(read.errors[0].diagnostic().path() == "row:3");
  CHECK(read.errors[0].raw() == "raw");
  CHECK(read.errors[1].diagnostic().code() == "sdk.text_not_utf8");
  CHECK(read.errors[1].external_id() == "5");
}

TEST_CASE("a plugin that dies takes only its own process", "[host]") {
  const auto [fault, end] =
      GENERATE(table<std::string, int>({{"segfault", -SIGSEGV}, {"abort", -SIGABRT}, {"exit", 0}}));
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, R"({"in": "Read", "after": 600, "fault": ")" + fault + "\"}").empty());
  const ReadOutcome read = ReadSnapshot(host);
  CHECK(read.status.error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(host.WaitForEnd() == end);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a leak ends at the limit", "[host]") {
  HostProcess host({"--data-limit", "134217728", "--plugin", TestPluginFile("test.faults")});
  REQUIRE(host.ready());
  REQUIRE(Configure(host, R"({"in": "Read", "fault": "leak"})").empty());
  const ReadOutcome read = ReadSnapshot(host);
  CHECK_FALSE(read.status.ok());
  CHECK(read.ends.empty());
}
#endif

TEST_CASE("a call that is given up ends within a second", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, R"({"fault": "wait"})").empty());
  grpc::ClientContext context;
  auto check = std::async(std::launch::async, [&] {
    plugin::v1::CheckResponse response;
    return host.stub().Check(&context, {}, &response);
  });
  context.TryCancel();
  CHECK(check.get().error_code() == grpc::StatusCode::CANCELLED);
  // The next call waits for the one before it to end.
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(Configure(host, "{}").empty());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
}

TEST_CASE("a flood of log lines loses the oldest and counts them", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, R"({"in": "Configure", "fault": "flood"})").empty());
  grpc::ClientContext context;
  const auto reader = host.stub().Events(&context, {});
  EventsResponse event;
  REQUIRE(reader->Read(&event));
  CHECK(event.dropped().log_lines() == 10000 - 4096);
  REQUIRE(reader->Read(&event));
  CHECK(event.log().text() == "line " + std::to_string(10000 - 4096));
  for (int line = 1; line < 4096; ++line) REQUIRE(reader->Read(&event));
  CHECK(event.log().text() == "line 9999");
  CHECK(event.id() == 4097);
  context.TryCancel();
}

TEST_CASE("stop is answered, and then the process ends with 0", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, "{}").empty());
  // A stream that is open does not hold it up.
  grpc::ClientContext events;
  const auto reader = host.stub().Events(&events, {});
  grpc::ClientContext context;
  plugin::v1::StopResponse response;
  CHECK(host.stub().Stop(&context, {}, &response).ok());
  CHECK(host.WaitForEnd(std::chrono::seconds(5)) == 0);
}

TEST_CASE("the epoch of the request comes back with every answer", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  grpc::ClientContext first;
  plugin::v1::HandshakeRequest hello;
  hello.set_epoch(17);
  plugin::v1::HandshakeResponse answer;
  REQUIRE(host.stub().Handshake(&first, hello, &answer).ok());
  CHECK(answer.epoch() == 17);
  CHECK(answer.name() == "test.faults");

  REQUIRE(Configure(host, "{}").empty());
  grpc::ClientContext second;
  plugin::v1::ReadRequest request;
  request.set_stream("associations");
  request.set_epoch(18);
  const auto reader = host.stub().Read(&second, request);
  plugin::v1::ReadResponse response;
  while (reader->Read(&response)) REQUIRE(response.epoch() == 18);
  CHECK(reader->Finish().ok());
}

TEST_CASE("a slow hub holds the plugin back", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  REQUIRE(Configure(host, R"({"rows": 1000000})").empty());
  grpc::ClientContext context;
  plugin::v1::ReadRequest request;
  request.set_stream("associations");
  const auto reader = host.stub().Read(&context, request);
  plugin::v1::ReadResponse response;
  REQUIRE(reader->Read(&response));
  // Reads nothing more: what the process holds must not grow with the rows.
  const auto resident_kib = [&] {
    std::ifstream status("/proc/" + std::to_string(host.pid()) + "/status");
    std::string line;
    while (std::getline(status, line) && line.rfind("VmRSS:", 0) != 0) continue;
    return std::stol(line.substr(6));
  };
  const long before = resident_kib();
  // Answers while the read waits: the process is alive and not merely stuck.
  for (int calls = 0; calls < 300; ++calls) {
    grpc::ClientContext other;
    plugin::v1::HandshakeResponse answer;
    REQUIRE(host.stub().Handshake(&other, {}, &answer).ok());
  }
  CHECK(resident_kib() - before < 16384);
  context.TryCancel();
}

TEST_CASE("an unknown method is unimplemented", "[host]") {
  HostProcess host({"--plugin", TestPluginFile("test.faults")});
  grpc::ClientContext context;
  plugin::v1::WatchRequest request;
  const auto reader = host.stub().Watch(&context, request);
  plugin::v1::WatchResponse response;
  CHECK_FALSE(reader->Read(&response));
  CHECK_FALSE(reader->Finish().ok());
}

}  // namespace
}  // namespace brobygger::tests
