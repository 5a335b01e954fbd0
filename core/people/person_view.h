#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "brobygger/people/v1/person.pb.h"

#include "core/access/access.h"
#include "core/scope/scoped_snapshot.h"
#include "core/storage/store.h"

namespace brobygger::people {

// What is left of a person whose roles were held against a caller.
struct OwnRoles {
  bool all = true;  // every role is the caller's to see and to change
  bool any = true;  // at least one is
};

// Takes out the roles that are not the caller's: those at an association that the caller does not
// see whole, or at a department of another municipality. A person without any is not there for the
// caller. The operator sees all. `whole` is everything there is, now.
absl::StatusOr<OwnRoles> KeepOwnRoles(const access::Caller& caller,
                                      const storage::Snapshot& whole,
                                      v1::Person& person);

}  // namespace brobygger::people
