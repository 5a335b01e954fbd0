#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::web {

struct AdmissionLimits {
  int requests = 64;
  int requests_of_one = 8;
  // Of answers that are made and not yet taken.
  std::size_t answer_bytes = std::size_t{128} << 20;
  std::size_t answer_bytes_of_one = std::size_t{32} << 20;
};

// What requests with an API key may take up at once, all together and those of one key, from
// when they come until their answers are taken: a caller who asks for much and reads slowly fills
// its own part. The parts of keys that are wrong count too, since only the hub knows that they
// are. Thread-safe; what it hands out may outlive it.
class Admission {
 public:
  // One request's place; gone when this is.
  class Ticket {
   public:
    virtual ~Ticket() = default;
    // Room for its answer; OVERLOADED or QUOTA_EXCEEDED, both with when to come again.
    virtual absl::Status Claim(std::size_t bytes) = 0;
  };

  explicit Admission(const AdmissionLimits& limits = {});

  // `digest` is Caller::digest. QUOTA_EXCEEDED if this caller has all its places, OVERLOADED if
  // all together have; both with when to come again.
  absl::StatusOr<std::shared_ptr<Ticket>> Enter(const std::string& digest);

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace brobygger::web
