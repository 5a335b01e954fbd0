#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>

#include "brobygger/access/v1/method_access.pb.h"

namespace brobygger::access {

using v1::MethodAccess;
using v1::Right;

// Who makes a call, and what they may do.
struct Caller {
  // As it stands in provenance and history: "operator".
  std::string actor;
  std::set<Right> rights;
};

// The person at the machine, who reached the Unix socket. May do everything.
Caller LocalOperator();

// A door, through which strangers come: it may do what everybody may, and no more.
Caller Door();

// NOT_ALLOWED unless the caller has the right that the method needs.
absl::Status MayCall(const Caller& caller, const MethodAccess& access);

// What the method's option says it needs. FAILED_PRECONDITION, naming the
// method, if it has no such option or leaves a part of it unspecified.
absl::StatusOr<MethodAccess> AccessOf(const google::protobuf::MethodDescriptor& method);

// The same for a method as gRPC names it:
// "/brobygger.registry.v1.RegistryService/GetAssociation". Methods of gRPC's own
// health and reflection services need RIGHT_NONE.
absl::StatusOr<MethodAccess> AccessOfPath(const std::string& path);

// Fails, naming the method, unless every method of every service says what it
// needs. A server checks this before it starts.
absl::Status CheckServices(const std::vector<const google::protobuf::ServiceDescriptor*>& services);

// The same by full name. gRPC's own health and reflection services, which are
// not ours to annotate, are let through by name; other unknown names fail.
absl::Status CheckServices(const std::vector<std::string>& service_names);

}  // namespace brobygger::access
