#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/sync/mapping.h"

namespace brobygger::sync {

// All that the merge of one record needs to know. Field values are text forms.
struct MergeInput {
  ToldFields told;  // what the source says now
  // What the source said, and what the registry held, when they last agreed;
  // unset if they never have. Two bases: a source that stores something else
  // than the registry is not a change for ever.
  std::optional<ToldFields> agreed_told;
  std::optional<ToldFields> agreed_registry;
  ToldFields registry;                       // what the registry holds now
  std::set<std::string> owned_here;          // this source decides these
  std::set<std::string> owned_elsewhere;     // another source decides these
  std::set<std::string> person_behind;       // a person wrote what the registry holds
  std::set<std::string> writable;            // may be written to the source
  std::set<std::string> hub_decides;         // of these, the ones the registry decides
  std::map<std::string, v1::Conflict> open;  // conflicts that wait, by path
  // Of lists: how many entries the source has a field for. What is beyond it knows nothing of, so
  // it neither agrees to that nor takes it away.
  Slots slots;
};

struct MergeResult {
  std::vector<v1::FieldChange> changes;             // sorted by path; conflicts among them
  std::vector<std::string> stands_behind;           // the registry will hold what the source says
  std::map<std::string, std::string> other_values;  // where it says something else
  std::vector<v1::FieldChange> source_changes;      // to be written to the source
  // Of these, and of what is to be written next: what they last agreed on.
  std::vector<v1::FieldBase> source_bases;
  int blanked = 0;         // filled fields of the registry that become empty
  int source_blanked = 0;  // the same at the source

  bool ChangesRegistry() const;
  bool HasConflict() const;
};

// Merges what one source and one association say, field by field, both ways. Pure. The
// table of cases is in core/sync/README.md.
MergeResult Merge(const MergeInput& input);

}  // namespace brobygger::sync
