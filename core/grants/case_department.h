#pragma once

#include <map>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "core/grants/contact_kinds.h"
#include "core/grants/rules.h"
#include "core/storage/store.h"

namespace brobygger::grants {

// Which department has an application: many a source writes a department's name and knows no id. It
// is looked up at each reading and kept nowhere, so that a department that is renamed or founded
// later is followed by itself. The snapshot must outlive it. Belongs to one thread.
class CaseDepartments {
 public:
  explicit CaseDepartments(const storage::Snapshot& snapshot) : snapshot_(snapshot) {}

  // In this order: the source's own id; the one department in the municipality whose name is the
  // written one, capitals apart; the department whose connection it came through. The municipality
  // is the connection's, or else the association's, given here. Empty if nobody can say; nothing is
  // guessed from a name that is like another.
  absl::StatusOr<std::string> Of(const GrantApplication& application,
                                 const std::string& municipality_code);

  // What to call it where Of() is empty: as the source writes it, or else the connection.
  absl::StatusOr<std::string> WrittenName(const GrantApplication& application);

 private:
  // Folded name -> id; empty where two have the name.
  using Names = std::map<std::string, std::string>;

  absl::StatusOr<const sync::v1::Connection*> FindConnection(const std::string& id);
  absl::StatusOr<const Names*> NamesIn(const std::string& municipality_code);
  absl::StatusOr<std::string> HomeOf(const sync::v1::Connection* connection);

  const storage::Snapshot& snapshot_;
  std::optional<Connections> connections_;
  std::map<std::string, Names> names_;
};

}  // namespace brobygger::grants
