#include "core/search/top_hits.h"

#include <algorithm>
#include <tuple>

namespace brobygger::search {

bool TopHits::Before(const TopHit& left, const TopHit& right) const {
  if (left.score != right.score) return left.score > right.score;
  if (left.name_key != right.name_key) return left.name_key < right.name_key;
  return view_.parts[left.part].segment->id(left.doc) <
         view_.parts[right.part].segment->id(right.doc);
}

bool TopHits::ComesAfter(const TopHit& hit) const {
  if (!after_) return true;
  if (hit.score != after_->score) return hit.score < after_->score;
  if (hit.name_key != after_->name_key) return hit.name_key > after_->name_key;
  return view_.parts[hit.part].segment->id(hit.doc) > after_->id;
}

bool TopHits::Add(std::size_t part, DocId doc, float score) {
  // Without a look at the document, which most do not need.
  if (IsClosedTo(score)) return false;
  if (heap_.size() == size_ && score == heap_.front().score && part == heap_.front().part &&
      doc > heap_.front().doc) {
    return false;  // documents of a segment are numbered in the order of names
  }
  const TopHit hit{part, doc, score, view_.parts[part].segment->facts(doc).name_key};
  if (!ComesAfter(hit)) {
    ++skipped_;
    return true;
  }
  const auto before = [this](const TopHit& left, const TopHit& right) {
    return Before(left, right);
  };
  if (heap_.size() == size_) {
    if (!Before(hit, heap_.front())) return false;
    std::pop_heap(heap_.begin(), heap_.end(), before);
    heap_.pop_back();
  }
  heap_.push_back(hit);
  std::push_heap(heap_.begin(), heap_.end(), before);
  return true;
}

std::vector<TopHit> TopHits::Finish() {
  std::sort(heap_.begin(), heap_.end(),
            [this](const TopHit& left, const TopHit& right) { return Before(left, right); });
  return std::move(heap_);
}

}  // namespace brobygger::search
