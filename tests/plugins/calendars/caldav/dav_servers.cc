#include "tests/plugins/calendars/caldav/dav_servers.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::tests {
namespace {

constexpr int kMostTries = 1000;

std::uint16_t FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || getsockname(listener, generic, &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(listener);
  return ntohs(address.sin_port);
}

bool Answers(std::uint16_t port) {
  const int talk = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool there = connect(talk, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(talk);
  return there;
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <typename Condition>
void WaitUntil(const std::string& what, const Condition& holds) {
  for (int tries = 0; !holds(); ++tries) {
    if (tries == kMostTries) throw std::runtime_error(what + " is not there");
    poll(nullptr, 0, 20);
  }
}

class Radicale final : public DavServer {
 public:
  Radicale() : port_(FreePort()) {
    const std::string users = folder_.path() + "/users";
    {
      Child htpasswd(
          {"/usr/bin/htpasswd", "-B", "-b", "-C", "4", "-c", users, kDavUser, kDavPassword},
          folder_.path() + "/htpasswd.log");
      WaitUntil("the user", [&] { return absl::StrContains(TextOf(users), kDavUser); });
    }
    const std::string config = folder_.Write(
        "radicale.conf", absl::StrCat("[server]\nhosts = 127.0.0.1:", port_,
                                      "\n[auth]\ntype = htpasswd\nhtpasswd_filename = ", users,
                                      "\nhtpasswd_encryption = bcrypt\ndelay = 0\n[rights]\ntype = "
                                      "owner_only\n[storage]\nfilesystem_folder = ",
                                      folder_.path(), "/store\n"));
    child_ = std::make_unique<Child>(
        std::vector<std::string>{"/usr/bin/radicale", "--config", config}, folder_.path() + "/log");
    WaitUntil("Radicale", [this] { return Answers(port_); });
    const auto made = Ask("MKCALENDAR", calendar());
    if (made.status != 201) throw std::runtime_error(absl::StrCat("MKCALENDAR ", made.status));
  }
  std::string name() const override { return "Radicale"; }
  std::string calendar() const override { return "/fritid/moder/"; }
  std::uint16_t port() const override { return port_; }
  void Kill() override { child_->Kill(); }

 private:
  TempFolder folder_;
  std::uint16_t port_;
  std::unique_ptr<Child> child_;
};

class Xandikos final : public DavServer {
 public:
  Xandikos() : port_(FreePort()) {
    child_ = std::make_unique<Child>(
        std::vector<std::string>{"/usr/bin/xandikos", "-d", folder_.path() + "/store", "--defaults",
                                 "--current-user-principal", "/fritid/", "-l", "127.0.0.1", "-p",
                                 std::to_string(port_)},
        folder_.path() + "/log");
    WaitUntil("Xandikos", [this] { return Answers(port_); });
  }
  std::string name() const override { return "Xandikos"; }
  std::string calendar() const override { return "/fritid/calendars/calendar/"; }
  std::uint16_t port() const override { return port_; }
  void Kill() override { child_->Kill(); }

 private:
  TempFolder folder_;
  std::uint16_t port_;
  std::unique_ptr<Child> child_;
};

}  // namespace

Child::Child(const std::vector<std::string>& words, const std::string& log) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  std::vector<std::string> copy = words;
  std::vector<char*> argv;
  for (std::string& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  char path[] = "PATH=/usr/bin:/bin";
  char language[] = "LC_ALL=C.UTF-8";
  const std::string home = "HOME=" + std::filesystem::path(log).parent_path().string();
  std::string home_copy = home;
  char* environment[] = {path, language, home_copy.data(), nullptr};
  const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  input_ = ends[1];
  if (error != 0) throw std::runtime_error("cannot start " + words[0]);
}

void Child::Kill() {
  if (pid_ == 0) return;
  close(input_);
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

bool Child::Wait() {
  int status = 0;
  close(input_);
  const bool ended = waitpid(pid_, &status, 0) == pid_;
  pid_ = 0;
  return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Child::~Child() { Kill(); }

caldav::HttpResponse DavServer::Ask(const std::string& method,
                                    const std::string& path,
                                    const std::string& body,
                                    const std::vector<std::string>& headers) {
  caldav::Http http({.user = kDavUser, .password = kDavPassword, .ca_file = certificate()});
  const auto answer =
      http.Perform({.method = method, .url = {url(), path}, .headers = headers, .body = body}, {});
  if (!answer.ok()) throw std::runtime_error(answer.status().ToString());
  return *answer;
}

void DavServer::PutText(const std::string& file, const std::string& text) {
  const auto answer =
      Ask("PUT", calendar() + file, text, {"Content-Type: text/calendar; charset=utf-8"});
  if (answer.status != 201 && answer.status != 204) {
    throw std::runtime_error(absl::StrCat("PUT ", file, ": ", answer.status, " ", answer.body));
  }
}

void DavServer::Put(const std::string& file, const std::string& uid, const std::string& lines) {
  PutText(file, absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Fritid//DA\r\n"
                             "BEGIN:VEVENT\r\nUID:",
                             uid, "\r\nDTSTAMP:20260101T000000Z\r\n",
                             absl::StrReplaceAll(lines, {{"\n", "\r\n"}}),
                             "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
}

std::unique_ptr<DavServer> StartRadicale() { return std::make_unique<Radicale>(); }
std::unique_ptr<DavServer> StartXandikos() { return std::make_unique<Xandikos>(); }

FaultServer::FaultServer(bool tls) {
  const std::string file = folder_.path() + "/port";
  std::vector<std::string> words = {"/usr/bin/python3", "-I", BB_FAULT_SERVER, file};
  if (tls) {
    certificate_ = folder_.path() + "/certificate.pem";
    Child openssl({"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
                   "2", "-subj", "/CN=fjordby.example", "-addext", "subjectAltName=IP:127.0.0.1",
                   "-keyout", certificate_, "-out", certificate_ + ".public"},
                  folder_.path() + "/openssl.log");
    if (!openssl.Wait()) throw std::runtime_error("openssl failed");
    std::ofstream(certificate_, std::ios::app) << TextOf(certificate_ + ".public");
    words.push_back(certificate_);
  }
  child_ = std::make_unique<Child>(words, folder_.path() + "/log");
  WaitUntil("the fault server", [&] { return std::filesystem::exists(file); });
  port_ = static_cast<std::uint16_t>(std::stoi(TextOf(file)));
}

std::string FaultServer::url() const {
  return (certificate_.empty() ? "http" : "https") + DavServer::url().substr(4);
}

void FaultServer::Play(const std::string& scenario) { Ask("PUT", "/play", scenario); }

std::vector<std::string> FaultServer::Log() {
  return absl::StrSplit(Ask("GET", "/log").body, '\n', absl::SkipEmpty());
}

int FaultServer::Count(const std::string& start) {
  int count = 0;
  for (const std::string& line : Log()) count += absl::StartsWith(line, start) ? 1 : 0;
  return count;
}

std::string FaultServer::Puts() { return Ask("GET", "/puts").body; }

}  // namespace brobygger::tests
