#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <string>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/support/rounds.h"

namespace brobygger::audit {
namespace {

// A process that appends, and what it says was acknowledged.
class Appender {
 public:
  Appender(const std::string& folder, const std::string& run) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::string program = BB_APPENDER;
    std::string folder_word = folder;
    std::string run_word = run;
    char* words[] = {program.data(), folder_word.data(), run_word.data(), nullptr};
    char* environment[] = {nullptr};
    REQUIRE(posix_spawn(&process_, BB_APPENDER, &actions, nullptr, words, environment) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    told_ = fdopen(ends[0], "r");
  }
  ~Appender() { std::fclose(told_); }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  // Kills it once it has told so many, and returns all that it told.
  std::set<std::string> KillAfter(int lines) {
    std::set<std::string> acknowledged;
    char line[64];
    while (std::fgets(line, sizeof(line), told_) != nullptr) {
      // The last one may have been cut by the kill.
      std::string id(line);
      if (id.back() != '\n') break;
      id.pop_back();
      acknowledged.insert(id);
      if (static_cast<int>(acknowledged.size()) == lines) kill(process_, SIGKILL);
    }
    int status = 0;
    REQUIRE(waitpid(process_, &status, 0) == process_);
    CHECK(WIFSIGNALED(status));
    return acknowledged;
  }

 private:
  pid_t process_ = 0;
  std::FILE* told_ = nullptr;
};

TEST_CASE("every entry acknowledged before a kill is in the log", "[audit]") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  std::set<std::string> acknowledged;
  const int rounds = support::RoundsFrom("BROBYGGER_AUDIT_KILLS", 10);
  for (int round = 0; round < rounds; ++round) {
    Appender appender(options.folder, std::to_string(round));
    acknowledged.merge(appender.KillAfter(20 + static_cast<int>(random() % 200)));
    const auto log = OpenLog(options);
    CHECK_FALSE(log->health().chain_broken);
    REQUIRE(log->Flush(Patient()).ok());
    std::set<std::string> found;
    RecordQuery query{.limit = 10'000};
    do {
      const auto page = log->All(query);
      REQUIRE(page.ok());
      CHECK_FALSE(page->damaged);
      for (const auto& record : page->records) found.insert(record.entry().object_id());
      query.after = page->next_after;
    } while (query.after != 0);
    CHECK(std::includes(found.begin(), found.end(), acknowledged.begin(), acknowledged.end()));
  }
  CHECK(acknowledged.size() >= static_cast<std::size_t>(20 * rounds));
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  INFO(VerifySentence(*result));
  CHECK_FALSE(result->first_bad.has_value());
  WARN(acknowledged.size() << " acknowledged entries in " << rounds << " kills, seed " << seed);
}

}  // namespace
}  // namespace brobygger::audit
