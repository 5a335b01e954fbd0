// L: what is loaded, and how it says hello.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "core/base/status_macros.h"
#include "core/conformance/exports.h"
#include "core/conformance/scenes.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr auto kSoon = seconds(5);

struct Violation {
  const char* what;
  std::function<void(const fs::path& folder, json& manifest)> make;
};

const std::vector<Violation>& Violations() {
  static const std::vector<Violation> kViolations = {
      {"another sha256",
       [](const fs::path&, json& manifest) { manifest["sha256"] = std::string(64, '0'); }},
      {"another major of the wire",
       [](const fs::path&, json& manifest) { manifest["wire_major"] = 99; }},
      {"no name", [](const fs::path&, json& manifest) { manifest.erase("name"); }},
      {"a file that is not there",
       [](const fs::path&, json& manifest) { manifest["file"] = "nowhere.so"; }},
      {"a file outside the folder",
       [](const fs::path&, json& manifest) { manifest["file"] = "../plugin.json"; }},
      {"a file that everybody may write",
       [](const fs::path& folder, json& manifest) {
         fs::permissions(folder / manifest["file"].get<std::string>(), fs::perms::others_write,
                         fs::perm_options::add);
       }},
      {"a folder that everybody may write",
       [](const fs::path& folder, json&) {
         fs::permissions(folder, fs::perms::others_write, fs::perm_options::add);
       }},
  };
  return kViolations;
}

// Puts a copy of the plugin into a fresh folder, and says why it is refused; "" if not.
std::string RefusalOfCopy(const Bench& bench, const Violation* violation) {
  const fs::path root = bench.folder() / "copy";
  fs::remove_all(root);
  const fs::path folder = root / "plugin";
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::replace);
  json manifest = json::parse(std::ifstream(bench.manifest()));
  const std::string file = manifest["file"];
  fs::copy_file(fs::path(bench.manifest()).parent_path() / file, folder / file);
  fs::permissions(folder / file, fs::perms::owner_all, fs::perm_options::replace);
  if (violation != nullptr) violation->make(folder, manifest);
  std::ofstream(folder / "plugin.json") << manifest.dump();
  fs::permissions(folder / "plugin.json", fs::perms::owner_read, fs::perm_options::replace);
  const auto entries = supervisor::ReadCatalogue({root.string()});
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::replace);
  return entries.empty() ? "not found" : entries[0].file.refused_because;
}

// L1
absl::Status TamperingIsRefused(Bench& bench) {
  BB_RETURN_IF_ERROR(Expect(bench.entry().file.refused_because.empty(),
                            absl::StrCat("refused: ", bench.entry().file.refused_because)));
  const std::string intact = RefusalOfCopy(bench, nullptr);
  BB_RETURN_IF_ERROR(Expect(intact.empty(), absl::StrCat("an intact copy is refused: ", intact)));
  for (const Violation& violation : Violations()) {
    BB_RETURN_IF_ERROR(Expect(!RefusalOfCopy(bench, &violation).empty(),
                              absl::StrCat(violation.what, " is not refused")));
  }
  return absl::OkStatus();
}

// L2
absl::Status EntryIsSeen(Bench& bench) {
  if (bench.entry().file.kind != "dll") return NotApplicable("a shared library");
  BB_ASSIGN_OR_RETURN(const Exports exports, ReadExports(bench.entry().file.path));
  return Expect(exports.entry_in_section, "there is no bb_entry_v1 in section bbplug");
}

// L4
absl::Status OnlyEntryIsExported(Bench& bench) {
  if (bench.entry().file.kind != "dll") return NotApplicable("a shared library");
  BB_ASSIGN_OR_RETURN(const Exports exports, ReadExports(bench.entry().file.path));
  for (const std::string& name : exports.strong) {
    BB_RETURN_IF_ERROR(Expect(name == "bb_entry_v1", absl::StrCat(name, " is exported too")));
  }
  return absl::OkStatus();
}

// L5
absl::Status SaysNothingOnStdout(Bench& bench) {
  const int before = bench.stdout_lines();
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_RETURN_IF_ERROR(talk->Check().status());
  BB_RETURN_IF_ERROR(talk->Discover().status());
  BB_RETURN_IF_ERROR(talk->Read({.stream = bench.fixture().stream}).status);
  talk->Stop();
  return Expect(bench.stdout_lines() == before, "it writes on standard output");
}

// L6
absl::Status StartsSoon(Bench& bench) {
  const auto begin = steady_clock::now();
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_RETURN_IF_ERROR(Expect(steady_clock::now() - begin < kSoon, "the handshake takes too long"));
  return Expect(talk->Stop(), "it does not end by itself, with code 0, when asked to stop");
}

// L7
absl::Status SpecNeedsNothing(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(supervisor::Jail()));
  BB_ASSIGN_OR_RETURN(const auto spec, talk->Spec());
  return Expect(!spec.config_json_schema().empty(), "Spec tells no schema of the configuration");
}

// L8
absl::Status UnknownFeatures(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  plugin::v1::HandshakeRequest request;
  request.set_wire_minor(0);
  request.set_core_version("0.0.1");
  request.add_core_features("kit.a-feature-nobody-knows");
  BB_ASSIGN_OR_RETURN(const auto answer, talk->Handshake(std::move(request)));
  return Expect(answer.name() == bench.entry().file.plugin,
                absl::StrCat("it calls itself '", answer.name(), "' in the handshake"));
}

// L9
absl::Status LongRunFolder(Bench& bench) {
  supervisor::SupervisorOptions options = bench.Options();
  const std::string root = (bench.folder() / "r").string();
  // <root>/<padding>/kit/<8>/s: as long as it may be, and longer.
  const std::size_t rest = std::string("//kit/12345678/s").size();
  options.run_dir = absl::StrCat(root, "/", std::string(99 - root.size() - rest, 'x'));
  BB_RETURN_IF_ERROR(bench.StartBare(bench.fixture().jail, options).status());
  options.run_dir += std::string(20, 'x');
  const auto refused = bench.StartBare(bench.fixture().jail, options);
  return Expect(!refused.ok() && absl::StrContains(refused.status().message(), "shorter"),
                "a socket whose path is too long is not refused in words");
}

// L10
absl::Status SameSpecTwice(Bench& bench) {
  std::string first;
  for (int time = 0; time < 2; ++time) {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(supervisor::Jail()));
    BB_ASSIGN_OR_RETURN(const auto spec, talk->Spec());
    const std::string told = spec.DebugString();
    BB_RETURN_IF_ERROR(Expect(time == 0 || told == first, "two starts tell another Spec"));
    first = told;
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Case> LoadCases() {
  return {
      {"L1", "a plugin that was tampered with is refused", {}, TamperingIsRefused},
      {"L2", "its entry is seen without running it", {}, EntryIsSeen},
      {.id = "L3",
       .title = "another ABI is refused with both numbers",
       .held_by = "it is the host's: tests/core/host"},
      {"L4", "nothing but its entry is exported", {}, OnlyEntryIsExported},
      {"L5", "it writes nothing on standard output", {}, SaysNothingOnStdout},
      {"L6", "it starts soon, and ends when asked", {}, StartsSoon},
      {"L7", "Spec needs no configuration, network or disk", {}, SpecNeedsNothing},
      {"L8", "features nobody knows and old minors do no harm", {}, UnknownFeatures},
      {"L9", "a long run folder works or is refused in words", {}, LongRunFolder},
      {"L10", "two starts tell the same Spec", {}, SameSpecTwice},
  };
}

}  // namespace brobygger::conformance
