// What people do with what the sync asks, could not do, and did.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/sync/lists.h"
#include "core/sync/resolve.h"
#include "tests/histories/cast.h"
#include "tests/histories/crashing_store.h"
#include "tests/histories/world.h"

namespace brobygger::histories {
namespace {

using registry::v1::Association;
using sync::v1::ResolveConflictRequest;

const char* WordOf(ResolveConflictRequest::Choice choice) {
  switch (choice) {
    case ResolveConflictRequest::CHOICE_REGISTRY:
      return "answers: the registry's";
    case ResolveConflictRequest::CHOICE_SOURCE:
      return "answers: the source's";
    default:
      return "answers: a value of one's own";
  }
}

bool Lives(const Association& association) { return !association.has_delete_time(); }

}  // namespace

// Either side's value, or a third one that the person types.
void World::AnswerConflict() {
  const auto open = sync::ListConflicts(**store_->Latest(), {});
  if (!open.ok() || open->conflicts().empty()) return;
  const auto& conflict = open->conflicts(Dice(open->conflicts_size()));
  ResolveConflictRequest request;
  request.set_conflict_id(conflict.conflict_id());
  const std::string& path = conflict.path();
  const auto is_this = [&](const auto& field) { return path == field.first; };
  const bool own = std::any_of(std::begin(kEdited), std::end(kEdited), is_this) && Chance(40);
  const bool registrys = Chance(50);
  request.set_choice(registrys ? ResolveConflictRequest::CHOICE_REGISTRY
                               : ResolveConflictRequest::CHOICE_SOURCE);
  std::string value;
  if (own) {
    value = NewValue(path);
    request.set_choice(ResolveConflictRequest::CHOICE_VALUE);
    request.set_value(path == "purpose.da" ? value : "[\"" + value + "\"]");
  }
  Tell("answer " + request.ShortDebugString() + " to " + conflict.ShortDebugString());
  if (without_ == Without::kAnswers) disk_->forgets.kinds = {storage::Kind::kAssociation};
  const auto written = store_->Write("henrik", [&](storage::Transaction& transaction) {
    return sync::ResolveConflict(transaction, request, "henrik").status();
  });
  if (without_ == Without::kAnswers) disk_->forgets.kinds.clear();
  if (!written.ok()) return Tell("  refused: " + written.status().ToString());
  // Whatever gave way must be in the log: nobody is sure to have seen it.
  Typed(value, "");
  Happened(WordOf(request.choice()));
}

// A source locks a row for a while, or has rules of its own about it.
void World::RefuseOrAllow() {
  const std::string id = SomeConnection();
  auto& refuses = sites_.at(id).refuses;
  const auto live = Live();
  if (live.empty() || (!refuses.empty() && Chance(50))) {
    if (refuses.empty()) return;
    Tell(id + " allows " + refuses.begin()->first);
    refuses.erase(refuses.begin());
    if (Chance(50)) ReplayRefused(id);
    return;
  }
  const Association& one = OneOf(live);
  Tell(fmt::format("{} refuses {} ({})", id, one.id(), one.official_name()));
  refuses[one.id()] = "fake.locked";
  Happened("refusals");
}

void World::ReplayRefused(const std::string& connection) {
  sync::v1::ReplayDeadLettersRequest request;
  request.set_connection_id(connection);
  std::uint64_t replayed = 0;
  const auto written =
      store_->Write("henrik", [&](storage::Transaction& transaction) -> absl::Status {
        const auto done = sync::ReplayDeadLetters(transaction, request);
        if (done.ok()) replayed = done->replayed_count();
        return done.status();
      });
  if (!written.ok()) return Wrong("a replay failed: " + written.status().ToString());
  Tell(fmt::format("replay {}: {}", connection, replayed));
  if (replayed > 0) Happened("replays");
}

bool World::Refuses(const std::string& connection, const Association& association) const {
  const auto& source = sites_.all().at(connection);
  // Also a record that stands for one that was merged into it.
  for (const auto& [id, code] : source.refuses) {
    if (RootOf(id) == association.id()) return true;
  }
  const auto longest = source.longest.find("formaal");
  return longest != source.longest.end() &&
         Held(association, "purpose.da").size() > longest->second;
}

bool World::HasDeadLetter(const std::string& connection, const std::string& association_id) const {
  const auto letter = (*store_->Latest())
                          ->Find(storage::Kind::kDeadLetter,
                                 fmt::format("{}/associations/{}", connection, association_id));
  return letter.ok() && *letter != nullptr;
}

// What was allowed and tried again is done.
void World::CheckLettersHaveAReason() {
  sync::v1::ListDeadLettersRequest all;
  all.set_page_size(500);
  const auto letters = sync::ListDeadLetters(**store_->Latest(), all);
  const auto by_id = ById();
  for (const auto& letter : letters->dead_letters()) {
    const auto about = by_id.find(letter.association_id());
    const bool refused_here = letter.code() == "fake.locked" || letter.code() == "fake.too_long";
    if (!refused_here || about == by_id.end()) continue;
    if (Refuses(letter.connection_id(), about->second)) continue;
    Wrong("a dead letter that nothing holds back: " + letter.ShortDebugString());
  }
}

absl::StatusOr<sync::v1::UndoRunResponse> World::UndoOnce(const sync::v1::UndoRunRequest& request) {
  const bool dies = Chance(15);
  if (dies) disk_->DieAfter(Dice(2), Chance(50));
  auto undone = engine_->UndoRun(request, "henrik");
  if (!dies) return undone;
  Start();
  // Whoever was at it does it again.
  auto again = engine_->UndoRun(request, "henrik");
  const bool was_done = !again.ok() && base::ErrorMetadata(again.status(), "state") == "undone";
  if (was_done && undone.ok()) return undone;
  return was_done ? sync::v1::UndoRunResponse() : again;
}

void World::UndoARun() {
  const std::string id = SomeConnection();
  const auto last = last_run_.find(id);
  if (last == last_run_.end()) return;
  const RunSeen run = std::move(last->second);
  last_run_.erase(last);
  const auto held = ById();
  sync::v1::UndoRunRequest request;
  request.set_run_id(run.id);
  Tell(fmt::format("undo the run {} of {}", run.id, id));
  const auto undone = UndoOnce(request);
  if (!undone.ok()) return Wrong("a run cannot be undone: " + undone.status().ToString());
  Tell("  " + undone->ShortDebugString());
  if (undone->restored_count() > 0) Happened("runs undone");
  CheckUndone(run, held, *undone);
}

// What nobody has changed since the run is again what it was before it. `told` names the
// rest.
void World::CheckUndone(const RunSeen& run,
                        const std::map<std::string, Association>& held,
                        const sync::v1::UndoRunResponse& told) {
  const auto back = ById();
  for (const auto& [id, left] : run.after) {
    const Association& now = back.at(id);
    const Association& then = held.at(id);
    const auto found = run.before.find(id);
    const bool was_live = found != run.before.end() && Lives(found->second);
    if (Lives(then) && !Lives(now)) NobodyReliesOn(Held(now, "identifiers.DK-CVR"));
    if (!was_live && Lives(left) && Lives(now) && then.etag() == left.etag()) {
      Wrong("undo: " + id + " was made by the run, and is there still");
    }
    if (was_live && !Lives(left) && left.merged_into_association_id().empty() && !Lives(now)) {
      Wrong("undo: " + id + " was deleted by the run, and is so still");
    }
    if (!was_live || !Lives(left) || !Lives(then) || !Lives(now)) continue;
    for (const auto& [path, field] : kEdited) {
      const auto before = Tokens(Held(found->second, path));
      const auto made = Tokens(Held(left, path));
      if (before == made || Tokens(Held(then, path)) != made) continue;
      if (Tokens(Held(now, path)) == before) continue;
      Wrong(fmt::format("undo: {} of {} is '{}' and not '{}' as before the run; told {}", path, id,
                        Held(now, path), Held(found->second, path), told.ShortDebugString()));
    }
  }
}

}  // namespace brobygger::histories
