#pragma once

#include "core/access/access.h"
#include "core/collab/collaborations.h"

namespace brobygger::rpc {

// Who acts when this caller calls: an association for itself, anybody else as an employee.
inline collab::Actor ActorOf(const access::Caller& caller) {
  const bool association = caller.kind == access::CallerKind::kAssociation;
  return {.name = caller.actor, .association_id = association ? caller.association_id : ""};
}

}  // namespace brobygger::rpc
