#pragma once

#include <memory>
#include <string>

#include "core/storage/store.h"

namespace brobygger::storage {

// Hears what a store's commits changed.
class Listener {
 public:
  virtual ~Listener() = default;

  // Whether it wants to hear of this kind. Asked often; the answer never changes.
  virtual bool Hears(Kind kind) const = 0;

  // What a commit made of a record: called once for each after the commit is durable and before
  // its writer is answered, on the store's own thread and in the order of the commits. Null: it
  // was not there, or is gone. Must be short.
  virtual void Heard(Kind kind,
                     const std::string& key,
                     const Bytes& before,
                     const Bytes& after) = 0;
};

// Passes all on to `inner`, and tells `listener` of what changes, also of working state, which
// the feed does not tell. `listener` must outlive the store. A write of a kind that is heard
// costs a look at the record before it.
std::unique_ptr<Store> MakeListeningStore(std::unique_ptr<Store> inner, Listener& listener);

}  // namespace brobygger::storage
