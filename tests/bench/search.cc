// Measures search through the hub's gRPC beside PostgreSQL through libpq, over the same made-up
// associations; tests/bench/search runs it.
//
//   bench_search fill FIXTURES FOLDER COUNT    a hub's data folder and rows for COPY
//   bench_search run FIXTURES COUNT HUB PROCESS ECHO CONNECTION CALLERS MILLISECONDS
//                                              ECHO is bench_echo_server's; no CONNECTION: no
//                                              PostgreSQL
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

#include "brobygger/registry/v1/registry_service.pb.h"
#include "brobygger/search/v1/search_service.pb.h"

#include "core/model/names.h"
#include "core/search/follower.h"
#include "core/search/query.h"
#include "core/storage/sqlite/sqlite_store.h"
#include "tests/bench/closed_loop.h"
#include "tests/bench/echo.pb.h"
#include "tests/bench/postgres_loop.h"
#include "tests/bench/search_questions.h"
#include "tests/support/made_up.h"

namespace brobygger::bench {
namespace {

using registry::v1::Association;
using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;
using Clock = std::chrono::steady_clock;

constexpr char kSearch[] = "/brobygger.search.v1.SearchService/SearchAssociations";
constexpr char kAnswer[] = "/brobygger.bench.v1.EchoService/Answer";
constexpr char kCreate[] = "/brobygger.registry.v1.RegistryService/CreateAssociation";

constexpr int kRounds = 3;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void Check(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "bench_search: %s\n", what.c_str());
  std::exit(1);
}

// One line of COPY: id, names, all text, languages, themes, weekdays, municipality.
std::string RowOf(const Association& association) {
  std::vector<std::string> names = {association.official_name()};
  for (const auto& other : association.other_names()) names.push_back(other.text());
  std::vector<std::string> texts;
  for (const auto& [language, text] : association.purpose().by_language()) texts.push_back(text);
  std::vector<int> themes;
  std::vector<std::string> days;
  for (const auto& activity : association.activities()) {
    texts.push_back(activity.title());
    for (const int theme : activity.themes()) themes.push_back(theme);
    const std::string& rule = activity.recurrence_rule();
    if (rule.size() > 2) days.push_back(rule.substr(rule.size() - 2));
  }
  texts.push_back(association.coverage_area());
  for (const auto& address : association.addresses()) texts.push_back(address.postal_district());
  const auto set = [](const auto& values) { return "{" + absl::StrJoin(values, ",") + "}"; };
  return absl::StrJoin(
      {association.id(), absl::StrJoin(names, " "), absl::StrJoin(texts, " "),
       set(association.language_codes()), set(themes), set(days), association.municipality_code()},
      "\t");
}

void Fill(const support::MadeUp& made_up, const std::string& folder, int count) {
  constexpr std::size_t kAtOnce = 5'000;
  const auto planted = made_up.AllPlanted();
  const std::size_t all = static_cast<std::size_t>(count) + planted.size();
  const auto association = [&](std::size_t i) {
    return i < planted.size() ? planted[i].association : made_up.Association(i - planted.size());
  };
  std::filesystem::create_directories(folder + "/data");
  storage::SqliteOptions options;
  options.path = folder + "/data/registry.db";
  options.synchronous = storage::Synchronous::kOff;  // filling it is not what is measured
  auto store = storage::OpenSqliteStore(std::move(options));
  Check(store.ok(), store.status().ToString());
  std::ofstream rows(folder + "/rows.tsv");
  for (std::size_t from = 0; from < all; from += kAtOnce) {
    const auto body = [&](storage::Transaction& transaction) -> absl::Status {
      for (std::size_t i = from; i < std::min(from + kAtOnce, all); ++i) {
        const Association each = association(i);
        const auto put = transaction.Put(
            storage::Kind::kAssociation, each.id(), each.SerializeAsString(),
            {{storage::Index::kAssociationByName, model::FoldName(each.official_name())}});
        if (!put.ok()) return put;
        rows << RowOf(each) << '\n';
      }
      return absl::OkStatus();
    };
    Check((*store)->Write("bench", body).ok(), "the store refuses to be filled");
  }
  const auto start = Clock::now();
  feed::Feed feed(**store);
  const search::Follower follower(**store, feed, {});
  Check(follower.AwaitRevision((*(*store)->Latest())->revision(), absl::InfiniteFuture()), "");
  const double seconds = MillisecondsSince(start) / 1e3;
  std::printf("index built: %.0f records/s, %.0f bytes a record, %.0f MB\n",
              static_cast<double>(all) / seconds,
              static_cast<double>(follower.health().bytes) / static_cast<double>(all),
              static_cast<double>(follower.health().bytes) / 1e6);
}

SearchAssociationsResponse Ask(const std::shared_ptr<grpc::Channel>& hub,
                               const SearchAssociationsRequest& request) {
  SearchAssociationsResponse response;
  Check(response.ParseFromString(CallOnce(hub, kSearch, request.SerializeAsString())),
        "no answer of a search");
  return response;
}

// Where questions go.
struct Servers {
  std::shared_ptr<grpc::Channel> hub;
  int hub_process;
  std::shared_ptr<grpc::Channel> echo;
  std::string postgres;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Three rounds in turns: what is compared was measured within seconds. The echo answers as many
// bytes as the hub and does nothing else: no server of this kind is quicker.
void MeasureSpeed(const Kind& kind, const Servers& servers, const Load& load) {
  std::vector<std::string> bytes;
  for (const auto& request : kind.requests) bytes.push_back(request.SerializeAsString());
  const Operation search{kSearch, [&](std::uint64_t n) { return bytes[n % bytes.size()]; }};
  std::vector<Figures> ours;
  std::vector<Figures> theirs;
  std::vector<double> to_theirs;
  std::vector<double> to_echo;
  Load whole = load;
  whole.warm_up = {};  // so that all calls count, and all that the hub uses is for them
  for (int round = 0; round < kRounds; ++round) {
    RunClosedLoop(servers.hub, search, load);
    const double used = ProcessorMicrosecondsOf(servers.hub_process);
    Figures hub = RunClosedLoop(servers.hub, search, whole);
    hub.processor_us =
        (ProcessorMicrosecondsOf(servers.hub_process) - used) / static_cast<double>(hub.calls);
    v1::AnswerRequest wanted;
    wanted.set_key("0f8fad5b-d9cb-469f-a165-70867728950e");
    wanted.set_reply_bytes(static_cast<int>(hub.reply_bytes));
    const std::string request = wanted.SerializeAsString();
    const Figures echo =
        RunClosedLoop(servers.echo, {kAnswer, [&](std::uint64_t) { return request; }}, load);
    Figures postgres;
    if (!servers.postgres.empty()) {
      postgres = RunPostgresLoop(servers.postgres, kind.sql, kind.parameters, load);
    }
    to_theirs.push_back(hub.per_second / std::max(postgres.per_second, 1.0));
    to_echo.push_back(hub.per_second / echo.per_second);
    ours.push_back(hub);
    theirs.push_back(postgres);
  }
  const auto told = [](const std::vector<Figures>& rounds) {
    const auto median = [&rounds](double Figures::*figure) {
      std::vector<double> values;
      for (const Figures& each : rounds) values.push_back(each.*figure);
      return Median(std::move(values));
    };
    return absl::StrFormat("%.0f | %.2f | %.2f | %.0f", median(&Figures::per_second),
                           median(&Figures::median_us) / 1e3, median(&Figures::p99_us) / 1e3,
                           median(&Figures::processor_us));
  };
  std::printf("| %s | %d | %s | %s | %.1f | %.2f |\n", kind.name, load.callers, told(ours).c_str(),
              told(theirs).c_str(), Median(to_theirs), Median(to_echo));
  std::fflush(stdout);
}

// How many planted associations are among the first five.
void MeasureQuality(const support::MadeUp& made_up, const Servers& servers) {
  const std::string sql =
      "SELECT id FROM a, plainto_tsquery('danish', $1) q WHERE v @@ q OR $1 <% names "
      "ORDER BY ts_rank(v, q) + word_similarity($1, names) DESC, id LIMIT 5";
  int ours = 0;
  int theirs = 0;
  const auto planted = made_up.AllPlanted();
  for (const auto& each : planted) {
    SearchAssociationsRequest request;
    request.set_query(each.query);
    request.set_page_size(5);
    const SearchAssociationsResponse answer = Ask(servers.hub, request);
    for (const auto& hit : answer.hits()) {
      ours += hit.association_id() == each.association.id() ? 1 : 0;
    }
    if (servers.postgres.empty()) continue;
    const auto rows = AskPostgres(servers.postgres, sql, {each.query});
    theirs += std::count(rows.begin(), rows.end(), each.association.id()) > 0 ? 1 : 0;
  }
  std::printf("right one among the first five: %d of %zu, PostgreSQL %d\n", ours, planted.size(),
              theirs);
}

// From the answer to a write until it is found, asking all the time.
void MeasureFreshness(const std::shared_ptr<grpc::Channel>& hub) {
  std::vector<double> took;
  for (int i = 0; i < 50; ++i) {
    std::string name = "Frisk";
    for (int rest = i + 1; rest > 0; rest /= 20) name += static_cast<char>('a' + rest % 20);
    registry::v1::CreateAssociationRequest create;
    create.mutable_association()->set_official_name(name + "xyz");
    create.mutable_association()->set_municipality_code("0998");
    CallOnce(hub, kCreate, create.SerializeAsString());
    SearchAssociationsRequest request;
    request.set_query("\"" + name + "xyz\"");
    const auto start = Clock::now();
    while (Ask(hub, request).hits().empty()) Check(MillisecondsSince(start) < 60'000, "not found");
    took.push_back(MillisecondsSince(start));
  }
  std::sort(took.begin(), took.end());
  std::printf("a new association is found after %.1f ms (median), %.1f ms (most)\n", took[25],
              took.back());
}

int Main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 4 && words[0] == "fill") {
    Fill(support::MadeUp(words[1]), words[2], std::atoi(words[3].c_str()));
    return 0;
  }
  if (words.size() != 9 || words[0] != "run") return 2;
  const support::MadeUp made_up(words[1]);
  const auto channel = [](const std::string& target) {
    return grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
  };
  const Servers servers{channel(words[3]), std::atoi(words[4].c_str()), channel(words[5]),
                        words[6]};
  Load load;
  load.callers = std::atoi(words[7].c_str());
  load.duration = std::chrono::milliseconds(std::atoi(words[8].c_str()));
  MeasureQuality(made_up, servers);
  MeasureFreshness(servers.hub);
  std::printf(
      "| questions | callers | hub a second | median ms | p99 ms | processor us | PostgreSQL a "
      "second | median ms | p99 ms | processor us | x | to the echo |\n");
  std::printf("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (const Kind& kind : KindsOf(made_up, std::atoi(words[2].c_str()))) {
    MeasureSpeed(kind, servers, load);
  }
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int argc, char** argv) { return brobygger::bench::Main(argc, argv); }
