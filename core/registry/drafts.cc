#include "core/registry/drafts.h"

#include <algorithm>
#include <iterator>

namespace brobygger::registry {

Drafts::Drafts(const Identity& identity) : index_(identity.model()) {}

void Drafts::Add(const std::string& draft_id, const matching::Record& record) {
  auto& records = records_[draft_id];
  records.push_back(record);
  index_.Put(draft_id, records);
}

Standing Drafts::Resolve(const matching::Record& record) const {
  const matching::Resolution resolution = index_.Resolve(record);
  Standing standing{resolution.verdict, {}, resolution.too_common};
  std::transform(resolution.matches.begin(), resolution.matches.end(),
                 std::back_inserter(standing.candidates), ToCandidate);
  return standing;
}

}  // namespace brobygger::registry
