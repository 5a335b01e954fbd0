#include <chrono>

#include <fmt/format.h>

#include "brobygger/registry/v1/registry_service.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/cli/commands.h"
#include "core/cli/complete.h"
#include "core/cli/session.h"

namespace brobygger::cli {
namespace {

// Bash splits words at ':' and '='; only the last part is replaced there, so the
// words are taken as bash has them.
constexpr char kBash[] = R"(# Completion for brobygger: source <(brobygger completion bash)
_brobygger() {
  local IFS=$'\n'
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _brobygger brobygger
)";

// A person waits with a finger on the key.
constexpr std::chrono::milliseconds kAnswerTime(300);
constexpr int kMostOffers = 200;

std::vector<std::string> ConnectionIds(Hub& hub) {
  std::vector<std::string> ids;
  const auto answer =
      hub.Call<sync::v1::ListConnectionsResponse>(sync::v1::ListConnectionsRequest(), kAnswerTime);
  if (!answer.ok()) return ids;
  for (const auto& connection : answer->connections()) ids.push_back(connection.id());
  return ids;
}

std::vector<std::string> PluginNames(Hub& hub) {
  std::vector<std::string> names;
  const auto answer =
      hub.Call<sync::v1::ListPluginsResponse>(sync::v1::ListPluginsRequest(), kAnswerTime);
  if (!answer.ok()) return names;
  for (const auto& plugin : answer->plugins()) names.push_back(plugin.plugin());
  return names;
}

// Ids and CVR numbers: names have spaces, which shells split.
std::vector<std::string> AssociationIds(Hub& hub) {
  registry::v1::ListAssociationsRequest request;
  request.set_page_size(kMostOffers);
  std::vector<std::string> ids;
  const auto answer = hub.Call<registry::v1::ListAssociationsResponse>(request, kAnswerTime);
  if (!answer.ok()) return ids;
  for (const auto& association : answer->associations()) {
    ids.push_back(association.id());
    for (const auto& identifier : association.identifiers()) ids.push_back(identifier.value());
  }
  return ids;
}

std::vector<std::string> AskHub(Completes ask) {
  if (ask == Completes::kNothing || ask == Completes::kFile || ask == Completes::kWord) return {};
  Hub hub(ServerAddress(""));
  if (ask == Completes::kConnection) return ConnectionIds(hub);
  if (ask == Completes::kPlugin) return PluginNames(hub);
  return AssociationIds(hub);
}

}  // namespace

std::string OfferWords(const CommandLine& line, const std::vector<std::string>& words) {
  Completion completion = line.Complete(words);
  const std::string typed = words.empty() ? "" : words.back();
  for (const auto& each : AskHub(completion.ask)) {
    if (each.starts_with(typed)) completion.words.push_back(each);
  }
  return completion.words.empty() ? "" : fmt::format("{}\n", fmt::join(completion.words, "\n"));
}

void AddCompletion(const Command& root) {
  Command completion = root.Add("completion", "Let the shell complete words");
  completion.Add("bash", "Print what bash needs: source <(brobygger completion bash)")
      .Does([](Session& session) -> Outcome {
        session.Write(kBash);
        return 0;
      });
}

}  // namespace brobygger::cli
