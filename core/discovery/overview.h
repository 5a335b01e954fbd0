#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "brobygger/contact/v1/touchpoint.pb.h"
#include "brobygger/discovery/v1/discovery_service.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

#include "core/access/access.h"
#include "core/base/clock.h"
#include "core/discovery/contact_index.h"
#include "core/grants/case_department.h"
#include "core/scope/scoped_snapshot.h"
#include "core/storage/store.h"

namespace brobygger::discovery {

// Answers questions about contacts for one caller, on one day, from one snapshot: made for a call
// and thrown away after it. `index` and `caller` must outlive it. Belongs to one thread.
class Overview {
 public:
  Overview(std::shared_ptr<const storage::Snapshot> snapshot,
           const ContactIndex& index,
           const access::Caller& caller,
           base::Instant now);

  // What departments had to do with the association, applications included; also those that the
  // caller may hear nothing of. Applications of a department that the registry does not know are a
  // pair of their own: money is contact, too, whoever it was with. In no order.
  absl::StatusOr<std::vector<PairContacts>> ContactsOf(
      const registry::v1::Association& association);

  // What the caller may know of it, built from nothing. False if that is nothing, or if all of it
  // is still to come.
  absl::StatusOr<bool> Tell(const PairContacts& pair,
                            const registry::v1::Association& association,
                            v1::Acquaintance& acquaintance);

  // All that Tell() tells of an association, the best known first.
  absl::StatusOr<std::vector<v1::Acquaintance>> AcquaintancesOf(
      const registry::v1::Association& association);

  // The departments of which Tell() tells anything, in no order, for much less than telling.
  absl::StatusOr<std::vector<std::string>> KnownBy(const registry::v1::Association& association);

  // Null if there is none.
  absl::StatusOr<const registry::v1::Department*> FindDepartment(const std::string& id);

  // What the caller may see: of associations, departments and what the municipality says of itself.
  const storage::Snapshot& snapshot() const { return *seen_; }
  const ContactIndex& index() const { return index_; }
  const access::Caller& caller() const { return caller_; }
  int today() const { return today_; }

 private:
  // The pair's, also one that the registry does not know; none if it is gone.
  absl::StatusOr<std::optional<registry::v1::Department>> DepartmentOf(
      const PairContacts& pair, const registry::v1::Association& association);

  // Unspecified where the caller is told nothing.
  absl::StatusOr<access::Disclosure::Level> LevelTold(const PairContacts& pair,
                                                      const registry::v1::Association& association);
  absl::Status AddTouchpoints(const PairContacts& pair,
                              const registry::v1::Association& association,
                              v1::Acquaintance& acquaintance);

  // Everything: what others had to do with an association is told by access::LevelFor().
  const std::shared_ptr<const storage::Snapshot> snapshot_;
  const std::shared_ptr<const storage::Snapshot> seen_;
  grants::CaseDepartments cases_;
  const ContactIndex& index_;
  const access::Caller& caller_;
  const base::Instant now_;
  const int today_;
  absl::flat_hash_map<std::string, registry::v1::Department> departments_;
  // The touchpoints of the association that was told of last, read once for all departments.
  std::string listed_of_;
  std::vector<contact::v1::Touchpoint> listed_;
};

}  // namespace brobygger::discovery
