#include "core/daemon/listener.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include <absl/strings/str_cat.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

constexpr int kBacklog = 512;
// How long to leave a full descriptor table alone before the next try.
constexpr int kFullPauseMs = 50;

absl::Status SystemError(const std::string& what) { return absl::ErrnoToStatus(errno, what); }

absl::StatusOr<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("the path of the socket must have 1 to ",
                                                   sizeof(address.sun_path) - 1, " bytes: '", path,
                                                   "'; set hub.socket to a shorter one"));
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

Descriptor NewSocket() {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Two hubs that start at once must not both find a dead socket and take it.
absl::StatusOr<Descriptor> LockPath(const std::string& path) {
  const std::string lock_path = path + ".lock";
  Descriptor lock(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid()) {
    return SystemError(absl::StrCat("cannot make ", lock_path,
                                    "; does its folder exist, and may this user write there?"));
  }
  if (flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "another hub uses the socket ", path, "; stop it, or set hub.socket to another path"));
  }
  return lock;
}

// Takes away a socket that nobody answers on; leaves anything else.
absl::Status RemoveStale(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) {
    return errno == ENOENT ? absl::OkStatus() : SystemError(absl::StrCat("cannot look at ", path));
  }
  const Descriptor probe = NewSocket();
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  const bool refused =
      connect(probe.number(), generic, sizeof(address)) != 0 && errno == ECONNREFUSED;
  if (!S_ISSOCK(info.st_mode) || !refused) {
    return absl::FailedPreconditionError(
        absl::StrCat(path,
                     " is in use or is no socket; stop the program that uses it, or set "
                     "hub.socket to another path"));
  }
  if (unlink(path.c_str()) != 0) return SystemError(absl::StrCat("cannot remove ", path));
  return absl::OkStatus();
}

std::optional<gid_t> GroupId(const std::string& name) {
  std::vector<char> buffer(16 << 10);
  group entry{};
  group* found = nullptr;
  getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return std::nullopt;
  return found->gr_gid;
}

// Lets members of the group reach the socket, if there is such a group.
void OpenToGroup(const ListenerOptions& options) {
  if (options.group.empty()) return;
  const auto group = GroupId(options.group);
  if (!group.has_value() || chown(options.path.c_str(), static_cast<uid_t>(-1), *group) != 0) {
    base::LogWarning("socket_group_unusable",
                     {{"group", base::LogValue::Vetted(options.group)},
                      {"effect", "only root and the hub's own user may call"}});
  }
}

std::size_t LimitOf(int wanted) {
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  const auto half = static_cast<std::size_t>(descriptors.rlim_cur / 2);
  return wanted == 0 ? half : std::min(half, static_cast<std::size_t>(wanted));
}

Descriptor OpenReserve() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

std::optional<ucred> PeerOf(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer;
}

