#pragma once

#include <string>
#include <vector>

#include "brobygger/plugin/v1/schema.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/sync/mapping.h"

namespace brobygger::sync {

// What a connection can promise, from what its source can do with the stream:
//
//   A  two-way without a person, each write done once: reads everything or all
//      changes, writes single fields, only if unchanged, and finds again what it made
//   B  two-way, but a write that was not answered, or that crosses an edit at the
//      source, may need a person
//   C  one way, into the hub
//
// `missing` says what keeps it from the next better one, for people. Pure.
struct Promise {
  v1::CheckConnectionResponse::Level level = v1::CheckConnectionResponse::LEVEL_C;
  std::vector<std::string> missing;
};
Promise PromiseOf(const plugin::v1::StreamSchema& stream);

// What in the connection's mappings the source cannot do: fields that it does not
// have, or that cannot be written though a policy says so. Pure.
std::vector<plugin::v1::Diagnostic> TroubleWithMappings(const plugin::v1::StreamSchema& stream,
                                                        const Mapping& mapping);

}  // namespace brobygger::sync
