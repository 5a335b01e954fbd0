#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plugins/calendars/caldav/http.h"
#include "tests/core/host/host_process.h"

namespace brobygger::tests {

// A program that a test started, with its own files. Ended with the test.
class Child {
 public:
  explicit Child(const std::vector<std::string>& words, const std::string& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Ends it at once.
  void Kill();
  // Waits for it to end by itself; whether it was content.
  bool Wait();

 private:
  int pid_ = 0;
  int input_ = -1;
};

// A calendar server on this machine, with one user and a calendar of theirs. What people do there
// they do with Ask().
class DavServer {
 public:
  virtual ~DavServer() = default;

  virtual std::string name() const = 0;
  virtual std::string calendar() const = 0;  // "/fritid/moder/"
  virtual std::uint16_t port() const = 0;
  virtual void Kill() = 0;

  virtual std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  // What it is known by, where it speaks TLS.
  virtual std::string certificate() const { return ""; }
  // Sends a request as the user. Throws if nothing answers.
  caldav::HttpResponse Ask(const std::string& method,
                           const std::string& path,
                           const std::string& body = "",
                           const std::vector<std::string>& headers = {});
  // Stores an event of these lines as `file` in the calendar. Throws if it is not taken.
  void Put(const std::string& file, const std::string& uid, const std::string& lines);
  void PutText(const std::string& file, const std::string& text);
};

inline constexpr char kDavUser[] = "fritid";
inline constexpr char kDavPassword[] = "hemmelig-kode";

std::unique_ptr<DavServer> StartRadicale();
std::unique_ptr<DavServer> StartXandikos();

// fault_server.py. With `tls` it speaks it, as 127.0.0.1 alone.
class FaultServer final : public DavServer {
 public:
  explicit FaultServer(bool tls = false);
  std::string url() const override;
  std::string certificate() const override { return certificate_; }
  std::string name() const override { return "faults"; }
  std::string calendar() const override { return "/u/cal/"; }
  std::uint16_t port() const override { return port_; }
  void Kill() override { child_->Kill(); }

  // Plays this from now on, and forgets what was asked.
  void Play(const std::string& scenario);
  // What was asked since, a line each.
  std::vector<std::string> Log();
  // How many of those lines begin with `start`.
  int Count(const std::string& start);
  // The bodies that were written.
  std::string Puts();

 private:
  TempFolder folder_;
  std::string certificate_;
  std::unique_ptr<Child> child_;
  std::uint16_t port_ = 0;
};

}  // namespace brobygger::tests
