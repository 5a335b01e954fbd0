#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/search/view.h"

namespace brobygger::search {

// What narrows down associations that are to be listed; all that is given must hold. More may be
// let through than fit, since theme and audience may be of two activities; nothing that fits is
// left out.
struct Narrowing {
  std::optional<std::uint16_t> municipality = {};
  std::uint32_t theme = 0;     // of registry.v1; 0: any. Also of an activity that has ended.
  std::uint32_t audience = 0;  // the same

  bool empty() const { return !municipality && theme == 0 && audience == 0; }
};

// Walks the live associations of a view in the order of names. For one thread; the view must
// outlive it.
class NameOrder {
 public:
  // From the first on whose NameKey() is not below `from`.
  NameOrder(const View& view, const Narrowing& narrowing, std::uint64_t from);

  // The ids of the next: all those of one NameKey(), in no order. Empty: there are no more.
  std::vector<std::string> Next();

 private:
  struct Walk {
    const Segment* segment;
    Bits docs;
    DocId at;

    bool done() const { return at >= docs.size(); }
    std::uint64_t key() const { return segment->facts(at).name_key; }
  };
  std::vector<Walk> walks_;
};

}  // namespace brobygger::search
