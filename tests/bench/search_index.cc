// Measures the search index in its own process, without a hub around it: what searching itself
// costs, how that grows with the registry, and whether a change gives the same answers.
//
//   bench_search_index FIXTURES FOLDER COUNT [KIND]    FOLDER was filled by bench_search; only
//                                                     questions of one kind, for a profiler
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "core/access/access.h"
#include "core/discovery/search_associations.h"
#include "core/search/follower.h"
#include "core/storage/sqlite/sqlite_store.h"
#include "tests/bench/search_questions.h"

namespace brobygger::bench {
namespace {

using search::v1::SearchAssociationsRequest;
using search::v1::SearchAssociationsResponse;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kWhoKnows = 66;
constexpr int kKnownWanted = 20;
constexpr const char* kMunicipalities[] = {"0615", "0101", "0851"};

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_search_index: %s\n", status.ToString().c_str());
  std::exit(1);
}

double MicrosecondsOf(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// Of this thread's processor time, which others on the machine do not add to.
double ProcessorMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Times {
  double median = 0;
  double most = 0;  // but for one in a hundred
  double mean = 0;
};

Times TimesOf(std::vector<double> took) {
  std::sort(took.begin(), took.end());
  double sum = 0;
  for (const double each : took) sum += each;
  return {took[took.size() / 2], took[took.size() * 99 / 100],
          sum / static_cast<double>(took.size())};
}

// FNV-1a, so that the figure is the same on every machine.
std::uint64_t Digest(std::uint64_t so_far, const std::string& text) {
  for (const char c : text) so_far = (so_far ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return so_far;
}

void Print(const char* what, const char* who, const Times& times, std::uint64_t digest) {
  std::printf("| %s | %s | %.0f | %.0f | %.0f | %016llx |\n", what, who, times.median, times.mean,
              times.most, static_cast<unsigned long long>(digest));
  std::fflush(stdout);
}

class World {
 public:
  World(const storage::Store& store, search::Shelf& shelf) : store_(store), shelf_(shelf) {
    Check(contacts_.Load(**store.Latest()));
  }

  // A page of those in a municipality with a theme, who-knows of each: by the index, and by
  // walking.
  void MeasureWhoKnows() {
    const std::array<const search::Shelf*, 2> ways = {&shelf_, nullptr};
    for (const search::Shelf* shelf : ways) {
      std::vector<double> took;
      std::uint64_t digest = 0xCBF29CE484222325ULL;
      for (int i = 0; i < kWhoKnows; ++i) {
        discovery::v1::WhoKnowsRequest request;
        request.set_municipality_code(kMunicipalities[i % 3]);
        request.set_theme(static_cast<registry::v1::Theme>(1 + i % 11));
        request.set_page_size(kKnownWanted);
        const double start = ProcessorMicroseconds();
        const auto ids = FirstKnown(shelf, request);
        took.push_back(ProcessorMicroseconds() - start);
        for (const std::string& id : ids) digest = Digest(digest, id);
      }
      const char* const way = shelf != nullptr ? "by the index" : "by walking";
      Print("who knows, a theme in a municipality", way, TimesOf(std::move(took)), digest);
    }
  }

  void Measure(const Kind& kind, const char* who, const access::Caller& caller) {
    std::vector<double> took;
    std::uint64_t digest = 0xCBF29CE484222325ULL;
    for (int round = 0; round < kRounds; ++round) {
      for (const SearchAssociationsRequest& request : kind.requests) {
        const double start = ProcessorMicroseconds();
        auto made = discovery::SearchAssociations({store_, contacts_, base::SystemClock(), caller},
                                                  shelf_, request);
        took.push_back(ProcessorMicroseconds() - start);
        Check(made.status());
        SearchAssociationsResponse answer = *std::move(made);
        if (round > 0) continue;
        answer.clear_next_page_token();  // another in each process
        digest = Digest(digest, answer.SerializeAsString());
      }
    }
    Print(kind.name, who, TimesOf(std::move(took)), digest);
  }

 private:
  std::vector<std::string> FirstKnown(const search::Shelf* shelf,
                                      discovery::v1::WhoKnowsRequest request) const {
    const auto caller = access::LocalOperator();
    std::vector<std::string> ids;
    do {
      const auto answer =
          discovery::WhoKnows({store_, contacts_, base::SystemClock(), caller, shelf}, request);
      Check(answer.status());
      for (const auto& each : answer->associations()) {
        if (ids.size() < std::size_t{kKnownWanted}) ids.push_back(each.association_id());
      }
      request.set_page_token(answer->next_page_token());
    } while (ids.size() < std::size_t{kKnownWanted} && !request.page_token().empty());
    return ids;
  }

  const storage::Store& store_;
  search::Shelf& shelf_;
  discovery::ContactIndex contacts_;
};

// The questions with more to be counted. Nobody knows anybody in the folder, so of known-by it is
// the look at each hit that is measured.
Kind Counting(Kind kind, const char* name, const std::vector<const char*>& facets) {
  kind.name = name;
  for (SearchAssociationsRequest& request : kind.requests) {
    for (const char* facet : facets) request.add_facets(facet);
  }
  return kind;
}

std::vector<Kind> AllKinds(const support::MadeUp& made_up, int count) {
  std::vector<Kind> kinds = KindsOf(made_up, count);
  kinds.push_back(Counting(kinds.back(), "filtered text, six facets", {"capacity", "activity"}));
  kinds.push_back(Counting(kinds.back(), "the same, and who knows them", {"known-by"}));
  return kinds;
}

access::Caller Employee() {
  access::Caller caller = access::LocalOperator();
  caller.kind = access::CallerKind::kEmployee;
  caller.municipality_code = "0615";
  return caller;
}

int Main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::string only = argc > 4 ? argv[4] : "";
  const support::MadeUp made_up(argv[1]);
  storage::SqliteOptions options;
  options.path = std::string(argv[2]) + "/data/registry.db";
  auto store = storage::OpenSqliteStore(std::move(options));
  Check(store.status());
  feed::Feed feed(**store);
  const auto revision = (*(*store)->Latest())->revision();
  std::unique_ptr<search::Follower> follower;
  const double built = MicrosecondsOf([&] {
    follower = std::make_unique<search::Follower>(**store, feed, search::FollowerOptions{});
    if (!follower->AwaitRevision(revision, absl::InfiniteFuture())) std::exit(1);
  });
  const search::Health health = follower->health();
  std::printf("%llu associations, index built in %.2f s, %.0f records/s, %.0f bytes a record\n",
              static_cast<unsigned long long>(health.documents), built / 1e6,
              static_cast<double>(health.documents) / built * 1e6,
              static_cast<double>(health.bytes) / static_cast<double>(health.documents));
  World world(**store, follower->shelf());
  std::printf("| questions | of | median us | mean us | 99 %% us | answers |\n");
  std::printf("|---|---|---|---|---|---|\n");
  for (const Kind& kind : AllKinds(made_up, std::atoi(argv[3]))) {
    if (!only.empty() && only != kind.name) continue;
    world.Measure(kind, "the operator", access::LocalOperator());
    world.Measure(kind, "an employee", Employee());
  }
  if (only.empty()) world.MeasureWhoKnows();
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int argc, char** argv) { return brobygger::bench::Main(argc, argv); }
