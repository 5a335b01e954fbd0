// What it costs to verify an access token of each algorithm, to make and read a key set, and to
// decide whether a caller may make a call. Usage: bench_tokens [ROUNDS]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "core/access/jwks.h"
#include "core/access/jwt.h"
#include "core/access/policy.h"
#include "core/access/scope.h"
#include "tests/core/access/token_world.h"

namespace brobygger::access {
namespace {

// Prints how long `body` takes, in microseconds, at the mean of so many rounds.
bool Measure(const char* name, int rounds, const std::function<bool()>& body) {
  const auto begun = std::chrono::steady_clock::now();
  bool all = true;
  for (int i = 0; i < rounds; ++i) all = body() && all;
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begun;
  std::printf("%-24s %8.1f us%s\n", name, took.count() / rounds, all ? "" : " (failed)");
  return all;
}

// From roles to yes or no, with what the caller may see of one association.
bool MeasureDecision(int rounds) {
  const Who who{.actor = "user:1",
                .kind = CallerKind::kEmployee,
                .roles = {"caseworker"},
                .municipality_code = "0615",
                .department_id = "0f1e2d3c-0000-4000-8000-000000000001",
                .purpose = "collaboration"};
  MethodAccess needs;
  needs.set_right(v1::RIGHT_CONTACTS_READ);
  needs.set_data_class(v1::DATA_CLASS_INTERNAL);
  needs.set_scope(v1::SCOPE_CALLER);
  const AssociationFacts association{.id = "1", .municipality_code = "0615"};
  return Measure("decision", rounds * 20, [&] {
    const auto caller = Policy::Shipped().Admit(who);
    return caller.ok() && MayCall(*caller, needs).ok() &&
           SightOf(*caller, association) == Sight::kWhole;
  });
}

bool MeasureAll(int rounds) {
  const TokenWorld& world = World();
  const auto verify = [&](const std::string& token) {
    return
        [&world, token] { return VerifyToken(token, world.issuer, world.keys, world.now()).ok(); };
  };
  const auto refuse = [&](const std::string& token) {
    return
        [&world, token] { return !VerifyToken(token, world.issuer, world.keys, world.now()).ok(); };
  };
  const std::string set =
      nlohmann::json(
          {{"keys",
            {world.es.Jwk("es"), world.rs.Jwk("rs", "RS256"), world.ps.Jwk("ps", "PS256")}}})
          .dump();
  bool all = Measure("ES256", rounds, verify(world.Es()));
  all = Measure("PS256", rounds, verify(world.Ps())) && all;
  all = Measure("RS256", rounds, verify(world.Rs())) && all;
  all = Measure("unknown key", rounds, refuse(world.Es({}, {{"kid", "x"}}))) && all;
  all = Measure("expired", rounds, refuse(world.Es({{"exp", 2}, {"iat", 1}}))) && all;
  all = Measure("8 KiB of dots", rounds, refuse(std::string(8192, '.'))) && all;
  all = Measure("hint", rounds, [&, token = world.Es()] { return ReadHint(token).ok(); }) && all;
  all = Measure("key set of three", rounds, [&] { return ParseKeySet(set).ok(); }) && all;
  return MeasureDecision(rounds) && all;
}

}  // namespace
}  // namespace brobygger::access

// NOLINTNEXTLINE(bugprone-exception-escape): what throws here ends the measurement.
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5000;
  return brobygger::access::MeasureAll(rounds) ? 0 : 1;
}