bool IsMember(gid_t group, const ucred& peer, int descriptor) {
  if (peer.gid == group) return true;
  std::vector<gid_t> groups(65'536);  // the kernel's limit
  auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return false;
  groups.resize(size / sizeof(gid_t));
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(
    ListenerOptions options, std::shared_ptr<ConnectionTable> connections) {
  BB_ASSIGN_OR_RETURN(const sockaddr_un address, AddressOf(options.path));
  BB_ASSIGN_OR_RETURN(Descriptor lock, LockPath(options.path));
  BB_RETURN_IF_ERROR(RemoveStale(options.path, address));
  Descriptor socket = NewSocket();
  if (!socket.valid()) return SystemError("cannot make a socket");
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (bind(socket.number(), generic, sizeof(address)) != 0) {
    return SystemError(absl::StrCat("cannot make the socket ", options.path));
  }
  OpenToGroup(options);
  if (chmod(options.path.c_str(), 0660) != 0 || listen(socket.number(), kBacklog) != 0) {
    return SystemError(absl::StrCat("cannot open the socket ", options.path));
  }
  std::unique_ptr<Listener> listener(
      new Listener(std::move(options), std::move(connections), std::move(socket), std::move(lock)));
  if (!listener->wake_.valid() || !listener->reserve_.valid()) {
    return SystemError("no file descriptors are left");
  }
  return listener;
}

Listener::Listener(ListenerOptions options,
                   std::shared_ptr<ConnectionTable> connections,
                   Descriptor socket,
                   Descriptor lock)
    : options_(std::move(options)),
      limit_(LimitOf(options_.connections)),
      operator_(std::make_shared<const access::Caller>(access::LocalOperator())),
      door_(std::make_shared<const access::Caller>(access::Door())),
      stranger_(std::make_shared<const access::Caller>(access::Stranger())),
      stranger_at_door_(std::make_shared<const access::Caller>(access::StrangerAtDoor())),
      connections_(std::move(connections)),
      socket_(std::move(socket)),
      lock_(std::move(lock)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      reserve_(OpenReserve()) {}

Listener::~Listener() { Stop(); }

void Listener::Start(HandOver hand_over) {
  hand_over_ = std::move(hand_over);
  thread_ = std::jthread([this] { Run(); });
}

void Listener::Stop() {
  if (!socket_.valid()) return;
  eventfd_write(wake_.number(), 1);
  if (thread_.joinable()) thread_.join();
  unlink(options_.path.c_str());
  socket_.Close();
}

void Listener::Run() {
  while (true) {
    pollfd waited[] = {{socket_.number(), POLLIN, 0}, {wake_.number(), POLLIN, 0}};
    if (poll(waited, 2, -1) < 0 && errno != EINTR) Sleep(kFullPauseMs);
    if (waited[1].revents != 0) return;
    if (waited[0].revents != 0) AcceptOne();
  }
}

// Waits on the stop signal alone; true if it came.
bool Listener::Sleep(int milliseconds) {
  pollfd waited{wake_.number(), POLLIN, 0};
  return poll(&waited, 1, milliseconds) > 0;
}

void Listener::AcceptOne() {
  Descriptor connection(accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (connection.valid()) return LetIn(std::move(connection));
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) ShedOne();
}

void Listener::ShedOne() {
  if (const auto held_back = full_log_.Pass()) {
    base::LogWarning("descriptors_exhausted", {{"since_last_line", *held_back}});
  }
  reserve_.Close();
  Descriptor(accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC)).Close();
  reserve_ = OpenReserve();
  // Without the reserve the next accept would fail at once, again and again.
  if (!reserve_.valid()) Sleep(kFullPauseMs);
}

void Listener::LetIn(Descriptor connection) {
  const int number = connection.number();
  const auto peer = PeerOf(number);
  if (!peer.has_value() || !MayConnect(*peer, number)) {
    if (const auto held_back = refused_log_.Pass()) {
      base::LogWarning("caller_refused", {{"uid", peer.has_value() ? peer->uid : 0U},
                                          {"since_last_line", *held_back}});
    }
    return;
  }
  // The hub's own probe always gets in: it tells a dead listener from a busy one.
  if (peer->pid != getpid() && !connections_->HasRoom(limit_)) {
    if (const auto held_back = full_log_.Pass()) {
      base::LogWarning("connections_exhausted",
                       {{"limit", limit_}, {"since_last_line", *held_back}});
    }
    return;
  }
  connections_->Put(number, CallerBehind(*peer, number));
  hand_over_(connection.Release());
}

std::shared_ptr<const access::Caller> Listener::CallerBehind(const ucred& peer,
                                                             int descriptor) const {
  const bool door = IsDoor(peer, descriptor);
  if (options_.strangers) return door ? stranger_at_door_ : stranger_;
  return door ? door_ : operator_;
}

bool Listener::MayConnect(const ucred& peer, int descriptor) {
  if (peer.uid == 0 || peer.uid == geteuid()) return true;
  if (options_.group.empty()) return false;
  const auto group = GroupId(options_.group);
  return group.has_value() && IsMember(*group, peer, descriptor);
}

bool Listener::IsDoor(const ucred& peer, int descriptor) const {
  if (options_.door_group.empty()) return false;
  const auto group = GroupId(options_.door_group);
  return group.has_value() && IsMember(*group, peer, descriptor);
}

}  // namespace brobygger::daemon
