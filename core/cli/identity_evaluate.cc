// identity evaluate: how well a list is matched, beside what others reached.
#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include "core/base/status_macros.h"
#include "core/cli/errors.h"
#include "core/cli/identity_lists.h"
#include "core/cli/output.h"
#include "core/cli/session.h"
#include "core/cli/truth_file.h"
#include "core/matching/online.h"

namespace brobygger::cli {
namespace {

using matching::ScoredPair;
using HardNegatives = std::set<std::pair<std::uint32_t, std::uint32_t>>;

struct EvaluateCommand {
  MatchOptions match;
  std::string records;
  std::string truth;
  std::string hard_negatives;
  std::string entities;
  std::vector<std::string> peers;
};

double SecondsSince(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

// How many of the look-alikes ended in one cluster.
std::size_t CountMerged(const HardNegatives& pairs,
                        const std::vector<std::uint32_t>& clusters,
                        const matching::Truth& truth) {
  std::vector<std::set<std::uint32_t>> clusters_of(
      truth.empty() ? 0 : *std::max_element(truth.begin(), truth.end()) + 1);
  for (std::size_t i = 0; i < truth.size(); ++i) clusters_of[truth[i]].insert(clusters[i]);
  return static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
    const auto& left = clusters_of[pair.first];
    const auto& right = clusters_of[pair.second];
    return std::any_of(left.begin(), left.end(), [&](auto each) { return right.contains(each); });
  }));
}

// Scored pairs that another program found: record_id,record_id,score.
absl::StatusOr<std::vector<ScoredPair>> ReadPeer(const std::string& path,
                                                 const JudgedList& judged) {
  BB_ASSIGN_OR_RETURN(const CsvRows rows, ReadCsv(path));
  std::map<std::string, std::uint32_t> numbers;
  for (std::size_t i = 0; i < judged.list.ids.size(); ++i) {
    numbers.emplace(judged.list.ids[i], static_cast<std::uint32_t>(i));
  }
  std::vector<ScoredPair> pairs;
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const auto& fields = rows.rows[row];
    if (fields.size() < 3 || !numbers.contains(fields[0]) || !numbers.contains(fields[1])) {
      return absl::InvalidArgumentError(
          fmt::format("{}:{}: is not two records of the list and a score", path, row + 2));
    }
    const auto [left, right] = std::minmax(numbers[fields[0]], numbers[fields[1]]);
    pairs.push_back({left, right, std::strtof(fields[2].c_str(), nullptr)});
  }
  return pairs;
}

// A peer's own best: every threshold among its scores, connected components, the
// threshold that suits it best afterwards.
double BestComponentsF1(const std::vector<ScoredPair>& pairs, const matching::Truth& truth) {
  std::set<float> scores;
  for (const ScoredPair& pair : pairs) scores.insert(pair.score);
  constexpr std::size_t kTried = 20;
  const std::vector<float> all(scores.begin(), scores.end());
  double best = 0;
  for (std::size_t i = 0; i < std::min(kTried, all.size()); ++i) {
    const float least = all[i * all.size() / std::min(kTried, all.size())];
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ties;
    for (const ScoredPair& pair : pairs) {
      if (pair.score >= least) ties.emplace_back(pair.left, pair.right);
    }
    const auto clusters = matching::ClusterPairs(truth.size(), {}, {}, ties);
    best = std::max(best, matching::FiguresOfClusters(clusters, truth).f1);
  }
  return best;
}

// Figures in the order they were found, in the form that was asked for.
class FigureTable {
 public:
  explicit FigureTable(Session& session) : session_(session) {}

  void Add(const std::string& figure, const std::string& value) {
    figures_.push_back({figure, value});
  }

  void Write() {
    ListWriter writer(session_, "figures", {{"figure", "FIGURE"}, {"value", "VALUE"}});
    for (const auto& [figure, value] : figures_) {
      google::protobuf::Struct message;
      (*message.mutable_fields())["figure"].set_string_value(figure);
      (*message.mutable_fields())["value"].set_string_value(value);
      writer.Add(message, {{figure}, {value}});
    }
    writer.Finish();
  }

