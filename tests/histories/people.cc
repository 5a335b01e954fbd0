// What people do on both sides.
#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "core/registry/edit.h"
#include "core/sync/lists.h"
#include "core/sync/resolve.h"
#include "tests/histories/cast.h"
#include "tests/histories/world.h"

namespace brobygger::histories {

using plugin::v1::Record;
using registry::v1::Association;
using storage::Kind;

std::vector<Association> World::All() const {
  std::vector<Association> all;
  const auto latest = store_->Latest();
  const auto entries =
      (*latest)->Scan(Kind::kAssociation, {.prefix = "", .after = "", .limit = 10000});
  for (const auto& entry : *entries) {
    Association association;
    association.ParseFromString(*entry.bytes);
    all.push_back(std::move(association));
  }
  return all;
}

std::vector<Association> World::Live() const {
  std::vector<Association> live = All();
  std::erase_if(live, [](const Association& one) { return one.has_delete_time(); });
  return live;
}

std::string World::NewValue(const std::string& path) {
  ++counter_;
  if (path == "phones") return std::to_string(20000000 + counter_);
  if (path == "websites") return fmt::format("https://f{:06}.example", counter_);
  return fmt::format("formaal {:06}", counter_);
}

void World::Typed(const std::string& value, const std::string& over) {
  typed_.merge(Tokens(value));
  seen_over_.merge(Tokens(over));
}

void World::EditHere() {
  const auto live = Live();
  if (live.empty()) return;
  Association next = OneOf(live);
  const std::string path = kEdited[Dice(3)].first;
  const std::string value = Chance(10) ? "" : NewValue(path);
  const std::string over = Held(next, path);
  google::protobuf::FieldMask mask;
  const bool second = path != "purpose.da" && !value.empty() && Chance(25);
  if (second) had_second_.insert(next.id() + " " + path);
  mask.add_paths(second ? SetSecond(next, path, value) : SetHeld(next, path, value));
  const auto written = store_->Write("anette", [&](storage::Transaction& transaction) {
    return registry::UpdateAssociation(transaction, next, mask, "anette").status();
  });
  if (!written.ok()) return Wrong("an edit was refused: " + written.status().ToString());
  Tell(fmt::format("here {} of {}: '{}' -> '{}'", path, next.official_name(), over, value));
  // What stands there still was not typed over.
  std::string gone;
  const auto left = Tokens(Held(next, path));
  for (const std::string& token : Tokens(over)) gone += left.count(token) > 0 ? "" : token + " ";
  Typed(value, gone);
}

void World::EditRecord(support::FakeSource& source, Record& record) {
  const auto& [path, field] = kEdited[Dice(3)];
  const std::string value = Chance(10) ? "" : NewValue(path);
  Tell(fmt::format("there {} of {} ({}): '{}' -> '{}'", field, record.external_id(),
                   TextOf(record, "navn"), TextOf(record, field), value));
  Typed(value, TextOf(record, field));
  const bool upper = source.upper_cased.count(field) > 0;
  std::string stored = value;
  if (upper) {
    std::transform(stored.begin(), stored.end(), stored.begin(),
                   [](unsigned char sign) { return static_cast<char>(std::toupper(sign)); });
  }
  SetText(record, field, stored);
  source.Touch(record.external_id());
}

void World::EditThere() {
  auto& source = sites_.at(SomeConnection());
  if (source.records.empty()) return;
  auto record = source.records.begin();
  std::advance(record, Dice(static_cast<int>(source.records.size())));
  EditRecord(source, record->second);
}

void World::MakeHere() {
  const int number = ++counter_;
  const Association wanted = NewAssociation(number);
  const auto written = store_->Write("anette", [&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, wanted, "anette").status();
  });
  if (written.ok()) made_.insert(CvrNumber(number));
}

void World::MakeThere() {
  const std::string id = SomeConnection();
  const int number = ++counter_;
  sites_.at(id).Tell(fmt::format("p{}", number), {{"navn", NameOf(number)},
                                                  {"cvr", CvrNumber(number)},
                                                  {"tlf", ""},
                                                  {"formaal", ""},
                                                  {"web", ""},
                                                  {"status", ""}});
  names_there_[fmt::format("{}/p{}", id, number)] = NameOf(number);
  made_.insert(CvrNumber(number));
}

void World::AnswerConflict() {
  const auto open = sync::ListConflicts(**store_->Latest(), {});
  if (!open.ok() || open->conflicts().empty()) return;
  const auto& conflict = open->conflicts(Dice(open->conflicts_size()));
  sync::v1::ResolveConflictRequest request;
  request.set_conflict_id(conflict.conflict_id());
  request.set_choice(Chance(50) ? sync::v1::ResolveConflictRequest::CHOICE_REGISTRY
                                : sync::v1::ResolveConflictRequest::CHOICE_SOURCE);
  Tell("answer " + request.ShortDebugString());
  store_
      ->Write("henrik",
              [&](storage::Transaction& transaction) {
                return sync::ResolveConflict(transaction, request, "henrik").status();
              })
      .IgnoreError();
}

void World::LoseState(const std::string& connection) {
  Tell("lose the state of " + connection);
  store_
      ->Write("operator",
              [&](storage::Transaction& transaction) -> absl::Status {
                for (const Kind kind : {Kind::kClaim, Kind::kLink, Kind::kPending,
                                        Kind::kStreamState, Kind::kDirty, Kind::kOperation}) {
                  const auto entries = transaction.Scan(
                      kind, {.prefix = connection + "/", .after = "", .limit = 10000});
                  if (!entries.ok()) return entries.status();
                  for (const auto& entry : *entries) {
                    const absl::Status removed = transaction.Remove(kind, entry.key);
                    if (!removed.ok()) return removed;
                  }
                }
                return absl::OkStatus();
              })
      .IgnoreError();
}

void World::DeleteOrUndelete() {
  const auto all = All();
  if (all.empty()) return;
  const Association one = OneOf(all);
  const bool deletes = !one.has_delete_time();
  Tell(std::string(deletes ? "delete " : "undelete ") + one.official_name());
  const auto written = store_->Write("anette", [&](storage::Transaction& transaction) {
    return deletes ? registry::DeleteAssociation(transaction, one.id(), "", "anette").status()
                   : registry::UndeleteAssociation(transaction, one.id(), "", "anette").status();
  });
  if (written.ok()) made_.erase(Held(one, "identifiers.DK-CVR"));
}

// Whoever takes a record away has seen what it holds. Whether the association goes with
// it depends on who else has it; nobody may rely on it from then on.
void World::TakeAwayOrBringBack() {
  const std::string id = SomeConnection();
  auto& source = sites_.at(id);
  auto& some = Chance(60) ? source.records : source.gone;
  if (some.empty()) return;
  auto record = some.begin();
  std::advance(record, Dice(static_cast<int>(some.size())));
  const std::string key = record->first;
  const std::string name = TextOf(record->second, "navn");
  const bool takes = &some == &source.records;
  Tell(fmt::format("{} {}/{} ({})", takes ? "take away" : "bring back", id, key, name));
  if (takes) {
    for (const auto& [path, field] : kEdited) {
      seen_over_.merge(Tokens(TextOf(record->second, field)));
    }
    made_.erase(TextOf(record->second, "cvr"));
    names_there_.erase(id + "/" + key);
    source.TakeAway(key);
  } else {
    source.BringBack(key);
    // Whoever does that has it read at once: until then the record is missing to the
    // hub, which makes it anew as soon as somebody edits the association here.
    Sync(id);
  }
}

}  // namespace brobygger::histories
