#include "tests/bench/closed_loop.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/notification.h>
#include <grpcpp/generic/generic_stub.h>
#include <unistd.h>

namespace brobygger::bench {
namespace {

using Time = std::chrono::steady_clock::time_point;
using Stub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

// A call that takes longer is a fault, not a figure.
constexpr std::chrono::seconds kDeadline{30};

[[noreturn]] void Fail(const std::string& method, const grpc::Status& status) {
  std::fprintf(stderr, "%s failed: %d %s\n", method.c_str(), static_cast<int>(status.error_code()),
               status.error_message().c_str());
  std::_Exit(1);
}

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// What all callers share.
struct Shared {
  const Operation& operation;
  const Load& load;
  Stub stub;
  Time counting_from;
  Time until;
  std::atomic<std::uint64_t> next_request{0};
  absl::BlockingCounter running;
};

// One caller: asks, waits for the answer, asks again.
class Caller {
 public:
  explicit Caller(Shared& shared) : shared_(shared) { latencies_us_.reserve(1 << 17); }

  void Next() {
    const std::uint64_t number = shared_.next_request.fetch_add(1, std::memory_order_relaxed);
    begun_ = std::chrono::steady_clock::now();
    if (begun_ >= shared_.until ||
        (shared_.load.max_calls != 0 && number >= shared_.load.max_calls)) {
      shared_.running.DecrementCount();
      return;
    }
    context_ = std::make_unique<grpc::ClientContext>();
    context_->set_deadline(std::chrono::system_clock::now() + kDeadline);
    request_ = ToBuffer(shared_.operation.request(number));
    reply_.Clear();
    shared_.stub.UnaryCall(context_.get(), shared_.operation.method, grpc::StubOptions(), &request_,
                           &reply_, [this](const grpc::Status& status) { Answered(status); });
  }

  const std::vector<std::uint32_t>& latencies_us() const { return latencies_us_; }
  std::uint64_t reply_bytes() const { return reply_bytes_; }

 private:
  void Answered(const grpc::Status& status) {
    if (!status.ok()) Fail(shared_.operation.method, status);
    const Time now = std::chrono::steady_clock::now();
    if (begun_ >= shared_.counting_from && now < shared_.until) {
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - begun_);
      latencies_us_.push_back(static_cast<std::uint32_t>(took.count()));
      reply_bytes_ += reply_.Length();
    }
    Next();
  }

  Shared& shared_;
  Time begun_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_;
  std::vector<std::uint32_t> latencies_us_;
  std::uint64_t reply_bytes_ = 0;
};

Figures Sum(const std::vector<std::unique_ptr<Caller>>& callers, double seconds) {
  std::vector<std::uint32_t> all;
  std::uint64_t bytes = 0;
  for (const auto& caller : callers) {
    all.insert(all.end(), caller->latencies_us().begin(), caller->latencies_us().end());
    bytes += caller->reply_bytes();
  }
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  return {.per_second = static_cast<double>(all.size()) / seconds,
          .median_us = static_cast<double>(all[all.size() / 2]),
          .p99_us = static_cast<double>(all[all.size() * 99 / 100]),
          .reply_bytes = static_cast<double>(bytes) / static_cast<double>(all.size()),
          .calls = all.size(),
          .processor_us = 0};
}

}  // namespace

Figures RunClosedLoop(const std::shared_ptr<grpc::Channel>& channel,
                      const Operation& operation,
                      const Load& load) {
  const Time start = std::chrono::steady_clock::now();
  const Time counting_from = start + load.warm_up;
  Shared shared{.operation = operation,
                .load = load,
                .stub = Stub(channel),
                .counting_from = counting_from,
                .until = counting_from + load.duration,
                .running = absl::BlockingCounter(load.callers)};
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < load.callers; ++i) callers.push_back(std::make_unique<Caller>(shared));
  for (const auto& caller : callers) caller->Next();
  shared.running.Wait();
  const Time end = std::min(shared.until, std::chrono::steady_clock::now());
  return Sum(callers, std::chrono::duration<double>(end - counting_from).count());
}

double ProcessorMicrosecondsOf(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  // Behind the name, which may hold anything; user and system time are the 12th and 13th words.
  std::istringstream words(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) words >> skipped;
  double user = 0;
  double system = 0;
  words >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string CallOnce(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& method,
                     const std::string& request) {
  Stub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  context.set_wait_for_ready(true);
  grpc::ByteBuffer sent = ToBuffer(request);
  grpc::ByteBuffer reply;
  absl::Notification done;
  grpc::Status status;
  stub.UnaryCall(&context, method, grpc::StubOptions(), &sent, &reply,
                 [&](const grpc::Status& answer) {
                   status = answer;
                   done.Notify();
                 });
  done.WaitForNotification();
  if (!status.ok()) Fail(method, status);
  grpc::Slice slice;
  if (!reply.DumpToSingleSlice(&slice).ok()) return "";
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace brobygger::bench
