#include "core/web/problem.h"

#include <absl/strings/str_replace.h>
#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/core/web/callers_test_door.h"

namespace brobygger::web {
namespace {

using nlohmann::json;

TEST_CASE("what may be asked instead is told as parameters, too") {
  CallersTestDoor door;
  const auto told = [&](const std::string& target, const std::string& allowed) {
    door.partners.FailWith(base::MakeError(errors::v1::ERROR_REASON_QUERY_INVALID,
                                           "criteria.themes is nothing. There is: " +
                                               absl::StrReplaceAll(allowed, {{",", ", "}}) + ".",
                                           {{"field", "criteria.themes"}, {"allowed", allowed}}));
    const json problem = json::parse(door.Fetch(target).body);
    return problem.at("facts").at("allowed").get<std::string>() + "|" +
           problem.at("detail").get<std::string>();
  };
  CHECK(told("/v1/partners", "language_codes,areas") ==
        "language,area|'theme' is nothing. There is: language, area.");
  CHECK(told("/hsds/services", "audiences,updated_since_date,areas") ==
        "taxonomy_term_id,modified_after|'taxonomy_term_id' is nothing. There is: "
        "taxonomy_term_id, modified_after.");
  CHECK(told("/hsds/services", "areas") == "|'taxonomy_term_id' is nothing.");
}

}  // namespace
}  // namespace brobygger::web
