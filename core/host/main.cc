#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <pthread.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "core/host/handshake.h"
#include "core/host/jail.h"
#include "core/host/library.h"
#include "core/host/options.h"
#include "core/host/server.h"
#include "core/host/syscall_filter.h"

namespace brobygger::host {
namespace {

constexpr int kWrongUse = 2;
constexpr int kRefused = 4;
// Stacks count against RLIMIT_DATA, and gRPC starts a dozen threads.
constexpr std::size_t kStackBytes = std::size_t{2} << 20;

void SetUp(const Options& options) {
  auto logger = spdlog::stderr_logger_mt("host");
  logger->set_pattern("%l plugin-host[" + options.connection + "] %v");
  spdlog::set_default_logger(logger);
  pthread_attr_t attributes{};
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

Verdict ServePlugin(const Options& options) {
  if (Verdict wrong = EnterJail(options, nullptr)) return wrong;
  FollowLifeline();
  Server server;
  if (Verdict wrong = server.Listen(options.socket)) return wrong;
  if (Verdict wrong = FilterListening(options)) return wrong;
  const bb_plugin_v1* plugin = nullptr;
  if (Verdict wrong = LoadPlugin(options.plugin, plugin)) return wrong;
  if (Verdict wrong = server.Serve(*plugin)) return wrong;
  SayReady(options.socket, plugin->name, plugin->version);
  server.RunUntilStopped();
  // No destructor runs: the plugin's own might hang, and the work is done.
  _exit(EXIT_SUCCESS);
}

Verdict BecomeProgram(const Options& options) {
  std::vector<std::string> words = options.program;
  words.insert(words.end(), {"--socket", options.socket});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* nothing[] = {nullptr};
  if (Verdict wrong = EnterJail(options, arguments[0])) return wrong;
  execve(arguments[0], arguments.data(), nothing);
  return Refusal{"exec", "cannot run " + words[0] + ": " + std::generic_category().message(errno) +
                             " (it must be a binary; name a script's interpreter before it)"};
}

int Main(int argc, char** argv) {
  // Libraries that a plugin brings convert texts by the locale; SQLite over ODBC finds no
  // table beyond ASCII without one. Built into glibc, and no thread is there yet.
  std::setlocale(LC_CTYPE, "C.UTF-8");  // NOLINT(concurrency-mt-unsafe)
  if (!HasSupervisor()) {
    std::fputs(
        "brobygger-plugin-host: runs one plugin in a jail, and is started by 'brobygger serve'.\n"
        "It has no use by hand: it wants descriptors 3 (lifeline) and 4 (handshake).\n",
        stderr);
    return kWrongUse;
  }
  Options options;
  if (const std::string wrong = ParseOptions(argc, argv, options); !wrong.empty()) {
    SayRefused({"usage", wrong});
    return kWrongUse;
  }
  SetUp(options);
  const Verdict wrong = options.plugin.empty() ? BecomeProgram(options) : ServePlugin(options);
  if (wrong) {
    spdlog::error("{}", wrong->text);
    SayRefused(*wrong);
  }
  _exit(kRefused);
}

}  // namespace
}  // namespace brobygger::host

int main(int argc, char** argv) { return brobygger::host::Main(argc, argv); }
