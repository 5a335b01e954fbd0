#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

namespace brobygger::bench {

// One kind of call, whoever answers it.
struct Operation {
  // "/package.Service/Method".
  std::string method;
  // The serialized request number `n`; called from many threads at once.
  std::function<std::string(std::uint64_t n)> request;
};

struct Load {
  int callers = 1;
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds duration{2000};
  // Stop after this many calls; 0 is no limit, and `duration` decides.
  std::uint64_t max_calls = 0;
};

struct Figures {
  double per_second = 0;
  double median_us = 0;
  double p99_us = 0;
  double reply_bytes = 0;
  std::uint64_t calls = 0;
  double processor_us = 0;  // a call took of the server's processes; 0: not measured
};

// What a process has used of processors so far, in us; in steps of 10,000.
double ProcessorMicrosecondsOf(int process);

// Keeps `load.callers` calls outstanding on one channel and counts the answers
// that come after the warm-up. Requests and replies are bytes here, so the
// client costs the same whichever server it measures. Ends the program with a
// message if any call fails: a figure with failures in it says nothing.
Figures RunClosedLoop(const std::shared_ptr<grpc::Channel>& channel,
                      const Operation& operation,
                      const Load& load);

// One call, for making ready and for checking what comes back.
std::string CallOnce(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& method,
                     const std::string& request);

}  // namespace brobygger::bench