 private:
  Session& session_;
  std::vector<std::pair<std::string, std::string>> figures_;
};

void AddScores(const std::string& who, const matching::ScoreFigures& figures, FigureTable& table) {
  table.Add(who + ": true pairs compared", fmt::format("{:.4f}", figures.completeness));
  table.Add(who + ": pair F1, best threshold", fmt::format("{:.4f}", figures.best_f1));
  table.Add(who + ": recall at precision 0.99",
            fmt::format("{:.3f}", figures.recall_at_precision_99));
  table.Add(who + ": pairs to review for recall 0.90, per 1,000 records",
            figures.review_per_1000 < 0 ? "never" : fmt::format("{:.0f}", figures.review_per_1000));
}

absl::Status AddClusters(const EvaluateCommand& options,
                         const JudgedList& judged,
                         const std::vector<std::uint32_t>& clusters,
                         FigureTable& table) {
  const auto figures = matching::FiguresOfClusters(clusters, judged.truth);
  table.Add("cluster precision / recall",
            fmt::format("{:.4f} / {:.4f}", figures.precision, figures.recall));
  table.Add("cluster F1", fmt::format("{:.4f}", figures.f1));
  if (!options.hard_negatives.empty()) {
    BB_ASSIGN_OR_RETURN(const auto pairs, ReadHardNegatives(options.hard_negatives, judged));
    const std::size_t merged = CountMerged(pairs, clusters, judged.truth);
    table.Add("look-alikes merged",
              fmt::format("{} of {} ({:.2f} %)", merged, pairs.size(),
                          100.0 * static_cast<double>(merged) /
                              static_cast<double>(std::max<std::size_t>(1, pairs.size()))));
  }
  if (options.entities.empty()) {
    table.Add("recall, minority associations / others", "not told: give --entities");
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(const auto group, ReadGroup(options.entities, judged));
  const auto [minority, others] = matching::RecallByGroup(clusters, judged.truth, group);
  table.Add("recall, minority associations / others",
            fmt::format("{:.4f} / {:.4f}", minority, others));
  table.Add("minority associations trail by",
            fmt::format("{:.2f} points (at most 1.5 wanted)", (others - minority) * 100));
  return absl::OkStatus();
}

// Two lists that are to be linked, which stand one after the other in one file.
void AddLinks(const matching::Model& model,
              const JudgedList& judged,
              const matching::ListOptions& options,
              FigureTable& table) {
  const auto& all = judged.list.records;
  const matching::RecordSlice first(all, 0, judged.first_count);
  const matching::RecordSlice second(all, judged.first_count, all.size());
  const auto found = matching::LinkLists(model, first, second, options);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> links;
  for (const auto& link : found.links) {
    if (link.verdict != matching::Verdict::kSame) continue;
    links.emplace_back(link.registry_record,
                       link.record + static_cast<std::uint32_t>(judged.first_count));
  }
  const auto figures = matching::FiguresOfLinks(links, judged.truth, judged.first_count);
  table.Add("link precision / recall",
            fmt::format("{:.4f} / {:.4f}", figures.precision, figures.recall));
  table.Add("link F1", fmt::format("{:.4f}", figures.f1));
}

void AddOnline(const std::shared_ptr<const matching::Model>& model,
               const JudgedList& judged,
               const std::vector<std::uint32_t>& clusters,
               FigureTable& table) {
  const auto online =
      matching::MeasureOnline(model, judged.list.records, clusters, judged.truth, judged.arrival);
  table.Add("one by one: right links at 1 % wrong",
            fmt::format("{:.4f} of {} arrivals", online.right_links, online.arrivals));
  table.Add("one by one: a look-up, median / 99 %",
            fmt::format("{:.0f} us / {:.0f} us, {} associations", online.p50_us, online.p99_us,
                        online.associations));
  table.Add("index, bytes a record", fmt::format("{:.0f}", online.index_bytes_per_record));
}

absl::Status AddPeers(const EvaluateCommand& options,
                      const JudgedList& judged,
                      FigureTable& table) {
  for (const std::string& peer : options.peers) {
    const std::vector<std::string> parts = absl::StrSplit(peer, absl::MaxSplits('=', 1));
    if (parts.size() != 2)
      return absl::InvalidArgumentError("--peer: is not of the form NAME=FILE");
    BB_ASSIGN_OR_RETURN(const auto pairs, ReadPeer(parts[1], judged));
    AddScores(parts[0], matching::FiguresOfScores(pairs, judged.truth), table);
    table.Add(parts[0] + ": cluster F1, best threshold",
              fmt::format("{:.4f}", BestComponentsF1(pairs, judged.truth)));
  }
  return absl::OkStatus();
}

// Measured elsewhere, on 2 cores, on lists of the same generator with 10,886 records.
void AddQuoted(FigureTable& table) {
  table.Add("quoted, generator 10k: Splink 4.0.16, cluster F1 / recall at 0.99", "0.856 / 0.590");
  table.Add("quoted, generator 10k: pg_trgm, cluster F1 / recall at 0.99", "0.799 / 0.372");
  table.Add("quoted, generator 10k: recordlinkage ECM, cluster F1", "0.732");
  table.Add("quoted, generator 3k: dedupe 2025-07 with 900 labels, cluster F1", "0.878");
}

Outcome Evaluate(Session& session, const EvaluateCommand& options) {
  BB_ASSIGN_OR_RETURN(const auto model, LoadModel(options.match));
  BB_ASSIGN_OR_RETURN(const auto* card, FindScorecard(*model, options.match));
  BB_ASSIGN_OR_RETURN(const JudgedList judged, ReadJudged(SplitPaths(options.records),
                                                          options.truth, options.match.columns));
  if (card == nullptr)
    card = &matching::ChooseScorecard(*model, matching::SharesOf(judged.list.records));
  FigureTable table(session);
  table.Add("records / associations",
            fmt::format("{} / {}", judged.list.ids.size(),
                        std::set(judged.truth.begin(), judged.truth.end()).size()));
  table.Add("model / scorecard", model->version() + " / " + card->key);
  matching::ListOptions list;
  ProgressBar bar(session);
  list.scorecard = card;
  list.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  list.progress = [&bar](const char* what, std::size_t done, std::size_t total) {
    bar.Show(what, done, total);
  };
  list.first_count = judged.first_count;
  AddScores("brobygger",
            matching::FiguresOfScores(matching::ScoreList(*model, judged.list.records, list),
                                      judged.truth),
            table);
  if (judged.first_count > 0) {
    AddLinks(*model, judged, list, table);
  } else {
    const auto begun = std::chrono::steady_clock::now();
    const auto found = matching::ClusterList(*model, judged.list.records, list);
    table.Add("whole list, names to clusters", fmt::format("{:.2f} s", SecondsSince(begun)));
    BB_RETURN_IF_ERROR(AddClusters(options, judged, found.clusters, table));
    if (card == &model->associations()) AddOnline(model, judged, found.clusters, table);
  }
  BB_RETURN_IF_ERROR(AddPeers(options, judged, table));
  // What others reached on lists of associations says nothing about other lists.
  if (card == &model->associations()) AddQuoted(table);
  table.Write();
  return kExitDone;
}

}  // namespace

void AddIdentityEvaluate(const Command& identity) {
  const auto options = std::make_shared<EvaluateCommand>();
  Command evaluate = identity.Add("evaluate", "How well a list with right answers is matched");
  evaluate
      .Required("--records", options->records,
                {.summary = "CSV file, or several of one list with commas",
                 .completes = Completes::kFile})
      .Required("--truth", options->truth,
                {.summary = "The right answers", .completes = Completes::kFile})
      .Option("--hard-negatives", options->hard_negatives,
              {.summary = "Pairs of entities that look alike and are not the same",
               .completes = Completes::kFile})
      .Option("--entities", options->entities,
              {.summary = "Entities with a column `group`, filled for minority associations",
               .completes = Completes::kFile})
      .Options(
          "--peer", options->peers,
          {.summary = "NAME=FILE: pairs another program scored, as record_id,record_id,score"});
  AddMatchOptions(evaluate, options->match);
  evaluate.Does([options](Session& session) { return Evaluate(session, *options); });
}

}  // namespace brobygger::cli
