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

// A copy of the plugin with another number in its table.
struct OtherTable {
  const char* what;
  std::uint64_t at;  // from the table's start
  std::uint32_t number;
  std::vector<std::string> told;  // both numbers
};

absl::Status IsRefused(Bench& bench, const AbiTable& table, const OtherTable& other) {
  const fs::path copy = bench.folder() / "other-abi.so";
  fs::copy_file(bench.entry().file.path, copy, fs::copy_options::overwrite_existing);
  fs::permissions(copy, fs::perms::owner_all, fs::perm_options::replace);
  {
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(table.offset + other.at));
    file.write(reinterpret_cast<const char*>(&other.number), sizeof(other.number));
  }
  const auto started = bench.StartLibrary(copy.string());
  BB_RETURN_IF_ERROR(Expect(!started.ok(), absl::StrCat(other.what, " is not refused")));
  for (const std::string& number : other.told) {
    BB_RETURN_IF_ERROR(Expect(absl::StrContains(started.status().message(), number),
                              absl::StrCat(other.what, " is refused without '", number,
                                           "': ", std::string(started.status().message()))));
  }
  return absl::OkStatus();
}

// L3
absl::Status OtherAbiIsRefused(Bench& bench) {
  if (bench.entry().file.kind != "dll") return NotApplicable("a shared library");
  const std::optional<AbiTable> table = FindAbiTable(bench.entry().file.path);
  if (!table.has_value()) return NotApplicable("a table that is a constant of the file");
  BB_RETURN_IF_ERROR(bench.StartBare(bench.fixture().jail).status());
  const auto version = [](std::uint32_t major, std::uint32_t minor) {
    return absl::StrCat(" ", major, ".", minor);
  };
  const std::string ours = version(table->major, table->minor);
  const std::uint32_t major = table->major + 98;
  const std::uint32_t minor = table->minor + 98;
  const std::uint32_t size = table->size - 8;
  for (const OtherTable& other :
       {OtherTable{"another major", 4, major, {version(major, table->minor), ours}},
        OtherTable{"a newer minor", 8, minor, {version(table->major, minor), ours}},
        OtherTable{"a shorter table", 0, size, {absl::StrCat(size), absl::StrCat(table->size)}}}) {
    BB_RETURN_IF_ERROR(IsRefused(bench, *table, other));
  }
  return absl::OkStatus();
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

// Puts a program of a few lines between the hub and the host.
supervisor::SupervisorOptions WithProgram(const Bench& bench, const std::string& lines) {
  const fs::path script = bench.folder() / "before-the-host";
  std::ofstream(script) << "#!/bin/sh\nPATH=/usr/bin:/bin\n" << lines << "\n";
  fs::permissions(script, fs::perms::owner_all, fs::perm_options::replace);
  supervisor::SupervisorOptions options = bench.Options();
  options.host_program = script.string();
  return options;
}

// What a library may print as it is loaded, before anybody has said hello.
absl::Status StartsAfterNoise(Bench& bench) {
  const std::string noise = "yes 'noise before the handshake' | head -c 1048576";
  const supervisor::SupervisorOptions options = WithProgram(
      bench,
      absl::StrCat(noise, "\n", noise, " >&2\nexec ", bench.Options().host_program, " \"$@\""));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail, options));
  return talk->Spec().status();
}

// A start that says nothing is ended, and told.
absl::Status SilenceIsEnded(Bench& bench) {
  supervisor::SupervisorOptions options = WithProgram(bench, "exec sleep 600");
  options.deadlines.start = std::chrono::milliseconds(200);
  const auto begin = steady_clock::now();
  const auto started = bench.StartBare(bench.fixture().jail, options);
  BB_RETURN_IF_ERROR(Expect(steady_clock::now() - begin < kSoon, "silence is waited for too long"));
  return Expect(absl::StrContains(started.status().message(), "did not start"),
                "a start that says nothing is not told");
}

// L5
absl::Status SaysNothingOnStdout(Bench& bench) {
  const int before = bench.stdout_lines();
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_RETURN_IF_ERROR(talk->Check().status());
  BB_RETURN_IF_ERROR(talk->Discover().status());
  BB_RETURN_IF_ERROR(talk->Read({.stream = bench.fixture().stream}).status);
  talk->Stop();
  BB_RETURN_IF_ERROR(Expect(bench.stdout_lines() == before, "it writes on standard output"));
  return StartsAfterNoise(bench);
}

// L6
absl::Status StartsSoon(Bench& bench) {
  const auto begin = steady_clock::now();
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_RETURN_IF_ERROR(Expect(steady_clock::now() - begin < kSoon, "the handshake takes too long"));
  BB_RETURN_IF_ERROR(
      Expect(talk->Stop(), "it does not end by itself, with code 0, when asked to stop"));
  return SilenceIsEnded(bench);
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
      {"L3", "another ABI is refused with both numbers", {}, OtherAbiIsRefused},
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
