#pragma once

#include <string>

#include <absl/status/status.h>

#include "brobygger/plugin/v1/write.pb.h"

namespace brobygger::caldav {

// Why an event was not written, beyond what can go wrong with any request.
enum class Refusal {
  kNoSuchEvent,      // it is no id of an event in a calendar that is written to
  kGone,             // a person removed it from the calendar
  kNotOurs,          // somebody else's object has its place
  kInvites,          // a person invited others to it
  kChanged,          // a person changed what the hub says of it
  kExists,           // there is another version already
  kElsewhere,        // its UID is in another place of the calendar
  kNoEtag,           // the server does not say which version it has
  kNoPublishing,     // the calendar is not one that is written to
  kCalendarIsFixed,  // an event cannot move to another calendar
  kBadId,            // the hub's id has signs that a path or UID should not have
  kRefusedByServer,  // the server will not have it
  kOutOfTime         // the hub waits no longer
};

// Its Status; `calendar` is the name in the configuration.
absl::Status RefusalOf(Refusal refusal,
                       const std::string& calendar,
                       const std::string& detail = "");

// A result that tells `why`: an outcome that goes with it.
plugin::v1::OperationResult ResultOf(Refusal refusal, const std::string& calendar);

// A result with this outcome, and `why` where it is not OK.
plugin::v1::OperationResult ResultWith(plugin::v1::OperationResult::Outcome outcome,
                                       const absl::Status& why = absl::OkStatus());

}  // namespace brobygger::caldav
