// A plugin that ends while it writes.
#include <algorithm>

#include <absl/strings/str_cat.h>

#include "tests/core/sync/creating_hub.h"

namespace brobygger::sync {
namespace {

TEST_CASE("a write that ends the plugin each time holds up no other, and is given up") {
  CreatingHub hub;
  std::vector<std::string> ids;
  for (int i = 0; i < 18; ++i) ids.push_back(hub.Make(absl::StrCat("Forening nummer ", i)).id());
  std::sort(ids.begin(), ids.end());
  const std::string& killer = ids.at(5);
  hub.source.dies_of = {killer};
  for (int run = 0; run < 6; ++run) hub.Sync();
  for (const std::string& id : ids) CHECK((hub.RecordOf(id) != nullptr) == (id != killer));
  const auto letters = hub.DeadLetters();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].association_id() == killer);
  CHECK(letters[0].code() == "sync.plugin_ends");
  SECTION("a person may try it again") {
    hub.source.dies_of.clear();
    v1::ReplayDeadLettersRequest request;
    request.set_connection_id("tilskud");
    const auto done = hub.store->Write("anette", [&](storage::Transaction& transaction) {
      return ReplayDeadLetters(transaction, request).status();
    });
    REQUIRE(done.ok());
    hub.Outbound();
    CHECK(hub.RecordOf(killer) != nullptr);
    CHECK(hub.DeadLetters().empty());
  }
}

}  // namespace
}  // namespace brobygger::sync
