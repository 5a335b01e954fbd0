#pragma once

#include <set>
#include <string>

#include <absl/status/status.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/common/pseudonym.h"
#include "plugins/calendars/ics/config.h"

namespace brobygger::ics {

// What a read of stream `busy` works with; all must outlive it.
struct BusyParts {
  const Config& config;
  const std::string& password;
  const std::set<std::string>& selected;  // Fields; empty: all.
  const calendars::Pseudonyms& pseudonyms;
};

// One read of stream `busy`: fetches the feed whole, whatever was read before. A feed that cannot
// be read ends it with the error and without the snapshot's end, so that no day seems free; an
// event that cannot be read is a RecordError. With `max_records` the snapshot that is cut is told
// as incomplete.
absl::Status ReadBusy(const BusyParts& parts, const sdk::ReadRequest& request, sdk::Sink& sink);

}  // namespace brobygger::ics
