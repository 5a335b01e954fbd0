#include "core/access/access.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/access/policy.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr std::array<std::string_view, 3> kServicesOfGrpc = {
    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection"};

bool IsServiceOfGrpc(std::string_view name) {
  return std::find(kServicesOfGrpc.begin(), kServicesOfGrpc.end(), name) != kServicesOfGrpc.end();
}

absl::Status Incomplete(const MethodDescriptor& method, const std::string& what) {
  return absl::FailedPreconditionError("The method " + method.full_name() + " " + what +
                                       ": give it the option brobygger.access.v1.method_access "
                                       "with a right, a data class and a scope.");
}

}  // namespace

Caller LocalOperator() {
  Caller caller;
  caller.actor = "operator";
  caller.kind = CallerKind::kOperator;
  for (int i = v1::Right_MIN; i <= v1::Right_MAX; ++i) {
    const auto right = static_cast<Right>(i);
    if (v1::Right_IsValid(i) && right != v1::RIGHT_UNSPECIFIED) caller.rights.insert(right);
  }
  caller.most = v1::DATA_CLASS_SENSITIVE;
  const auto all = discovery::v1::DISCLOSURE_LEVEL_TOUCHPOINTS;
  caller.disclosure = {.own = all, .municipality = all, .elsewhere = all};
  return caller;
}

Caller Door() {
  Caller caller;
  caller.actor = "door";
  caller.rights = {v1::RIGHT_NONE};
  return caller;
}

Caller Stranger() {
  Caller caller;
  caller.actor = "stranger";
  caller.kind = CallerKind::kStranger;
  caller.certificate_believed = true;
  return caller;
}

Caller StrangerAtDoor() {
  Caller caller = Stranger();
  caller.certificate_believed = false;
  return caller;
}

absl::Status MayCall(const Caller& caller, const MethodAccess& access) {
  const bool everybody = access.right() == v1::RIGHT_NONE;
  const bool named = access.right() != v1::RIGHT_UNSPECIFIED;
  if (!everybody && !(named && caller.rights.contains(access.right()))) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "This call needs the right " + RightWord(access.right()) +
                               ", which the caller does not have; ask whoever runs the hub.");
  }
  if (access.scope() == v1::SCOPE_HUB && caller.kind != CallerKind::kOperator) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "This call is about the records of every municipality, so only the "
                           "operator may make it.");
  }
  // A door is told things of its own: what a key that it was shown opens.
  if (everybody) return absl::OkStatus();
  if (caller.fields.has_value() && !access.field_by_field()) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "This call does not answer field by field, and the key was granted only "
                           "some fields of an association; find partners with it instead.");
  }
  if (access.data_class() > caller.most && !access.built_for_caller()) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "This call answers with data of the class " +
                               ClassWord(access.data_class()) +
                               ", which the caller may not see, or not for this purpose.");
  }
  const bool protects = access.data_class() > v1::DATA_CLASS_PUBLIC;
  // Data about persons are shown to nobody who does not say what for, whoever it is.
  const bool about_persons = access.data_class() > v1::DATA_CLASS_INTERNAL;
  if ((about_persons || (protects && caller.says_purpose)) && caller.purpose.empty()) {
    return base::MakeError(errors::v1::ERROR_REASON_PURPOSE_REQUIRED,
                           "Say what the data are for: brobygger --purpose NAME, or the call's "
                           "metadata brobygger-purpose.",
                           {{"field", "brobygger-purpose"}});
  }
  return absl::OkStatus();
}

bool IsToWrite(Right right) {
  switch (right) {
    case v1::RIGHT_REGISTRY_WRITE:
    case v1::RIGHT_SYNC_OPERATE:
    case v1::RIGHT_GRANTS_WRITE:
    case v1::RIGHT_CONTACTS_WRITE:
    case v1::RIGHT_EVENTS_WRITE:
    case v1::RIGHT_MUNICIPALITY_WRITE:
    case v1::RIGHT_PEOPLE_WRITE:
    case v1::RIGHT_ACCESS_MANAGE:
    case v1::RIGHT_COLLABORATIONS_WRITE:
    case v1::RIGHT_COLLABORATIONS_PROPOSE:
    case v1::RIGHT_INVITATIONS_ANSWER:
      return true;
    default:
      return false;
  }
}

bool IsAudited(const MethodAccess& access) {
  return IsToWrite(access.right()) ||
         (access.right() != v1::RIGHT_NONE && access.data_class() > v1::DATA_CLASS_PUBLIC);
}

absl::StatusOr<MethodAccess> AccessOf(const MethodDescriptor& method) {
  if (!method.options().HasExtension(v1::method_access)) {
    return Incomplete(method, "does not say what it needs");
  }
  const MethodAccess& access = method.options().GetExtension(v1::method_access);
  if (access.right() == v1::RIGHT_UNSPECIFIED || !v1::Right_IsValid(access.right())) {
    return Incomplete(method, "does not say which right it needs");
  }
  if (access.data_class() == v1::DATA_CLASS_UNSPECIFIED ||
      !v1::DataClass_IsValid(access.data_class())) {
    return Incomplete(method, "does not say which class of data it answers with");
  }
  if (access.scope() == v1::SCOPE_UNSPECIFIED || !v1::Scope_IsValid(access.scope())) {
    return Incomplete(method, "does not say whose records it reaches");
  }
  return access;
}

absl::StatusOr<MethodAccess> AccessOfPath(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0 || path[0] != '/') {
    return absl::UnimplementedError("\"" + path + "\" is not a method's path.");
  }
  const std::string service = path.substr(1, slash - 1);
  if (IsServiceOfGrpc(service)) {
    MethodAccess access;
    access.set_right(v1::RIGHT_NONE);
    access.set_data_class(v1::DATA_CLASS_NONE);
    return access;
  }
  const MethodDescriptor* method =
      DescriptorPool::generated_pool()->FindMethodByName(service + "." + path.substr(slash + 1));
  if (method == nullptr) return absl::UnimplementedError("There is no method " + path + ".");
  return AccessOf(*method);
}

absl::Status CheckServices(const std::vector<const ServiceDescriptor*>& services) {
  for (const ServiceDescriptor* service : services) {
    if (IsServiceOfGrpc(service->full_name())) continue;
    for (int i = 0; i < service->method_count(); ++i) {
      BB_RETURN_IF_ERROR(AccessOf(*service->method(i)).status());
    }
  }
  return absl::OkStatus();
}

absl::Status CheckServices(const std::vector<std::string>& service_names) {
  std::vector<const ServiceDescriptor*> services;
  for (const std::string& name : service_names) {
    if (IsServiceOfGrpc(name)) continue;
    const ServiceDescriptor* service = DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) {
      return absl::FailedPreconditionError(
          "The service " + name +
          " is not described in proto/, so nobody can say what its methods need.");
    }
    services.push_back(service);
  }
  return CheckServices(services);
}

}  // namespace brobygger::access
