#include "core/supervisor/progress_watch.h"

#include <catch2/catch.hpp>

namespace brobygger::supervisor {
namespace {

using plugin::v1::Heartbeat;
using plugin::v1::ReadResponse;
using std::chrono::minutes;
using std::chrono::seconds;

const ProgressWatch::SteadyTime kWatchStart = ProgressWatch::SteadyTime(std::chrono::hours(1));
constexpr base::Instant kWall = base::Instant(std::chrono::hours(500000));
constexpr ProgressWatch::Limits kLimits = {.progress = seconds(120), .waiting = minutes(15)};

ReadResponse Beat(Heartbeat::State state, std::uint64_t position) {
  ReadResponse event;
  event.mutable_heartbeat()->set_state(state);
  event.mutable_heartbeat()->set_position(position);
  return event;
}

TEST_CASE("records, errors, new checkpoints and a growing position are progress") {
  ReadResponse batch;
  batch.mutable_batch()->add_records();
  ReadResponse error;
  error.mutable_record_error();
  ReadResponse checkpoint;
  checkpoint.mutable_checkpoint()->set_cursor("7");
  const ReadResponse beat = Beat(Heartbeat::STATE_WORKING, 1);
  for (const ReadResponse& event : {batch, error, checkpoint, beat}) {
    ProgressWatch watch(kLimits, kWatchStart);
    watch.Saw(event, kWatchStart + seconds(100), kWall);
    CHECK(watch.deadline() == kWatchStart + seconds(220));
  }
}

TEST_CASE("signs of life without progress do not help") {
  ReadResponse empty;
  empty.mutable_batch();
  ReadResponse checkpoint;
  checkpoint.mutable_checkpoint()->set_cursor("7");
  ProgressWatch watch(kLimits, kWatchStart);
  watch.Saw(checkpoint, kWatchStart, kWall);
  watch.Saw(Beat(Heartbeat::STATE_WORKING, 5), kWatchStart, kWall);
  for (const ReadResponse& event :
       {empty, checkpoint, Beat(Heartbeat::STATE_WORKING, 5), Beat(Heartbeat::STATE_WORKING, 4)}) {
    watch.Saw(event, kWatchStart + seconds(100), kWall);
    CHECK(watch.deadline() == kWatchStart + seconds(120));
  }
}

TEST_CASE("waiting for the source is granted, but not for ever") {
  ProgressWatch watch(kLimits, kWatchStart);
  for (int minute = 1; minute < 30; ++minute) {
    watch.Saw(Beat(Heartbeat::STATE_WAITING_REMOTE, 0), kWatchStart + minutes(minute), kWall);
  }
  CHECK(watch.deadline() == kWatchStart + minutes(15));
}

TEST_CASE("a wait with an end is granted up to its end") {
  ReadResponse event = Beat(Heartbeat::STATE_WAITING_RATE_LIMIT, 0);
  *event.mutable_heartbeat()->mutable_until() = base::ToTimestamp(kWall + minutes(5));
  ProgressWatch watch(kLimits, kWatchStart);
  watch.Saw(event, kWatchStart, kWall);
  CHECK(watch.deadline() == kWatchStart + minutes(7));
  event.mutable_heartbeat()->mutable_until()->set_seconds(9'000'000'000);
  watch.Saw(event, kWatchStart, kWall);
  CHECK(watch.deadline() == kWatchStart + minutes(15));
}

TEST_CASE("the hub's own time is not counted") {
  ProgressWatch watch(kLimits, kWatchStart);
  watch.Pardon(minutes(3));
  CHECK(watch.deadline() == kWatchStart + minutes(3) + seconds(120));
}

}  // namespace
}  // namespace brobygger::supervisor
