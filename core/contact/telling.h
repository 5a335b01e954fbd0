#pragma once

#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "brobygger/contact/v1/touchpoint.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

#include "core/access/access.h"
#include "core/storage/store.h"

namespace brobygger::contact {

// What of single touchpoints one caller is told: made for a call and thrown away after it. All that
// it is made of must outlive it. Belongs to one thread.
class Telling {
 public:
  // How much of one touchpoint.
  enum class Part {
    kNothing,  // it is not there, for this caller
    kOwed,     // what somebody has to do after it, by when and for whom; not what was said
    kWhole,
  };

  // `today` is the Danish day, by which it is planned or held.
  Telling(const storage::Snapshot& snapshot, const access::Caller& caller, std::string today);

  // The single touchpoints of a department are told to those whose level of it is touchpoints
  // (access::LevelFor), and what it asked another department to do to those who do that.
  absl::StatusOr<Part> PartOf(const v1::Touchpoint& touchpoint);

  // Whether the caller is told how many older ones there were: as of the single ones.
  absl::StatusOr<bool> TellsCount(const v1::TouchpointCount& count);

  // So much of it with what is worked out at reading, built from nothing. Of kNothing an empty one.
  absl::StatusOr<v1::Touchpoint> Tell(const v1::StoredTouchpoint& stored, Part part);

  // What whoever wrote it is answered: at least what is owed, since they may write it.
  absl::StatusOr<v1::Touchpoint> TellWriter(const v1::StoredTouchpoint& stored);

 private:
  using Level = access::Disclosure::Level;

  absl::StatusOr<Level> LevelOf(const std::string& department_id,
                                const std::string& association_id);
  // Null if there is none.
  absl::StatusOr<const registry::v1::Department*> FindDepartment(const std::string& id);

  const storage::Snapshot& snapshot_;
  const access::Caller& caller_;
  const std::string today_;
  absl::flat_hash_map<std::string, registry::v1::Department> departments_;
};

// OK if the caller writes the contacts of one of the departments (access::WritesFor). NOT_ALLOWED,
// naming the first of them and its mailbox.
absl::Status CheckWritesFor(const storage::Snapshot& snapshot,
                            const access::Caller& caller,
                            const std::vector<std::string>& department_ids);

}  // namespace brobygger::contact
