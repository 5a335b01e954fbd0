#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/registry/identity.h"

namespace brobygger::registry {

// Associations that a plan would make, compared as those that there are: what
// comes later in the plan may be one of them. For one thread.
class Drafts {
 public:
  // Compares as `identity` does now.
  explicit Drafts(const Identity& identity);

  // One more record of the draft called `draft_id`: the first one makes it.
  void Add(const std::string& draft_id, const matching::Record& record);

  // Which draft the record means; candidates are named by their draft ids.
  Standing Resolve(const matching::Record& record) const;

 private:
  matching::Index index_;
  std::unordered_map<std::string, std::vector<matching::Record>> records_;
};

}  // namespace brobygger::registry
