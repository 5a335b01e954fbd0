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
};

}  // namespace brobygger::histories
