#include <catch2/catch.hpp>

#include "tests/core/host/host_process.h"

namespace brobygger::tests {
namespace {

using plugin::v1::Diagnostic;

constexpr char kConfig[] = R"({"names": ["Fjordby Æblelaug", "Şehir Derneği"]})";

std::string Program() {
  return std::string(BB_BUILD_DIR) + "/tests/plugins/test.exec/exec_plugin.py";
}

// Python takes more memory than the plugins we write.
std::vector<std::string> Arguments() {
  return {"--data-limit", "536870912", "--exec", "/usr/bin/python3", Program()};
}

TEST_CASE("a plugin in another language speaks the same wire", "[exec]") {
  HostProcess host(Arguments());
  INFO(host.line());
  REQUIRE(host.line() == "OK|1|0|unix:" + host.socket() + "|test.exec|0.1.0");
  REQUIRE(Configure(host, kConfig).empty());
  const ReadOutcome read = ReadSnapshot(host);
  REQUIRE(read.status.ok());
  REQUIRE(read.records.size() == 2);
  CHECK(read.records[0].fields().at("name").text() == "Fjordby Æblelaug");
  CHECK(read.ends.at(0).complete());

  grpc::ClientContext context;
  plugin::v1::StopResponse response;
  CHECK(host.stub().Stop(&context, {}, &response).ok());
  CHECK(host.WaitForEnd() == 0);
}

TEST_CASE("its jail is the same", "[exec]") {
  HostProcess host(Arguments());
  REQUIRE(host.ready());
  REQUIRE(Configure(host, kConfig).empty());
  grpc::ClientContext context;
  plugin::v1::CheckResponse response;
  REQUIRE(host.stub().Check(&context, {}, &response).ok());
  REQUIRE(response.diagnostics_size() == 4);
  for (const Diagnostic& attempt : response.diagnostics()) {
    CAPTURE(attempt.code());
    CHECK(attempt.detail() != "ALLOWED");
  }
}

TEST_CASE("its trouble comes with words", "[exec]") {
  HostProcess host(Arguments());
  REQUIRE(Configure(host, kConfig).empty());
  grpc::ClientContext context;
  plugin::v1::ReadRequest request;
  request.set_stream("persons");
  const auto reader = host.stub().Read(&context, request);
  plugin::v1::ReadResponse response;
  CHECK_FALSE(reader->Read(&response));
  CHECK(reader->Finish().error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  CHECK(DiagnosticOf(context).code() == "test.exec.stream");
}

TEST_CASE("a program ends with its hub, and one that is not there is refused", "[exec]") {
  HostProcess host(Arguments());
  REQUIRE(host.ready());
  host.CutLifeline();
  CHECK(host.WaitForEnd(std::chrono::seconds(2)) == -9);

  HostProcess missing({"--exec", "/usr/bin/no-such-program"});
  CHECK_THAT(missing.line(), Catch::StartsWith("ERR|exec|cannot run /usr/bin/no-such-program"));
  CHECK(missing.WaitForEnd() == 4);
}

}  // namespace
}  // namespace brobygger::tests
