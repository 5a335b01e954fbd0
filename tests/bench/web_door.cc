// What the web door costs: one call by Connect with JSON through it, beside the same call by gRPC
// straight to the hub's socket, one after the other in one run; and what strangers who hold
// connections open cost everybody else.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "brobygger/registry/v1/registry_service.grpc.pb.h"

namespace {

using brobygger::registry::v1::GetAssociationRequest;
using brobygger::registry::v1::GetAssociationResponse;
using brobygger::registry::v1::ListAssociationsRequest;
using brobygger::registry::v1::ListAssociationsResponse;
using brobygger::registry::v1::RegistryService;
using std::chrono::steady_clock;

struct Options {
  std::string hub;  // unix:/.../people.sock
  std::string web;  // 127.0.0.1:8480
  std::string key;
  int rounds = 2000;
  int idle = 1000;
  int slow = 20;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "bench_web: %s\n", what.c_str());
  std::exit(1);
}

class Connection {
 public:
  explicit Connection(const std::string& address)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) Fail("cannot connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  ~Connection() {
    if (socket_ >= 0) close(socket_);
  }
  Connection(Connection&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Send(const std::string& text) {
    if (send(socket_, text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
  }

  // Reads one answer; its length in bytes.
  std::size_t Read() {
    std::string text;
    char buffer[65536];
    std::size_t want = std::string::npos;
    while (text.size() < want) {
      const auto got = recv(socket_, buffer, sizeof(buffer), 0);
      if (got <= 0) Fail("the door closed the connection");
      text.append(buffer, static_cast<std::size_t>(got));
      const auto end = text.find("\r\n\r\n");
      if (want == std::string::npos && end != std::string::npos) {
        const auto field = text.find("Content-Length: ");
        if (text.find(" 200 ") > end || field > end) Fail(text.substr(0, 800));
        want = end + 4 + std::stoul(text.substr(field + 16));
      }
    }
    return text.size();
  }

 private:
  int socket_;
};

std::string Post(const Options& options, const std::string& method, const std::string& json) {
  return "POST /api/brobygger.registry.v1.RegistryService/" + method +
         " HTTP/1.1\r\nHost: " + options.web + "\r\nAuthorization: Bearer " + options.key +
         "\r\nBrobygger-Purpose: collaboration\r\nContent-Type: application/json\r\n"
         "Connect-Protocol-Version: 1\r\nContent-Length: " +
         std::to_string(json.size()) + "\r\n\r\n" + json;
}

double Microseconds(steady_clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(steady_clock::now() - begin).count();
}

double Percentile(std::vector<double>& all, double part) {
  std::sort(all.begin(), all.end());
  return all[static_cast<std::size_t>(static_cast<double>(all.size() - 1) * part)];
}

template <typename Request, typename Response, typename Method>
double Direct(RegistryService::Stub& stub,
              const Options& options,
              const Request& request,
              Method method) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + options.key);
  context.AddMetadata("brobygger-purpose", "collaboration");
  Response response;
  const auto begin = steady_clock::now();
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) Fail(status.error_message());
  return Microseconds(begin);
}

double ThroughDoor(Connection& connection, const std::string& post) {
  const auto begin = steady_clock::now();
  connection.Send(post);
  connection.Read();
  return Microseconds(begin);
}

template <typename Ask>
void Compare(const char* name, const Options& options, const std::string& post, const Ask& direct) {
  Connection connection(options.web);
  std::vector<double> direct_us;
  std::vector<double> door_us;
  for (int i = 0; i < options.rounds; ++i) {
    direct_us.push_back(direct());
    door_us.push_back(ThroughDoor(connection, post));
  }
  const double a = Percentile(direct_us, 0.5);
  const double b = Percentile(door_us, 0.5);
  std::printf("%s: direct %.0f us, by the door %.0f us at p50: %.2f times; p99 %.0f and %.0f us\n",
              name, a, b, b / a, Percentile(direct_us, 0.99), Percentile(door_us, 0.99));
}

void WithStrangers(const Options& options, const std::string& post) {
  const auto median = [&] {
    Connection connection(options.web);
    std::vector<double> all;
    for (int i = 0; i < options.rounds; ++i) all.push_back(ThroughDoor(connection, post));
    return Percentile(all, 0.5);
  };
  const double alone = median();
  std::vector<Connection> idle;
  for (int i = 0; i < options.idle; ++i) idle.emplace_back(options.web);
  std::vector<Connection> slow;
  for (int i = 0; i < options.slow; ++i) {
    slow.emplace_back(options.web);
    slow.back().Send("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n{");
  }
  Connection connection(options.web);
  std::vector<double> all;
  for (int i = 0; i < options.rounds; ++i) {
    // Each slow one goes on sending a byte now and then.
    if (!slow.empty()) slow[static_cast<std::size_t>(i) % slow.size()].Send(" ");
    all.push_back(ThroughDoor(connection, post));
  }
  const double among = Percentile(all, 0.5);
  std::printf(
      "beside %d idle connections and %d slow senders: %.0f us, alone %.0f us at p50: %.2f times\n",
      options.idle, options.slow, among, alone, among / alone);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("What the web door costs beside gRPC");
  app.add_option("--hub", options.hub, "The hub's socket for callers, unix:...")->required();
  app.add_option("--web", options.web, "Where the door listens, 127.0.0.1:8480")->required();
  app.add_option("--key", options.key, "An API key that may read associations")->required();
  app.add_option("--rounds", options.rounds, "Calls of each kind");
  app.add_option("--idle", options.idle, "Idle connections");
  app.add_option("--slow", options.slow, "Slow senders");
  CLI11_PARSE(app, argc, argv);

  grpc::ChannelArguments arguments;
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  const auto stub = RegistryService::NewStub(
      grpc::CreateCustomChannel(options.hub, grpc::InsecureChannelCredentials(), arguments));
  ListAssociationsRequest list;
  list.set_page_size(50);
  ListAssociationsResponse some;
  {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + options.key);
    context.AddMetadata("brobygger-purpose", "collaboration");
    const grpc::Status status = stub->ListAssociations(&context, list, &some);
    if (!status.ok() || some.associations_size() == 0)
      Fail("no associations: " + status.error_message());
  }
  GetAssociationRequest get;
  get.set_association_id(some.associations(0).id());
  const std::string get_post =
      Post(options, "GetAssociation", "{\"associationId\":\"" + get.association_id() + "\"}");
  Compare("GetAssociation", options, get_post, [&] {
    return Direct<GetAssociationRequest, GetAssociationResponse>(
        *stub, options, get,
        static_cast<grpc::Status (RegistryService::Stub::*)(
            grpc::ClientContext*, const GetAssociationRequest&, GetAssociationResponse*)>(
            &RegistryService::Stub::GetAssociation));
  });
  Compare("a list of 50", options, Post(options, "ListAssociations", "{\"pageSize\":50}"), [&] {
    return Direct<ListAssociationsRequest, ListAssociationsResponse>(
        *stub, options, list,
        static_cast<grpc::Status (RegistryService::Stub::*)(
            grpc::ClientContext*, const ListAssociationsRequest&, ListAssociationsResponse*)>(
            &RegistryService::Stub::ListAssociations));
  });
  WithStrangers(options, get_post);
  return 0;
}
