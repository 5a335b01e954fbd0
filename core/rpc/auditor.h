#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <google/protobuf/message.h>

#include "core/access/access.h"

namespace brobygger::rpc {

// One call, as the audit log is told of it.
struct AuditedCall {
  std::string actor;
  std::string purpose;
  std::string method;  // "registry.v1.RegistryService/GetAssociation"
  access::v1::DataClass data_class = access::v1::DATA_CLASS_NONE;
  std::string object_id = {};   // what it is about, if it is about one thing
  std::string subject_id = {};  // the person it is about, if it is about one
  std::string request_id = {};
  std::string refused = {};             // why; empty: it was allowed
  std::string municipality_code = {};   // of who calls; empty: of none
  std::string department_id = {};       // of who calls; empty: of none
  std::vector<std::string> roles = {};  // in which they call
  std::uint64_t times = 0;              // how many such calls it stands for; 0: this one
};

// Writes down who does what, before they are answered. Thread-safe.
class Auditor {
 public:
  using Done = std::function<void(absl::Status)>;

  virtual ~Auditor() = default;

  // Calls `done` once, on any thread, when the call is on disk, or cannot be put there by then
  // (AUDIT_UNAVAILABLE): it must then not be answered. `done` must be short.
  virtual void Record(AuditedCall call,
                      std::chrono::steady_clock::time_point deadline,
                      Done done) = 0;

  // Of a call that is refused: it is on disk soon, and nobody waits for it. Many that are alike may
  // be told as one.
  virtual void RecordRefused(AuditedCall call) = 0;
};

// An id as the log takes it: what a caller or a token says may be anything.
std::string CleanedId(const std::string& text);

// What a request is about: the id in it that names one thing, and the person, if it names one.
void Describe(const google::protobuf::Message& request, AuditedCall& call);

}  // namespace brobygger::rpc
