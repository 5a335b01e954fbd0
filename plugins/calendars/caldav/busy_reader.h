#pragma once

#include <absl/status/status.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/caldav/reader.h"
#include "plugins/calendars/common/busy.h"

namespace brobygger::caldav {

// One read of stream `busy`: lists and fetches all of every calendar, and keeps neither a token nor
// a cursor. A calendar that fails does not stop the others, unless the whole server does; the read
// then ends with its error and without the snapshot's end, so that none of its days seems free. An
// object that cannot be read is a RecordError. With `max_records` the snapshot that is cut is told
// as incomplete. Belongs to one thread.
absl::Status ReadBusy(const ReaderParts& parts,
                      const calendars::Window& window,
                      const sdk::ReadRequest& request,
                      sdk::Sink& sink);

}  // namespace brobygger::caldav
