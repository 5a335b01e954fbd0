#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/search/evaluate.h"
#include "core/search/view.h"

namespace brobygger::search {

struct TopHit {
  std::size_t part = 0;
  DocId doc = 0;
  float score = 0;
  std::uint64_t name_key = 0;
};

// Keeps the first `size` of the documents it is given, in the order of Place, that come after
// `after`. For one thread; the view must outlive it.
class TopHits {
 public:
  TopHits(const View& view, std::size_t size, std::optional<Place> after)
      : view_(view), size_(size), after_(std::move(after)) {}

  // False: it comes after all that are kept, and so does every other that is not before it.
  bool Add(std::size_t part, DocId doc, float score);

  // Whether no document of this score or a lower one can be kept any more.
  bool IsClosedTo(float score) const {
    return size_ == 0 || (heap_.size() == size_ && score < heap_.front().score);
  }

  // How many it was given that do not come after `after`.
  std::uint64_t skipped() const { return skipped_; }

  // In order.
  std::vector<TopHit> Finish();

 private:
  bool Before(const TopHit& left, const TopHit& right) const;
  bool ComesAfter(const TopHit& hit) const;

  const View& view_;
  const std::size_t size_;
  const std::optional<Place> after_;
  std::vector<TopHit> heap_;  // the last of them in front
  std::uint64_t skipped_ = 0;
};

}  // namespace brobygger::search
