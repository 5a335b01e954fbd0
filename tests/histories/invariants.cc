// What must hold when all has come to rest.
#include <algorithm>

#include <fmt/format.h>

#include "core/sync/claims.h"
#include "core/sync/list_slots.h"
#include "core/sync/lists.h"
#include "tests/histories/cast.h"
#include "tests/histories/crashing_store.h"
#include "tests/histories/world.h"

namespace brobygger::histories {
namespace {

using registry::v1::Association;
using storage::Kind;

// What a run without changes may cost: it looks at its connection, its stream and its
// lists a fixed number of times.
constexpr int kReadsOfARun = 20;
constexpr int kReadsOfOneOpen = 10;  // of a question between several records: each is looked at
constexpr int kWritesOfARun = 7;     // and one for each page that the source sends

// What a source can hold of a list: it has a field for one entry.
std::string FirstOf(const std::string& held) {
  return held.starts_with("[") ? sync::FirstEntries(held, 1) : held;
}

}  // namespace

// I1: what a person typed is in the registry, or somebody saw it and typed over it, or
// it waits in a conflict, or it is in the log of overruled values.
void World::CheckNothingLost() {
  std::set<std::string> kept = seen_over_;
  std::set<std::string> deleted;
  const auto by_id = ById();
  for (const auto& [id, association] : by_id) {
    const auto root = by_id.find(RootOf(id));
    if (root != by_id.end() && root->second.has_delete_time()) deleted.insert(id);
    // What was merged away must stand in what it was merged into.
    if (!association.merged_into_association_id().empty()) continue;
    for (const auto& [path, field] : kEdited) kept.merge(Tokens(Held(association, path)));
    // Beside the registry's own, where the source is no longer written to.
    for (const auto& statement : association.provenance()) {
      for (const auto& [path, text] : statement.other_values()) kept.merge(Tokens(text));
    }
  }
  // What somebody tells of an association that was deleted here stays where it is.
  for (const auto& [id, source] : sites_.all()) {
    for (const auto& [key, record] : source.records) {
      // A second row of it keeps no id of ours, and is linked all the same.
      const auto link = sync::Load<sync::v1::Link>(**store_->Latest(), storage::Kind::kLink,
                                                   id + "/associations/" + key);
      const bool linked = link.ok() && *link && deleted.contains((*link)->association_id());
      if (!linked && !deleted.contains(record.foreign_id())) continue;
      for (const auto& [path, field] : kEdited) kept.merge(Tokens(TextOf(record, field)));
    }
  }
  sync::v1::ListConflictsRequest conflicts;
  conflicts.set_page_size(500);
  const auto open = sync::ListConflicts(**store_->Latest(), conflicts);
  for (const auto& conflict : open->conflicts()) {
    kept.merge(Tokens(conflict.registry_value()));
    kept.merge(Tokens(conflict.source_value()));
  }
  const auto logged =
      (*store_->Latest())
          ->Scan(storage::Kind::kOverruled, {.prefix = "", .after = "", .limit = 100000});
  for (const auto& entry : *logged) {
    sync::v1::OverruledValue value;
    value.ParseFromString(*entry.bytes);
    kept.merge(Tokens(value.value()));
  }
  for (const std::string& value : typed_) {
    if (kept.count(value) == 0) Wrong("I1: '" + value + "' was typed by a person and is lost");
  }
}

// I2: at most one record of a source carries an association's id.
void World::CheckOneRecordEach() {
  for (const auto& [id, source] : sites_.all()) {
    std::map<std::string, int> records;
    for (const auto& [key, record] : source.records) {
      if (!record.foreign_id().empty()) ++records[record.foreign_id()];
    }
    for (const auto& [association, count] : records) {
      if (count > 1) Wrong(fmt::format("I2: {} has {} records of {}", id, count, association));
    }
  }
}

// I3: a name is written when a record is made, and never again.
void World::CheckOwners() {
  for (const auto& [key, name] : names_there_) {
    const std::size_t slash = key.find('/');
    const auto& records = sites_.at(key.substr(0, slash)).records;
    const auto record = records.find(key.substr(slash + 1));
    if (record == records.end()) {
      Wrong("I5: the record " + key + " is gone from its source");
    } else if (TextOf(record->second, "navn") != name) {
      Wrong("I3: the name of " + key + " was changed there");
    }
  }
}

// I4: when nothing more happens, there is nothing more to do.
void World::CheckQuiet() {
  for (auto& [id, source] : sites_.all()) {
    const auto plan = engine_->PlanSync(id, "henrik", nullptr, cancel_);
    if (!plan.ok()) {
      Wrong("I4: the plan of " + id + " failed: " + plan.status().ToString());
      continue;
    }
    if (plan->part_count() == 0) continue;
    sync::v1::ListPlannedActionsRequest request;
    request.set_plan_id(plan->id());
    const auto actions = engine_->ListPlannedActions(request);
    Wrong("I4: " + id + " is never done: " +
          (actions.ok() ? actions->ShortDebugString() : actions.status().ToString()));
  }
}

// What the audit would ask people about came apart in our hands.
void World::CheckAuditFindsNothing() {
  for (auto& [id, source] : sites_.all()) {
    const auto audited = engine_->AuditConnection(id, cancel_);
    if (!audited.ok()) Wrong("the audit of " + id + " failed: " + audited.status().ToString());
  }
  const auto open = sync::ListConflicts(**store_->Latest(), {});
  for (const auto& conflict : open->conflicts()) {
    if (conflict.kind() == sync::v1::Conflict::KIND_SILENT_DIVERGENCE) {
      Wrong("a field came apart: " + conflict.ShortDebugString());
    }
  }
}

// I9: where nothing has changed, a run costs what is open and not what there is.
void World::CheckWorkIsForChanges() {
  for (auto& [id, source] : sites_.all()) {
    std::uint64_t open = 0;
    for (const Kind kind : {Kind::kConflict, Kind::kDirty, Kind::kDeadLetter, Kind::kRejected}) {
      open += sync::Count(**store_->Latest(), kind, id + "/").value_or(0);
    }
    const int reads = disk_->reads();
    const int writes = disk_->writes();
    engine_->PlanSync(id, "henrik", nullptr, cancel_).IgnoreError();
    const int asked = disk_->reads() - reads;
    const int written = disk_->writes() - writes;
    const int pages = static_cast<int>(source.records.size()) / source.batch_records + 1;
    const int may_ask = kReadsOfARun + kReadsOfOneOpen * static_cast<int>(open);
    if (asked > may_ask || written > kWritesOfARun + pages) {
      Wrong(fmt::format("I9: {} reads and {} writes for a run without changes of {}, with {} open",
                        asked, written, id, open));
    }
  }
}

// What people may change on both sides is the same on both, unless a person must choose.
void World::CheckBothSidesAgree() {
  sync::v1::ListConflictsRequest all;
  all.set_page_size(500);
  const auto open = sync::ListConflicts(**store_->Latest(), all);
  std::set<std::string> undecided;
  for (const auto& conflict : open->conflicts()) undecided.insert(conflict.conflict_id());
  std::map<std::string, Association> by_id;
  for (Association& association : Live()) by_id[association.id()] = association;
  for (const auto& [id, source] : sites_.all()) {
    for (const auto& [key, record] : source.records) {
      const auto association = by_id.find(record.foreign_id());
      if (association == by_id.end()) continue;
      // What the source does not take waits where people see it, with all else of the record.
      const bool refused = Refuses(id, association->second);
      if (refused && HasDeadLetter(id, association->first)) continue;
      for (const auto& [path, field] : kEdited) {
        if (undecided.count(fmt::format("{}/associations/{}/{}", id, key, path)) > 0) continue;
        const std::string here = Held(association->second, path);
        const std::string there = TextOf(record, field);
        if (Tokens(source.Holding(field, FirstOf(here))) == Tokens(there)) continue;
        // Emptied there, where the second entry was not known: that one stays here.
        if (there.empty() && had_second_.contains(record.foreign_id() + " " + path)) continue;
        Wrong(fmt::format("{} of {}/{} is '{}' here and '{}' there", path, id, key, here, there));
      }
    }
  }
}

// I5, I8: nothing was deleted that nobody deleted.
void World::CheckNobodyDeleted() {
  std::set<std::string> there;
  for (const Association& association : Live()) {
    there.insert(Held(association, "identifiers.DK-CVR"));
  }
  for (const std::string& cvr : made_) {
    if (there.count(cvr) == 0) Wrong("I5: the association with CVR " + cvr + " is gone");
  }
}

// I7: for every value the history names somebody who stood behind it.
void World::CheckWhoSaidIt() {
  const auto stands_behind = [](const Association& association, const std::string& path) {
    return std::any_of(association.provenance().begin(), association.provenance().end(),
                       [&](const auto& statement) {
                         const auto& paths = statement.paths();
                         return std::find(paths.begin(), paths.end(), path) != paths.end();
                       });
  };
  for (const Association& association : Live()) {
    const auto versions =
        store_->VersionsOf(storage::Kind::kAssociation, association.id(), 0, 10000);
    for (const auto& [path, field] : kEdited) {
      const std::string held = Held(association, path);
      if (held.empty()) continue;
      const bool said = std::any_of(
          versions->begin(), versions->end(), [&, wanted = std::string(path)](const auto& version) {
            Association then;
            then.ParseFromString(*version.bytes);
            return Held(then, wanted) == held && stands_behind(then, wanted);
          });
      if (!said)
        Wrong(fmt::format("I7: nobody ever stood behind {} of {}", path, association.id()));
    }
  }
}

}  // namespace brobygger::histories
