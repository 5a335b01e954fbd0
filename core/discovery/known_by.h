#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "brobygger/search/v1/search_service.pb.h"

#include "core/discovery/overview.h"
#include "core/discovery/who_knows.h"
#include "core/search/query.h"

namespace brobygger::discovery {

// Any of these departments, by their ids, must know an association, or none of them.
struct KnownByFilter {
  std::vector<std::string> department_ids;
  bool excluded = false;
};

// What a query asks of who knows an association. `seen` is what the caller may see. QUERY_INVALID
// for a department that there is not, with those that there are.
absl::StatusOr<std::vector<KnownByFilter>> KnownByOf(const storage::Snapshot& seen,
                                                     const search::Query& query);

// Who knows the associations that a search finds, which its index does not know. The caller is told
// what WhoKnows() tells, of associations as they are now, and nothing of those that it may not see
// or not any more. Made for a call and thrown away after it; what it is given must outlive it.
class KnownBy {
 public:
  // OVERLOADED until contacts are read.
  static absl::StatusOr<KnownBy> Make(const Asker& asker, std::vector<KnownByFilter> filters);

  // Whether all that is asked for holds.
  absl::StatusOr<bool> Holds(const std::string& association_id);

  // How many of these associations each department knows.
  absl::StatusOr<search::v1::SearchFacet> Count(const std::vector<std::string>& association_ids);

 private:
  // Of departments, and none of an association that is not there for the caller.
  struct Known {
    bool there = false;
    std::vector<std::string> department_ids;
  };

  KnownBy(Overview overview, std::vector<KnownByFilter> filters)
      : overview_(std::move(overview)), filters_(std::move(filters)) {}
  absl::StatusOr<const Known*> Of(const std::string& association_id);

  Overview overview_;
  std::vector<KnownByFilter> filters_;
  absl::flat_hash_map<std::string, std::unique_ptr<const Known>> known_;  // that was asked for
};

}  // namespace brobygger::discovery
