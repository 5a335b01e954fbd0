#pragma once

#include "brobygger/registry/v1/common.pb.h"

#include "core/access/access.h"
#include "core/collab/collaborations.h"

namespace brobygger::rpc {

// Who acts when this caller calls: an association for itself, anybody else as an employee.
inline collab::Actor ActorOf(const access::Caller& caller) {
  const bool association = caller.kind == access::CallerKind::kAssociation;
  return {.name = caller.actor, .association_id = association ? caller.association_id : ""};
}

// Whose word it is.
inline registry::v1::Perspective SideOf(const access::Caller& caller) {
  return caller.kind == access::CallerKind::kAssociation ? registry::v1::PERSPECTIVE_ASSOCIATION
                                                         : registry::v1::PERSPECTIVE_MUNICIPALITY;
}

}  // namespace brobygger::rpc
