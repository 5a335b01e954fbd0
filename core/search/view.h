#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/search/segment.h"
#include "core/storage/store.h"

namespace brobygger::search {

// Which documents of a segment are gone or were replaced.
struct Dead {
  Bits docs;
  std::uint32_t count = 0;
};

// A segment and what became of it. Null `dead`: all of it is as it was.
struct Part {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Dead> dead;

  bool IsLive(DocId doc) const { return dead == nullptr || !dead->docs.Has(doc); }
  std::uint32_t live() const { return segment->size() - (dead == nullptr ? 0 : dead->count); }
};

// Everything that can be found, as of one revision. Never changes, so whoever holds it reads
// without a lock, for as long as they like.
struct View {
  std::uint64_t serial = 0;  // differs from every other view's of this process
  storage::Revision revision = 0;
  bool complete = false;  // all of the registry at `revision` is in it
  std::vector<Part> parts;
  std::uint64_t live = 0;
};

}  // namespace brobygger::search
