// E4: the hub dies at a commit of a run that has a little of everything, and comes to the same end.
#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/engine_cases.h"
#include "core/model/fields.h"
#include "core/sync/lists.h"

namespace brobygger::conformance {
namespace {

using storage::Kind;
using sync::v1::ResolveConflictRequest;
using Lines = std::vector<std::string>;

constexpr char kMadeHere[] = "Kastanjens Korforening";
// The step in which a record is made at the source: what is lost there is made twice.
constexpr char kTellsTheSource[] = "the hub makes a record at the source";
// A short walk dies once in so many commits elsewhere.
constexpr int kStride = 16;

// When the hub's process ends.
struct Death {
  int after_writes = -1;  // -1: it lives
  bool durable = false;   // one more write reaches the disk, and nobody hears of it
};

// One play of the run. Whoever was at the hub when it died does that step again afterwards.
class Play {
 public:
  Play(Bench& bench, Death death) : bench_(bench), death_(death) {}

  // What stands on both sides when nothing is left to do, a line for each thing.
  absl::StatusOr<Lines> Run();

  // How many writes had been made before each step.
  const std::vector<std::pair<std::string, int>>& steps() const { return steps_; }
  int writes() const { return hub_->disk().writes() - writes_before_; }
  const std::string& died_in() const { return died_in_; }

 private:
  using Action = std::function<absl::Status()>;

  absl::Status Step(const std::string& what, const Action& action);
  absl::Status Sync();
  absl::Status EditHere(const std::string& text);
  absl::Status MakeHere();
  absl::Status Choose();
  absl::Status BothWays();
  absl::Status Clash();
  absl::Status Disappearance();
  absl::Status ComeToRest();
  absl::StatusOr<Lines> End();
  absl::Status TellQueues(Lines& end);

