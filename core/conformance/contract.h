#pragma once

#include <map>
#include <string>

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>

namespace brobygger::conformance {

// This hub's minor version of the wire contract. What a later one adds is no difference.
inline constexpr unsigned kWireMinor = 0;

// Each part of a contract by its full name, and in words what it is: "Record.etag" is
// "optional string 3".
using Contract = std::map<std::string, std::string>;

// The wire contract that this hub was built with, which tests/proto holds frozen.
Contract OurContract();

// The one that a library carries in the descriptors of its generated code; empty if it has none.
Contract ContractIn(const std::string& library);

// In words where `theirs` differs from ours, "" if nowhere. `may_have_more`: it is of a later
// minor.
std::string DifferenceFromOurs(const Contract& theirs, bool may_have_more);

// The first field in a message or below it that our contract does not know, in words; or "".
std::string UnknownField(const google::protobuf::Message& message);

}  // namespace brobygger::conformance
