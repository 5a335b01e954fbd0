#pragma once

namespace brobygger::histories {

// What is taken out of the engine, to see that the invariants notice.
enum class Without {
  kNothing,
  kPreconditions,  // sources write whatever they hold
  kLookup,         // sources deny all that is looked up
  kIntents,        // writes are not written down before they are sent
  kBases,          // what was agreed on of single fields is forgotten
  kOverruledLog,   // what gives way is not kept
  kGuard,          // every held plan is applied
  kRegistryBase,   // what the registry held when both agreed is forgotten
  kStored,         // sources do not say what they stored of what they were sent
  kAdoption,       // the id of ours that an unknown record keeps is not seen
  kConflictQueue,  // what a person should decide is not kept
  kAnswers,        // what a person decides is not written down
  kDeadLetters,    // what a source refused is not kept
  kRunLog,         // what a run did is not kept
  kMerges,         // one of two associations that are one counts as deleted
  kOtherRows,      // of several records of an association the newest alone is seen
};

}  // namespace brobygger::histories
