// Puts load on one server and prints the figures as JSON.
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "brobygger/discovery/v1/discovery_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"

#include "tests/bench/closed_loop.h"
#include "tests/bench/echo.pb.h"
#include "tests/bench/etcd.pb.h"

namespace brobygger::bench {
namespace {

constexpr char kRegistry[] = "/brobygger.registry.v1.RegistryService/";

struct Options {
  std::string target;
  std::string what;
  int bytes = 1024;
  std::uint64_t keys = 100'000;
  Load load;
};

// Spreads calls over the keys, the same way in every run.
std::uint64_t Scattered(std::uint64_t number, std::uint64_t keys) {
  return number * 0x9E3779B97F4A7C15ULL % keys;
}

std::string EtcdKey(std::uint64_t number) { return "association/" + std::to_string(number); }

std::vector<std::string> AssociationIds(const std::shared_ptr<grpc::Channel>& channel) {
  std::vector<std::string> ids;
  registry::v1::ListAssociationsRequest request;
  request.set_page_size(500);
  registry::v1::ListAssociationsResponse page;
  do {
    request.set_page_token(page.next_page_token());
    page.ParseFromString(CallOnce(channel, std::string(kRegistry) + "ListAssociations",
                                  request.SerializeAsString()));
    for (const auto& association : page.associations()) ids.push_back(association.id());
  } while (!page.next_page_token().empty());
  return ids;
}

Operation Echo(const Options& options) {
  v1::EchoRequest request;
  request.set_payload(std::string(static_cast<std::size_t>(options.bytes), 'x'));
  const std::string bytes = request.SerializeAsString();
  return {"/brobygger.bench.v1.EchoService/Echo", [bytes](std::uint64_t) { return bytes; }};
}

Operation Answer(const Options& options) {
  return {"/brobygger.bench.v1.EchoService/Answer", [options](std::uint64_t) {
            v1::AnswerRequest request;
            request.set_key("0f8fad5b-d9cb-469f-a165-70867728950e");
            request.set_reply_bytes(options.bytes);
            return request.SerializeAsString();
          }};
}

Operation EtcdRange(const Options& options) {
  return {"/etcdserverpb.KV/Range", [keys = options.keys](std::uint64_t number) {
            etcdserverpb::RangeRequest request;
            request.set_key(EtcdKey(Scattered(number, keys)));
            return request.SerializeAsString();
          }};
}

Operation EtcdPut(const Options& options) {
  return {"/etcdserverpb.KV/Put", [options](std::uint64_t number) {
            etcdserverpb::PutRequest request;
            request.set_key(EtcdKey(Scattered(number, options.keys)));
            std::string value(static_cast<std::size_t>(options.bytes), 'x');
            value.replace(0, 20, std::to_string(number + 10'000'000'000'000'000'000ULL));
            request.set_value(value);
            return request.SerializeAsString();
          }};
}

// Puts one value under each key, once.
Operation EtcdFill(const Options& options) {
  return {"/etcdserverpb.KV/Put", [options](std::uint64_t number) {
            etcdserverpb::PutRequest request;
            request.set_key(EtcdKey(number));
            request.set_value(std::string(static_cast<std::size_t>(options.bytes), 'x'));
            return request.SerializeAsString();
          }};
}

Operation HubGet(const std::vector<std::string>& ids) {
  return {std::string(kRegistry) + "GetAssociation", [ids](std::uint64_t number) {
            registry::v1::GetAssociationRequest request;
            request.set_association_id(ids[Scattered(number, ids.size())]);
            return request.SerializeAsString();
          }};
}

Operation HubWhoKnows(const std::vector<std::string>& ids) {
  return {"/brobygger.discovery.v1.DiscoveryService/WhoKnows", [ids](std::uint64_t number) {
            discovery::v1::WhoKnowsRequest request;
            request.set_association_id(ids[Scattered(number, ids.size())]);
            // What a colleague of another department is told.
            request.set_most(discovery::v1::DISCLOSURE_LEVEL_SUMMARY);
            return request.SerializeAsString();
          }};
}

// One page of 500 rows.
Operation HubMatrix() {
  return {"/brobygger.discovery.v1.DiscoveryService/GetContactMatrix", [](std::uint64_t) {
            discovery::v1::GetContactMatrixRequest request;
            request.set_municipality_code("0998");
            request.set_page_size(500);
            return request.SerializeAsString();
          }};
}

// Each write changes the record: a hub may see that nothing changed, and skip it.
Operation HubUpdate(const std::vector<std::string>& ids, std::uint64_t salt) {
  return {std::string(kRegistry) + "UpdateAssociation", [ids, salt](std::uint64_t number) {
            registry::v1::UpdateAssociationRequest request;
            request.mutable_association()->set_id(ids[Scattered(number, ids.size())]);
            request.mutable_association()->set_coverage_area("area " + std::to_string(salt) + "/" +
                                                             std::to_string(number));
            request.mutable_update_mask()->add_paths("coverage_area");
            return request.SerializeAsString();
          }};
}

// A look-up that answers something else would be a fast way to be wrong.
void CheckHub(const std::shared_ptr<grpc::Channel>& channel, const std::vector<std::string>& ids) {
  registry::v1::GetAssociationRequest request;
  request.set_association_id(ids.front());
  registry::v1::GetAssociationResponse response;
  if (!response.ParseFromString(CallOnce(channel, std::string(kRegistry) + "GetAssociation",
                                         request.SerializeAsString())) ||
      response.association().id() != ids.front()) {
    std::fputs("the hub answered another association than the one asked for\n", stderr);
    std::exit(1);
  }
}

Operation MakeOperation(const std::shared_ptr<grpc::Channel>& channel, const Options& options) {
  if (options.what == "echo") return Echo(options);
  if (options.what == "answer") return Answer(options);
  if (options.what == "etcd-range") return EtcdRange(options);
  if (options.what == "etcd-put") return EtcdPut(options);
  if (options.what == "etcd-fill") return EtcdFill(options);
  const auto ids = AssociationIds(channel);
  if (ids.empty()) {
    std::fputs("the hub has no associations to ask for\n", stderr);
    std::exit(1);
  }
  CheckHub(channel, ids);
  if (options.what == "hub-get") return HubGet(ids);
  if (options.what == "hub-who-knows") return HubWhoKnows(ids);
  if (options.what == "hub-matrix") return HubMatrix();
  const auto salt = std::chrono::system_clock::now().time_since_epoch().count();
  return HubUpdate(ids, static_cast<std::uint64_t>(salt));
}

int Main(int argc, char** argv) {
  Options options;
  int milliseconds = 2000;
  CLI::App app("Puts load on one server and prints the figures as JSON.");
  app.add_option("what", options.what, "What to call")
      ->required()
      ->check(CLI::IsMember({"echo", "answer", "etcd-range", "etcd-put", "etcd-fill", "hub-get",
                             "hub-matrix", "hub-update", "hub-who-knows"}));
  app.add_option("--target", options.target, "gRPC target, for example unix:/run/hub")->required();
  app.add_option("--callers", options.load.callers, "Calls outstanding");
  app.add_option("--milliseconds", milliseconds, "How long to count");
  app.add_option("--bytes", options.bytes, "Size of a value");
  app.add_option("--keys", options.keys, "How many keys etcd has");
  CLI11_PARSE(app, argc, argv);
  options.load.duration = std::chrono::milliseconds(milliseconds);
  if (options.what == "etcd-fill") {
    options.load.max_calls = options.keys;
    options.load.warm_up = {};
    options.load.duration = std::chrono::minutes(5);
  }

  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  const auto channel =
      grpc::CreateCustomChannel(options.target, grpc::InsecureChannelCredentials(), arguments);
  const Operation operation = MakeOperation(channel, options);
  const Figures figures = RunClosedLoop(channel, operation, options.load);
  std::printf(
      "{\"per_second\": %.1f, \"median_us\": %.0f, \"p99_us\": %.0f, \"reply_bytes\": %.0f, "
      "\"calls\": %llu}\n",
      figures.per_second, figures.median_us, figures.p99_us, figures.reply_bytes,
      static_cast<unsigned long long>(figures.calls));
  return 0;
}

}  // namespace
}  // namespace brobygger::bench

int main(int argc, char** argv) { return brobygger::bench::Main(argc, argv); }
