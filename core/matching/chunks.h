#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace brobygger::matching {

// How far a long piece of work has come; called from time to time, by one thread
// at a time.
using BatchProgress = std::function<void(std::size_t done, std::size_t total)>;

// Runs `work(thread, begin, end)` over the numbers below `total`, `chunk` of them at a
// time, on so many threads, of which the caller's is the first.
template <typename Work>
void ForEachChunk(std::size_t total, std::size_t chunk, int thread_count, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&](int thread) {
    for (std::size_t begin = next.fetch_add(chunk); begin < total; begin = next.fetch_add(chunk)) {
      work(thread, begin, std::min(total, begin + chunk));
    }
  };
  std::vector<std::jthread> threads;
  for (int thread = 1; thread < thread_count; ++thread) threads.emplace_back(run, thread);
  run(0);
}

// Tells how many of so many are done, from whichever thread is free to.
class ChunkProgress {
 public:
  ChunkProgress(std::size_t total, const BatchProgress& tell) : total_(total), tell_(tell) {}

  void Add(std::size_t count) {
    done_ += count;
    if (!tell_ || !telling_.try_lock()) return;
    tell_(done_, total_);
    telling_.unlock();
  }

 private:
  const std::size_t total_;
  const BatchProgress& tell_;
  std::atomic<std::size_t> done_ = 0;
  std::mutex telling_;
};

}  // namespace brobygger::matching
