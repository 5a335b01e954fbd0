#pragma once

#include <set>
#include <string>

#include "brobygger/sdk/connector.h"

namespace brobygger::reference {

// What real source systems do on bad days, switched on by name in the configuration.
// A connector of your own has nothing like this: its source brings its own.
//
//   down, busy, denied   no verb works: TRANSIENT, RATE_LIMITED, AUTH
//   cut                  a read ends with an error half way
//   empty_list           the list is empty and no error is told; the count is not
//   wait                 a read is told to wait a little (a quota)
//   stuck                a read lives and gets nowhere
//   drop_answer          a write is stored and its answer lost: DOUBTFUL
//   hold_answer          a write is stored and its answer never comes
//   retry                no write is done; try again in 7 seconds
//   stale                somebody always changes the record just before us
//   upper_case           names are stored in upper case (and declared lossy)
//   short_names          names have at most 20 signs (declared, and refused beyond)
//   rejects_purpose      the field "purpose" is always refused
//   renews_key           Check is answered with a new access key beside
//   exit:VERB, throw:VERB, loop:VERB, leak:VERB (memory), bomb:VERB (processes and
//   threads), descriptors:VERB   the plugin's own faults, in Check, Discover, Read
//                        (after the first record), Lookup or Write
class Faults {
 public:
  // Returns false if there is no such fault.
  bool Add(const std::string& name);

  bool Has(const std::string& name) const { return names_.count(name) > 0; }

  // The trouble that a source with these faults has before it answers anything.
  absl::Status Trouble() const;

  // Ends, throws in, hangs or burdens the process if a fault says so of this verb.
  void Strike(const std::string& verb) const;

 private:
  std::set<std::string> names_;
};

}  // namespace brobygger::reference
