#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "core/access/scope.h"
#include "core/storage/store.h"

namespace brobygger::scope {

// Says for each stored record whose it is, and so what its caller may see and change. What a
// record does not say itself (the municipality of its department or connection, the consent of
// its association) is looked up once in its life. Belongs to one call and one thread.
class Judge {
 public:
  // `then` is what is read, `now` the newest there is: consents and homes count as they are now,
  // and as they were then. In a write both are the transaction. All must outlive the judge; the
  // caller is not one who sees all.
  Judge(const access::Caller& caller, const storage::Snapshot& then, const storage::Snapshot& now)
      : caller_(caller), then_(then), now_(now) {}

  // What of the record the caller may see. `bytes` is not null.
  absl::StatusOr<access::Sight> SightOf(storage::Kind kind,
                                        const std::string& key,
                                        const storage::Bytes& bytes);

  // Whether the record, as these bytes have it, is the caller's to make, change and take away.
  absl::StatusOr<bool> MayChange(storage::Kind kind,
                                 const std::string& key,
                                 const storage::Bytes& bytes);

  // The sight of an association, by its id; nothing if there is none.
  absl::StatusOr<access::Sight> SightOfAssociation(const std::string& id);

  // Whether a department is of the caller's municipality.
  absl::StatusOr<bool> OwnsDepartment(const std::string& id);

  // Something was written: look up anew.
  void Forget();

 private:
  using Municipalities = absl::flat_hash_map<std::string, std::string>;

  absl::StatusOr<bool> Owns(storage::Kind kind, const std::string& key, std::string_view bytes);
  absl::StatusOr<bool> OwnsOfAssociation(storage::Kind kind,
                                         const std::string& key,
                                         std::string_view bytes);
  absl::StatusOr<bool> OwnsWork(storage::Kind kind, const std::string& key, std::string_view bytes);
  absl::StatusOr<bool> OwnsOfConnection(storage::Kind kind,
                                        const std::string& key,
                                        std::string_view bytes);
  absl::StatusOr<bool> OwnsConnection(const std::string& id);
  absl::StatusOr<bool> OwnsEvent(const std::string& id);
  absl::StatusOr<bool> OwnsCollaboration(const std::string& id);
  absl::StatusOr<bool> TakesPart(std::string_view collaboration);
  bool Proposed(std::string_view collaboration) const;
  absl::StatusOr<bool> OwnsCourse(std::string_view course);
  absl::StatusOr<bool> IsInNetwork(std::string_view network);
  absl::StatusOr<bool> Convenes(std::string_view network);
  absl::StatusOr<bool> TakesPartAs(const std::string& association_id);
  absl::StatusOr<bool> IsOfAssociation(const std::string& id);
  absl::StatusOr<bool> OwnsAllocation(std::string_view premises);
  absl::StatusOr<bool> SeesResources(std::string_view check);
  bool SeesProgramme(std::string_view programme) const;
  bool OwnsProgramme(std::string_view programme) const;
  absl::StatusOr<std::string> HomeOf(const std::string& association_id);
  absl::StatusOr<bool> OwnsHosted(const std::string& id, std::string_view event);
  absl::StatusOr<bool> WasAsked(const std::string& event_id);
  absl::StatusOr<bool> OwnsAccess(const std::string& association_id);
  absl::StatusOr<bool> AppliedItself(std::string_view application);
  absl::StatusOr<bool> OwnsApplication(std::string_view application);
  absl::StatusOr<bool> SeesBoth(std::string_view left, std::string_view right, bool whole);
  absl::StatusOr<bool> IsItself(const std::string& association_id);

  absl::StatusOr<access::Sight> SightFrom(const std::string& id, const storage::Bytes& bytes);
  absl::StatusOr<access::Sight> SightAt(const storage::Snapshot& snapshot,
                                        std::string id,
                                        storage::Bytes bytes);
  absl::StatusOr<std::string> MunicipalityOfDepartment(const std::string& id);
  absl::StatusOr<std::string> MunicipalityOfConnection(std::string_view connection);

  const access::Caller& caller_;
  const storage::Snapshot& then_;
  const storage::Snapshot& now_;
  absl::flat_hash_map<std::string, access::Sight> associations_;
  Municipalities departments_;
  absl::flat_hash_map<std::string, bool> connections_;
  absl::flat_hash_map<std::string, bool> events_;
};

}  // namespace brobygger::scope
