#pragma once

#include <absl/status/status.h>

#include "brobygger/event/v1/event.pb.h"

namespace brobygger::events {

using event::v1::Event;
using event::v1::FeedKey;
using event::v1::Invitation;
using event::v1::Publication;

// Bring into normal form and check; what only the hub sets is not looked at.
// FIELD_INVALID, CPR_REFUSED.
absl::Status NormalizeAndCheck(Event& event);
absl::Status NormalizeAndCheck(Invitation& invitation);

}  // namespace brobygger::events
