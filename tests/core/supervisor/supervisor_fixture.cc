#include "tests/core/supervisor/supervisor_fixture.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

#include <absl/strings/escaping.h>
#include <nlohmann/json.hpp>
#include <openssl/sha.h>
#include <unistd.h>

namespace brobygger::supervisor_tests {

namespace fs = std::filesystem;

bool Eventually(const std::function<bool()>& what, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!what()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string Sha256Hex(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString(std::string(digest.begin(), digest.end()));
}

void InstallPlugin(const fs::path& root,
                   const std::string& name,
                   const std::string& content,
                   const std::string& kind,
                   const std::vector<std::string>& args) {
  const fs::path folder = root / name;
  fs::create_directories(folder);
  const std::string file = name + ".so";
  std::ofstream(folder / file) << content;
  const nlohmann::json manifest = {{"name", name},
                                   {"version", "1.0.0"},
                                   {"kind", kind},
                                   {"wire_major", 1},
                                   {"file", file},
                                   {"args", args},
                                   {"sha256", Sha256Hex(content)},
                                   {"summary", "Stands in for a plugin"}};
  std::ofstream(folder / "plugin.json") << manifest.dump();
  for (const fs::path& path : {folder, folder / file, folder / "plugin.json"}) {
    fs::permissions(path, fs::perms::group_write | fs::perms::others_write,
                    fs::perm_options::remove);
  }
}

namespace {

std::set<int> ChildrenSeen() {
  std::set<int> children;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream in(task.path() / "children");
    int pid = 0;
    while (in >> pid) children.insert(pid);
  }
  return children;
}

}  // namespace

std::vector<int> Children() {
  // One look goes from thread to thread: it may see a child, and then, in another
  // thread's list, the one that came after it. Who was there in two looks, one after
  // the other, was there between them, together with all others that were.
  const std::set<int> before = ChildrenSeen();
  const std::set<int> after = ChildrenSeen();
  std::vector<int> children;
  std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(children));
  return children;
}

int CountOpenFiles() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

long ResidentKilobytes() {
  std::ifstream in("/proc/self/status");
  std::string word;
  while (in >> word && word != "VmRSS:") {
  }
  long kilobytes = 0;
  in >> kilobytes;
  return kilobytes;
}

bool HasEnded(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(in, text);
  return text.empty() || text.find(") Z ") != std::string::npos;
}

SupervisorFixture::SupervisorFixture() {
  const fs::path plugins = folder.path() / "plugins";
  for (const char* const fault :
       {"silent", "exit", "segfault", "err", "garbage", "noise", "misnamed"}) {
    InstallPlugin(plugins, fault, std::string(fault) + " " + fault);
  }
  InstallPlugin(plugins, "stand.in", "stand.in ok");
  InstallPlugin(plugins, "two.faced", "two.faced ok");
  InstallPlugin(plugins, "rated", "rated ok");
  options.run_dir = (folder.path() / "run").string();
  options.host_program = STAND_IN_HOST;
  options.plugin_roots = {plugins.string()};
  options.next_epoch = [this](const base::ConnectionId&) { return ++epochs; };
  options.clock = &clock;
  // Long enough for a busy machine, where the plugin is to answer; the tests of
  // hanging set their own.
  options.deadlines.start = std::chrono::seconds(20);
  options.deadlines.terminate = std::chrono::milliseconds(300);
  Restart();
}

void SupervisorFixture::Restart() {
  supervisor.reset();
  supervisor = *supervisor::MakeSupervisor(options);
}

supervisor::ProcessSpec SupervisorFixture::Spec(const std::string& config_json,
                                                const std::string& plugin) const {
  supervisor::ProcessSpec spec;
  spec.connection = connection;
  spec.plugin = plugin;
  spec.config_json = config_json;
  return spec;
}

absl::StatusOr<std::unique_ptr<supervisor::Session>> SupervisorFixture::Open(
    const std::string& config_json, const std::string& plugin) {
  return supervisor->Open(Spec(config_json, plugin));
}

supervisor::ProcessStatus SupervisorFixture::Status() const {
  return supervisor->StatusOf(connection);
}

void SupervisorFixture::PassBackoff() { clock.Advance(options.backoff_cap); }

}  // namespace brobygger::supervisor_tests
