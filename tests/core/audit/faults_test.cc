// A disk that is full, refuses or hangs (S6): no call is answered without a record, none
// waits beyond its deadline, and the log comes back by itself.
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/notification.h>
#include <sys/resource.h>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/core/audit/faulty_disk.h"

namespace brobygger::audit {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool IsAuditUnavailable(const absl::Status& status) {
  return base::ReasonOf(status) == errors::v1::ERROR_REASON_AUDIT_UNAVAILABLE &&
         absl::IsUnavailable(status);
}

// Nothing is wrong with the files of a log that was closed.
void CheckVerifies(const std::string& folder) {
  const auto result = VerifyLog({.folder = folder});
  REQUIRE(result.ok());
  INFO(VerifySentence(*result));
  CHECK_FALSE(result->first_bad.has_value());
}

// How a disk fails and is mended.
struct Fault {
  const char* name;
  void (*begin)(FaultyDisk&);
  void (*end)(FaultyDisk&);
};

const Fault kFaults[] = {
    {"full", [](FaultyDisk& disk) { disk.LeaveRoom(0); },
     [](FaultyDisk& disk) { disk.MakeRoom(); }},
    {"full half way through a record", [](FaultyDisk& disk) { disk.LeaveRoom(50); },
     [](FaultyDisk& disk) { disk.MakeRoom(); }},
    {"refusing all", [](FaultyDisk& disk) { disk.Refuse(true); },
     [](FaultyDisk& disk) { disk.Refuse(false); }},
    {"failing flushes", [](FaultyDisk& disk) { disk.FailFlushes(true); },
     [](FaultyDisk& disk) { disk.FailFlushes(false); }},
};

TEST_CASE("a disk that fails refuses entries at once and takes them again when it is mended",
          "[audit]") {
  const auto& fault = kFaults[GENERATE(0, 1, 2, 3)];
  const bool fresh = GENERATE(false, true);
  CAPTURE(fault.name, fresh);
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  {
    const auto log = OpenLog(options);
    if (!fresh) REQUIRE(log->Append(EntryBy("before"), Patient()).ok());
    fault.begin(disk);
    for (int i = 0; i < 5; ++i) {
      const auto begun = steady_clock::now();
      CHECK(IsAuditUnavailable(log->Append(EntryBy("refused"), Within(milliseconds(2000)))));
      CHECK(steady_clock::now() - begun < milliseconds(1000));
    }
    CHECK_FALSE(log->health().writable);
    fault.end(disk);
    REQUIRE(log->Append(EntryBy("after"), Patient()).ok());
    CHECK(log->health().writable);
    const auto records = AllOf(*log);
    REQUIRE(records.size() == (fresh ? 1 : 2));
    CHECK(records.back().entry().actor() == "after");
  }
  CheckVerifies(options.folder);
}

TEST_CASE("a new segment that cannot be begun refuses entries until it can", "[audit]") {
  const auto& fault = kFaults[GENERATE(0, 1, 2, 3)];
  CAPTURE(fault.name);
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  options.segment_bytes = 1;
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("before"), Patient()).ok());
    fault.begin(disk);
    CHECK(IsAuditUnavailable(log->Append(EntryBy("refused"), Patient())));
    CHECK(IsAuditUnavailable(log->Append(EntryBy("refused"), Patient())));
    fault.end(disk);
    REQUIRE(log->Append(EntryBy("after"), Patient()).ok());
    CHECK(AllOf(*log).size() == 2);
  }
  CheckVerifies(options.folder);
}

TEST_CASE("whoever does not wait is told once, soon after the deadline, also by a hung disk",
          "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  std::atomic<int> told = 0;
  std::atomic<int> refused = 0;
  {
    const auto log = OpenLog(options);
    disk.Hang("000001.log");
    constexpr int kCallers = 16;
    absl::BlockingCounter all(kCallers);
    const auto begun = steady_clock::now();
    for (int i = 0; i < kCallers; ++i) {
      log->Submit(
          EntryBy("p1"), Within(milliseconds(20 + 10 * i)), [&](const absl::Status& status) {
            ++told;
            refused += base::ReasonOf(status) == errors::v1::ERROR_REASON_AUDIT_UNAVAILABLE ? 1 : 0;
            all.DecrementCount();
          });
    }
    all.Wait();
    CHECK(steady_clock::now() - begun < milliseconds(1500));
    CHECK(refused == kCallers);
    disk.Release();
    // What was under way comes into the log all the same; nobody is told a second time.
    absl::Notification written;
    log->Submit(EntryBy("after"), Patient(), [&](const absl::Status& status) {
      refused += status.ok() ? 0 : 1;
      written.Notify();
    });
    written.WaitForNotification();
    CHECK(refused == kCallers);
    CHECK(told == kCallers);
  }
  CHECK(told == 16);
  CheckVerifies(options.folder);
}

