#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "core/web/routes.h"
#include "tests/core/web/fake_hub.h"
#include "tests/core/web/fake_partners.h"
#include "tests/core/web/running_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::web {

// A fake hub with both its sockets, and a door in front of it.
struct CallersTestDoor {
  explicit CallersTestDoor(const PartnerListLimits& lists = {},
                           const AdmissionLimits& admission = {},
                           const HttpLimits& limits = {}) {
    CallersDoor::Options options;
    options.hub = partners.address();
    options.public_url = "https://hub.example";
    options.lists = lists;
    options.admission = admission;
    options.clock = &clock;
    callers = std::make_unique<CallersDoor>(options);
    server = std::make_unique<RunningServer>(Routes(hub, callers.get()), limits);
  }
  // The clients go before the server they call back, and Run() has returned before.
  ~CallersTestDoor() { server->Stop(); }

  HttpClient Connect() const { return server->Connect(); }
  Answer Fetch(const std::string& target, const std::string& fields = kShow) const {
    return Connect().Fetch(target, fields);
  }
  nlohmann::json Json(const std::string& target, const std::string& fields = kShow) const {
    const Answer answer = Fetch(target, fields);
    INFO(target << " " << answer.status << " " << answer.body);
    return nlohmann::json::parse(answer.body);
  }

  support::TempFolder folder;
  FakeHub fake{folder.path() / "hub.sock"};
  FakePartners partners{folder.path() / "people.sock"};
  support::FakeClock clock;
  std::unique_ptr<RunningServer> server;
  HubClient hub{fake.address()};
  std::unique_ptr<CallersDoor> callers;
};

}  // namespace brobygger::web
