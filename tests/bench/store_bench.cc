// How fast the SQLite store is by itself: first sync, durable updates from many
// callers, look-ups, and opening. Run by hand: bench_store [folder [records]].
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <absl/synchronization/mutex.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/storage/sqlite/sqlite_store.h"

namespace brobygger::bench {
namespace {

using storage::Index;
using storage::Kind;
using storage::Store;
using storage::Transaction;

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A rate, and what it would be if this program had one processor to itself and
// the disk took no time: on a busy machine only that compares.
void PrintRate(const std::string& what, int count, const std::function<void()>& work) {
  const std::clock_t before = std::clock();
  const double seconds = SecondsOf(work);
  const double processor = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  std::printf("%s: %.0f/s (%.0f per second of processor)\n", what.c_str(), count / seconds,
              count / processor);
}

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_store: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

std::unique_ptr<Store> Open(const std::string& path) {
  storage::SqliteOptions options;
  options.path = path;
  auto store = storage::OpenSqliteStore(std::move(options));
  Check(store.status());
  return *std::move(store);
}

// What the first sync writes for one record of a source.
absl::Status PutRecord(Transaction& transaction, const std::string& id, int number) {
  const std::string key = "grants/associations/" + std::to_string(1'000'000 + number);
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kClaim, key, std::string(1000, 'c')));
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kLink, key, std::string(300, 'l'), {{Index::kLinkByAssociation, id}}));
  BB_RETURN_IF_ERROR(transaction.Put(
      Kind::kAssociation, id, std::string(1500, 'a'),
      {{Index::kAssociationByName, "forening nummer " + std::to_string(number * 7919 % 1'000'003)},
       {Index::kAssociationByIdentifier, "DK-CVR:" + std::to_string(10'000'000 + number)},
       storage::UpdateTerm(transaction.revision())}));
  return transaction.Remove(Kind::kPending, key);
}

absl::Status PutPending(Transaction& transaction, int number) {
  return transaction.Put(Kind::kPending,
                         "grants/associations/" + std::to_string(1'000'000 + number), "");
}

void FirstSync(Store& store, const std::vector<std::string>& ids) {
  constexpr int kBatch = 500;
  const int count = static_cast<int>(ids.size());
  PrintRate("first sync, 500 records a body", count, [&] {
    for (int from = 0; from < count; from += kBatch) {
      const int to = std::min(count, from + kBatch);
      Check(store
                .Write("bench",
                       [&](Transaction& transaction) {
                         for (int at = from; at < to; ++at) {
                           BB_RETURN_IF_ERROR(PutPending(transaction, at));
                         }
                         return absl::OkStatus();
                       })
                .status());
      Check(store
                .Write("bench",
                       [&](Transaction& transaction) {
                         for (int at = from; at < to; ++at) {
                           const auto& id = ids[static_cast<size_t>(at)];
                           BB_RETURN_IF_ERROR(PutRecord(transaction, id, at));
                         }
                         return absl::OkStatus();
                       })
                .status());
    }
  });
}

void Updates(Store& store, const std::vector<std::string>& ids, int callers, int total) {
  std::atomic<int> next = 0;
  PrintRate("durable updates, " + std::to_string(callers) + " callers", total, [&] {
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&] {
        for (int turn = next++; turn < total; turn = next++) {
          const std::string& id = ids[static_cast<size_t>(turn * 7919) % ids.size()];
          Check(store
                    .Write("bench",
                           [&](Transaction& transaction) {
                             return transaction.Put(Kind::kAssociation, id, std::string(1500, 'b'),
                                                    {{Index::kAssociationByName, "forening " + id},
                                                     storage::UpdateTerm(transaction.revision())});
                           })
                    .status());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

void Disk(const std::string& path, int count) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  const std::string block(6000, 'd');
  PrintRate("bare append of 6 kB + fdatasync", count, [&] {
    for (int turn = 0; turn < count; ++turn) {
      if (write(file, block.data(), block.size()) < 0 || fdatasync(file) != 0) std::exit(1);
    }
  });
  close(file);
}

void LookUps(const Store& store, const std::vector<std::string>& ids, int callers) {
  constexpr int kTurns = 500'000;
  PrintRate("Latest()->Find(), " + std::to_string(callers) + " callers", kTurns * callers, [&] {
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < kTurns; ++turn) {
          const auto snapshot = store.Latest();
          const auto found = (*snapshot)->Find(Kind::kAssociation,
                                               ids[static_cast<size_t>(turn) * 7919 % ids.size()]);
          if (!found.ok() || *found == nullptr) std::exit(1);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
}

int Main(const std::string& folder, int records) {
  const std::string path = folder + "/store_bench.db";
  for (const char* suffix : {"", "-wal", "-shm", ".lock", ".disk"}) {
    std::filesystem::remove(path + suffix);
  }
  std::vector<std::string> ids;
  for (int at = 0; at < records; ++at) ids.push_back(base::MakeUuid());

  auto store = Open(path);
  FirstSync(*store, ids);
  for (const int callers : {1, 16, 64}) {
    Disk(path + ".disk", 1000);
    Updates(*store, ids, callers, callers == 1 ? 2000 : 20000);
  }
  for (const int callers : {1, 2, 16}) LookUps(*store, ids, callers);
  store = nullptr;
  std::printf("opening: %.2f s\n", SecondsOf([&] { store = Open(path); }));
  std::printf("closing: %.2f s\n", SecondsOf([&] { store = nullptr; }));
  std::printf("file: %.0f MB\n", static_cast<double>(std::filesystem::file_size(path)) / 1e6);
  for (const char* suffix : {"", "-wal", "-shm", ".lock", ".disk"}) {
    std::filesystem::remove(path + suffix);
  }
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int count, char** arguments) {
  // As the hub does.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return brobygger::bench::Main(count > 1 ? arguments[1] : ".",
                                count > 2 ? std::stoi(arguments[2]) : 100'000);
}
