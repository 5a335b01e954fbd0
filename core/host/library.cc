#include "core/host/library.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>

namespace brobygger::host {
namespace {

constexpr char kEntry[] = "bb_entry_v1";
constexpr char kSection[] = "bbplug";

Verdict CannotLoad(const std::string& path, const std::string& why) {
  return Refusal{"load", path + " " + why};
}

// Reads the file's tables only: no constructor of it runs.
Verdict LooksLikePlugin(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return CannotLoad(path, "is not there, or is not a file");
  }
  std::vector<std::string> symbols;
  try {
    boost::dll::library_info info(path);
    symbols = info.symbols(kSection);
  } catch (const std::exception& problem) {
    return CannotLoad(path, std::string("is not a shared library: ") + problem.what());
  }
  if (std::find(symbols.begin(), symbols.end(), kEntry) == symbols.end()) {
    return CannotLoad(path,
                      "is a shared library but no plugin: it has no bb_entry_v1 in section "
                      "bbplug (BROBYGGER_PLUGIN makes it)");
  }
  return std::nullopt;
}

Verdict SameAbi(const std::string& path, const bb_plugin_v1& plugin) {
  const std::string ours = std::to_string(BB_ABI_MAJOR) + "." + std::to_string(BB_ABI_MINOR);
  if (plugin.size < sizeof(bb_plugin_v1)) {
    return Refusal{"abi", path + " offers a table of " + std::to_string(plugin.size) +
                              " bytes, and this host needs " +
                              std::to_string(sizeof(bb_plugin_v1)) + ": build it anew"};
  }
  // A newer minor may count on host functions that are not here.
  if (plugin.abi_major != BB_ABI_MAJOR || plugin.abi_minor > BB_ABI_MINOR) {
    return Refusal{"abi", path + " was built for plugin ABI " + std::to_string(plugin.abi_major) +
                              "." + std::to_string(plugin.abi_minor) + ", and this host speaks " +
                              ours + ": build the plugin for it, or update the hub"};
  }
  if (plugin.name == nullptr || plugin.version == nullptr || plugin.create == nullptr ||
      plugin.destroy == nullptr || plugin.call == nullptr) {
    return Refusal{"abi", path + " leaves a field of its table empty"};
  }
  return std::nullopt;
}

}  // namespace

Verdict LoadPlugin(const std::string& path, const bb_plugin_v1*& plugin) {
  if (Verdict wrong = LooksLikePlugin(path)) return wrong;
  try {
    // Kept for ever: unloading a library that started threads is a crash.
    static const auto kLibrary = std::make_unique<boost::dll::shared_library>(
        path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    plugin = kLibrary->get_alias<const bb_plugin_v1*()>(kEntry)();
  } catch (const std::exception& problem) {
    return CannotLoad(path, std::string("does not load: ") + problem.what());
  }
  if (plugin == nullptr) return CannotLoad(path, "gives no table");
  return SameAbi(path, *plugin);
}

}  // namespace brobygger::host
