#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <google/protobuf/message.h>

#include "brobygger/audit/v1/log_record.pb.h"

#include "core/access/access.h"

namespace brobygger::rpc {

// One call, as the audit log is told of it.
struct AuditedCall {
  std::string actor;
  std::string purpose;
  std::string method;  // "registry.v1.RegistryService/GetAssociation"
  access::v1::DataClass data_class = access::v1::DATA_CLASS_NONE;
  std::string object_id = {};                 // what it is about, if it is about one thing
  std::vector<std::string> subject_ids = {};  // the persons it is about
  std::string request_id = {};
  std::string refused = {};             // why; empty: it was allowed
  std::string municipality_code = {};   // of who calls; empty: of none
  std::string department_id = {};       // of who calls; empty: of none
  std::vector<std::string> roles = {};  // in which they call
  std::uint64_t times = 0;              // how many such calls it stands for; 0: this one
  audit::v1::Outcome outcome = audit::v1::OUTCOME_UNSPECIFIED;  // what came of it
  std::string call_id = {};  // the same on the records of one call, where there may be two
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

// Why a call that ends with `status` was refused, as the log takes it ("not_allowed"); "": it was
// not, or nobody decided about its caller.
std::string RefusalWord(const absl::Status& status);

// What came of a call that is answered with `status`: of one that may not be made, why, too.
void SayOutcome(const absl::Status& status, AuditedCall& call);

}  // namespace brobygger::rpc
