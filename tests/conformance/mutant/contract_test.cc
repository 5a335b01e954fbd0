// What the kit finds of the wire contract in a library.
#include "core/conformance/contract.h"

#include "tests/conformance/mutant/kit_fixture.h"

namespace brobygger::conformance {
namespace {

TEST_CASE_METHOD(KitFixture, "a library carries the contract, and another one is found") {
  CHECK(DifferenceFromOurs(ContractIn(Built(kMutant)), false).empty());
  // A field of another name, in the descriptor alone.
  std::string bytes = ReadFile(Built(kMutant));
  const std::string there = "definitely_absent";
  std::size_t changed = 0;
  for (std::size_t at = bytes.find(there); at != std::string::npos;
       at = bytes.find(there, at + 1)) {
    bytes[at] = 'D';
    ++changed;
  }
  REQUIRE(changed > 0);
  const auto copy = folder.path() / "other.so";
  std::ofstream(copy, std::ios::binary) << bytes;
  CHECK(DifferenceFromOurs(ContractIn(copy), false) ==
        "it knows no LookupResponse.definitely_absent");
}

TEST_CASE("a later contract may have more, and none may have less or something else") {
  Contract theirs = OurContract();
  CHECK(theirs.at("LookupResponse.epoch").find("uint64") != std::string::npos);
  theirs["Record.colour"] = "optional string 99";
  CHECK(DifferenceFromOurs(theirs, true).empty());
  CHECK(DifferenceFromOurs(theirs, false) == "it has a Record.colour, which the contract does not");
  theirs = OurContract();
  theirs.at("Record.etag") = "optional string 98";
  CHECK(DifferenceFromOurs(theirs, true).find("Record.etag is 'optional string 98'") == 0);
  theirs = OurContract();
  theirs.erase("Record.etag");
  CHECK(DifferenceFromOurs(theirs, true) == "it knows no Record.etag");
}

TEST_CASE_METHOD(KitFixture, "a file without descriptors carries no contract") {
  const auto file = folder.path() / "text";
  std::ofstream(file) << "brobygger/plugin/v1/record.proto and brobygger/plugin/v1/";
  CHECK(ContractIn(file).empty());
  CHECK(ContractIn(folder.path() / "nowhere").empty());
}

}  // namespace
}  // namespace brobygger::conformance
