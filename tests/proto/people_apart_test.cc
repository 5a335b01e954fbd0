// What no message may hold, and where persons may not be reached from.
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace brobygger {
namespace {

namespace pb = google::protobuf;

class PeopleProtos {
 public:
  PeopleProtos() {
    pb::FileDescriptorSet files;
    std::ifstream file(DESCRIPTOR_SET, std::ios::binary);
    REQUIRE(files.ParseFromIstream(&file));
    for (const auto& proto : files.file()) {
      const auto* built = pool_.BuildFile(proto);
      REQUIRE(built != nullptr);
      files_.push_back(built);
    }
  }

  const std::vector<const pb::FileDescriptor*>& files() const { return files_; }

  const pb::ServiceDescriptor* Service(const std::string& full_name) const {
    return pool_.FindServiceByName(full_name);
  }

 private:
  pb::DescriptorPool pool_;
  std::vector<const pb::FileDescriptor*> files_;
};

using OnMessage = std::function<void(const pb::Descriptor*)>;

void WithNested(const pb::Descriptor* message, const OnMessage& on_message) {
  on_message(message);
  for (int i = 0; i < message->nested_type_count(); ++i) {
    WithNested(message->nested_type(i), on_message);
  }
}

// Every message that an answer may hold, itself among them.
std::set<std::string> ReachableFrom(const pb::Descriptor* message) {
  std::set<std::string> seen;
  const OnMessage walk = [&](const pb::Descriptor* at) {
    if (!seen.insert(at->full_name()).second) return;
    for (int i = 0; i < at->field_count(); ++i) {
      if (at->field(i)->message_type() != nullptr) walk(at->field(i)->message_type());
    }
  };
  walk(message);
  return seen;
}

// The first of the reachable messages that is about persons, or "".
std::string PersonReachableFrom(const pb::ServiceDescriptor* service) {
  for (int i = 0; i < service->method_count(); ++i) {
    for (const std::string& message : ReachableFrom(service->method(i)->output_type())) {
      if (message.rfind("brobygger.people.", 0) == 0) {
        return service->method(i)->full_name() + " reaches " + message;
      }
    }
  }
  return "";
}

bool HoldsWord(const std::string& field, const std::string& word) {
  return ("_" + field + "_").find("_" + word + "_") != std::string::npos;
}

TEST_CASE("no message has a field for what nobody may record about a person", "[proto]") {
  const PeopleProtos protos;
  const std::vector<std::string> forbidden = {
      "ethnicity", "ethnic",    "nationality",   "birthplace", "birth",      "citizenship",
      "religion",  "religious", "mother_tongue", "cpr",        "photo",      "remark",
      "remarks",   "race",      "health",        "gender",     "disability", "political"};
  int fields = 0;
  for (const auto* file : protos.files()) {
    if (file->package().rfind("brobygger.", 0) != 0) continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      WithNested(file->message_type(i), [&](const pb::Descriptor* message) {
        for (int j = 0; j < message->field_count(); ++j, ++fields) {
          CAPTURE(message->field(j)->full_name());
          for (const std::string& word : forbidden) {
            CAPTURE(word);
            CHECK_FALSE(HoldsWord(message->field(j)->name(), word));
          }
        }
      });
    }
  }
  CHECK(fields > 500);
}

TEST_CASE("no other service's answer can hold anything about a person", "[proto]") {
  const PeopleProtos protos;
  int services = 0;
  for (const auto* file : protos.files()) {
    for (int i = 0; i < file->service_count(); ++i) {
      if (file->package() == "brobygger.people.v1") continue;
      CAPTURE(file->service(i)->full_name());
      CHECK(PersonReachableFrom(file->service(i)).empty());
      ++services;
    }
  }
  CHECK(services >= 9);
  for (const char* name :
       {"brobygger.discovery.v1.DiscoveryService", "brobygger.event.v1.EventService",
        "brobygger.registry.v1.RegistryService", "brobygger.feed.v1.FeedService",
        "brobygger.contact.v1.ContactService", "brobygger.grant.v1.GrantService",
        "brobygger.identity.v1.IdentityService", "brobygger.sync.v1.SyncService",
        "brobygger.search.v1.SearchService"}) {
    CAPTURE(name);
    CHECK(protos.Service(name) != nullptr);
  }
  // And the walk itself finds one where there is one.
  const auto* people = protos.Service("brobygger.people.v1.PeopleService");
  REQUIRE(people != nullptr);
  CHECK_FALSE(PersonReachableFrom(people).empty());
}

TEST_CASE("a name or an address is in no answer about people but the unfolded one", "[proto]") {
  const PeopleProtos protos;
  const auto* people = protos.Service("brobygger.people.v1.PeopleService");
  REQUIRE(people != nullptr);
  for (int i = 0; i < people->method_count(); ++i) {
    const auto* method = people->method(i);
    CAPTURE(method->name());
    const auto reachable = ReachableFrom(method->output_type());
    CHECK((reachable.count("brobygger.people.v1.Person") == 1) ==
          (method->name() == "UnfoldPerson"));
  }
}

}  // namespace
}  // namespace brobygger
