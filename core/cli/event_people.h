// What the event commands need of events and of those who are asked.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/cli/command.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// The event that a person means by its id, or the beginning of it. NOT_FOUND.
absl::StatusOr<event::v1::GetEventResponse> FindEvent(Session& session, const std::string& typed);

// One line: who, what they said, how many come.
std::string InvitationText(const event::v1::Invitation& invitation, const std::string& language);

// event invite, attend, met.
void AddEventPeople(const Command& group);
// event publish, withdraw, feed.
void AddEventCalendars(const Command& group);
// event suggest.
void AddEventSuggest(const Command& group);

}  // namespace brobygger::cli
