// Associations that people take for one, and take apart again.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/registry/decide.h"
#include "core/sync/lists.h"
#include "tests/histories/cast.h"
#include "tests/histories/world.h"

namespace brobygger::histories {
namespace {

using registry::v1::Association;

constexpr char kCvr[] = "identifiers.DK-CVR";

std::vector<std::string> NumbersOf(const Association& left, const Association& right) {
  std::vector<std::string> numbers;
  for (const Association* one : {&left, &right}) {
    if (const std::string number = Held(*one, kCvr); !number.empty()) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

std::string World::RootOf(std::string id) const {
  for (bool moved = true; moved;) {
    moved = false;
    for (const PersonsMerge& merge : merges_) {
      if (merge.undone || merge.absorbed != id) continue;
      id = merge.survivor;
      moved = true;
    }
  }
  return id;
}

void World::MergeTwo() {
  const auto live = Live();
  if (live.size() < 2) return;
  const Association left = OneOf(live);
  const Association right = OneOf(live);
  if (left.id() == right.id()) return;
  identity::v1::DecideRequest request;
  request.set_kind(identity::v1::Decision::KIND_SAME);
  request.set_from_association_id(left.id());
  request.set_to_association_id(right.id());
  request.set_override_earlier(true);
  identity::v1::DecideResponse decided;
  Tell(fmt::format("merge {} ({}) and {} ({})", left.id(), left.official_name(), right.id(),
                   right.official_name()));
  const auto written =
      store_->Write("henrik", [&](storage::Transaction& transaction) -> absl::Status {
        auto response = registry::Decide(transaction, *identity_, request, "henrik");
        if (response.ok()) decided = *std::move(response);
        return response.status();
      });
  if (!written.ok()) return Wrong("a merge was refused: " + written.status().ToString());
  PersonsMerge merge;
  merge.decision_id = decided.decision().id();
  merge.survivor = decided.merge().survivor_association_id();
  merge.absorbed = decided.merge().absorbed_association_id();
  merge.cvr_numbers = NumbersOf(left, right);
  const auto& numbers = merge.cvr_numbers;
  merge.relied_on = std::all_of(numbers.begin(), numbers.end(),
                                [&](const auto& number) { return made_.contains(number); });
  for (const std::string& number : numbers) made_.erase(number);
  const std::string kept = Held(ById().at(merge.survivor), kCvr);
  if (merge.relied_on && !kept.empty()) made_.insert(kept);
  // Either may go on with a list that had more entries than a source has fields for.
  for (const auto& [path, field] : kEdited) {
    if (had_second_.contains(merge.absorbed + " " + path)) {
      had_second_.insert(merge.survivor + " " + path);
    }
  }
  merges_.push_back(std::move(merge));
  Happened("merges");
}

void World::TakeAMergeBack() {
  std::vector<std::size_t> standing;
  for (std::size_t i = 0; i < merges_.size(); ++i) {
    // One whose survivor was merged itself must wait for that to be taken back.
    if (!merges_[i].undone && RootOf(merges_[i].survivor) == merges_[i].survivor) {
      standing.push_back(i);
    }
  }
  if (standing.empty()) return;
  PersonsMerge& merge = merges_[OneOf(standing)];
  identity::v1::UndoDecisionRequest request;
  request.set_decision_id(merge.decision_id);
  identity::v1::UndoDecisionResponse parted;
  Tell(fmt::format("part {} from {}", merge.absorbed, merge.survivor));
  const auto written =
      store_->Write("henrik", [&](storage::Transaction& transaction) -> absl::Status {
        auto response = registry::UndoDecision(transaction, *identity_, request, "henrik");
        if (response.ok()) parted = *std::move(response);
        return response.status();
      });
  // A second row may have made a third association of the number meanwhile.
  if (!written.ok()) return Tell("  refused: " + written.status().ToString());
  merge.undone = true;
  Happened("merges taken back");
  // Whoever took it back was told what could not be restored.
  for (const auto& conflict : parted.conflicts()) {
    Tell("  " + conflict.ShortDebugString());
    seen_over_.merge(Tokens(conflict.value_before()));
  }
  if (merge.relied_on) made_.insert(merge.cvr_numbers.begin(), merge.cvr_numbers.end());
  for (const auto& [path, field] : kEdited) {
    if (had_second_.contains(merge.survivor + " " + path)) {
      had_second_.insert(merge.absorbed + " " + path);
    }
  }
}

// A source is told what became of an association, also where it was merged away.
void World::CheckSourcesKnowWhatBecame() {
  const auto by_id = ById();
  for (const auto& [id, source] : sites_.all()) {
    for (const auto& [key, record] : source.records) {
      const auto own = by_id.find(record.foreign_id());
      if (own == by_id.end() || HasDeadLetter(id, RootOf(own->first))) continue;
      const std::string root = RootOf(own->first);
      const bool merged = root != own->first;
      std::string status = own->second.has_delete_time() ? "DELETED" : Held(own->second, "status");
      if (merged) status = "MERGED";
      const std::string successor = merged ? root : "";
      if (TextOf(record, "status") == status && TextOf(record, "afloeser") == successor) continue;
      Wrong(fmt::format("I11: {}/{} says {} '{}' of {}, which is {} '{}'", id, key,
                        TextOf(record, "status"), TextOf(record, "afloeser"), own->first, status,
                        successor));
    }
  }
}

// There are no more associations than people have made, and no more records of one.
void World::CheckNothingIsMadeTwice() {
  const int live = static_cast<int>(Live().size());
  if (live <= people_made_) return;
  Wrong(fmt::format("I2: people made {} associations, and there are {}", people_made_, live));
}

}  // namespace brobygger::histories
