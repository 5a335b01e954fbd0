#pragma once

#include <string>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/common.pb.h"

namespace brobygger::model {

using registry::v1::Association;
using registry::v1::Provenance;

// Who stands behind which field (paths: see fields.h). An association holds one
// statement (Provenance) for each source that says anything about it: a source
// is a connection with its external id, or, where there is no connection, a
// person by the name in `actor`. For each path a statement either agrees with
// the record (`paths`), says something else (`other_values`), or is silent.
// Statements that say nothing more are dropped.
//
// To change a record: set the fields, SettleStatements(), then RecordStatement()
// for whoever made the change.

// `who` stands behind what the record now holds at `paths`, also where that is
// empty. Its statement takes over the actor, run and time of `who`; what `who`
// itself lists in paths and other_values is not looked at. Says nothing about
// other sources: see SettleStatements().
void RecordStatement(Association& association,
                     const Provenance& who,
                     const std::vector<std::string>& paths);

// `who` says `text` at `path`, and the record holds something else.
void RecordOtherValue(Association& association,
                      const Provenance& who,
                      const std::string& path,
                      const std::string& text);

// Brings the statements in `after`, which are still those of `before`, in line
// with its fields: who stood behind a value that is gone now says it as another
// value, and who said as another value what the record now holds stands behind
// it. Formatting noise is no difference (see SameValue()). `changed` is
// ChangedPaths(before, after), for who has it already.
void SettleStatements(const Association& before, Association& after);
void SettleStatements(const Association& before,
                      Association& after,
                      const std::vector<std::string>& changed);

// `who` no longer says anything about `paths`.
void RetractStatement(Association& association,
                      const Provenance& who,
                      const std::vector<std::string>& paths);

// Takes away all that a source has said, since the source no longer has the
// record. Returns the paths that hold something nobody stands behind now.
std::vector<std::string> ForgetSource(Association& association, const Provenance& who);

// The statements that stand behind the field. They live as long as the
// association does and is not changed.
std::vector<const Provenance*> SourcesOf(const Association& association, const std::string& path);

// The statement of the same source as `who`, or null.
const Provenance* FindStatement(const Association& association, const Provenance& who);

}  // namespace brobygger::model
