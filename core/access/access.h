#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>

#include "brobygger/access/v1/association_field.pb.h"
#include "brobygger/access/v1/method_access.pb.h"
#include "brobygger/discovery/v1/familiarity.pb.h"

namespace brobygger::access {

using v1::AssociationField;
using v1::MethodAccess;
using v1::Right;

// How much of a department's contacts a caller is told, by whose they are; the levels are
// those of discovery.v1.
struct Disclosure {
  using Level = discovery::v1::DisclosureLevel;
  Level own = discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED;           // of the caller's department
  Level municipality = discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED;  // of others beside it
  Level elsewhere = discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED;     // where the association agreed
};

// What sort of caller it is. Associations agree to be seen by some of these.
enum class CallerKind {
  kOperator,
  kEmployee,
  kSystem,
  kVolunteerCentre,
  kAssociation,
  kDoor,
  kStranger
};

// Who makes a call, and what they may do.
struct Caller {
  // As it stands in provenance and history: "operator". Never a name.
  std::string actor;
  std::set<Right> rights;
  CallerKind kind = CallerKind::kDoor;
  // The highest class of data it may see at all.
  v1::DataClass most = v1::DATA_CLASS_PUBLIC;
  Disclosure disclosure = {};
  std::string municipality_code = {};   // empty: of none, or of all for the operator
  std::string department_id = {};       // empty: of none
  std::string association_id = {};      // which it speaks for; empty: for none
  std::vector<std::string> roles = {};  // of the policy, in which it calls
  // What it says it reads for: a name in the policy. Empty: it did not say.
  std::string purpose = {};
  // Whether it has to say, before it sees more than what is public.
  bool says_purpose = false;
  // How many calls a minute it may make; 0: what the hub gives everybody.
  int calls_per_minute = 0;
  // What of an association it was granted, beside id and name; unset: all that it may see.
  std::optional<std::set<AssociationField>> fields = {};
  // Of a stranger: whether who brings it may say which client certificate it showed.
  bool certificate_believed = false;
};

// The person at the machine, who reached the Unix socket. May do everything.
Caller LocalOperator();

// A door, through which strangers come: it may do what everybody may, and no more.
Caller Door();

// Whoever comes through the proxy, before a call says who makes it. May do nothing.
Caller Stranger();

// The same through a door, which speaks no TLS: it hands on keys, and no certificate from there is
// a certificate.
Caller StrangerAtDoor();

// Whether the caller may make the call. NOT_ALLOWED unless it has the right that the method
// needs, and may see the class of data that it answers with (unless answers are built for each
// caller), and for a method about everybody's records unless it is the operator, and for one that
// does not answer field by field if it was granted only some. PURPOSE_REQUIRED if it has to say
// what it reads for and did not.
absl::Status MayCall(const Caller& caller, const MethodAccess& access);

// Whether calls of the method stand in the audit log before they are answered: all that change
// something, and all that may answer with more than public facts.
bool IsAudited(const MethodAccess& access);

// Whether the right is one to change something.
bool IsToWrite(Right right);

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
