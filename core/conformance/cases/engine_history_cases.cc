// E3: people on both sides type at random while everything goes wrong that can, and nothing of it
// is lost. A history is decided by its number.
#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/engine_cases.h"
#include "core/model/fields.h"
#include "core/sync/claims.h"

namespace brobygger::conformance {
namespace {

using registry::v1::Association;
using storage::Kind;
using sync::v1::ResolveConflictRequest;

constexpr int kSteps = 25;
constexpr int kRoundsOfRest = 4;
constexpr char kLostAnswer[] = "lost_answer";

// Names that nobody takes for each other.
std::string NameOf(int number) {
  static const char* const kWords[] = {"Havblik",  "Skovduen",  "Tordenvejr", "Bogfinken",
                                       "Kastanje", "Lanternen", "Vindrosen",  "Mosaikken",
                                       "Rugmark",  "Solhverv"};
  return absl::StrCat(kWords[number % 10], number, " ", kWords[(number / 10 + 3) % 10]);
}

class History {
 public:
  History(Bench& bench, std::uint64_t number) : bench_(bench), random_(number) {}

  // OK, or the first thing that is not as it must be.
  absl::Status Play();

 private:
  int Dice(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }
  bool Chance(int percent) { return Dice(100) < percent; }

  absl::Status Step();
  absl::Status EditHere();
  absl::Status EditThere();
  absl::Status MakeHere();
  absl::Status MakeThere();
  absl::Status TakeAway();
  absl::Status AnswerConflict();
  absl::Status RunOne();
  absl::Status RunOf(int kind);
  absl::Status ComeToRest();

  absl::Status CheckNothingLost(const Content& there);
  absl::Status CheckOneRecordEach(const Content& there) const;
  absl::Status CheckOwners(const Content& there) const;
  absl::Status CheckAgreement(const Content& there);

  std::string NewText();
  std::string TextOf(const Record& record, const std::string& path) const;
  bool MayLoseAnswers() const;

