#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/search/segment.h"
#include "core/search/view.h"

namespace brobygger::search {

// What became of an association: how it is now, or that it is gone.
struct Update {
  std::string id;
  std::optional<Document> document;
};

// Some parts that are to become one, as they were when that began.
struct MergePlan {
  std::vector<Part> parts;
};

// The one they became.
struct Merged {
  MergePlan plan;
  std::shared_ptr<const Segment> segment;  // null: nothing of them was live
  std::vector<std::vector<DocId>> places;  // of each part's documents in it, or kGone
  static constexpr DocId kGone = ~DocId{0};
};

// Makes one segment of several. Takes some microseconds a document; may run on another thread,
// since what it reads never changes. Pure.
Merged Merge(MergePlan plan);

// The parts of which the next view is made. Belongs to one thread; what it hands out may be read
// by any.
class PartList {
 public:
  // A segment holds at most so many documents; larger ones are not merged any more.
  explicit PartList(std::uint32_t most_documents) : most_documents_(most_documents) {}

  // Documents that are in no other part yet.
  void Add(std::shared_ptr<const Segment> segment);

  // Puts the documents in, each once: of two updates of one association the last counts.
  void Put(const std::vector<Update>& updates);

  // What ought to be merged now, if anything: so many parts of about one size that a query would
  // feel it, or one of which most is gone.
  std::optional<MergePlan> PlanMerge() const;

  // Puts the result in the place of what it was made of, with what became of it meanwhile. The
  // list must be the one that planned it.
  void Install(Merged merged);

  const std::vector<Part>& parts() const { return parts_; }
  std::uint64_t live() const;
  std::size_t MemoryBytes() const;

 private:
  void Bury(const std::string& id);

  const std::uint32_t most_documents_;
  std::vector<Part> parts_;
};

}  // namespace brobygger::search
