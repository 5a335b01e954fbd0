// identity train: fits a scorecard to lists with right answers.
#include <algorithm>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/cli/errors.h"
#include "core/cli/identity_lists.h"
#include "core/cli/session.h"
#include "core/cli/truth_file.h"
#include "core/matching/batch.h"
#include "core/matching/evaluate.h"
#include "core/matching/train.h"

namespace brobygger::cli {
namespace {

using matching::Example;
using matching::RecordId;
using matching::ScoredPair;

struct TrainCommand {
  MatchOptions match;  // its model is what the scorecard is put into
  std::vector<std::string> records;
  std::vector<std::string> truths;
  std::string out;
  std::string version;
  std::string empty;
};

struct ComparedPair {
  RecordId left;
  RecordId right;
  Example example;
};

// One list, compared.
struct ComparedList {
  JudgedList judged;
  std::vector<ComparedPair> pairs;
};

ComparedList ComparePairsOf(JudgedList judged, ProgressBar& bar) {
  matching::BatchOptions options;
  options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const matching::RecordSource& records = judged.list.records;
  const matching::ListCorpus corpus(matching::Tables::Shipped(), records, matching::AllOf(records),
                                    options.threads, {});
  options.progress = [&bar](std::size_t done, std::size_t total) {
    bar.Show("Comparing", done, total);
  };
  if (const auto first = static_cast<RecordId>(judged.first_count); first > 0) {
    options.may_pair = [first](RecordId left, RecordId right) {
      return left < first && right >= first;
    };
  }
  std::vector<std::vector<ComparedPair>> parts(static_cast<std::size_t>(options.threads));
  matching::ComparePairs(
      corpus, options,
      [&](int thread, RecordId left, RecordId right, const matching::Levels& levels) {
        const bool same = judged.truth[left] == judged.truth[right];
        parts[static_cast<std::size_t>(thread)].push_back({left, right, {levels, same}});
      });
  ComparedList compared{.judged = std::move(judged), .pairs = {}};
  for (auto& part : parts) compared.pairs.insert(compared.pairs.end(), part.begin(), part.end());
  // Which thread compared a pair must not decide what is learnt from it.
  std::sort(compared.pairs.begin(), compared.pairs.end(), [](const auto& a, const auto& b) {
    return std::pair(a.left, a.right) < std::pair(b.left, b.right);
  });
  return compared;
}

std::vector<ScoredPair> ScorePairsOf(const ComparedList& list, const matching::Scorecard& card) {
  std::vector<ScoredPair> scored;
  for (const ComparedPair& pair : list.pairs) {
    const auto score = static_cast<float>(matching::ToScore(card.Sum(pair.example.levels)));
    scored.push_back({pair.left, pair.right, score});
  }
  return scored;
}

// Chooses the thresholds on the lists trained on. "join": the best cluster F1, the
// mean over lists, but never below -0.2, since look-alikes cost more than they
// count. "same": 99 % precision. "ask": one in five is the same.
void ChooseThresholds(const std::vector<ComparedList>& lists, matching::Scorecard& card) {
  constexpr double kOneInFive = -1.4;
  constexpr double kLeastJoin = -0.2;
  card.ask = kOneInFive;
  double best = -1;
  for (const double join : {-1.5, -1.0, -0.4, 0.0, 0.4}) {
    double sum = 0;
    for (const ComparedList& list : lists) {
      const auto clusters =
          matching::ClusterPairs(list.judged.truth.size(), ScorePairsOf(list, card),
                                 {.join = join, .unlike = card.unlike});
      sum += matching::FiguresOfClusters(clusters, list.judged.truth).f1;
    }
    if (sum <= best) continue;
    best = sum;
    card.join = join;
  }
  const bool registry = card.key == "associations";
  if (registry) card.join = std::max(card.join, kLeastJoin);
  double same = card.join;
  for (const ComparedList& list : lists) {
    const auto figures = matching::FiguresOfScores(ScorePairsOf(list, card), list.judged.truth);
    same = std::max(same, figures.threshold_99);
  }
  card.same = std::max(same, card.ask);
}

absl::StatusOr<std::vector<ComparedList>> ReadLists(Session& session, const TrainCommand& options) {
  if (options.records.empty() || options.records.size() != options.truths.size()) {
    return absl::InvalidArgumentError(
        "identity train: give as many --truth as --records, in the same order, at least one");
  }
  ProgressBar bar(session);
  std::vector<ComparedList> lists;
  for (std::size_t i = 0; i < options.records.size(); ++i) {
    BB_ASSIGN_OR_RETURN(auto judged, ReadJudged(SplitPaths(options.records[i]), options.truths[i],
                                                options.match.columns));
    lists.push_back(ComparePairsOf(std::move(judged), bar));
  }
  return lists;
}

Outcome Train(Session& session, const TrainCommand& options) {
  if (options.match.scorecard.empty()) {
    return absl::InvalidArgumentError("identity train: --scorecard says which one is fitted");
  }
  BB_ASSIGN_OR_RETURN(const auto lists, ReadLists(session, options));
  std::vector<Example> examples;
  matching::PackedRecords records;
  for (const ComparedList& list : lists) {
    for (const ComparedPair& pair : list.pairs) examples.push_back(pair.example);
    const matching::RecordSource& more = list.judged.list.records;
    for (std::size_t i = 0; i < more.size(); ++i) records.Add(more.At(i));
  }
  matching::TrainOptions how;
  how.key = options.match.scorecard;
  matching::Scorecard card = matching::Train(examples, how);
  card.fields = matching::SharesOf(records);
  ChooseThresholds(lists, card);

  std::vector<matching::Scorecard> cards;
  std::string made_from;
  if (options.empty != "yes") {
    BB_ASSIGN_OR_RETURN(const auto base, LoadModel(options.match));
    if (base != nullptr) cards = base->scorecards();
    if (base != nullptr) made_from = base->made_from() + " ";
  }
  const auto old = std::find_if(cards.begin(), cards.end(),
                                [&](const auto& each) { return each.key == card.key; });
  if (old == cards.end()) {
    cards.push_back(card);
  } else {
    *old = card;
  }
  made_from += fmt::format("{}: {} compared pairs of {} records in {} lists.", card.key,
                           examples.size(), records.size(), lists.size());
  BB_RETURN_IF_ERROR(
      WriteFile(options.out, matching::Model::Write(options.version, made_from, cards)));
  session.Say(fmt::format("Fitted {} to {} pairs; join {:.2f}, same {:.2f}, ask {:.2f}: {}",
                          card.key, examples.size(), card.join, card.same, card.ask, options.out));
  return kExitDone;
}

}  // namespace

void AddIdentityTrain(const Command& identity) {
  const auto options = std::make_shared<TrainCommand>();
  Command train = identity.Add("train", "Fit a scorecard to lists with right answers");
  train
      .Options("--records", options->records,
               {.summary = "CSV file, or several of one list with commas; may be given again",
                .completes = Completes::kFile})
      .Options("--truth", options->truths,
               {.summary = "The right answers for the --records at the same place",
                .completes = Completes::kFile})
      .Required("--out", options->out,
                {.summary = "Model file to write", .completes = Completes::kFile})
      .Required("--new-version", options->version, {.summary = "What the new model is called"})
      .Option("--from-nothing", options->empty,
              {.summary = "yes: no other scorecards are taken over", .words = {"yes", "no"}});
  AddMatchOptions(train, options->match);
  train.Does([options](Session& session) { return Train(session, *options); });
}

}  // namespace brobygger::cli
