// Fills a hub's data folder with a municipality, and tells what its contacts cost: reading them
// at the start, memory, and one question. Run by hand:
//
//   bench_contacts FOLDER [associations [touchpoints]]
//
// then a hub on that folder, and bench_load hub-who-knows or hub-matrix against it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/discovery/who_knows.h"
#include "core/registry/edit.h"
#include "core/storage/sqlite/sqlite_store.h"

namespace brobygger::bench {
namespace {

using storage::Transaction;

constexpr int kDepartments = 12;
constexpr int kAtOnce = 1000;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_contacts: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

// Pages that the process has in memory, in MB.
double MemoryMb() {
  std::ifstream file("/proc/self/statm");
  long size = 0;
  long resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

template <typename Work>
double SecondsOf(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<std::string> FillDepartments(storage::Store& store) {
  std::vector<std::string> ids;
  Check(store
            .Write("bench",
                   [&](Transaction& transaction) -> absl::Status {
                     for (int i = 0; i < kDepartments; ++i) {
                       registry::v1::Department wanted;
                       wanted.set_official_name("Forvaltning " + std::to_string(i));
                       wanted.set_municipality_code("0998");
                       BB_ASSIGN_OR_RETURN(const auto made, registry::CreateDepartment(
                                                                transaction, wanted, "bench"));
                       ids.push_back(made.id());
                     }
                     return absl::OkStatus();
                   })
            .status());
  return ids;
}

std::vector<std::string> FillAssociations(storage::Store& store, int count) {
  std::vector<std::string> ids;
  while (static_cast<int>(ids.size()) < count) {
    const auto body = [&](Transaction& transaction) -> absl::Status {
      for (int i = 0; i < kAtOnce && static_cast<int>(ids.size()) < count; ++i) {
        registry::v1::Association wanted;
        wanted.set_official_name("Forening " + std::to_string(ids.size()));
        wanted.set_municipality_code("0998");
        BB_ASSIGN_OR_RETURN(const auto made,
                            registry::CreateAssociation(transaction, wanted, "bench"));
        ids.push_back(made.id());
      }
      return absl::OkStatus();
    };
    Check(store.Write("bench", body).status());
  }
  return ids;
}

// Each department knows a fifth of the associations, and those it meets again and again.
void FillTouchpoints(storage::Store& store,
                     const std::vector<std::string>& departments,
                     const std::vector<std::string>& associations,
                     int count) {
  const int today = base::DayNumber(base::DanishDayOf(base::SystemClock().Now()));
  for (int done = 0; done < count; done += kAtOnce) {
    const auto body = [&](Transaction& transaction) -> absl::Status {
      for (int i = done; i < std::min(done + kAtOnce, count); ++i) {
        contact::v1::Touchpoint wanted;
        const std::size_t association = static_cast<std::size_t>(i) % associations.size();
        wanted.set_association_id(associations[association]);
        wanted.set_department_id(
            departments[(association + static_cast<std::size_t>(i) % 3) % departments.size()]);
        wanted.set_date(base::DayText(today - 1 - (i * 37) % 700));
        wanted.set_channel(contact::v1::CONTACT_CHANNEL_MEETING);
        wanted.set_our_role(i % 2 == 0 ? "konsulent" : "leder");
        BB_RETURN_IF_ERROR(
            contact::AddTouchpoint(transaction, wanted, access::LocalOperator()).status());
      }
      return absl::OkStatus();
    };
    Check(store.Write("bench", body).status());
  }
}

void Ask(const storage::Store& store,
         const discovery::ContactIndex& index,
         const std::vector<std::string>& associations) {
  access::Caller caller = access::LocalOperator();
  caller.disclosure = {.own = discovery::v1::DISCLOSURE_LEVEL_SUMMARY,
                       .municipality = discovery::v1::DISCLOSURE_LEVEL_SUMMARY,
                       .elsewhere = discovery::v1::DISCLOSURE_LEVEL_SUMMARY};
  std::vector<double> took;
  for (int i = 0; i < 20'000; ++i) {
    discovery::v1::WhoKnowsRequest request;
    request.set_association_id(
        associations[static_cast<std::size_t>(i) * 7919 % associations.size()]);
    took.push_back(SecondsOf([&] {
      Check(discovery::WhoKnows({store, index, base::SystemClock(), caller}, request).status());
    }));
  }
  std::sort(took.begin(), took.end());
  std::printf("who knows one: median %.0f us, p99 %.0f us\n", took[took.size() / 2] * 1e6,
              took[took.size() * 99 / 100] * 1e6);
  discovery::v1::GetContactMatrixRequest matrix;
  matrix.set_municipality_code("0998");
  matrix.set_page_size(500);
  std::vector<double> tables;
  for (int i = 0; i < 20; ++i) {
    tables.push_back(SecondsOf([&] {
      Check(discovery::GetContactMatrix({store, index, base::SystemClock(), caller}, matrix)
                .status());
    }));
  }
  std::sort(tables.begin(), tables.end());
  std::printf("matrix of 500: median %.1f ms, most %.1f ms\n", tables[10] * 1e3,
              tables.back() * 1e3);
}

int Main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string folder = argv[1];
  const int associations = argc > 2 ? std::atoi(argv[2]) : 100'000;
  const int touchpoints = argc > 3 ? std::atoi(argv[3]) : 2'000'000;
  std::filesystem::create_directories(folder);
  storage::SqliteOptions options;
  options.path = folder + "/registry.db";
  options.synchronous = storage::Synchronous::kOff;  // filling it is not what is measured
  auto store = storage::OpenSqliteStore(std::move(options));
  Check(store.status());
  std::vector<std::string> ids;
  const double filled = SecondsOf([&] {
    const auto departments = FillDepartments(**store);
    ids = FillAssociations(**store, associations);
    FillTouchpoints(**store, departments, ids, touchpoints);
  });
  std::printf("filled in %.0f s\n", filled);
  const double before = MemoryMb();
  discovery::ContactIndex index;
  const double loaded = SecondsOf([&] { Check(index.Load(**(*store)->Latest())); });
  std::printf("%zu touchpoints read in %.2f s, %.0f MB\n", index.size(), loaded,
              MemoryMb() - before);
  Ask(**store, index, ids);
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int argc, char** argv) { return brobygger::bench::Main(argc, argv); }
