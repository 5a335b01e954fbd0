// How fast the audit log takes records and verifies them. Each round measures, one after
// the other, a flush for each record, and the log with 1 and 16 callers: what the disk
// does meanwhile is then the same for all. Run by hand: bench_audit [folder [rounds]].
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "core/audit/audit_log.h"
#include "core/audit/verify.h"
#include "core/base/log.h"

namespace brobygger::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr double kSeconds = 2;
constexpr int kVerifiedRecords = 500'000;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_audit: %s\n", std::string(status.message()).c_str());
  std::_Exit(1);  // other callers may be under way
}

audit::v1::Entry SomeEntry(int number) {
  audit::v1::Entry entry;
  entry.set_actor("7f3b9c52-7a2e-4d0c-9a55-0f2f8b6e1c11");
  entry.set_method("brobygger.registry.v1.RegistryService/GetAssociation");
  entry.set_object_id("98d35163-98ec-4991-ad50-" + std::to_string(100'000'000'000 + number));
  entry.add_subject_digests(std::string(32, static_cast<char>(number)));
  entry.set_data_class(access::v1::DATA_CLASS_INTERNAL);
  entry.add_field_classes(access::v1::DATA_CLASS_INTERNAL);
  entry.set_purpose("case-work");
  entry.set_decision(audit::v1::DECISION_ALLOWED);
  entry.set_policy_revision(3);
  entry.set_registry_revision(4711);
  return entry;
}

std::unique_ptr<audit::AuditLog> Open(const std::string& folder) {
  audit::Options options;
  options.folder = folder;
  auto log = audit::AuditLog::Open(options);
  Check(log.status());
  return *std::move(log);
}

struct Rate {
  double per_second;
  double median_us;
  double p99_us;
};

Rate RateOf(std::vector<double>& waits, double seconds) {
  std::sort(waits.begin(), waits.end());
  return {static_cast<double>(waits.size()) / seconds, waits[waits.size() / 2],
          waits[waits.size() * 99 / 100]};
}

// What a log without group commit would do: one record, one flush, at most one at a time.
Rate FlushEach(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) Check(absl::UnavailableError("cannot open " + path));
  const std::string record(300, 'x');
  std::vector<double> waits;
  const auto begun = steady_clock::now();
  auto before = begun;
  while (before - begun < duration<double>(kSeconds)) {
    if (write(file, record.data(), record.size()) != static_cast<ssize_t>(record.size()) ||
        fdatasync(file) != 0) {
      Check(absl::UnavailableError("cannot write " + path));
    }
    const auto now = steady_clock::now();
    waits.push_back(duration<double, std::micro>(now - before).count());
    before = now;
  }
  close(file);
  unlink(path.c_str());
  return RateOf(waits, duration<double>(before - begun).count());
}

Rate AppendFrom(audit::AuditLog& log, int callers) {
  std::vector<std::vector<double>> waits(static_cast<std::size_t>(callers));
  std::vector<std::thread> threads;
  const auto begun = steady_clock::now();
  const auto end =
      begun + std::chrono::duration_cast<steady_clock::duration>(duration<double>(kSeconds));
  for (auto& own : waits) {
    threads.emplace_back([&log, &own, end] {
      auto before = steady_clock::now();
      for (int n = 0; before < end; ++n) {
        Check(log.Append(SomeEntry(n), before + std::chrono::seconds(60)));
        const auto now = steady_clock::now();
        own.push_back(duration<double, std::micro>(now - before).count());
        before = now;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const double seconds = duration<double>(steady_clock::now() - begun).count();
  std::vector<double> all;
  for (const auto& own : waits) all.insert(all.end(), own.begin(), own.end());
  return RateOf(all, seconds);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Print(const char* what, const Rate& rate) {
  std::printf("%s: %.0f/s, median %.0f us, p99 %.0f us\n", what, rate.per_second, rate.median_us,
              rate.p99_us);
}

void MeasureAppends(const std::string& folder, int rounds) {
  std::vector<double> gains;
  const auto log = Open(folder + "/appends");
  for (int round = 0; round < rounds; ++round) {
    const Rate each = FlushEach(folder + "/each");
    const Rate one = AppendFrom(*log, 1);
    const Rate sixteen = AppendFrom(*log, 16);
    Print("a flush for each record", each);
    Print("append, 1 caller", one);
    Print("append, 16 callers", sixteen);
    gains.push_back(sixteen.per_second / each.per_second);
  }
  std::printf("16 callers to a flush for each, median of %d rounds: %.1f x\n", rounds,
              Median(gains));
}

void MeasureReading(const std::string& folder, int rounds) {
  {
    const auto log = Open(folder + "/reading");
    const auto begun = steady_clock::now();
    for (int i = 0; i < kVerifiedRecords; ++i) {
      while (!log->AppendSoon(SomeEntry(i)).ok()) {
        Check(log->Flush(steady_clock::now() + std::chrono::seconds(60)));
      }
    }
    Check(log->Flush(steady_clock::now() + std::chrono::seconds(60)));
    std::printf("append soon, 1 caller: %.0f/s\n",
                kVerifiedRecords / duration<double>(steady_clock::now() - begun).count());
    const auto asked = steady_clock::now();

    const auto none = log->EntriesBy("nobody-of-this-name", {});
    Check(none.status());
    std::printf("look-up through %d records: %.2f s\n", kVerifiedRecords,
                duration<double>(steady_clock::now() - asked).count());
  }
  for (int round = 0; round < rounds; ++round) {
    const auto begun = steady_clock::now();
    const auto result = audit::VerifyLog({.folder = folder + "/reading"});
    Check(result.status());
    const double seconds = duration<double>(steady_clock::now() - begun).count();
    if (result->first_bad.has_value()) Check(absl::DataLossError(VerifySentence(*result)));
    std::printf("verify: %.2f million records/s\n",
                static_cast<double>(result->records) / seconds / 1e6);
  }
}

int Run(const std::string& parent, int rounds) {
  std::string folder = parent + "/bench_audit-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) Check(absl::UnavailableError("cannot make " + folder));
  base::SetLogLevel("error");
  MeasureAppends(folder, rounds);
  MeasureReading(folder, rounds);
  fs::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int argc, char** argv) {
  return brobygger::bench::Run(argc > 1 ? argv[1] : ".", argc > 2 ? std::atoi(argv[2]) : 3);
}
