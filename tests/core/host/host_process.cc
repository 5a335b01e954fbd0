#include "tests/core/host/host_process.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::tests {
namespace {

constexpr auto kCallTime = std::chrono::seconds(30);

struct Pipe {
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  }
  int ends[2] = {-1, -1};
};

std::string ReadAll(int descriptor, char until) {
  std::string text;
  char sign = 0;
  while (read(descriptor, &sign, 1) == 1 && sign != until) text += sign;
  return text;
}

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kCallTime);
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = "/tmp/bb-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::Write(const std::string& name, const std::string& bytes) const {
  const std::string file = (path_ / name).string();
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::string PluginFile(const std::string& name) {
  return std::string(BB_BUILD_DIR) + "/plugins/" + name + "/" + name + ".so";
}

std::string TestPluginFile(const std::string& name) {
  return std::string(BB_BUILD_DIR) + "/tests/plugins/" + name + "/" + name + ".so";
}

HostProcess::HostProcess(const std::vector<std::string>& arguments)
    : socket_(run_dir_.path() + "/s") {
  Spawn(arguments);
  drain_ = std::thread([this] { output_ = ReadAll(talk_, '\0'); });
  line_ = ReadAll(handshake_, '\n');
}

void HostProcess::Spawn(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {std::string(BB_BUILD_DIR) + "/bin/brobygger-plugin-host",
                                    "--connection", "test", "--socket", socket_};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* nothing[] = {nullptr};

  const Pipe lifeline;
  const Pipe handshake;
  const Pipe talk;
  // Low numbers might be targets of the dup2 below: go through high ones.
  const int theirs[] = {talk.ends[1], talk.ends[1], lifeline.ends[0], handshake.ends[1]};
  int high[4] = {};
  for (int at = 0; at < 4; ++at) high[at] = fcntl(theirs[at], F_DUPFD_CLOEXEC, 50);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  for (int at = 0; at < 4; ++at) posix_spawn_file_actions_adddup2(&actions, high[at], at + 1);
  const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), nothing);
  posix_spawn_file_actions_destroy(&actions);
  for (const int descriptor : high) close(descriptor);
  for (const int descriptor : {talk.ends[1], lifeline.ends[0], handshake.ends[1]})
    close(descriptor);
  lifeline_ = lifeline.ends[1];
  handshake_ = handshake.ends[0];
  talk_ = talk.ends[0];
  if (error != 0) throw std::runtime_error("cannot start " + words[0]);
}

HostProcess::~HostProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (drain_.joinable()) drain_.join();
  CutLifeline();
  close(handshake_);
  close(talk_);
}

plugin::v1::PluginService::Stub& HostProcess::stub() {
  if (!stub_) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(8 << 20);
    stub_ = plugin::v1::PluginService::NewStub(grpc::CreateCustomChannel(
        "unix:" + socket_, grpc::InsecureChannelCredentials(), arguments));
  }
  return *stub_;
}

void HostProcess::CutLifeline() {
  if (lifeline_ >= 0) close(lifeline_);
  lifeline_ = -1;
}

int HostProcess::WaitForEnd(std::chrono::seconds patience) {
  const int process = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd waiting{.fd = process, .events = POLLIN, .revents = 0};
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
  const int ended = poll(&waiting, 1, static_cast<int>(limit.count()));
  close(process);
  if (ended != 1) return 1000;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

const std::string& HostProcess::output() {
  if (drain_.joinable()) drain_.join();
  return output_;
}

plugin::v1::Diagnostic DiagnosticOf(const grpc::ClientContext& context) {
  plugin::v1::Diagnostic diagnostic;
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find("brobygger-diagnostic-bin");
  if (found != trailers.end()) {
    diagnostic.ParseFromString(std::string(found->second.data(), found->second.size()));
  }
  return diagnostic;
}

std::vector<plugin::v1::Diagnostic> Configure(HostProcess& host,
                                              const std::string& config_json,
                                              const std::map<std::string, std::string>& secrets) {
  static std::uint64_t generation = 0;
  grpc::ClientContext context;
  SetDeadline(context);
  plugin::v1::ConfigureRequest request;
  request.set_connection_id("test");
  request.set_config_json(config_json);
  request.set_generation(++generation);
  for (const auto& [name, value] : secrets) (*request.mutable_secrets())[name] = value;
  plugin::v1::ConfigureResponse response;
  const grpc::Status status = host.stub().Configure(&context, request, &response);
  if (!status.ok()) throw std::runtime_error("Configure: " + status.error_message());
  return {response.diagnostics().begin(), response.diagnostics().end()};
}

ReadOutcome ReadSnapshot(HostProcess& host,
                         const std::string& cursor,
                         const std::string& stream,
                         std::uint32_t cursor_version) {
  ReadOutcome outcome;
  grpc::ClientContext context;
  SetDeadline(context);
  plugin::v1::ReadRequest request;
  request.set_stream(stream);
  request.set_mode(plugin::v1::ReadRequest::MODE_SNAPSHOT);
  request.set_cursor(cursor);
  request.set_cursor_version(cursor.empty() ? 0 : cursor_version);
  request.set_epoch(7);
  const auto reader = host.stub().Read(&context, request);
  plugin::v1::ReadResponse response;
  while (reader->Read(&response)) {
    for (const auto& record : response.batch().records()) outcome.records.push_back(record);
    if (response.has_record_error()) outcome.errors.push_back(response.record_error());
    if (response.has_checkpoint()) outcome.checkpoints.push_back(response.checkpoint());
    if (response.has_heartbeat()) outcome.heartbeats.push_back(response.heartbeat());
    if (response.has_snapshot_end()) outcome.ends.push_back(response.snapshot_end());
  }
  outcome.status = reader->Finish();
  outcome.diagnostic = DiagnosticOf(context);
  return outcome;
}

}  // namespace brobygger::tests
