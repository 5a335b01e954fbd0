#include "core/conformance/mock.h"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

constexpr int kPatienceMs = 60'000;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Starts `argv` with standard input and output in files; errors go where ours go.
int Spawn(const std::vector<std::string>& argv, const std::string& in, const std::string& out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  int pid = -1;
  if (posix_spawnp(&pid, words[0], &actions, nullptr, words.data(), environ) != 0) pid = -1;
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

// The exit code, or -1.
int WaitFor(int pid) {
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  pollfd end{.fd = pidfd, .events = POLLIN, .revents = 0};
  if (poll(&end, 1, kPatienceMs) != 1) kill(pid, SIGKILL);
  close(pidfd);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ToJson(const Fields& fields) {
  plugin::v1::Record record;
  *record.mutable_fields() = fields;
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(record, &text);
  return text;
}

}  // namespace

absl::StatusOr<std::string> Mock::Run(const std::vector<std::string>& words,
                                      const std::string& input) const {
  const std::string in = absl::StrCat(fixture_.work_dir, ".mock-in");
  const std::string out = absl::StrCat(fixture_.work_dir, ".mock-out");
  std::ofstream(in, std::ios::trunc | std::ios::binary) << input;
  std::vector<std::string> argv = fixture_.mock;
  argv.insert(argv.end(), words.begin(), words.end());
  const int pid = Spawn(argv, in, out);
  const int code = pid < 0 ? -1 : WaitFor(pid);
  if (code == 0) return ReadFile(out);
  return absl::InternalError(
      absl::StrCat("the fixture's mock failed at '", absl::StrJoin(words, " "), "' (", code, ")"));
}

absl::Status Mock::Reset() const { return Run({"reset"}).status(); }

absl::StatusOr<Content> Mock::List() const {
  BB_ASSIGN_OR_RETURN(const std::string text, Run({"list"}));
  Content content;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    plugin::v1::Record record;
    const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(line), &record);
    if (!parsed.ok() || record.external_id().empty()) {
      return absl::InternalError(absl::StrCat("the mock lists no record: ", parsed.ToString()));
    }
    content[record.external_id()] = record;
  }
  return content;
}

absl::Status Mock::Add(const std::string& id, const Fields& fields) const {
  return Run({"add", id}, ToJson(fields)).status();
}

absl::Status Mock::Edit(const std::string& id, const Fields& fields) const {
  return Run({"edit", id}, ToJson(fields)).status();
}

absl::Status Mock::Remove(const std::string& id) const { return Run({"remove", id}).status(); }

absl::Status Mock::Fill(int count) const { return Run({"fill", absl::StrCat(count)}).status(); }

}  // namespace brobygger::conformance
