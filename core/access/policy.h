#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/access/access.h"

namespace brobygger::access {

// A name under which rights are given.
struct Role {
  std::string name;
  std::set<Right> rights;
  v1::DataClass most = v1::DATA_CLASS_PUBLIC;
  Disclosure disclosure = {};
  bool says_purpose = false;
};

// What data may be read for.
struct Purpose {
  std::string name;
  std::string title;
  std::string legal_basis;
  // No more of contacts than this is told for it, whosever they are; unspecified: what the role is
  // told.
  Disclosure::Level most = discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED;
  // No higher class of data may be seen for it.
  v1::DataClass data = v1::DATA_CLASS_SENSITIVE;
};

// Who somebody turned out to be, before the policy says what that means.
struct Who {
  std::string actor;
  CallerKind kind = CallerKind::kEmployee;
  std::vector<std::string> roles;
  std::string municipality_code = {};
  std::string department_id = {};
  std::string association_id = {};
  std::string purpose = {};  // as the call says it
};

// Who may do what, from one readable file. Immutable; safe to share across threads.
class Policy {
 public:
  // `name` is the file's, for errors: "policy.toml:12: ...". FAILED_PRECONDITION with line and
  // reason: not TOML, an unknown key, right, class or level, a role or purpose twice, a purpose
  // without legal basis.
  static absl::StatusOr<Policy> Parse(const std::string& text, const std::string& name);

  // The one a hub has that names no file.
  static const Policy& Shipped();

  // What `who` may do: all that each of its roles gives, and of each level the highest.
  // NOT_ALLOWED if the policy knows none of its roles; PURPOSE_REQUIRED if it does not know the
  // purpose.
  absl::StatusOr<Caller> Admit(const Who& who) const;

  // Keeps what the caller may see to what the purpose allows, and notes that it is read for that.
  // PURPOSE_REQUIRED if the policy does not know it.
  absl::Status Restrict(const std::string& purpose, Caller& caller) const;

  const std::map<std::string, Role>& roles() const { return roles_; }
  const std::map<std::string, Purpose>& purposes() const { return purposes_; }

  // Differs when the file does; stands in the audit log. 16 hexadecimal digits.
  const std::string& revision() const { return revision_; }

 private:
  Policy() = default;

  std::map<std::string, Role> roles_;
  std::map<std::string, Purpose> purposes_;
  std::string revision_;
};

// A right as it is written in a policy: "registry.read". "" for what is not given by name.
std::string RightWord(Right right);

// A class of data as it is written in a policy: "internal".
std::string ClassWord(v1::DataClass data_class);

// A level as it is written in a policy: "summary".
std::string LevelWord(Disclosure::Level level);

}  // namespace brobygger::access
