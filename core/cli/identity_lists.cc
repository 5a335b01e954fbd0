// identity cluster and identity link.
#include "core/cli/identity_lists.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/output.h"
#include "core/cli/session.h"

namespace brobygger::cli {
namespace {

struct ListOptions {
  MatchOptions match;
  std::string records;
  std::string registry;
  std::string out;
};

int ThreadCount() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

matching::ListOptions ToListOptions(const matching::Scorecard* card, ProgressBar& bar) {
  matching::ListOptions options;
  options.scorecard = card;
  options.threads = ThreadCount();
  options.progress = [&bar](const char* what, std::size_t done, std::size_t total) {
    bar.Show(what, done, total);
  };
  return options;
}

std::size_t CountClusters(const std::vector<std::uint32_t>& clusters) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < clusters.size(); ++i) count += clusters[i] == i;
  return count;
}

Outcome Cluster(Session& session, const ListOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto model, LoadModel(options.match));
  BB_ASSIGN_OR_RETURN(const auto* card, FindScorecard(*model, options.match));
  BB_ASSIGN_OR_RETURN(const RecordList list,
                      ReadRecords(SplitPaths(options.records), options.match.columns));
  matching::ListClusters found;
  {
    ProgressBar bar(session);
    found = matching::ClusterList(*model, list.records, ToListOptions(card, bar));
  }
  const bool excel_safe = session.options().excel_safe;
  std::string text = "record_id,cluster_id,score\n";
  for (std::size_t i = 0; i < list.ids.size(); ++i) {
    text += fmt::format("{},{},{:.4f}\n", CsvField(list.ids[i], excel_safe),
                        CsvField(list.ids[found.clusters[i]], excel_safe), found.scores[i]);
  }
  BB_RETURN_IF_ERROR(WriteFile(options.out, text));
  session.Say(fmt::format("{} records are {} associations (scorecard {}, model {}): {}",
                          list.ids.size(), CountClusters(found.clusters), found.scorecard,
                          model->version(), options.out));
  if (found.repeated > 0) {
    session.Say(fmt::format("{} records say exactly what another one says.", found.repeated));
  }
  if (found.too_common > 0) {
    session.Warn(
        fmt::format("{} records have a name or a value that more than 400 share; by that alone "
                    "nothing was compared.",
                    found.too_common));
  }
  return kExitDone;
}

Outcome Link(Session& session, const ListOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto model, LoadModel(options.match));
  BB_ASSIGN_OR_RETURN(const auto* card, FindScorecard(*model, options.match));
  BB_ASSIGN_OR_RETURN(const RecordList registry,
                      ReadRecords(SplitPaths(options.registry), options.match.columns));
  BB_ASSIGN_OR_RETURN(const RecordList list,
                      ReadRecords(SplitPaths(options.records), options.match.columns));
  matching::ListLinks found;
  {
    ProgressBar bar(session);
    found = matching::LinkLists(*model, registry.records, list.records, ToListOptions(card, bar));
  }
  const bool excel_safe = session.options().excel_safe;
  std::string text = "registry_id,record_id,score,verdict\n";
  std::size_t same = 0;
  for (const auto& link : found.links) {
    same += link.verdict == matching::Verdict::kSame;
    text +=
        fmt::format("{},{},{:.4f},{}\n", CsvField(registry.ids[link.registry_record], excel_safe),
                    CsvField(list.ids[link.record], excel_safe), link.score,
                    matching::VerdictWord(link.verdict));
  }
  BB_RETURN_IF_ERROR(WriteFile(options.out, text));
  session.Say(fmt::format(
      "Of {} records {} are in the registry, {} may be, {} are not (scorecard {}, model {}): {}",
      list.ids.size(), same, found.links.size() - same, list.ids.size() - found.links.size(),
      found.scorecard, model->version(), options.out));
  return kExitDone;
}

}  // namespace

void AddMatchOptions(Command& command, MatchOptions& options) {
  command
      .Option("--columns", options.columns,
              {.summary = "Which heading holds what, as in name=Navn,city=By. Fields: " +
                          absl::StrJoin(RecordFields(), ", ")})
      .Option("--model", options.model_file,
              {.summary = "Model file; usually the built-in one", .completes = Completes::kFile})
      .Option("--scorecard", options.scorecard,
              {.summary = "Scorecard of the model; usually the one whose own lists looked most "
                          "like this one"});
}

absl::StatusOr<std::shared_ptr<const matching::Model>> LoadModel(const MatchOptions& options) {
  if (options.model_file.empty()) return matching::Model::Shipped();
  std::ifstream file(options.model_file, std::ios::binary);
  if (!file) {
    return absl::InvalidArgumentError(
        fmt::format("{}: cannot be read: {}", options.model_file,
                    std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe): one thread
  }
  return matching::Model::Parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

absl::StatusOr<const matching::Scorecard*> FindScorecard(const matching::Model& model,
                                                         const MatchOptions& options) {
  if (options.scorecard.empty()) return nullptr;
  if (const auto* card = model.Find(options.scorecard); card != nullptr) return card;
  std::vector<std::string> keys;
  for (const auto& card : model.scorecards()) keys.push_back(card.key);
  return absl::InvalidArgumentError(fmt::format("--scorecard: the model has no '{}'; it has: {}",
                                                options.scorecard, absl::StrJoin(keys, ", ")));
}

std::vector<std::string> SplitPaths(const std::string& paths) {
  return absl::StrSplit(paths, ',', absl::SkipEmpty());
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  const std::string beside = path + ".part";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << text;
    if (!file.flush()) {
      return absl::InvalidArgumentError(fmt::format("{}: cannot be written", path));
    }
  }
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) return absl::InvalidArgumentError(fmt::format("{}: {}", path, error.message()));
  return absl::OkStatus();
}

void AddIdentityCluster(const Command& identity) {
  const auto options = std::make_shared<ListOptions>();
  Command cluster = identity.Add("cluster", "Which records of a list mean the same association");
  cluster
      .Required("--records", options->records,
                {.summary = "CSV file, or several with commas", .completes = Completes::kFile})
      .Required("--out", options->out,
                {.summary = "CSV file to write: record_id,cluster_id,score",
                 .completes = Completes::kFile});
  AddMatchOptions(cluster, options->match);
  cluster.Does([options](Session& session) { return Cluster(session, *options); });
}

void AddIdentityLink(const Command& identity) {
  const auto options = std::make_shared<ListOptions>();
  Command link = identity.Add("link", "Which record of one list each record of another means");
  link.Required("--registry", options->registry,
                {.summary = "CSV file of the list to look in", .completes = Completes::kFile})
      .Required("--records", options->records,
                {.summary = "CSV file of the records to look up", .completes = Completes::kFile})
      .Required("--out", options->out,
                {.summary = "CSV file to write: registry_id,record_id,score,verdict",
                 .completes = Completes::kFile});
  AddMatchOptions(link, options->match);
  link.Does([options](Session& session) { return Link(session, *options); });
}

void AddIdentityLists(const Command& identity) {
  AddIdentityCluster(identity);
  AddIdentityLink(identity);
  AddIdentityTrain(identity);
  AddIdentityEvaluate(identity);
}

}  // namespace brobygger::cli
