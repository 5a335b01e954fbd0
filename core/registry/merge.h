#pragma once

#include <string>
#include <vector>

#include "brobygger/identity/v1/merge.pb.h"
#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::registry {

// What two associations are together.
struct Together {
  v1::Association association;           // the survivor, with all that both held
  std::vector<std::string> kept_paths;   // both held something; the survivor's stands
  std::vector<std::string> taken_paths;  // only the absorbed one held something
  std::size_t statements = 0;            // of the absorbed one's sources
  std::size_t names = 0;                 // names and numbers that came along
};

// Puts `absorbed` into `survivor`. Nothing that anybody said is lost: a value the
// survivor lacks is taken over, another one is kept as what its source says beside
// the record, and the absorbed one's official name becomes another name. A number
// of a scheme that the survivor has a number of is kept as one it had until
// `today` (ISO 8601). Pure; id, etag and times are the survivor's.
Together PutTogether(const v1::Association& survivor,
                     const v1::Association& absorbed,
                     const std::string& today);

// The two associations of a merge, apart again.
struct Apart {
  v1::Association survivor;
  v1::Association absorbed;
  std::vector<identity::v1::UndoConflict> conflicts;
};

// Takes a merge apart again, when the survivor holds `now`. If that is what the
// merge left, both are what they were before it. Else what was changed since is
// kept: with the association whose source says it, with the survivor where a
// person or a new source does; where that goes against what was before, a
// conflict tells. Pure; ids, etags and times are for the caller to set.
Apart TakeApart(const identity::v1::StoredMerge& merge, const v1::Association& now);

// One source's record becomes an association of its own again.
struct Split {
  v1::Association rest;  // without what only that source said
  v1::Association own;   // what it said; no id yet
};

// `statement` is one of the association's own, and not the only one. Pure.
Split SplitOff(const v1::Association& association, const v1::Provenance& statement);

// Whether the two differ in nothing but etag and update time.
bool SameButForWrite(const v1::Association& left, const v1::Association& right);

}  // namespace brobygger::registry
