#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace brobygger::access {

// So that the next certificate can be rolled out while the last one still works.
inline constexpr std::size_t kMostCertificates = 2;

// A system that calls with a client certificate, as the file of systems has it.
struct System {
  std::string name;  // stands in the audit log as "system:<name>"
  std::vector<std::string> roles;
  std::string municipality_code;
  std::string department_id;  // "": of none
};

// Which certificate is whose, from one readable file:
//
//   [[system]]
//   name = "grants-fritid"
//   municipality = "0998"
//   roles = ["system"]
//   certificates = ["3A:F0:..."]    # openssl x509 -in it.pem -noout -fingerprint -sha256
//
// Immutable; safe to share across threads.
class Systems {
 public:
  // Nobody.
  Systems() = default;

  // `name` is the file's, for errors. FAILED_PRECONDITION with line and reason: not TOML, an
  // unknown key, a system or certificate twice, none or more than two certificates, no role.
  static absl::StatusOr<Systems> Parse(const std::string& text, const std::string& name);

  // Whose certificate has this SHA-256 (32 bytes). Null: nobody's. Lives as long as this.
  const System* Find(const std::string& sha256) const;

  const std::string& revision() const { return revision_; }

 private:
  std::map<std::string, System> systems_;     // by name
  std::map<std::string, std::string> names_;  // by SHA-256
  std::string revision_;
};

}  // namespace brobygger::access
