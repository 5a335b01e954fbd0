// A hub whose associations are made at the source, too.
#pragma once

#include <string>

#include "core/registry/edit.h"
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {

inline v1::Connection Creating() {
  v1::Connection connection = Writable();
  connection.set_creates(true);
  return connection;
}

// Associations that only the registry has, and a connection that makes them there.
struct CreatingHub : TwoWayHub {
  CreatingHub() : TwoWayHub(Creating()) { Agreed(); }

  Association Make(const std::string& name) {
    Association wanted;
    wanted.set_official_name(name);
    wanted.set_municipality_code("0615");
    Association made;
    const auto written = store->Write("operator", [&](storage::Transaction& transaction) {
      auto stored = registry::CreateAssociation(transaction, wanted, "operator");
      if (stored.ok()) made = *stored;
      return stored.status();
    });
    REQUIRE(written.ok());
    return made;
  }

  // The source's record of an association, or null.
  const plugin::v1::Record* RecordOf(const std::string& id) const {
    const plugin::v1::Record* found = nullptr;
    for (const auto& [key, record] : source.records) {
      if (record.foreign_id() != id) continue;
      CHECK(found == nullptr);
      found = &record;
    }
    return found;
  }
};

}  // namespace brobygger::sync
