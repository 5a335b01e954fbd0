// Landlock (landlock(7)) by the kernel's own numbers: Debian 12's header ends at ABI 2.
#pragma once

#include <cstdint>
#include <string>

namespace brobygger::host {

// Rights to files and folders, as AllowPath() takes them.
extern const std::uint64_t kRead;
extern const std::uint64_t kWrite;  // reads, makes and removes too
extern const std::uint64_t kWriteFile;
extern const std::uint64_t kExecute;
extern const std::uint64_t kMakeSocket;

// The Landlock ABI of this kernel; 0 if it has none.
int LandlockAbi();

// What a process may still do once it is enforced: nothing with files, TCP ports
// (ABI 4), signals to others and abstract sockets (ABI 6) but what is allowed here.
// For one thread.
class Ruleset {
 public:
  // `abi` is LandlockAbi(), and not 0.
  explicit Ruleset(int abi);
  ~Ruleset();
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  // False, with errno, if the kernel would not make it. Then use nothing else of it.
  bool usable() const { return descriptor_ >= 0; }

  // Allows `rights` at `path` and below. False, with errno, if it cannot.
  bool AllowPath(const std::string& path, std::uint64_t rights);

  // Allows to connect to a TCP port. False, with errno, if it cannot.
  bool AllowPort(std::uint16_t port);

  // Holds the calling thread and those it starts to the rules, for good; wants
  // no_new_privs. False, with errno, if it cannot.
  bool Enforce();

 private:
  int abi_;
  int descriptor_ = -1;
};

}  // namespace brobygger::host
