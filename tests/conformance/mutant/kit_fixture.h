#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "core/conformance/kit.h"
#include "tests/core/supervisor/supervisor_fixture.h"

namespace brobygger::conformance {

// The kit over a plugin in a folder of its own.
struct KitFixture {
  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static std::filesystem::path Built(const std::string& plugin) {
    return std::filesystem::path(BB_BUILD_DIR) / "tests/plugins" / plugin / (plugin + ".so");
  }

  // Puts the mutant with this fault there.
  void InstallMutant(const std::string& fault) {
    supervisor_tests::InstallPlugin(folder.path(), kMutant, ReadFile(Built(kMutant)));
    std::ofstream(folder.path() / kMutant / "fault") << fault;
  }

  // Another library under the mutant's name.
  void InstallLibrary(const std::string& name) {
    supervisor_tests::InstallPlugin(folder.path(), kMutant, ReadFile(Built(name)));
  }

  CaseResult Run(const std::string& id) {
    options.manifest = (folder.path() / kMutant / "plugin.json").string();
    options.only = {id};
    const auto report = RunKit(options, nullptr);
    INFO(report.status());
    REQUIRE(report.ok());
    REQUIRE(report->results.size() == 1);
    return report->results[0];
  }

  const std::string kMutant = "conformance.mutant";
  supervisor_tests::TempFolder folder;
  KitOptions options = {.manifest = "",
                        .fixture = BB_SOURCE_DIR "/plugins/reference/registry/fixture",
                        .host_program = BB_BUILD_DIR "/bin/brobygger-plugin-host"};
};

}  // namespace brobygger::conformance
