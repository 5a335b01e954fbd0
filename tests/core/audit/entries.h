// Entries and logs for tests of the audit log.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "core/audit/audit_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::audit {

inline v1::Entry EntryBy(const std::string& actor, const std::string& object_id = "a1") {
  v1::Entry entry;
  entry.set_actor(actor);
  entry.set_method("brobygger.registry.v1.RegistryService/GetAssociation");
  entry.set_object_id(object_id);
  entry.set_data_class(access::v1::DATA_CLASS_INTERNAL);
  entry.set_purpose("case-work");
  entry.set_decision(v1::DECISION_ALLOWED);
  entry.set_policy_revision(3);
  entry.set_registry_revision(4711);
  return entry;
}

inline Deadline Within(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Longer than any test waits for a disk that works.
inline Deadline Patient() { return Within(std::chrono::seconds(60)); }

inline std::unique_ptr<AuditLog> OpenLog(Options options) {
  auto log = AuditLog::Open(std::move(options));
  INFO(std::string(log.status().message()));
  REQUIRE(log.ok());
  return *std::move(log);
}

// A log that nothing but the test makes checkpoints for, except when it is closed.
inline Options QuietOptions(const std::filesystem::path& folder) {
  Options options;
  options.folder = (folder / "audit").string();
  options.checkpoint_interval = std::chrono::hours(1);
  return options;
}

inline std::vector<v1::LogRecord> AllOf(const AuditLog& log) {
  const auto page = log.All({.limit = 10'000});
  REQUIRE(page.ok());
  CHECK_FALSE(page->damaged);
  return page->records;
}

inline std::string Slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void Spill(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// All files of a folder, by name.
inline std::map<std::string, std::string> FilesOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    files[each.path().filename().string()] = Slurp(each.path());
  }
  return files;
}

}  // namespace brobygger::audit
