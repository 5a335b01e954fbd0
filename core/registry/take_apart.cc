// Taking a merge back: see merge.h.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/merge.h"
#include "core/registry/records.h"
#include "core/registry/statements.h"

namespace brobygger::registry {
namespace {

using identity::v1::StoredMerge;
using identity::v1::UndoConflict;
using v1::Association;
using v1::Provenance;

constexpr char kNamesBeside[] = "other_names";

// Whether the source spoke of the absorbed association and not of the survivor
// before they were merged, or had a record of it without having said anything yet.
bool CameAlong(const StoredMerge& merge, const std::string& key) {
  if (StatementBy(merge.survivor_before(), key) != nullptr) return false;
  const auto& links = merge.links();
  return StatementBy(merge.absorbed_before(), key) != nullptr ||
         std::any_of(links.begin(), links.end(),
                     [&](const auto& moved) { return SourceKeyOfLink(moved.key()) == key; });
}

// Whether what is said of the field since the merge is said of the absorbed association. A source
// speaks of the one its record stood for; a person of what there was to see, which is the
// survivor's unless the merge took it from the absorbed one.
bool GoesWithAbsorbed(const StoredMerge& merge, const Provenance& said, const std::string& path) {
  const auto& taken = merge.record().taken_paths();
  const bool seen =
      !said.connection_id().empty() || std::count(taken.begin(), taken.end(), path) > 0;
  return seen && CameAlong(merge, SourceKey(said));
}

void AddConflict(const Association& about,
                 const std::string& path,
                 const std::string& before,
                 const std::string& kept,
                 Apart& apart) {
  UndoConflict& conflict = apart.conflicts.emplace_back();
  conflict.set_association_id(about.id());
  conflict.set_path(path);
  conflict.set_value_before(before);
  conflict.set_value_kept(kept);
}

class TakingApart {
 public:
  TakingApart(const StoredMerge& merge, const Association& now) : merge_(merge), now_(now) {}

  Apart Run() {
    apart_.survivor = merge_.survivor_before();
    apart_.absorbed = merge_.absorbed_before();
    if (SameButForWrite(merge_.survivor_after(), now_)) return std::move(apart_);
    for (const std::string& path : model::ChangedPaths(merge_.survivor_after(), now_)) {
      if (path != kNamesBeside) KeepLaterValue(path);
    }
    KeepLaterNames();
    KeepLaterStatements();
    for (const std::string& path : PathsToFill()) FillFromStatements(apart_.survivor, path);
    return std::move(apart_);
  }

 private:
  // The field was changed since the merge: whoever stands behind it now says
  // where it goes.
  void KeepLaterValue(const std::string& path) {
    const std::string before = TextAt(merge_.survivor_before(), path);
    const std::string later = TextAt(now_, path);
    bool with_survivor = false;
    bool with_absorbed = false;
    for (const Provenance* said : model::SourcesOf(now_, path)) {
      (GoesWithAbsorbed(merge_, *said, path) ? with_absorbed : with_survivor) = true;
    }
    if (with_absorbed) SetTextAt(apart_.absorbed, path, later);
    if (with_absorbed && !with_survivor) return;
    if (path.starts_with("identifiers.")) {
      TakeNumbers(path);
    } else {
      SetTextAt(apart_.survivor, path, later);
    }
    const bool merge_changed_it =
        !model::SameValue(path, before, TextAt(merge_.survivor_after(), path));
    if (merge_changed_it) AddConflict(apart_.survivor, path, before, later, apart_);
  }

  // The numbers of that scheme that came or went since the merge.
  void TakeNumbers(const std::string& path) {
    const std::string later = TextAt(now_, path);
    const std::string theirs = TextAt(merge_.absorbed_before(), path);
    if (!later.empty() && later == theirs) return;
    SetTextAt(apart_.survivor, path, later);
  }

  // Names are a set: those that came since stay, those that went are gone.
  void KeepLaterNames() {
    const auto texts = [](const Association& association) {
      std::set<std::string> names;
      for (const auto& name : association.other_names()) names.insert(name.text());
      return names;
    };
    const auto after = texts(merge_.survivor_after());
    const auto later = texts(now_);
    auto& names = *apart_.survivor.mutable_other_names();
    const auto gone = std::remove_if(names.begin(), names.end(), [&](const auto& name) {
      return after.contains(name.text()) && !later.contains(name.text());
    });
    names.erase(gone, names.end());
    for (const auto& name : now_.other_names()) {
      if (!after.contains(name.text())) *names.Add() = name;
    }
  }

