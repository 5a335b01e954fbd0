#include "core/sync/merge.h"

#include <algorithm>

#include "core/model/fields.h"

namespace brobygger::sync {
namespace {

enum class Verdict { kSame, kPull, kKeep, kConflict };

const std::string& ValueAt(const ToldFields& fields, const std::string& path) {
  static const std::string kNothing;
  const auto found = fields.find(path);
  return found == fields.end() ? kNothing : found->second;
}

// The first time a source speaks of an association: it fills what is empty, and
// decides what it owns. Elsewhere the registry's value stays, and what the
// source says is kept beside it.
Verdict FirstTime(const MergeInput& input, const std::string& path) {
  if (ValueAt(input.registry, path).empty()) return Verdict::kPull;
  return input.owned_here.count(path) > 0 ? Verdict::kPull : Verdict::kKeep;
}

Verdict Decide(const MergeInput& input, const std::string& path) {
  const std::string& told = ValueAt(input.told, path);
  const std::string& held = ValueAt(input.registry, path);
  if (model::SameValue(path, told, held)) return Verdict::kSame;
  if (input.open.count(path) > 0) return Verdict::kConflict;
  if (!input.agreed_told) return told.empty() ? Verdict::kKeep : FirstTime(input, path);

  const auto told_before = input.agreed_told->find(path);
  if (told_before == input.agreed_told->end()) return FirstTime(input, path);
  if (model::SameValue(path, told, told_before->second)) return Verdict::kKeep;

  const bool owned_elsewhere = input.owned_elsewhere.count(path) > 0;
  const std::string& held_before =
      input.agreed_registry ? ValueAt(*input.agreed_registry, path) : held;
  const bool agreed_on_it = model::SameValue(path, told_before->second, held_before);
  if (agreed_on_it && model::SameValue(path, held, held_before)) {
    return owned_elsewhere && !held.empty() ? Verdict::kKeep : Verdict::kPull;
  }
  if (input.owned_here.count(path) > 0) return Verdict::kPull;
  if (owned_elsewhere) return Verdict::kKeep;
  // A source that never had its way with this field goes on beside the other
  // sources; only against a person's own words does a person have to choose.
  return agreed_on_it || input.person_behind.count(path) > 0 ? Verdict::kConflict : Verdict::kKeep;
}

v1::FieldChange Change(const MergeInput& input, const std::string& path, bool conflict) {
  v1::FieldChange change;
  change.set_path(path);
  change.set_old_value(ValueAt(input.registry, path));
  change.set_new_value(ValueAt(input.told, path));
  change.set_conflict(conflict);
  return change;
}

}  // namespace

bool MergeResult::ChangesRegistry() const {
  return std::any_of(changes.begin(), changes.end(), [](const auto& c) { return !c.conflict(); });
}

bool MergeResult::HasConflict() const {
  return std::any_of(changes.begin(), changes.end(), [](const auto& c) { return c.conflict(); });
}

MergeResult Merge(const MergeInput& input) {
  MergeResult result;
  for (const auto& [path, told] : input.told) {
    switch (Decide(input, path)) {
      case Verdict::kSame:
        if (!told.empty()) result.stands_behind.push_back(path);
        break;
      case Verdict::kPull:
        result.changes.push_back(Change(input, path, false));
        if (told.empty()) {
          ++result.blanked;
        } else {
          result.stands_behind.push_back(path);
        }
        break;
      case Verdict::kKeep:
        if (!told.empty()) result.other_values[path] = told;
        break;
      case Verdict::kConflict:
        result.changes.push_back(Change(input, path, true));
        if (!told.empty()) result.other_values[path] = told;
        break;
    }
  }
  return result;
}

}  // namespace brobygger::sync
