#pragma once

#include <exception>
#include <memory>

#include <boost/dll/alias.hpp>

#include "brobygger/sdk/runtime.h"

namespace brobygger::sdk {

// The C table of one plugin. Nothing thrown passes these functions.
template <typename ConnectorType>
struct Entry {
  static void* Create(const bb_host_v1* host) noexcept {
    try {
      auto runtime = std::make_unique<Runtime>(*host, name, version);
      runtime->Take(std::make_unique<ConnectorType>(runtime->context()));
      return runtime.release();
    } catch (const std::exception& problem) {
      const std::string text = std::string("the plugin could not start: ") + problem.what();
      host->log(LogLine::LEVEL_CRITICAL, text.data(), text.size());
    } catch (...) {
    }
    return nullptr;
  }

  static void Destroy(void* self) noexcept { delete static_cast<Runtime*>(self); }

  // NOLINTNEXTLINE(readability-function-size): the parameters are the ABI's.
  static int Call(void* self,
                  const char* method,
                  const void* request,
                  std::size_t size,
                  bb_call* call,
                  void* error,
                  std::size_t* error_size) noexcept {
    const absl::Status status = static_cast<Runtime*>(self)->Answer(method, {request, size}, call);
    *error_size = status.ok() ? 0 : WriteDiagnostic(status, error, *error_size);
    return static_cast<int>(status.code());
  }

  static inline const char* name = nullptr;
  static inline const char* version = nullptr;
};

}  // namespace brobygger::sdk

// Makes the .so a plugin: one line at namespace scope of one file. The alias must not
// be named as the function: it would point at itself.
// NOLINTBEGIN: the names are the ABI's.
#define BROBYGGER_PLUGIN(ConnectorType, plugin_name, plugin_version) \
  namespace brobygger_plugin_entry {                                 \
  const bb_plugin_v1* BrobyggerPluginTable() {                       \
    using Entry = ::brobygger::sdk::Entry<ConnectorType>;            \
    static const bb_plugin_v1 table = {.size = sizeof(bb_plugin_v1), \
                                       .abi_major = BB_ABI_MAJOR,    \
                                       .abi_minor = BB_ABI_MINOR,    \
                                       .name = plugin_name,          \
                                       .version = plugin_version,    \
                                       .create = Entry::Create,      \
                                       .destroy = Entry::Destroy,    \
                                       .call = Entry::Call};         \
    Entry::name = plugin_name;                                       \
    Entry::version = plugin_version;                                 \
    return &table;                                                   \
  }                                                                  \
  }                                                                  \
  using brobygger_plugin_entry::BrobyggerPluginTable;                \
  BOOST_DLL_ALIAS_SECTIONED(BrobyggerPluginTable, bb_entry_v1, bbplug)
// NOLINTEND
