// The faults of the mutant: one for each case of the kit, by the case's id.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "brobygger/plugin/v1/plugin_service.pb.h"

namespace brobygger::mutant {

using plugin::v1::Diagnostic;
using plugin::v1::ReadResponse;
using plugin::v1::WriteRequest;

// Where a fault may lay hands on what passes between the hub and the reference
// connector. A hook that is not set changes nothing.
struct Mutation {
  // Before a method is called; false refuses the call.
  std::function<bool(const std::string& method)> before = {};
  // Keeps what it is to send for as long as the hub is slow, and reads on.
  bool buffers = false;
  // How long it goes on after it was told that nobody listens.
  std::chrono::milliseconds lingers{0};
  // A Read that fails is told as a complete snapshot.
  bool ends_complete = false;
  // Uses a renewed secret without waiting for the hub to keep it.
  bool hasty_with_secrets = false;
  // A write that is done by itself whenever this method is called.
  std::string writes_in = {};

  std::function<bool(const plugin::v1::HandshakeRequest&)> greeted = {};
  std::function<void(plugin::v1::ConfigureRequest&)> configure = {};
  std::function<void(plugin::v1::ReadRequest&)> read = {};
  std::function<void(WriteRequest&)> write = {};

  std::function<void(plugin::v1::HandshakeResponse&)> greets = {};
  std::function<void(plugin::v1::SpecResponse&)> spec = {};
  std::function<void(plugin::v1::ConfigureResponse&)> configured = {};
  std::function<void(plugin::v1::CheckResponse&)> checked = {};
  std::function<void(plugin::v1::DiscoverResponse&)> discovered = {};
  std::function<void(plugin::v1::LookupResponse&)> found = {};
  std::function<void(plugin::v1::WriteResponse&)> written = {};
  std::function<void(plugin::v1::UpgradeStateResponse&)> upgraded = {};
  // What is sent instead of an event: nothing, it, or more.
  std::function<std::vector<ReadResponse>(ReadResponse)> told = {};
  // Of a call that failed.
  std::function<void(Diagnostic&)> failed = {};
};

using Mutations = std::map<std::string, Mutation>;

// L, S, C, F, B and U; R; W; E.
Mutations OtherMutations();
Mutations ReadMutations();
Mutations WriteMutations();
Mutations EngineMutations();

}  // namespace brobygger::mutant