TEST_CASE("a hung disk refuses entries within the deadline of each caller", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  {
    const auto log = OpenLog(options);
    disk.Hang("000001.log");
    std::vector<std::thread> threads;
    std::atomic<int> late = 0;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        const auto deadline = Within(milliseconds(20 + 10 * i));
        answered += log->Append(EntryBy("p1"), deadline).ok() ? 1 : 0;
        late += steady_clock::now() - deadline > milliseconds(50) ? 1 : 0;
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(answered == 0);
    CHECK(late == 0);
    // What waited was taken back; what was under way may still come.
    CHECK(log->health().waiting <= 16);
    CHECK(log->health().writing_for >= milliseconds(150));
    disk.Release();
    REQUIRE(log->Append(EntryBy("after"), Patient()).ok());
    CHECK(AllOf(*log).back().entry().actor() == "after");
  }
  CheckVerifies(options.folder);
}

TEST_CASE("a deadline that has passed already is no reason to wait", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  const auto log = OpenLog(options);
  disk.Hang("000001.log");
  CHECK(IsAuditUnavailable(log->Append(EntryBy("p1"), Within(milliseconds(-5)))));
  disk.Release();
}

TEST_CASE("entries appended soon outlast a full disk, and are refused beyond their bound",
          "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  options.soon = milliseconds(1);
  options.most_waiting = 10;
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("before"), Patient()).ok());
    disk.LeaveRoom(10);
    int taken = 0;
    while (log->AppendSoon(EntryBy("soon" + std::to_string(taken))).ok()) ++taken;
    // Those of a group under way do not count for the moment.
    CHECK(taken >= 10);
    CHECK(taken <= 20);
    CHECK(IsAuditUnavailable(log->Flush(Patient())));
    disk.MakeRoom();
    REQUIRE(log->Flush(Patient()).ok());
    const auto records = AllOf(*log);
    REQUIRE(records.size() == static_cast<std::size_t>(taken) + 1);
    for (int i = 0; i < taken; ++i) {
      CHECK(records[i + 1].entry().actor() == "soon" + std::to_string(i));
    }
  }
  CheckVerifies(options.folder);
}

TEST_CASE("under a disk that keeps filling up no answer is without a record", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  options.segment_bytes = 4096;
  {
    const auto log = OpenLog(options);
    std::atomic<bool> done = false;
    std::thread filler([&] {
      for (int round = 0; !done; ++round) {
        disk.LeaveRoom(round * 37 % 1500);
        std::this_thread::yield();
        disk.MakeRoom();
      }
      disk.MakeRoom();
    });
    std::vector<std::vector<std::string>> acknowledged(8);
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < acknowledged.size(); ++i) {
      callers.emplace_back([&, i] {
        for (int n = 0; n < 200; ++n) {
          const std::string id = std::to_string(i) + "-" + std::to_string(n);
          if (log->Append(EntryBy("p1", id), Patient()).ok()) acknowledged[i].push_back(id);
        }
      });
    }
    for (auto& caller : callers) caller.join();
    done = true;
    filler.join();
    REQUIRE(log->Append(EntryBy("p1", "last"), Patient()).ok());
    std::vector<std::string> found;
    for (const auto& record : AllOf(*log)) found.push_back(record.entry().object_id());
    std::sort(found.begin(), found.end());
    std::size_t count = 0;
    for (const auto& of_one : acknowledged) {
      count += of_one.size();
      for (const auto& id : of_one) CHECK(std::binary_search(found.begin(), found.end(), id));
    }
    // And none that was refused.
    CHECK(found.size() == count + 1);
  }
  CheckVerifies(options.folder);
}

TEST_CASE("a file that the system lets grow no further is a full disk", "[audit]") {
  const support::TempFolder folder;
  const Options options = QuietOptions(folder.path());
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("before"), Patient()).ok());
    // In the middle of the next record, of the real file.
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const rlim_t before = limit.rlim_cur;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    limit.rlim_cur = std::filesystem::file_size(options.folder + "/000001.log") + 40;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    const absl::Status refused = log->Append(EntryBy("refused"), Patient());
    limit.rlim_cur = before;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(IsAuditUnavailable(refused));
    REQUIRE(log->Append(EntryBy("after"), Patient()).ok());
    CHECK(AllOf(*log).size() == 2);
    std::signal(SIGXFSZ, handler);
  }
  CheckVerifies(options.folder);
}

}  // namespace
}  // namespace brobygger::audit