  Bench& bench_;
  const Death death_;
  std::vector<std::string> ids_;
  std::unique_ptr<EngineHub> hub_;
  int writes_before_ = 0;
  std::vector<std::pair<std::string, int>> steps_;
  std::string died_in_;
};

absl::StatusOr<Lines> Play::Run() {
  BB_RETURN_IF_ERROR(bench_.mock().Reset());
  BB_ASSIGN_OR_RETURN(ids_, WithPurpose(bench_, 2));
  BB_ASSIGN_OR_RETURN(hub_, EngineHub::Make(bench_, {.creates = true}));
  writes_before_ = hub_->disk().writes();
  if (death_.after_writes >= 0) hub_->disk().DieAfter(death_.after_writes, death_.durable);
  BB_RETURN_IF_ERROR(Step("the first sync", [this] { return Sync(); }));
  BB_RETURN_IF_ERROR(BothWays());
  BB_RETURN_IF_ERROR(Clash());
  BB_RETURN_IF_ERROR(Disappearance());
  BB_RETURN_IF_ERROR(ComeToRest());
  return End();
}

absl::Status Play::Step(const std::string& what, const Action& action) {
  hub_->PassTime(std::chrono::minutes(7));
  steps_.emplace_back(what, writes());
  const absl::Status done = action();
  if (!hub_->disk().dead()) return done;
  died_in_ = what;
  BB_RETURN_IF_ERROR(hub_->Restart());
  hub_->PassTime(std::chrono::minutes(2));
  // A hub goes on by itself when it begins, before anybody comes.
  BB_RETURN_IF_ERROR(hub_->RunOutbound());
  return action();
}

absl::Status Play::Sync() {
  BB_ASSIGN_OR_RETURN(const auto plan, hub_->Plan());
  return plan.part_count() == 0 ? absl::OkStatus() : hub_->Apply(plan).status();
}

absl::Status Play::EditHere(const std::string& text) {
  BB_ASSIGN_OR_RETURN(const std::string now, hub_->TextHere(ids_[0], kPurpose));
  return now == text ? absl::OkStatus() : hub_->EditHere(ids_[0], kPurpose, text);
}

absl::Status Play::MakeHere() {
  BB_ASSIGN_OR_RETURN(const auto all, hub_->All());
  const bool made = std::any_of(all.begin(), all.end(), [](const auto& association) {
    return association.official_name() == kMadeHere;
  });
  return made ? absl::OkStatus() : hub_->MakeHere(kMadeHere, "At synge sammen");
}

absl::Status Play::BothWays() {
  BB_RETURN_IF_ERROR(Step("an edit here", [this] { return EditHere("Nyt fra registret"); }));
  BB_RETURN_IF_ERROR(hub_->EditThere(ids_[1], kPurpose, "Nyt fra kilden"));
  BB_RETURN_IF_ERROR(Step("a sync with an edit each way", [this] { return Sync(); }));
  BB_RETURN_IF_ERROR(Step("an association is made here", [this] { return MakeHere(); }));
  return Step(kTellsTheSource, [this] { return hub_->RunOutbound(); });
}

absl::Status Play::Choose() {
  BB_ASSIGN_OR_RETURN(const auto conflicts, hub_->Conflicts());
  // Whoever does it again finds it done.
  if (conflicts.empty()) return absl::OkStatus();
  return hub_->Resolve(conflicts[0].conflict_id(), ResolveConflictRequest::CHOICE_REGISTRY);
}

absl::Status Play::Clash() {
  BB_RETURN_IF_ERROR(
      Step("an edit here that will clash", [this] { return EditHere("Danse sammen"); }));
  BB_RETURN_IF_ERROR(hub_->EditThere(ids_[0], kPurpose, "Lave mad sammen"));
  BB_RETURN_IF_ERROR(Step("a sync with a clash", [this] { return Sync(); }));
  BB_RETURN_IF_ERROR(Step("a person chooses", [this] { return Choose(); }));
  return Step("the hub tells what was chosen", [this] { return hub_->RunOutbound(); });
}

absl::Status Play::Disappearance() {
  if (bench_.fixture().verbs.count("remove") == 0) return absl::OkStatus();
  BB_RETURN_IF_ERROR(bench_.mock().Remove(ids_[1]));
  return Step("a sync with a record gone", [this] { return Sync(); });
}

absl::Status Play::ComeToRest() {
  for (int round = 0; round < 2; ++round) {
    BB_RETURN_IF_ERROR(Step("coming to rest", [this] { return Sync(); }));
    BB_RETURN_IF_ERROR(Step("coming to rest", [this] { return hub_->RunOutbound(); }));
  }
  // A look afterwards writes too, and is no step that anybody would do again.
  steps_.emplace_back("a look", writes());
  return hub_->NothingToDo();
}

// Without what may differ: ids, times, and how often.
absl::StatusOr<Lines> Play::End() {
  Lines end;
  BB_ASSIGN_OR_RETURN(const auto all, hub_->All());
  for (const auto& association : all) {
    BB_ASSIGN_OR_RETURN(const std::string purpose, model::FieldText(association, kPurpose));
    end.push_back(absl::StrCat("'", association.official_name(), "' here with '", purpose, "'",
                               association.has_delete_time() ? ", deleted" : ""));
  }
  BB_ASSIGN_OR_RETURN(const Content content, bench_.mock().List());
  for (const auto& [id, record] : content) {
    const auto text = [&, &fields = record.fields()](const std::string& path) {
      const auto field = fields.find(SourceField(bench_, path));
      return field == fields.end() ? "" : field->second.text();
    };
    end.push_back(absl::StrCat("'", text(kName), "' there with '", text(kPurpose), "'",
                               record.foreign_id().empty() ? "" : " and our id"));
  }
  BB_RETURN_IF_ERROR(TellQueues(end));
  std::sort(end.begin(), end.end());
  return end;
}

absl::Status Play::TellQueues(Lines& end) {
  BB_ASSIGN_OR_RETURN(const auto conflicts, hub_->Conflicts());
  for (const auto& conflict : conflicts) {
    end.push_back(absl::StrCat("a conflict about ", conflict.path()));
  }
  BB_ASSIGN_OR_RETURN(const auto latest, hub_->store().Latest());
  for (const Kind kind : {Kind::kPending, Kind::kDirty, Kind::kOperation, Kind::kDeadLetter}) {
    BB_ASSIGN_OR_RETURN(const auto waiting, sync::Count(*latest, kind, ""));
    end.push_back(absl::StrCat(waiting, " of kind ", static_cast<int>(kind), " wait"));
  }
  return absl::OkStatus();
}

// When the hub is to die: at every commit, or where most can be lost and at some others.
std::vector<Death> Deaths(const Play& living, bool every) {
  int first = 0;
  int last = 0;
  const auto& steps = living.steps();
  for (std::size_t at = 0; at + 1 < steps.size(); ++at) {
    if (steps[at].first != kTellsTheSource) continue;
    first = steps[at].second;
    last = steps[at + 1].second;
  }
  std::vector<Death> deaths;
  for (int write = 0; write < steps.back().second; ++write) {
    const bool telling = write >= first && write < last;
    if (every || telling || write % kStride == 0) deaths.push_back({write, false});
    if (every || telling || write % kStride == kStride / 2) deaths.push_back({write, true});
  }
  return deaths;
}

// The first line of `lines` that is not in `others`, or "".
std::string OnlyIn(const Lines& lines, const Lines& others) {
  Lines only;
  std::set_difference(lines.begin(), lines.end(), others.begin(), others.end(),
                      std::back_inserter(only));
  return only.empty() ? "" : only[0];
}

absl::Status EndsTheSame(Bench& bench, Death death, const Lines& whole) {
  Play killed(bench, death);
  const auto end = killed.Run();
  const std::string when = absl::StrCat("killed ", death.durable ? "after" : "before", " write ",
                                        death.after_writes + 1, ", in '", killed.died_in(), "': ");
  if (!end.ok()) return Expect(false, absl::StrCat(when, std::string(end.status().message())));
  const std::string missing = OnlyIn(whole, *end);
  const std::string surplus = OnlyIn(*end, whole);
  return Expect(missing.empty() && surplus.empty(),
                absl::StrCat(when, surplus.empty() ? "nothing" : surplus, ", where ",
                             missing.empty() ? "nothing" : missing, " belongs"));
}

}  // namespace

// E4
absl::Status DiesAtCommits(Bench& bench) {
  Play living(bench, {});
  BB_ASSIGN_OR_RETURN(const Lines whole, living.Run());
  for (const Death& death : Deaths(living, bench.longer())) {
    BB_RETURN_IF_ERROR(EndsTheSame(bench, death, whole));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::conformance