  // What each source says now goes with it; who has fallen silent stays silent.
  void KeepLaterStatements() {
    std::map<std::string, const Provenance*> said_now;
    for (const Provenance& statement : now_.provenance()) {
      said_now[SourceKey(statement)] = &statement;
    }
    for (const Association* before : {&merge_.survivor_before(), &merge_.absorbed_before()}) {
      for (const Provenance& statement : before->provenance()) {
        const std::string key = SourceKey(statement);
        Association& home = before == &merge_.survivor_before() ? apart_.survivor : apart_.absorbed;
        Settle(statement, key, said_now, home);
      }
    }
    for (const Provenance& statement : now_.provenance()) {
      const std::string key = SourceKey(statement);
      if (StatementBy(merge_.survivor_after(), key) != nullptr) continue;
      // A source that joined since stays with the survivor.
      Association& home = CameAlong(merge_, key) ? apart_.absorbed : apart_.survivor;
      SetStatement(home, statement, SaidIn(now_, statement));
    }
    for (const Provenance& statement : now_.provenance()) KeepWordsOfSurvivor(statement);
  }

  // What a person who had spoken of the absorbed one alone has said of the survivor since.
  void KeepWordsOfSurvivor(const Provenance& statement) {
    const std::string key = SourceKey(statement);
    const Provenance* then = StatementBy(merge_.survivor_after(), key);
    if (!statement.connection_id().empty() || then == nullptr || !CameAlong(merge_, key)) return;
    const auto said_then = SaidIn(merge_.survivor_after(), *then);
    auto said = SaidIn(now_, statement);
    std::erase_if(said, [&](const auto& word) {
      const auto old_text = said_then.find(word.first);
      const bool newer = old_text == said_then.end() || old_text->second != word.second;
      return !newer || GoesWithAbsorbed(merge_, statement, word.first);
    });
    if (!said.empty()) SetStatement(apart_.survivor, statement, said);
  }

  void Settle(const Provenance& before,
              const std::string& key,
              const std::map<std::string, const Provenance*>& said_now,
              Association& home) {
    const bool of_both = StatementBy(merge_.survivor_before(), key) != nullptr &&
                         StatementBy(merge_.absorbed_before(), key) != nullptr;
    const bool with_absorbed = &home == &apart_.absorbed;
    const Association& was = with_absorbed ? merge_.absorbed_before() : merge_.survivor_before();
    auto said = SaidIn(was, before);
    const auto now = said_now.find(key);
    if (now == said_now.end()) {
      // What it said in the meantime it said of both; the absorbed one keeps what
      // a person once told of it.
      if (!(of_both && with_absorbed)) said.clear();
    } else if (!(of_both && with_absorbed)) {
      TakeLaterWords(key, *now->second, with_absorbed, said);
    }
    SetStatement(home, now == said_now.end() || of_both ? before : *now->second, said);
  }

  // The words that differ from what the source said when the merge was made.
  void TakeLaterWords(const std::string& key,
                      const Provenance& statement,
                      bool with_absorbed,
                      std::map<std::string, std::string>& said) const {
    const Provenance* then = StatementBy(merge_.survivor_after(), key);
    const auto said_then = then == nullptr ? std::map<std::string, std::string>()
                                           : SaidIn(merge_.survivor_after(), *then);
    const auto said_later = SaidIn(now_, statement);
    for (const auto& [path, text] : said_later) {
      const auto old_text = said_then.find(path);
      const bool newer = old_text == said_then.end() || old_text->second != text;
      const bool here = !with_absorbed || GoesWithAbsorbed(merge_, statement, path);
      if (newer && here) said[path] = text;
    }
    for (const auto& [path, text] : said_then) {
      if (!said_later.contains(path)) said.erase(path);
    }
  }

  // Where the survivor may have become empty although somebody says something.
  std::vector<std::string> PathsToFill() const {
    std::set<std::string> paths;
    for (const Provenance& statement : apart_.survivor.provenance()) {
      for (const auto& [path, text] : statement.other_values()) {
        const bool field = !path.starts_with("identifiers.") && path != kNamesBeside;
        // What a person emptied since stays empty.
        if (field && !TextAt(now_, path).empty()) paths.insert(path);
      }
    }
    return {paths.begin(), paths.end()};
  }

  const StoredMerge& merge_;
  const Association& now_;
  Apart apart_;
};

}  // namespace

Apart TakeApart(const StoredMerge& merge, const Association& now) {
  return TakingApart(merge, now).Run();
}

}  // namespace brobygger::registry
