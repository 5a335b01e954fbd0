#include "tests/plugins/calendars/caldav/caldav_support.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <catch2/catch.hpp>

namespace brobygger::tests {
namespace {

using nlohmann::json;
using plugin::v1::Operation;

constexpr auto kCallTime = std::chrono::seconds(60);

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kCallTime);
}

Operation OneOperation(Operation::Kind kind, const std::string& id) {
  Operation operation;
  operation.set_op_id("op-" + id);
  operation.set_kind(kind);
  operation.set_foreign_id(id);
  return operation;
}

}  // namespace

json ConfigFor(const DavServer& server) {
  return {{"url", server.url()},
          {"user", kDavUser},
          {"timeout_seconds", 30},
          {"calendars", {{"møder", {{"path", server.calendar()}, {"publish", true}}}}}};
}

CaldavPlugin::CaldavPlugin(const DavServer& server) : CaldavPlugin(server, ConfigFor(server)) {}

CaldavPlugin::CaldavPlugin(const DavServer& server,
                           const json& config,
                           const std::string& password) {
  std::vector<std::string> words = {"--tcp-port", std::to_string(server.port()), "--resolve-names"};
  if (!server.certificate().empty()) {
    words.insert(words.end(), {"--read-path", server.certificate()});
  }
  words.insert(words.end(), {"--plugin", PluginFile("calendars.caldav")});
  host_ = std::make_unique<HostProcess>(words);
  INFO(host_->line());
  REQUIRE(host_->ready());
  const auto wrong = Configure(*host_, config.dump(),
                               {{"password", password}, {"pseudonym_key", "nøgle til prøver"}});
  INFO((wrong.empty() ? "" : wrong[0].ShortDebugString()));
  REQUIRE(wrong.empty());
}

ReadOutcome CaldavPlugin::Read(const plugin::v1::ReadRequest& request) {
  grpc::ClientContext context;
  SetDeadline(context);
  ReadOutcome outcome;
  plugin::v1::ReadResponse event;
  auto reader = host_->stub().Read(&context, request);
  while (reader->Read(&event)) {
    for (const auto& record : event.batch().records()) outcome.records.push_back(record);
    if (event.has_checkpoint()) outcome.checkpoints.push_back(event.checkpoint());
    if (event.has_snapshot_end()) outcome.ends.push_back(event.snapshot_end());
    if (event.has_record_error()) outcome.errors.push_back(event.record_error());
    if (event.has_heartbeat()) outcome.heartbeats.push_back(event.heartbeat());
  }
  outcome.status = reader->Finish();
  if (!outcome.status.ok()) outcome.diagnostic = DiagnosticOf(context);
  return outcome;
}

ReadOutcome CaldavPlugin::Snapshot(const std::string& cursor) {
  plugin::v1::ReadRequest request;
  request.set_stream("meetings");
  request.set_mode(plugin::v1::ReadRequest::MODE_SNAPSHOT);
  request.set_cursor(cursor);
  request.set_cursor_version(1);
  return Read(request);
}

ReadOutcome CaldavPlugin::Delta(const std::string& cursor) {
  plugin::v1::ReadRequest request;
  request.set_stream("meetings");
  request.set_mode(plugin::v1::ReadRequest::MODE_DELTA);
  request.set_cursor(cursor);
  request.set_cursor_version(1);
  return Read(request);
}

plugin::v1::CheckResponse CaldavPlugin::Check() {
  grpc::ClientContext context;
  SetDeadline(context);
  plugin::v1::CheckResponse response;
  REQUIRE(host_->stub().Check(&context, {}, &response).ok());
  return response;
}

plugin::v1::OperationResult CaldavPlugin::Write(const Operation& operation) {
  plugin::v1::WriteRequest request;
  request.set_stream("events");
  *request.add_operations() = operation;
  grpc::ClientContext context;
  SetDeadline(context);
  plugin::v1::WriteResponse response;
  const grpc::Status status = host_->stub().Write(&context, request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  REQUIRE(response.results_size() == 1);
  REQUIRE(response.results(0).op_id() == operation.op_id());
  return response.results(0);
}

plugin::v1::LookupResponse CaldavPlugin::Lookup(const std::string& external_id,
                                                const std::string& foreign_id) {
  plugin::v1::LookupRequest request;
  request.set_stream("events");
  if (!external_id.empty()) request.add_external_ids(external_id);
  if (!foreign_id.empty()) request.add_foreign_ids(foreign_id);
  grpc::ClientContext context;
  SetDeadline(context);
  plugin::v1::LookupResponse response;
  const grpc::Status status = host_->stub().Lookup(&context, request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

std::string CursorOf(const ReadOutcome& outcome) {
  REQUIRE_FALSE(outcome.checkpoints.empty());
  return outcome.checkpoints.back().cursor();
}

int Present(const ReadOutcome& outcome) {
  return static_cast<int>(outcome.records.size()) - Removed(outcome);
}

int Removed(const ReadOutcome& outcome) {
  int removed = 0;
  for (const auto& record : outcome.records) removed += record.deleted() ? 1 : 0;
  return removed;
}

std::string CodeOf(const ReadOutcome& outcome) {
  return outcome.status.ok() ? "" : outcome.diagnostic.code();
}

std::string CodeOf(const plugin::v1::OperationResult& result) {
  return result.diagnostics().empty() ? "" : result.diagnostics(0).code();
}

Operation CreateEvent(const std::string& id, const std::string& title) {
  Operation operation = OneOperation(Operation::KIND_CREATE, id);
  auto& set = *operation.mutable_set();
  set["calendar"].set_text("møder");
  set["title"].set_text(title);
  const std::int64_t noon = absl::ToUnixSeconds(absl::Now()) / 86400 * 86400 + 43200;
  set["start"].mutable_instant()->set_seconds(noon);
  set["end"].mutable_instant()->set_seconds(noon + 7200);
  set["sequence"].set_number(1);
  return operation;
}

Operation UpdateTitle(const std::string& id, const std::string& title) {
  Operation operation = OneOperation(Operation::KIND_UPDATE, id);
  operation.set_external_id(absl::StrCat("møder/", id, ".ics"));
  (*operation.mutable_set())["title"].set_text(title);
  return operation;
}

std::string StartIn(int days) {
  return absl::FormatTime("DTSTART:%Y%m%dT120000Z", absl::Now() + absl::Hours(24) * days,
                          absl::UTCTimeZone());
}

std::string VdirsyncerConfig(const DavServer& server, const TempFolder& folder) {
  return absl::StrCat(
      "[general]\nstatus_path = \"", folder.path(),
      "/status\"\n[pair p]\na = \"lokal\"\nb = \"fjern\"\ncollections = [\"moder\"]\n"
      "[storage lokal]\ntype = \"filesystem\"\nfileext = \".ics\"\npath = \"",
      folder.path(), "/kalendere\"\n[storage fjern]\ntype = \"caldav\"\nurl = \"", server.url(),
      "/fritid/\"\nusername = \"", kDavUser, "\"\npassword = \"", kDavPassword, "\"\n");
}

}  // namespace brobygger::tests
