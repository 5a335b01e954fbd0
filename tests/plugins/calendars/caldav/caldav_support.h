#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugins/calendars/caldav/dav_servers.h"

namespace brobygger::tests {

// What a connection to a server's calendar, called "møder", is configured as.
nlohmann::json ConfigFor(const DavServer& server);

// The plugin in its host and jail. Fails the test if it cannot be configured.
class CaldavPlugin {
 public:
  explicit CaldavPlugin(const DavServer& server);
  CaldavPlugin(const DavServer& server,
               const nlohmann::json& config,
               const std::string& password = kDavPassword);

  ReadOutcome Snapshot(const std::string& cursor = "");
  ReadOutcome Delta(const std::string& cursor);
  plugin::v1::CheckResponse Check();
  plugin::v1::OperationResult Write(const plugin::v1::Operation& operation);
  plugin::v1::LookupResponse Lookup(const std::string& external_id, const std::string& foreign_id);
  HostProcess& host() { return *host_; }

 private:
  ReadOutcome Read(const plugin::v1::ReadRequest& request);

  std::unique_ptr<HostProcess> host_;
};

// The last cursor that a read told; fails the test if it told none.
std::string CursorOf(const ReadOutcome& outcome);

// How many records say that they are there, and that they are gone.
int Present(const ReadOutcome& outcome);
int Removed(const ReadOutcome& outcome);

// The code of what ended a read; "" if it ended well.
std::string CodeOf(const ReadOutcome& outcome);
std::string CodeOf(const plugin::v1::OperationResult& result);

// An event of stream `events`, on a day from now.
plugin::v1::Operation CreateEvent(const std::string& id, const std::string& title);
plugin::v1::Operation UpdateTitle(const std::string& id, const std::string& title);

// "DTSTART:..." of a day from now on, at noon.
std::string StartIn(int days);

// What vdirsyncer needs to bring the calendar into `folder`/kalendere/moder, which must be there.
std::string VdirsyncerConfig(const DavServer& server, const TempFolder& folder);

}  // namespace brobygger::tests