  Bench& bench_;
  std::mt19937_64 random_;
  std::unique_ptr<EngineHub> hub_;
  Content before_;  // the source as it was at first
  int made_ = 0;
  std::set<std::string> typed_;      // every text that somebody typed
  std::set<std::string> seen_over_;  // texts that somebody saw and typed over, or took away
};

absl::Status History::Play() {
  BB_RETURN_IF_ERROR(bench_.mock().Reset());
  BB_ASSIGN_OR_RETURN(before_, bench_.mock().List());
  BB_ASSIGN_OR_RETURN(hub_, EngineHub::MakeAgreed(bench_, {.creates = true}));
  for (int step = 0; step < kSteps; ++step) {
    hub_->PassTime(std::chrono::minutes(7));
    BB_RETURN_IF_ERROR(Step());
  }
  BB_RETURN_IF_ERROR(ComeToRest());
  BB_ASSIGN_OR_RETURN(const Content there, bench_.mock().List());
  BB_RETURN_IF_ERROR(CheckNothingLost(there));
  BB_RETURN_IF_ERROR(CheckOneRecordEach(there));
  BB_RETURN_IF_ERROR(CheckOwners(there));
  return CheckAgreement(there);
}

absl::Status History::Step() {
  const int dice = Dice(100);
  if (dice < 22) return EditHere();
  if (dice < 40) return EditThere();
  if (dice < 46) return MakeHere();
  if (dice < 50) return MakeThere();
  if (dice < 53) return TakeAway();
  if (dice < 60) return AnswerConflict();
  return RunOne();
}

std::string History::NewText() {
  std::string text = absl::StrFormat("formaal %04d", ++made_);
  typed_.insert(text);
  return text;
}

std::string History::TextOf(const Record& record, const std::string& path) const {
  const auto field = record.fields().find(SourceField(bench_, path));
  return field == record.fields().end() ? "" : field->second.text();
}

absl::Status History::EditHere() {
  BB_ASSIGN_OR_RETURN(auto all, hub_->All());
  std::erase_if(all, [](const Association& one) { return one.has_delete_time(); });
  if (all.empty()) return absl::OkStatus();
  const Association& one = all[static_cast<std::size_t>(Dice(static_cast<int>(all.size())))];
  BB_ASSIGN_OR_RETURN(const std::string over, model::FieldText(one, kPurpose));
  seen_over_.insert(over);
  return hub_->EditHere(one, kPurpose, NewText());
}

absl::Status History::EditThere() {
  BB_ASSIGN_OR_RETURN(const Content there, bench_.mock().List());
  if (there.empty()) return absl::OkStatus();
  const auto& [id, record] = *std::next(there.begin(), Dice(static_cast<int>(there.size())));
  seen_over_.insert(TextOf(record, kPurpose));
  return hub_->EditThere(id, kPurpose, NewText());
}

absl::Status History::MakeHere() {
  const std::string purpose = NewText();
  return hub_->MakeHere(NameOf(made_), purpose);
}

absl::Status History::MakeThere() {
  if (bench_.fixture().verbs.count("add") == 0) return absl::OkStatus();
  Fields fields;
  fields[SourceField(bench_, kPurpose)] = TextValue(NewText());
  fields[SourceField(bench_, kName)] = TextValue(NameOf(made_));
  return bench_.mock().Add(absl::StrCat("kit-", made_), fields);
}

// Whoever takes a record away has seen what it holds.
absl::Status History::TakeAway() {
  if (bench_.fixture().verbs.count("remove") == 0) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const Content there, bench_.mock().List());
  if (there.empty()) return absl::OkStatus();
  const auto& [id, record] = *std::next(there.begin(), Dice(static_cast<int>(there.size())));
  seen_over_.insert(TextOf(record, kPurpose));
  return bench_.mock().Remove(id);
}

absl::Status History::AnswerConflict() {
  BB_ASSIGN_OR_RETURN(const auto conflicts, hub_->Conflicts());
  if (conflicts.empty()) return absl::OkStatus();
  const auto at = static_cast<std::size_t>(Dice(static_cast<int>(conflicts.size())));
  return hub_->Resolve(conflicts[at].conflict_id(), Chance(50)
                                                        ? ResolveConflictRequest::CHOICE_REGISTRY
                                                        : ResolveConflictRequest::CHOICE_SOURCE);
}

// A bad day that the fixture cannot end would not be a bad day but the end.
bool History::MayLoseAnswers() const {
  const auto fault = bench_.fixture().faults.find(kLostAnswer);
  return fault != bench_.fixture().faults.end() &&
         (fault->second.mock.empty() || bench_.fixture().verbs.count("recover") > 0);
}

absl::Status History::RunOf(int kind) {
  if (kind == 0) return hub_->RunOutbound();
  return kind == 1 ? hub_->RunUnattended().status() : hub_->Sync().status();
}

// A run, often with something going wrong. What becomes of it is for the end to tell.
absl::Status History::RunOne() {
  const bool loses = MayLoseAnswers() && Chance(25);
  if (loses) BB_RETURN_IF_ERROR(hub_->Suffer(kLostAnswer));
  absl::Status race;
  if (Chance(20)) hub_->disk().ActAfter(Dice(8), [&] { race = EditThere(); });
  if (Chance(25)) hub_->disk().DieAfter(Dice(12), Chance(50));
  const int kind = Dice(3);
  (void)RunOf(kind);
  hub_->disk().ActNever();
  BB_RETURN_IF_ERROR(race);
  BB_RETURN_IF_ERROR(hub_->Restart());
  return loses ? hub_->Recover() : absl::OkStatus();
}

absl::Status History::ComeToRest() {
  for (int round = 0; round < kRoundsOfRest; ++round) {
    hub_->PassTime(std::chrono::hours(3));
    BB_RETURN_IF_ERROR(hub_->RunOutbound());
    BB_RETURN_IF_ERROR(hub_->Sync().status());
  }
  return hub_->NothingToDo();
}

// I1: it is in the registry, or somebody saw it and typed over it, or it waits in a conflict, or it
// is in the log of overruled values.
absl::Status History::CheckNothingLost(const Content& there) {
  std::set<std::string> kept = seen_over_;
  std::set<std::string> deleted;
  BB_ASSIGN_OR_RETURN(const auto all, hub_->All());
  for (const Association& association : all) {
    if (association.has_delete_time()) deleted.insert(association.official_name());
    BB_ASSIGN_OR_RETURN(const std::string purpose, model::FieldText(association, kPurpose));
    kept.insert(purpose);
    for (const auto& statement : association.provenance()) {
      for (const auto& [path, text] : statement.other_values()) kept.insert(text);
    }
  }
  // What somebody tells of an association that was deleted here stays where it is.
  for (const auto& [id, record] : there) {
    if (deleted.count(TextOf(record, kName)) > 0) kept.insert(TextOf(record, kPurpose));
  }
  BB_ASSIGN_OR_RETURN(const auto conflicts, hub_->Conflicts());
  for (const auto& conflict : conflicts) {
    kept.insert({conflict.registry_value(), conflict.source_value()});
  }
  BB_ASSIGN_OR_RETURN(const auto latest, hub_->store().Latest());
  BB_RETURN_IF_ERROR(sync::ForEach(*latest, Kind::kOverruled, "",
                                   [&](const std::string& /*key*/, const std::string& bytes) {
                                     sync::v1::OverruledValue overruled;
                                     overruled.ParseFromString(bytes);
                                     kept.insert(overruled.value());
                                     return absl::OkStatus();
                                   }));
  for (const std::string& text : typed_) {
    BB_RETURN_IF_ERROR(
        Expect(kept.count(text) > 0, absl::StrCat("'", text, "' was typed and is lost")));
  }
  return absl::OkStatus();
}

// I2: by our id where it is kept, and by its name.
absl::Status History::CheckOneRecordEach(const Content& there) const {
  std::set<std::string> known;
  for (const auto& [id, record] : there) {
    const std::string name = TextOf(record, kName);
    BB_RETURN_IF_ERROR(
        Expect(known.insert(name).second, absl::StrCat("'", name, "' is there twice")));
    if (record.foreign_id().empty()) continue;
    BB_RETURN_IF_ERROR(Expect(known.insert(record.foreign_id()).second,
                              absl::StrCat("two records are of ", record.foreign_id())));
  }
  return absl::OkStatus();
}

// I3: of what was there at first nobody has changed anything but the purpose.
absl::Status History::CheckOwners(const Content& there) const {
  const std::string edited = SourceField(bench_, kPurpose);
  for (const auto& [id, was] : before_) {
    const auto now = there.find(id);
    if (now == there.end()) continue;
    for (const auto& [field, value] : was.fields()) {
      const auto found = now->second.fields().find(field);
      const bool same = found != now->second.fields().end() && Same(found->second, value);
      BB_RETURN_IF_ERROR(Expect(same || field == edited,
                                absl::StrCat("'", field, "' of record '", id, "' was changed")));
    }
  }
  return absl::OkStatus();
}

absl::Status History::CheckAgreement(const Content& there) {
  BB_ASSIGN_OR_RETURN(const auto conflicts, hub_->Conflicts());
  std::set<std::string> undecided;
  for (const auto& conflict : conflicts) undecided.insert(conflict.association_id());
  BB_ASSIGN_OR_RETURN(const auto all, hub_->All());
  std::map<std::string, Association> by_name;
  for (const Association& one : all) by_name[one.official_name()] = one;
  for (const auto& [id, record] : there) {
    // A record that keeps another hub's id is that one's to write to.
    const auto was = before_.find(id);
    if (was != before_.end() && !was->second.foreign_id().empty()) continue;
    const std::string name = TextOf(record, kName);
    const auto here = by_name.find(name);
    BB_RETURN_IF_ERROR(Expect(here != by_name.end(), absl::StrCat("'", name, "' is not here")));
    if (here->second.has_delete_time() || undecided.count(here->second.id()) > 0) continue;
    BB_ASSIGN_OR_RETURN(const std::string ours, model::FieldText(here->second, kPurpose));
    BB_RETURN_IF_ERROR(Expect(ours == TextOf(record, kPurpose),
                              absl::StrCat("'", name, "' has '", ours, "' here and '",
                                           TextOf(record, kPurpose), "' there")));
  }
  return absl::OkStatus();
}

}  // namespace

// E3
absl::Status HistoriesLoseNothing(Bench& bench) {
  const std::uint64_t histories = bench.longer() ? 100 : 3;
  for (std::uint64_t number = 1; number <= histories; ++number) {
    const absl::Status status = History(bench, number).Play();
    BB_RETURN_IF_ERROR(
        Expect(status.ok(), absl::StrCat("history ", number, ": ", std::string(status.message()))));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::conformance
