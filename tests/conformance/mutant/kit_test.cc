// That the conformance kit finds what it is there to find: each fault of the mutant is
// run against its own case only, and must fail it.
#include "core/conformance/kit.h"

#include <set>

#include "core/conformance/case.h"
#include "tests/conformance/mutant/kit_fixture.h"

namespace brobygger::conformance {
namespace {

// About the hub's own end: hub_mutants_test.cc.
const std::set<std::string> kOfTheHub = {"L9", "F6", "F11", "F12", "F14", "B5"};
// Found in the file itself; they have tests of their own below.
const std::set<std::string> kInTheFile = {"L1", "L2", "L3", "L4"};

std::vector<std::string> BuiltCases() {
  std::vector<std::string> ids;
  for (const Case& one : AllCases()) {
    const bool by_fault = kOfTheHub.count(one.id) + kInTheFile.count(one.id) == 0;
    if (one.run != nullptr && by_fault) ids.push_back(one.id);
  }
  return ids;
}

// What the kit must say of a fault, where it could also stumble over something else.
const std::map<std::string, std::string>& Findings() {
  static const std::map<std::string, std::string> kFindings = {{"L6", "does not end by itself"},
                                                               {"S5", "heard on stderr"},
                                                               {"S8", "nobody had kept"},
                                                               {"R3", "broke off was told"},
                                                               {"R7", "is missing"},
                                                               {"R8", "is missing"},
                                                               {"R10", "is missing"},
                                                               {"R11", "not told as deleted"},
                                                               {"R12", "and not told"},
                                                               {"R14", "is another time"},
                                                               {"R15", "was changed"},
                                                               {"R16", "tells 'name' as"},
                                                               {"W5", "2 new records"},
                                                               {"F7", "leak in Read"},
                                                               {"F8", "bomb in Read"},
                                                               {"F9", "a part of the records"},
                                                               {"F10", "broken pipe"},
                                                               {"F13", "another epoch"},
                                                               {"B1", "while the hub is slow"},
                                                               {"B2", "after a cancelled Read"},
                                                               {"B4", "lets nothing through"},
                                                               {"B7", "looks like progress"},
                                                               {"B8", "polls"},
                                                               {"U3", "upgraded before write"},
                                                               {"U5", "does not know"},
                                                               {"E1", "where first_plan has"},
                                                               {"E2", "do not come to rest"},
                                                               {"E3", "history "},
                                                               {"E4", "killed "},
                                                               {"E5", "vanished records of"},
                                                               {"E6", "emptied fields make"},
                                                               {"E7", "belongs"},
                                                               {"E8", "0 conflicts"},
                                                               {"E9", "should be empty"},
                                                               {"E10", "no dead letter"},
                                                               {"E11", "planned as"},
                                                               {"E12", "do not come to rest"}};
  return kFindings;
}

TEST_CASE_METHOD(KitFixture, "each fault fails its case") {
  for (const std::string& id : BuiltCases()) {
    InstallMutant(id);
    const CaseResult result = Run(id);
    CAPTURE(id, result.text);
    CHECK(result.verdict == Verdict::kFailed);
    // By what it found, and not because the kit could not ask.
    CHECK(result.text.find("the kit failed") == std::string::npos);
    CHECK(result.text.find("mock failed") == std::string::npos);
    CHECK(result.text.find("ended in Handshake") == std::string::npos);
    const auto finding = Findings().find(id);
    if (finding != Findings().end()) {
      CHECK(result.text.find(finding->second) != std::string::npos);
    }
  }
}

TEST_CASE_METHOD(KitFixture, "without a fault the same plugin passes") {
  InstallMutant("none");
  for (const char* const id :
       {"L3", "L5", "S2", "S5",  "S8", "C4", "R1", "R7", "W1",  "W7",  "F1",
        "F7", "F8", "F9", "F10", "B4", "B7", "U1", "U3", "U4",  "U5",  "E1",
        "E2", "E3", "E4", "E5",  "E6", "E7", "E8", "E9", "E10", "E11", "E12"}) {
    const CaseResult result = Run(id);
    CAPTURE(id, result.text);
    CHECK(result.verdict == Verdict::kOk);
  }
}

TEST_CASE_METHOD(KitFixture, "a file that was tampered with is found") {
  InstallMutant("none");
  std::ofstream(folder.path() / kMutant / (kMutant + ".so"), std::ios::app) << "x";
  CHECK(Run("L1").verdict == Verdict::kFailed);
  CHECK(Run("R1").verdict == Verdict::kFailed);
}

TEST_CASE_METHOD(KitFixture, "a library without the entry, or with more, is found") {
  InstallLibrary("test.no_plugin");
  CHECK(Run("L2").verdict == Verdict::kFailed);
  InstallLibrary("test.old_abi");
  CHECK(Run("L2").verdict == Verdict::kOk);
  CHECK(Run("L3").verdict == Verdict::kFailed);
  CHECK(Run("L4").verdict == Verdict::kFailed);
  CHECK(Run("L6").verdict == Verdict::kFailed);
}

TEST_CASE("case ids are unique and every case that is not built says who holds it instead") {
  std::set<std::string> ids;
  for (const Case& one : AllCases()) {
    CAPTURE(one.id);
    CHECK(ids.insert(one.id).second);
    CHECK((one.run == nullptr) != one.held_by.empty());
  }
  CHECK(ids.size() == 108);
}

TEST_CASE("the report says which cases were left out, and why") {
  KitReport report;
  report.plugin = "test.plugin";
  report.results = {
      {.id = "R1", .title = "tells <all>", .verdict = Verdict::kOk},
      {.id = "R5", .title = "a delta", .verdict = Verdict::kNotApplicable, .text = "delta"},
      {.id = "R6", .title = "goes on", .verdict = Verdict::kFailed, .text = "a \"b\""},
      {.id = "B4", .title = "a rate", .text = "somebody else"}};
  CHECK(LineOf(report.results[1]) == "R5  -     a delta: not applicable: needs delta");
  CHECK(LineOf(report.results[3]) == "B4  -     a rate: not built; somebody else");
  const std::string xml = ToJUnit(report);
  CHECK(xml.find("failures=\"1\" skipped=\"2\"") != std::string::npos);
  CHECK(xml.find("tells &lt;all&gt;") != std::string::npos);
  CHECK(xml.find("message=\"a &quot;b&quot;\"") != std::string::npos);
  CHECK_FALSE(report.Passed());
}

}  // namespace
}  // namespace brobygger::conformance
