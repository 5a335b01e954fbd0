// `brobygger web` as it is started: a process in its jail, beside a hub.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/core/web/calendar_reader.h"
#include "tests/core/web/fake_hub.h"
#include "tests/core/web/fake_partners.h"
#include "tests/core/web/http_client.h"
#include "tests/support/temp_folder.h"

namespace brobygger::web {
namespace {

const std::string kSecret = "h6Jd0Zr3qWq-4oX_9yTtCw1nKbEuVgLmAsPiRfDx2Y8";
const std::string kFeed = "/feeds/" + kSecret + ".ics";

// brobygger in a process of its own, usually as a door. Its log is read as it comes.
class DoorProcess {
 public:
  explicit DoorProcess(std::vector<std::string> options, const char* verb = "web") {
    int log[2];
    REQUIRE(pipe2(log, O_CLOEXEC) == 0);
    log_ = log[0];
    options.insert(options.begin(), {BB_PROGRAM, verb});
    std::vector<char*> words;
    for (std::string& word : options) words.push_back(word.data());
    words.push_back(nullptr);
    char* environment[] = {nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, log[1], STDERR_FILENO);
    REQUIRE(posix_spawn(&pid_, BB_PROGRAM, &actions, nullptr, words.data(), environment) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(log[1]);
  }
  ~DoorProcess() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(log_);
  }
  DoorProcess(const DoorProcess&) = delete;
  DoorProcess& operator=(const DoorProcess&) = delete;

  // Where it listens; "" if it ends before it does.
  std::string Address() {
    const std::string mark = "address=http://";
    while (log_text_.find(mark) == std::string::npos || !log_text_.ends_with('\n')) {
      if (!ReadLog()) return "";
    }
    const std::size_t begin = log_text_.find(mark) + mark.size();
    return log_text_.substr(begin, log_text_.find('\n', begin) - begin);
  }

  void Signal(int signal) const { kill(pid_, signal); }

