#include "core/search/name_order.h"

#include <algorithm>
#include <utility>

#include "core/search/reach.h"

namespace brobygger::search {
namespace {

Bits DocsOf(const Part& part, const Narrowing& narrowing) {
  const Segment& segment = *part.segment;
  Bits docs = WithinReach(part, {});
  const auto keep = [&](const ValueDocs* with) {
    Bits kept(segment.size());
    if (with != nullptr) with->AddTo(kept);
    docs.And(kept);
  };
  if (narrowing.municipality) {
    keep(segment.docs_with(Field::kMunicipality, *narrowing.municipality));
  }
  if (narrowing.theme != 0) keep(segment.docs_ever_with(Field::kTheme, narrowing.theme));
  if (narrowing.audience != 0) keep(segment.docs_ever_with(Field::kAudience, narrowing.audience));
  return docs;
}

// Documents are numbered in the order of names.
DocId FirstFrom(const Segment& segment, std::uint64_t key) {
  DocId low = 0;
  DocId high = segment.size();
  while (low < high) {
    const DocId middle = low + (high - low) / 2;
    if (segment.facts(middle).name_key < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

NameOrder::NameOrder(const View& view, const Narrowing& narrowing, std::uint64_t from) {
  for (const Part& part : view.parts) {
    Bits docs = DocsOf(part, narrowing);
    const DocId first = docs.NextFrom(FirstFrom(*part.segment, from));
    walks_.push_back({part.segment.get(), std::move(docs), first});
  }
}

std::vector<std::string> NameOrder::Next() {
  std::optional<std::uint64_t> least;
  for (const Walk& walk : walks_) {
    if (!walk.done()) least = std::min(least.value_or(walk.key()), walk.key());
  }
  std::vector<std::string> ids;
  for (Walk& walk : walks_) {
    for (; !walk.done() && walk.key() == *least; walk.at = walk.docs.NextFrom(walk.at + 1)) {
      ids.emplace_back(walk.segment->id(walk.at));
    }
  }
  return ids;
}

}  // namespace brobygger::search
