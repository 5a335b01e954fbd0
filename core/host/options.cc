#include "core/host/options.h"

#include <charconv>
#include <limits>

#include <getopt.h>

namespace brobygger::host {
namespace {

// Longer ones do not fit into sockaddr_un together with what gRPC adds.
constexpr std::size_t kMaxSocketBytes = 100;

enum Flag : int {
  kConnection = 1,
  kSocket,
  kPlugin,
  kExec,
  kReadPath,
  kWritePath,
  kTcpPort,
  kResolveNames,
  kDataLimit,
  kCpuLimit,
};

constexpr option kFlags[] = {
    {"connection", required_argument, nullptr, kConnection},
    {"socket", required_argument, nullptr, kSocket},
    {"plugin", required_argument, nullptr, kPlugin},
    {"exec", required_argument, nullptr, kExec},
    {"read-path", required_argument, nullptr, kReadPath},
    {"write-path", required_argument, nullptr, kWritePath},
    {"tcp-port", required_argument, nullptr, kTcpPort},
    {"resolve-names", no_argument, nullptr, kResolveNames},
    {"data-limit", required_argument, nullptr, kDataLimit},
    {"cpu-limit", required_argument, nullptr, kCpuLimit},
    {nullptr, 0, nullptr, 0},
};

bool ParseNumber(const std::string& text, std::uint64_t most, std::uint64_t& number) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end && number <= most;
}

std::string TakeNumber(int flag, const std::string& text, Options& options) {
  std::uint64_t number = 0;
  const std::uint64_t most = flag == kTcpPort ? 65535 : std::numeric_limits<std::int64_t>::max();
  if (!ParseNumber(text, most, number)) return "'" + text + "' is not a number that fits here";
  if (flag == kTcpPort) options.tcp_ports.push_back(static_cast<std::uint16_t>(number));
  if (flag == kDataLimit && number != 0) options.data_limit_bytes = number;
  if (flag == kCpuLimit) options.cpu_limit_seconds = number;
  return "";
}

void TakeText(int flag, const std::string& text, Options& options) {
  if (flag == kConnection) options.connection = text;
  if (flag == kSocket) options.socket = text;
  if (flag == kPlugin) options.plugin = text;
  if (flag == kReadPath) options.read_paths.push_back(text);
  if (flag == kWritePath) options.write_paths.push_back(text);
  if (flag == kResolveNames) options.resolve_names = true;
}

std::string Judge(const Options& options) {
  if (options.connection.empty()) return "--connection is missing";
  if (options.socket.empty() || options.socket[0] != '/') {
    return "--socket must be an absolute path";
  }
  if (options.socket.size() > kMaxSocketBytes) {
    return "--socket is longer than 100 bytes: " + options.socket;
  }
  if (options.plugin.empty() == options.program.empty()) {
    return "give either --plugin FILE.so or --exec PROGRAM";
  }
  const std::string& file = options.plugin.empty() ? options.program[0] : options.plugin;
  if (file[0] != '/') return "'" + file + "' must be an absolute path";
  return "";
}

}  // namespace

std::string ParseOptions(int argc, char** argv, Options& options) {
  opterr = 0;
  optind = 0;  // start over, should it have run before
  int flag = 0;
  // "+": stops at the first word that is no option, so a program keeps its own.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): runs before there are threads.
  while ((flag = getopt_long(argc, argv, "+", kFlags, nullptr)) != -1) {
    const std::string text = optarg == nullptr ? "" : optarg;
    if (flag == '?') return std::string("unknown or incomplete option ") + argv[optind - 1];
    if (flag == kExec) {
      options.program.assign(argv + optind - 1, argv + argc);
      options.program[0] = text;
      return Judge(options);
    }
    if (flag == kTcpPort || flag == kDataLimit || flag == kCpuLimit) {
      if (std::string wrong = TakeNumber(flag, text, options); !wrong.empty()) return wrong;
    } else {
      TakeText(flag, text, options);
    }
  }
  if (optind < argc) return std::string("unexpected word ") + argv[optind];
  return Judge(options);
}

}  // namespace brobygger::host
