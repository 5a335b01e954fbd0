#pragma once

#include <string>

#include <absl/container/flat_hash_map.h>
#include <google/protobuf/descriptor.h>

namespace brobygger::web {

// A method of the hub that can be called through the door.
struct Method {
  std::string path;  // as gRPC names it: "/brobygger.registry.v1.RegistryService/GetAssociation"
  std::string request_url;  // of the message's type: "type.googleapis.com/..."
  std::string response_url;
  bool streams = false;  // answers with any number of messages
};

// The methods that the door hands on: all that callers may make but those that sign somebody in
// (session_routes.h does that) and the one that a secret address opens. Keys and codes that a
// person makes for others to keep are told to the page, which shows them once. Immutable, so
// thread-safe.
class MethodTable {
 public:
  MethodTable();

  // "brobygger.registry.v1.RegistryService/GetAssociation"; null if there is none.
  const Method* Find(const std::string& name) const;
  std::size_t size() const { return methods_.size(); }

 private:
  void Add(const google::protobuf::ServiceDescriptor& service);

  absl::flat_hash_map<std::string, Method> methods_;
};

}  // namespace brobygger::web
