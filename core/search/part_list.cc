#include "core/search/part_list.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include <absl/container/flat_hash_map.h>

namespace brobygger::search {
namespace {

// So many parts of one size are merged: each is looked into by every query.
constexpr std::size_t kManyOfOneSize = 6;
constexpr std::size_t kSizes = 16;
constexpr std::uint32_t kFewDead = 1024;

// Sizes grow fourfold: 64 documents, 256, 1,024 ...
std::size_t SizeOf(std::uint32_t documents) {
  return (static_cast<std::size_t>(std::bit_width(documents / 64)) + 1) / 2;
}

void Kill(DocId doc, Part& part) {
  // A view may hold the old one.
  auto dead = part.dead == nullptr ? std::make_shared<Dead>() : std::make_shared<Dead>(*part.dead);
  if (part.dead == nullptr) dead->docs = Bits(part.segment->size());
  if (dead->docs.Add(doc)) ++dead->count;
  part.dead = std::move(dead);
}

// As many parts of one size as fit into one; none if they are few.
MergePlan Fitting(const std::vector<const Part*>& same, std::uint32_t most_documents) {
  MergePlan plan;
  if (same.size() < kManyOfOneSize) return plan;
  std::uint32_t documents = 0;
  for (const Part* part : same) {
    documents += part->live();
    if (documents > most_documents) break;
    plan.parts.push_back(*part);
  }
  return plan;
}

// Marks those of a part's documents that died since it was planned to merge it. `now` is the part
// as it is, or null if all of it is gone.
void MarkDead(const std::vector<DocId>& places, const Part* now, Dead& dead) {
  for (DocId doc = 0; doc < places.size(); ++doc) {
    if (places[doc] == Merged::kGone || (now != nullptr && now->IsLive(doc))) continue;
    if (dead.docs.Add(places[doc])) ++dead.count;
  }
}

}  // namespace

Merged Merge(MergePlan plan) {
  Merged merged;
  SegmentBuilder builder;
  for (const Part& part : plan.parts) {
    auto& places = merged.places.emplace_back(part.segment->size(), Merged::kGone);
    for (DocId doc = 0; doc < part.segment->size(); ++doc) {
      if (!part.IsLive(doc)) continue;
      places[doc] = builder.size();
      builder.AddFrom(*part.segment, doc);
    }
  }
  if (builder.size() > 0) merged.segment = builder.Finish();
  for (auto& places : merged.places) {
    for (DocId& place : places) {
      if (place != Merged::kGone) place = builder.places()[place];
    }
  }
  merged.plan = std::move(plan);
  return merged;
}

void PartList::Add(std::shared_ptr<const Segment> segment) {
  parts_.push_back({std::move(segment), nullptr});
}

void PartList::Bury(const std::string& id) {
  // The newest are the smallest and likeliest to hold it; it is live in one at most.
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    const auto doc = part->segment->Find(id);
    if (!doc || !part->IsLive(*doc)) continue;
    Kill(*doc, *part);
    return;
  }
}

void PartList::Put(const std::vector<Update>& updates) {
  absl::flat_hash_map<std::string_view, const Update*> last;
  for (const Update& update : updates) last[update.id] = &update;
  SegmentBuilder builder;
  for (const Update& update : updates) {
    if (last[update.id] != &update) continue;
    Bury(update.id);
    if (update.document) builder.Add(*update.document);
  }
  if (builder.size() > 0) Add(builder.Finish());
  std::erase_if(parts_, [](const Part& part) { return part.live() == 0; });
}

std::optional<MergePlan> PartList::PlanMerge() const {
  std::array<std::vector<const Part*>, kSizes> by_size;
  for (const Part& part : parts_) {
    const std::uint32_t gone = part.segment->size() - part.live();
    if (gone > kFewDead && gone > part.live()) return MergePlan{{part}};
    if (part.live() * 2 <= most_documents_) {
      by_size[std::min(SizeOf(part.live()), kSizes - 1)].push_back(&part);
    }
  }
  for (const auto& same : by_size) {
    MergePlan plan = Fitting(same, most_documents_);
    if (plan.parts.size() > 1) return plan;
  }
  return std::nullopt;
}

void PartList::Install(Merged merged) {
  Part made{merged.segment, nullptr};
  auto dead = std::make_shared<Dead>();
  if (made.segment != nullptr) dead->docs = Bits(made.segment->size());
  for (std::size_t i = 0; i < merged.places.size(); ++i) {
    // A part all of which is gone by now is not here any more.
    const auto now = std::find_if(parts_.begin(), parts_.end(), [&](const Part& part) {
      return part.segment == merged.plan.parts[i].segment;
    });
    MarkDead(merged.places[i], now == parts_.end() ? nullptr : &*now, *dead);
    if (now != parts_.end()) parts_.erase(now);
  }
  if (dead->count > 0) made.dead = std::move(dead);
  if (made.segment != nullptr && made.live() > 0) parts_.push_back(std::move(made));
}

std::uint64_t PartList::live() const {
  std::uint64_t live = 0;
  for (const Part& part : parts_) live += part.live();
  return live;
}

std::size_t PartList::MemoryBytes() const {
  std::size_t bytes = 0;
  for (const Part& part : parts_) bytes += part.segment->MemoryBytes();
  return bytes;
}

}  // namespace brobygger::search
