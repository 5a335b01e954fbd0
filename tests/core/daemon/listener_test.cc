#include "core/daemon/listener.h"

#include <cstring>
#include <fstream>
#include <functional>
#include <vector>

#include <absl/synchronization/mutex.h>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "tests/support/temp_folder.h"

namespace brobygger::daemon {
namespace {

constexpr uid_t kNobody = 65534;
constexpr gid_t kGroup = 1;  // "daemon" on every Debian
constexpr char kGroupName[] = "daemon";
constexpr gid_t kDoorGroup = 2;  // "bin" there
constexpr char kDoorGroupName[] = "bin";

// A listener whose connections end up in a list.
class Hall {
 public:
  explicit Hall(const std::string& group = "",
                int connections = 0,
                const std::string& door_group = "",
                bool strangers = false) {
    // Others must be able to reach the socket for the listener to refuse them.
    chmod(folder_.path().c_str(), 0755);
    auto opened = Listener::Open({path(), group, connections, door_group, strangers});
    REQUIRE(opened.ok());
    listener_ = *std::move(opened);
    chmod(path().c_str(), 0666);
    listener_->Start([this](int descriptor) {
      const absl::MutexLock lock(&mutex_);
      guests_.emplace_back(descriptor);
    });
  }

  std::string path() const { return folder_.path() / "hub.sock"; }
  Listener& listener() { return *listener_; }

  // Whether that many were let in, within a generous time.
  bool HasGuests(std::size_t count) {
    const auto enough = [&] { return guests_.size() >= count; };
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
  }

  int Guest(std::size_t index) {
    const absl::MutexLock lock(&mutex_);
    return guests_.at(index).number();
  }

  void SendHome() {
    const absl::MutexLock lock(&mutex_);
    guests_.clear();
  }

