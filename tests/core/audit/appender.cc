// A process to be killed: appends from eight threads until then, and tells each entry
// that the log said was on disk, one object id a line. Usage: audit_appender FOLDER RUN
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "core/audit/audit_log.h"

namespace brobygger::audit {
namespace {

void AppendForEver(AuditLog& log, const std::string& id) {
  for (int n = 0;; ++n) {
    v1::Entry entry;
    entry.set_actor("p1");
    entry.set_method("brobygger.registry.v1.RegistryService/GetAssociation");
    entry.set_decision(v1::DECISION_ALLOWED);
    entry.set_object_id(id + "-" + std::to_string(n));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    if (!log.Append(entry, deadline).ok()) return;
    const std::string line = entry.object_id() + "\n";
    // One write a line, so that lines of two threads never mix.
    if (write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
  }
}

int Run(const std::string& folder, const std::string& run) {
  Options options;
  options.folder = folder;
  options.segment_bytes = 32 << 10;
  options.checkpoint_records = 50;
  auto log = AuditLog::Open(options);
  if (!log.ok()) {
    std::fprintf(stderr, "%s\n", std::string(log.status().message()).c_str());
    return 1;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] { AppendForEver(**log, run + "-" + std::to_string(i)); });
  }
  for (auto& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace brobygger::audit

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return brobygger::audit::Run(argv[1], argv[2]);
}
