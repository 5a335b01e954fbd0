#pragma once

#include <string>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/cli/command.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// Shows all that an association has applied for, and what to look at.
Outcome ShowMoney(Session& session, const std::string& association_id);

}  // namespace brobygger::cli
