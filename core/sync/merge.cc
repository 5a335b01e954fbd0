#include "core/sync/merge.h"

#include <algorithm>
#include <cctype>

#include "core/model/fields.h"
#include "core/sync/list_slots.h"

namespace brobygger::sync {
namespace {

enum class Verdict {
  kSame,
  kPull,          // the registry takes the source's value
  kPullOverrule,  // the same, and it held something else that was never agreed on
  kKeep,          // each keeps its own
  kPush,          // the source is to take the registry's value
  kPushOverrule,
  kConflict
};

const std::string& ValueAt(const ToldFields& fields, const std::string& path) {
  static const std::string kNothing;
  const auto found = fields.find(path);
  return found == fields.end() ? kNothing : found->second;
}

bool SameButForCase(const std::string& left, const std::string& right) {
  const auto same = [](unsigned char one, unsigned char other) {
    return std::tolower(one) == std::tolower(other);
  };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

// One field with all that is known of it.
class Field {
 public:
  Field(const MergeInput& input, const std::string& path) : input_(input), path_(path) {
    if (input.agreed_told) {
      const auto before = input.agreed_told->find(path);
      if (before != input.agreed_told->end()) told_before_ = &before->second;
    }
  }

  Verdict Decide() const {
    if (only_hubs()) return SameWord() ? Verdict::kSame : PutRight();
    if (Same(told(), There(held()))) return Verdict::kSame;
    if (input_.open.count(path_) > 0) return Verdict::kConflict;
    if (told_before_ == nullptr) return FirstTime();
    const bool told_changed = !Same(told(), *told_before_);
    const bool held_changed = !Same(There(held()), There(held_before()));
    if (!told_changed) {
      return held_changed && writable() && !owned_here() ? Verdict::kPush : Verdict::kKeep;
    }
    return held_changed ? BothChanged() : OnlyTold();
  }

  v1::FieldBase Base() const {
    v1::FieldBase base;
    base.set_path(path_);
    // Never agreed on: the registry's side is what it cannot hold now, so that a
    // write that fails is planned again.
    base.set_source_value(told_before_ == nullptr ? told() : *told_before_);
    base.set_registry_value(told_before_ == nullptr ? told() : held_before());
    return base;
  }

  v1::FieldChange Change(const std::string& old_value, const std::string& new_value) const {
    v1::FieldChange change;
    change.set_path(path_);
    change.set_old_value(old_value);
    change.set_new_value(new_value);
    change.set_decides(Decider());
    return change;
  }

  const std::string& told() const { return ValueAt(input_.told, path_); }
  const std::string& held() const { return ValueAt(input_.registry, path_); }
  // Whether the source can hold all that the registry does now.
  bool HoldsAll() const { return There(held()) == held(); }
  // Whether, once the registry has taken what the source tells, an entry that the source had no
  // field for stands where it has one: it is told that next.
  bool MovesUp() const { return writable() && !Same(told(), There(Taken())); }
  // What the registry holds once it has taken what the source tells.
  std::string Taken() const {
    const auto slots = input_.slots.find(path_);
    return slots == input_.slots.end() ? told() : WithToldEntries(held(), slots->second, told());
  }

 private:
  bool Same(const std::string& left, const std::string& right) const {
    return model::SameValue(path_, left, right);
  }
  // What the source can hold of it.
  std::string There(const std::string& value) const {
    const auto slots = input_.slots.find(path_);
    return slots == input_.slots.end() ? value : FirstEntries(value, slots->second);
  }
  bool writable() const { return input_.writable.count(path_) > 0; }
  bool owned_here() const { return input_.owned_here.count(path_) > 0; }
  bool owned_elsewhere() const { return input_.owned_elsewhere.count(path_) > 0; }
  bool hub_decides() const { return input_.hub_decides.count(path_) > 0; }
  // What the hub says of itself is never taken over from a source, and needs no base:
  // the source has it or gets it. A source that writes in capitals has it.
  bool only_hubs() const { return IsHubPath(path_); }
  bool SameWord() const { return SameButForCase(told(), held()); }
  Verdict PutRight() const {
    if (!writable()) return Verdict::kKeep;
    return told().empty() ? Verdict::kPush : Verdict::kPushOverrule;
  }

  const std::string& held_before() const {
    return input_.agreed_registry ? ValueAt(*input_.agreed_registry, path_) : held();
  }

  const char* Decider() const {
    if (owned_here()) return "source";
    if (hub_decides()) return "hub";
    if (owned_elsewhere()) return "another source";
    return writable() ? "shared" : "";
  }

  // The first time both speak of it: what is empty is filled, on either side. Where
  // the source is only read, what it says is kept beside.
  Verdict FirstTime() const {
    if (told().empty()) return writable() && !owned_here() ? Verdict::kPush : Verdict::kKeep;
    if (held().empty()) return Verdict::kPull;
    if (owned_here()) return Verdict::kPullOverrule;
    if (!writable()) return Verdict::kKeep;
    return hub_decides() || owned_elsewhere() ? Verdict::kPushOverrule : Verdict::kConflict;
  }

  Verdict OnlyTold() const {
    if (hub_decides()) return Verdict::kPushOverrule;
    if (owned_elsewhere() && !held().empty()) {
      return writable() ? Verdict::kPushOverrule : Verdict::kKeep;
    }
    // A source that never had its way with a field goes on beside the others; one
    // that is written to has had it, also where it stores something else. Whoever changed it
    // there then did not see all that gives way here.
    if (Same(*told_before_, There(held_before()))) return Verdict::kPull;
    if (!writable()) return NeverAgreed();
    return SameButForCase(*told_before_, There(held_before())) ? Verdict::kPull
                                                               : Verdict::kPullOverrule;
  }

  Verdict BothChanged() const {
    if (owned_here()) return Verdict::kPullOverrule;
    if (hub_decides()) return Verdict::kPushOverrule;
    if (owned_elsewhere()) return writable() ? Verdict::kPushOverrule : Verdict::kKeep;
    if (writable() || Same(*told_before_, There(held_before()))) return Verdict::kConflict;
    return NeverAgreed();
  }

  // Only against a person's own words does a person have to choose.
  Verdict NeverAgreed() const {
    if (owned_here()) return Verdict::kPullOverrule;
    if (owned_elsewhere()) return Verdict::kKeep;
    return input_.person_behind.count(path_) > 0 ? Verdict::kConflict : Verdict::kKeep;
  }

  const MergeInput& input_;
  const std::string& path_;
  const std::string* told_before_ = nullptr;
};

void AddPull(const Field& field, const std::string& path, bool overrules, MergeResult& result) {
  const std::string taken = field.Taken();
  v1::FieldChange& change = result.changes.emplace_back(field.Change(field.held(), taken));
  change.set_overrules(overrules && !field.held().empty());
  if (field.MovesUp()) {
    v1::FieldBase& base = result.source_bases.emplace_back();
    base.set_path(path);
    base.set_source_value(field.told());
    base.set_registry_value(field.told());
  }
  if (field.told().empty()) {
    ++result.blanked;
  } else {
    result.stands_behind.push_back(path);
  }
}

void AddPush(const Field& field, const std::string& path, bool overrules, MergeResult& result) {
  v1::FieldChange& change =
      result.source_changes.emplace_back(field.Change(field.Taken(), field.held()));
  change.set_overrules(overrules && !field.told().empty());
  result.source_bases.push_back(field.Base());
  if (field.held().empty()) ++result.source_blanked;
  if (!field.told().empty()) result.other_values[path] = field.told();
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
    const Field field(input, path);
    const Verdict verdict = field.Decide();
    switch (verdict) {
      case Verdict::kSame:
        // Behind the rest of a longer list it does not stand.
        if (!told.empty() && field.HoldsAll()) result.stands_behind.push_back(path);
        break;
      case Verdict::kPull:
      case Verdict::kPullOverrule:
        AddPull(field, path, verdict == Verdict::kPullOverrule, result);
        break;
      case Verdict::kPush:
      case Verdict::kPushOverrule:
        AddPush(field, path, verdict == Verdict::kPushOverrule, result);
        break;
      case Verdict::kConflict:
        // What the source told is what a person is asked about, and not what would come of it.
        result.changes.push_back(field.Change(field.held(), told));
        result.changes.back().set_conflict(true);
        [[fallthrough]];
      case Verdict::kKeep:
        if (!told.empty()) result.other_values[path] = told;
        break;
    }
  }
  return result;
}

}  // namespace brobygger::sync