 private:
  support::TempFolder folder_;
  absl::Mutex mutex_;
  std::vector<Descriptor> guests_;
  std::unique_ptr<Listener> listener_;
};

Descriptor Connect(const std::string& path) {
  Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  if (connect(client.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    client.Close();
  }
  return client;
}

// Whether the other end closes the connection (a read that ends), instead of
// keeping it.
bool IsClosed(const Descriptor& client) {
  char byte = 0;
  return recv(client.number(), &byte, 1, 0) == 0;
}

// Runs `body` in a process of another user and tells whether it was true.
bool AsNobody(const std::vector<gid_t>& groups, const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    const bool became = setgroups(groups.size(), groups.data()) == 0 && setgid(kNobody) == 0 &&
                        setuid(kNobody) == 0;
    _exit(became && body() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_CASE("the hub's own user is let in and known by its connection") {
  Hall hall;
  const Descriptor client = Connect(hall.path());
  REQUIRE(hall.HasGuests(1));
  const auto caller = hall.listener().CallerAt("fd:" + std::to_string(hall.Guest(0)));
  REQUIRE(caller != nullptr);
  CHECK(caller->actor == access::LocalOperator().actor);
}

TEST_CASE("nobody calls from a connection that was not let in") {
  Hall hall;
  CHECK(hall.listener().CallerAt("fd:9999") == nullptr);
  CHECK(hall.listener().CallerAt("unix:") == nullptr);
  CHECK(hall.listener().CallerAt("ipv4:127.0.0.1:80") == nullptr);
}

TEST_CASE("the socket is for its owner and group only") {
  const support::TempFolder folder;
  const std::string path = folder.path() / "hub.sock";
  const auto listener = Listener::Open({path, kGroupName, 0});
  REQUIRE(listener.ok());
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0660);
  if (geteuid() == 0) CHECK(info.st_gid == kGroup);
}

TEST_CASE("another user is refused, unless they are in the group") {
  if (geteuid() != 0) {
    WARN("skipped: only root can become another user");
    return;
  }
  Hall hall(kGroupName);
  const auto is_refused = [&] { return IsClosed(Connect(hall.path())); };
  CHECK(AsNobody({}, is_refused));
  CHECK(AsNobody({kGroup}, [&] { return Connect(hall.path()).valid(); }));
  CHECK(hall.HasGuests(1));
}

TEST_CASE("a door may do what everybody may, whatever other group it is in") {
  if (geteuid() != 0) {
    WARN("skipped: only root can become another user");
    return;
  }
  Hall hall(kGroupName, 0, kDoorGroupName);
  const auto caller_of_guest = [&](std::size_t index) {
    REQUIRE(hall.HasGuests(index + 1));
    return hall.listener().CallerAt("fd:" + std::to_string(hall.Guest(index)));
  };
  CHECK(AsNobody({kGroup}, [&] { return Connect(hall.path()).valid(); }));
  CHECK(caller_of_guest(0)->rights == access::LocalOperator().rights);
  CHECK(AsNobody({kGroup, kDoorGroup}, [&] { return Connect(hall.path()).valid(); }));
  CHECK(caller_of_guest(1)->rights == std::set<access::Right>{access::v1::RIGHT_NONE});
  // It opens nothing by itself.
  CHECK(AsNobody({kDoorGroup}, [&] { return IsClosed(Connect(hall.path())); }));
}

TEST_CASE("where all are strangers, a door's word on certificates is worth nothing") {
  if (geteuid() != 0) {
    WARN("skipped: only root can become another user");
    return;
  }
  Hall hall(kGroupName, 0, kDoorGroupName, true);
  const auto caller_of_guest = [&](std::size_t index) {
    REQUIRE(hall.HasGuests(index + 1));
    return hall.listener().CallerAt("fd:" + std::to_string(hall.Guest(index)));
  };
  CHECK(AsNobody({kGroup}, [&] { return Connect(hall.path()).valid(); }));
  CHECK(caller_of_guest(0)->kind == access::CallerKind::kStranger);
  CHECK(caller_of_guest(0)->certificate_believed);
  CHECK(AsNobody({kGroup, kDoorGroup}, [&] { return Connect(hall.path()).valid(); }));
  CHECK(caller_of_guest(1)->kind == access::CallerKind::kStranger);
  CHECK_FALSE(caller_of_guest(1)->certificate_believed);
  CHECK(caller_of_guest(1)->rights.empty());
}

TEST_CASE("connections beyond the limit are closed, and let in when others have left") {
  Hall hall("", 2);
  // The test's own process is let in beyond the limit, as the hub's probe is.
  const pid_t child = fork();
  if (child == 0) {
    const Descriptor first = Connect(hall.path());
    const Descriptor second = Connect(hall.path());
    const Descriptor third = Connect(hall.path());
    _exit(IsClosed(third) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);

  REQUIRE(hall.HasGuests(2));
  hall.SendHome();
  const pid_t later = fork();
  if (later == 0) _exit(Connect(hall.path()).valid() ? 0 : 1);
  waitpid(later, &status, 0);
  CHECK(hall.HasGuests(1));
}

TEST_CASE("when descriptors have run out callers are closed, and later ones are let in") {
  Hall hall;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{256, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);

  // The client's descriptor is made first, so that only accepting needs one.
  Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  std::vector<Descriptor> hogs;
  while (true) {
    Descriptor hog(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!hog.valid()) break;
    hogs.push_back(std::move(hog));
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, hall.path().c_str(), sizeof(address.sun_path) - 1);
  REQUIRE(connect(client.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  CHECK(IsClosed(client));

  hogs.clear();
  const Descriptor later = Connect(hall.path());
  CHECK(hall.HasGuests(1));
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE("a socket that a dead hub left is taken over") {
  const support::TempFolder folder;
  const std::string path = folder.path() / "hub.sock";
  {
    const Descriptor dead(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    REQUIRE(bind(dead.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  }
  CHECK(Listener::Open({path, "", 0}).ok());
}

TEST_CASE("a socket that answers, and a file that is no socket, are left alone") {
  Hall hall;
  CHECK_FALSE(Listener::Open({hall.path(), "", 0}).ok());
  CHECK(Connect(hall.path()).valid());

  const support::TempFolder folder;
  const std::string path = folder.path() / "hub.sock";
  std::ofstream(path) << "letters";
  const auto refused = Listener::Open({path, "", 0});
  REQUIRE_FALSE(refused.ok());
  CHECK(std::string(refused.status().message()).find("hub.socket") != std::string::npos);
  CHECK(std::filesystem::file_size(path) == 7);
}

TEST_CASE("a socket's path that is too long or has no folder is refused in words") {
  const auto too_long = Listener::Open({"/tmp/" + std::string(200, 'x'), "", 0});
  CHECK(std::string(too_long.status().message()).find("hub.socket") != std::string::npos);
  const auto nowhere = Listener::Open({"/nonexistent/hub.sock", "", 0});
  CHECK(std::string(nowhere.status().message()).find("folder exist") != std::string::npos);
}

TEST_CASE("a stopped listener leaves no socket behind") {
  Hall hall;
  hall.listener().Stop();
  CHECK_FALSE(std::filesystem::exists(hall.path()));
  CHECK_FALSE(Connect(hall.path()).valid());
}

}  // namespace
}  // namespace brobygger::daemon
