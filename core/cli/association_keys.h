// An association's keys; for the association itself and for its municipality.
#pragma once

#include <string>

#include "core/cli/command.h"
#include "core/cli/session.h"

namespace brobygger::cli {

Outcome ListAssociationKeys(Session& session, const std::string& association_id);

// By the key's id, or the beginning of it.
Outcome EndAssociationKey(Session& session, const std::string& typed_id);

}  // namespace brobygger::cli
