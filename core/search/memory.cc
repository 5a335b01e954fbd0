#include "core/search/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace brobygger::search {
namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

// Available memory of the machine, as the kernel reckons it.
std::uint64_t OfMachine() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  while (file >> word) {
    std::uint64_t kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  }
  return kUnknown;
}

std::optional<std::uint64_t> NumberIn(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  if (file >> number) return number;
  return std::nullopt;
}

// What the unit's MemoryMax= leaves, in a system with control groups of version 2.
std::uint64_t OfControlGroup() {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("0::", 0) != 0) continue;
    const std::string folder = "/sys/fs/cgroup" + line.substr(3);
    const auto most = NumberIn(folder + "/memory.max");
    const auto now = NumberIn(folder + "/memory.current");
    if (most && now) return *most - std::min(*most, *now);
  }
  return kUnknown;
}

}  // namespace

std::uint64_t FreeMemory() { return std::min(OfMachine(), OfControlGroup()); }

}  // namespace brobygger::search