  // Its exit code; the log is whole then.
  int Wait() {
    while (ReadLog()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& log() const { return log_text_; }

  std::string Status(const std::string& key) const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
    std::string line;
    while (std::getline(file, line)) {
      if (line.starts_with(key + ":\t")) return line.substr(key.size() + 2);
    }
    return "(none)";
  }

 private:
  bool ReadLog() {
    char part[512];
    const ssize_t count = read(log_, part, sizeof(part));
    if (count <= 0) return false;
    log_text_.append(part, static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = -1;
  int log_ = -1;
  std::string log_text_;
};

// Whether `holds` ends to hold within this time.
template <typename Holding>
bool Ends(std::chrono::seconds patience, Holding holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
  }
  return true;
}

std::vector<std::string> OptionsFor(const FakeHub& hub) {
  return {"--listen", "127.0.0.1:0", "--server", hub.address()};
}

TEST_CASE("the door serves feeds from within its jail") {
  const support::TempFolder folder;
  FakeHub hub(folder.path() / "hub.sock");
  hub.SetFeed(kSecret, FeedOf("Kultur", "r1", "Netværksdag"));
  DoorProcess door(OptionsFor(hub));
  HttpClient client(door.Address());
  CHECK(Values(client.Fetch(kFeed).body, "SUMMARY") == std::vector<std::string>{"Netværksdag"});
  CHECK(client.Fetch("/healthz").status == 200);
  CHECK(door.Status("Seccomp") == "2");
  CHECK(door.Status("NoNewPrivs") == "1");
  CHECK(door.Status("CapEff") == "0000000000000000");
}

TEST_CASE("the door serves partners from within its jail to those who show a key") {
  const support::TempFolder folder;
  const FakeHub hub(folder.path() / "hub.sock");
  FakePartners partners(folder.path() / "people.sock");
  partners.SetPartners(Partners(3, 2));
  auto options = OptionsFor(hub);
  options.insert(options.end(), {"--callers", partners.address()});
  DoorProcess door(options);
  const std::string address = door.Address();
  HttpClient client(address);
  for (const std::string target :
       {"/v1/partners", "/v1/partners.csv", "/hsds/organizations?full_service=true",
        "/hsds/services?full=true", "/hsds/taxonomy_terms", "/hsds/openapi.json"}) {
    CAPTURE(target);
    CHECK(client.Fetch(target, kShow).status == 200);
  }
  CHECK(client.Fetch("/v1/partners").status == 401);
  CHECK(client.Fetch("/hsds/").body == "{\"version\":\"3.0\",\"profile\":\"http://" + address +
                                           "/hsds/profile\",\"openapi_url\":\"http://" + address +
                                           "/hsds/openapi.json\"}\n");
  CHECK(door.Status("Seccomp") == "2");
  door.Signal(SIGTERM);
  CHECK(door.Wait() == 0);
  CHECK(door.log().find("bb_") == std::string::npos);
}

TEST_CASE("a page is served at the origin that is named, and what could not work does not start") {
  const support::TempFolder folder;
  const std::string config = folder.path() / "brobygger.toml";
  std::ofstream(folder.path() / "index.html") << "page";
  const FakeHub hub(folder.path() / "hub.sock");
  const auto write = [&](const std::string& web) {
    std::ofstream(config) << "[hub]\nsocket = '" << (folder.path() / "hub.sock").string()
                          << "'\n[access]\nsocket = '" << (folder.path() / "hub.sock").string()
                          << "'\n[web]\nlisten = '127.0.0.1:0'\nui = '" << folder.path().string()
                          << "'\n"
                          << web;
  };
  write("public_url = 'https://hub.fjordby.example'\n");
  DoorProcess door({"--config", config});
  const Answer elsewhere = HttpClient(door.Address()).Fetch("/foreninger");
  CHECK(elsewhere.status == 421);
  CHECK(elsewhere.body.find("web.public_url") != std::string::npos);
  for (const std::string wrong :
       {"https://hub.fjordby.example/x", "https://Hub.example", "https://hub.example:443"}) {
    write("public_url = '" + wrong + "'\n");
    DoorProcess refused({"--config", config});
    CHECK(refused.Wait() == 2);
    CHECK(refused.log().find("web.public_url") != std::string::npos);
  }
  write("certificate = 'a'\ncertificate_key = 'b'\n");
  DoorProcess unnamed({"--config", config});
  CHECK(unnamed.Wait() != 0);
  CHECK(unnamed.log().find("web.public_url") != std::string::npos);
  write(
      "public_url = 'https://a'\ncertificate = 'a'\ncertificate_key = 'b'\naddress_field = 'X'\n");
  DoorProcess believing({"--config", config});
  CHECK(believing.Wait() != 0);
  CHECK(believing.log().find("web.address_field") != std::string::npos);
}

TEST_CASE("the configuration says where callers with a key are let in, and how addresses begin") {
  const support::TempFolder folder;
  const std::string config = folder.path() / "brobygger.toml";
  const FakeHub hub(folder.path() / "hub.sock");
  FakePartners partners(folder.path() / "people.sock");
  const auto write = [&](const std::string& url) {
    std::ofstream(config) << "[hub]\nsocket = '" << (folder.path() / "hub.sock").string()
                          << "'\n[web]\nlisten = '127.0.0.1:0'\naddress_field = 'X-Real-IP'\n"
                          << "public_url = '" << url << "'\n[access]\nsocket = '"
                          << (folder.path() / "people.sock").string() << "'\n";
  };
  write("https://hub.fjordby.example/brobygger");
  DoorProcess door({"--config", config});
  HttpClient client(door.Address());
  CHECK(client.Fetch("/hsds/").body.find(
            "\"https://hub.fjordby.example/brobygger/hsds/profile\"") != std::string::npos);
  CHECK(client.Fetch("/v1/partners", kShow + "X-Real-IP: 192.0.2.7\r\n").status == 200);
  CHECK(partners.Said().at("brobygger-client-address") == "192.0.2.7");
  for (const std::string wrong :
       {"hub.fjordby.example", "https://hub.fjordby.example/", "https://a b", "ftp://a"}) {
    write(wrong);
    DoorProcess refused({"--config", config});
    CHECK(refused.Wait() == 2);
    CHECK(refused.log().find("web.public_url") != std::string::npos);
  }
  DoorProcess refused({"--listen", "127.0.0.1:0", "--callers", "localhost:1"});
  CHECK(refused.Wait() == 2);
}

TEST_CASE("the door may start before its hub and stays when the hub goes") {
  const support::TempFolder folder;
  FakeHub hub(folder.path() / "hub.sock");
  hub.SetFeed(kSecret, FeedOf("Kultur", "r1", "x"));
  hub.Stop();
  DoorProcess door(OptionsFor(hub));
  HttpClient client(door.Address());
  CHECK(client.Fetch("/healthz").status == 503);
  const auto no_feed = [&] { return client.Fetch(kFeed).status == 503; };
  for (int i = 0; i < 2; ++i) {
    hub.Start();
    CHECK(Ends(std::chrono::seconds(10), no_feed));
    hub.Stop();
    // So long that a client which tries more and more seldom has given up for a while.
    CHECK_FALSE(Ends(std::chrono::seconds(2), no_feed));
  }
}

TEST_CASE("a stopped door ends with 0 and its log holds no secret") {
  const support::TempFolder folder;
  FakeHub hub(folder.path() / "hub.sock");
  hub.SetFeed(kSecret, FeedOf("Kultur", "r1", "x"));
  for (const int signal : {SIGTERM, SIGINT}) {
    DoorProcess door(OptionsFor(hub));
    HttpClient client(door.Address());
    CHECK(client.Fetch(kFeed).status == 200);
    hub.Stop();
    CHECK(client.Fetch(kFeed).status == 503);
    hub.Start();
    door.Signal(signal);
    CHECK(door.Wait() == 0);
    CAPTURE(door.log());
    CHECK(door.log().find("stopped") != std::string::npos);
    CHECK(door.log().find(kSecret) == std::string::npos);
    CHECK(door.log().find("feeds") == std::string::npos);
  }
}

TEST_CASE("a door that cannot listen says why in one line and ends") {
  const support::TempFolder folder;
  FakeHub hub(folder.path() / "hub.sock");
  DoorProcess first(OptionsFor(hub));
  const std::string taken = first.Address();
  DoorProcess second({"--listen", taken, "--server", hub.address()});
  CHECK(second.Wait() == 1);
  CHECK(second.log() == "brobygger: " + taken +
                            " is taken: another program listens there; give another with "
                            "--listen [FAILED_PRECONDITION]\n");
  DoorProcess open({"--listen", "0.0.0.0:0", "--server", hub.address()});
  CHECK(open.Wait() == 1);
  CHECK(open.log().find("--beyond-loopback") != std::string::npos);
  CHECK(std::count(open.log().begin(), open.log().end(), '\n') == 1);
}

TEST_CASE("a door that others can reach warns that TLS must stand in front") {
  const support::TempFolder folder;
  FakeHub hub(folder.path() / "hub.sock");
  DoorProcess door({"--listen", "0.0.0.0:0", "--beyond-loopback", "--server", hub.address()});
  HttpClient client(door.Address());
  CHECK(client.Fetch("/healthz").status == 200);
  CHECK(door.log().find("warning web_beyond_loopback") != std::string::npos);
}

TEST_CASE("a door reaches its hub by a Unix socket only") {
  DoorProcess door({"--listen", "127.0.0.1:0", "--server", "localhost:50051"});
  CHECK(door.Wait() == 2);
}

TEST_CASE("the configuration says where the hub is and where to listen") {
  const support::TempFolder folder;
  const std::string socket = folder.path() / "hub.sock";
  const std::string config = folder.path() / "brobygger.toml";
  FakeHub hub(socket);
  std::ofstream(config) << "[hub]\nsocket = '" << socket << "'\n[web]\nlisten = '127.0.0.1:0'\n";
  DoorProcess door({"--config", config});
  HttpClient client(door.Address());
  CHECK(client.Fetch("/healthz").status == 200);
  DoorProcess without({"--config", config + ".gone"});
  CHECK(without.Wait() == 4);
}

TEST_CASE("health is that of a real hub too") {
  const support::TempFolder folder;
  const std::string path = folder.path();
  const std::string config = path + "/brobygger.toml";
  std::ofstream(config) << "[hub]\nstore = 'memory'\ngroup = ''\nplugin_roots = []\n"
                        << "data_dir = '" << path << "/data'\nrun_dir = '" << path << "/run'\n"
                        << "socket = '" << path << "/hub.sock'\nhost_program = '/bin/true'\n"
                        << "[web]\nlisten = '127.0.0.1:0'\n";
  DoorProcess door({"--config", config});
  HttpClient client(door.Address());
  CHECK(client.Fetch("/healthz").status == 503);
  DoorProcess hub({"--config", config}, "serve");
  const auto healthy = [&] { return client.Fetch("/healthz").status == 200; };
  CHECK(Ends(std::chrono::seconds(20), [&] { return !healthy(); }));
  hub.Signal(SIGTERM);
  CHECK(Ends(std::chrono::seconds(20), healthy));
  CHECK(hub.Wait() == 0);
}

}  // namespace
}  // namespace brobygger::web
