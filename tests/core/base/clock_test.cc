#include "core/base/clock.h"

#include <catch2/catch.hpp>

namespace brobygger::base {
namespace {

using std::chrono::microseconds;

TEST_CASE("an instant survives the way to a timestamp and back", "[clock]") {
  const std::int64_t micros =
      GENERATE(0, 1, 999'999, 1'000'000, 1'795'471'425'123'456, -1, -1'500'000);
  const Instant instant{microseconds(micros)};
  CHECK(ToInstant(ToTimestamp(instant)) == instant);
}

TEST_CASE("a timestamp before 1970 has nanoseconds that count forward", "[clock]") {
  const auto timestamp = ToTimestamp(Instant(microseconds(-1)));
  CHECK(timestamp.seconds() == -1);
  CHECK(timestamp.nanos() == 999'999'000);
}

TEST_CASE("the machine's clock does not stand still", "[clock]") {
  const Instant before = SystemClock().Now();
  Instant after = before;
  while (after == before) after = SystemClock().Now();
  CHECK(after > before);
}

}  // namespace
}  // namespace brobygger::base
