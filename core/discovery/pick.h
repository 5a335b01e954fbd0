#pragma once

#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/registry/page.h"
#include "core/search/shelf.h"
#include "core/storage/store.h"

namespace brobygger::discovery {

// Which associations a question is about. All that is given must hold.
struct Criteria {
  std::string municipality_code = {};
  registry::v1::Theme theme = registry::v1::THEME_UNSPECIFIED;
  registry::v1::Audience audience = registry::v1::AUDIENCE_UNSPECIFIED;
  std::string area = {};  // text within area, street or postal district; folded
};

// Part of a list of live associations in the order of their names.
struct Picked {
  std::vector<registry::v1::Association> associations;
  registry::PagePlace next;  // of the last one looked at
  bool more = false;
};

// Those after `after` that Matches() says yes to, at most `size`. While `shelf` (may be null) is
// complete and as new as the snapshot, what the criteria name is looked up in the search index and
// only that is read; else the list is walked. Either way it is the same list, but that a record
// which cannot be read is an error to who walks, and not in the index. Looks at no more than 20,000
// associations; `more` then says that there may be others.
absl::StatusOr<Picked> PickMatching(const storage::Snapshot& snapshot,
                                    const search::Shelf* shelf,
                                    const Criteria& criteria,
                                    const registry::PagePlace& after,
                                    int size);

// Calls `one` for every live association of the municipality, in the order of their names.
absl::Status ForEachAssociation(
    const storage::Snapshot& snapshot,
    const std::string& municipality_code,
    absl::FunctionRef<absl::Status(const registry::v1::Association&)> one);

bool Matches(const Criteria& criteria, const registry::v1::Association& association);

// FIELD_INVALID if the code is no municipality's, or is missing although `required`.
absl::Status CheckMunicipality(const std::string& municipality_code, bool required);

}  // namespace brobygger::discovery
