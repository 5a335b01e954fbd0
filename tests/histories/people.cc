// What people do on both sides.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/registry/edit.h"
#include "tests/histories/cast.h"
#include "tests/histories/world.h"

namespace brobygger::histories {

using plugin::v1::Record;
using registry::v1::Association;
using storage::Kind;

namespace {

// What the person says of the field beside the registry's own value.
std::string OwnWordBeside(const Association& association,
                          const std::string& person,
                          const std::string& path) {
  for (const auto& statement : association.provenance()) {
    if (!statement.connection_id().empty() || statement.actor() != person) continue;
    const auto beside = statement.other_values().find(path);
    if (beside != statement.other_values().end()) return beside->second;
  }
  return "";
}

}  // namespace

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

std::map<std::string, Association> World::ById() const {
  std::map<std::string, Association> by_id;
  for (Association& association : All()) by_id[association.id()] = std::move(association);
  return by_id;
}

std::string World::NewValue(const std::string& path) {
  ++counter_;
  if (path == "phones") return std::to_string(20000000 + counter_);
  if (path == "websites") return fmt::format("https://f{:06}.example", counter_);
  // Some say more than every column takes.
  if (Chance(35)) return fmt::format("formaal {0:06} hale {0:06}", counter_);
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
  // Of two that were taken for one the field has two words. The one beside stands under the name of
  // whoever said it, who sees it there and has now said something else: a person has one word.
  const bool joined = std::any_of(merges_.begin(), merges_.end(), [&](const PersonsMerge& merge) {
    return !merge.undone && RootOf(merge.absorbed) == next.id();
  });
  if (joined) gone += OwnWordBeside(next, "anette", path);
  Typed(value, gone);
}

void World::EditRecord(support::FakeSource& source, Record& record) {
  const auto& [path, field] = kEdited[Dice(3)];
  // Whoever types sees what the field takes, and typed over what it showed.
  std::string value = Chance(10) ? "" : source.Holding(field, NewValue(path));
  const auto longest = source.longest.find(field);
  if (longest != source.longest.end() && value.size() > longest->second) {
    value.resize(longest->second);
  }
  Tell(fmt::format("there {} of {} ({}): '{}' -> '{}'", field, record.external_id(),
                   TextOf(record, "navn"), TextOf(record, field), value));
  Typed(value, TextOf(record, field));
  SetText(record, field, value);
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
  Association wanted = NewAssociation(number);
  // Many small ones have no number.
  const bool numbered = Chance(70);
  if (!numbered) wanted.clear_identifiers();
  if (Chance(30)) SetHeld(wanted, "purpose.da", NewValue("purpose.da"));
  const auto written = store_->Write("anette", [&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, wanted, "anette").status();
  });
  if (!written.ok()) return Wrong("an association was refused: " + written.status().ToString());
  Tell("here " + wanted.ShortDebugString());
  Typed(Held(wanted, "purpose.da"), "");
  ++people_made_;
  if (numbered) made_.insert(CvrNumber(number));
}

void World::MakeThere() {
  const std::string id = SomeConnection();
  const int number = ++counter_;
  sites_.at(id).Tell(fmt::format("p{}", number), {{"navn", NameOf(number)},
                                                  {"cvr", CvrNumber(number)},
                                                  {"tlf", ""},
                                                  {"formaal", ""},
                                                  {"web", ""},
                                                  {"status", ""},
                                                  {"afloeser", ""}});
  Tell(fmt::format("there {}/p{} ({})", id, number, NameOf(number)));
  names_there_[fmt::format("{}/p{}", id, number)] = NameOf(number);
  ++people_made_;
  made_.insert(CvrNumber(number));
}

// A second row for an association that the source has already.
void World::MakeAgainThere() {
  const std::string id = SomeConnection();
  auto& source = sites_.at(id);
  if (source.records.empty()) return;
  auto there = source.records.begin();
  std::advance(there, Dice(static_cast<int>(source.records.size())));
  const std::string key = fmt::format("p{}", ++counter_);
  const std::string name = TextOf(there->second, "navn");
  const std::string cvr = TextOf(there->second, "cvr");
  if (cvr.empty()) return;
  Tell(fmt::format("there {}/{} again ({}, as {})", id, key, name, there->first));
  source.Tell(key, {{"navn", name},
                    {"cvr", cvr},
                    {"tlf", ""},
                    {"formaal", ""},
                    {"web", ""},
                    {"status", ""},
                    {"afloeser", ""}});
  names_there_[id + "/" + key] = name;
  // Where the association with that number is deleted by now it is one of its own.
  ++people_made_;
  Happened("second rows");
  if (Chance(70)) EditRecord(source, source.records.at(key));
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
  // As when the system was moved: then its people tidy its list up before it is read.
  if (Chance(50)) RenameThere(connection);
}

// Those that keep our id: it alone says then what they are.
void World::RenameThere(const std::string& connection) {
  auto& source = sites_.at(connection);
  for (auto& [key, record] : source.records) {
    if (record.foreign_id().empty() || !Chance(40)) continue;
    const std::string name = NameOf(++counter_);
    Tell(fmt::format("rename {}/{}: {} -> {}", connection, key, TextOf(record, "navn"), name));
    SetText(record, "navn", name);
    source.Touch(key);
    names_there_[connection + "/" + key] = name;
    Happened("records renamed");
  }
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
  if (written.ok()) NobodyReliesOn(Held(one, "identifiers.DK-CVR"));
}

void World::NobodyReliesOn(const std::string& cvr_number) {
  std::set<std::string> family = {cvr_number};
  for (std::size_t known = 0; known != family.size();) {
    known = family.size();
    for (PersonsMerge& merge : merges_) {
      const auto& numbers = merge.cvr_numbers;
      const auto is_one = [&](const std::string& number) { return family.contains(number); };
      if (std::none_of(numbers.begin(), numbers.end(), is_one)) continue;
      family.insert(numbers.begin(), numbers.end());
      merge.relied_on = false;
    }
  }
  for (const std::string& number : family) made_.erase(number);
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
    NobodyReliesOn(TextOf(record->second, "cvr"));
    const auto all = ById();
    const auto association = all.find(RootOf(record->second.foreign_id()));
    if (association != all.end()) NobodyReliesOn(Held(association->second, "identifiers.DK-CVR"));
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
