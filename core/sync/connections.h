#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/decide.h"
#include "core/sync/keys.h"
#include "core/sync/secrets.h"

namespace brobygger::sync {

// Connections as they are kept.

// CONNECTION_INVALID names the field that is wrong.
absl::Status CheckConnectionFields(const v1::Connection& connection);

absl::StatusOr<v1::Connection> StoreNewConnection(storage::Store& store,
                                                  v1::Connection wanted,
                                                  const std::string& actor);

// Replaces a connection. Where its mappings or ownership differ, every record it
// ever told is looked at again by the next plan.
absl::StatusOr<v1::Connection> StoreChangedConnection(storage::Store& store,
                                                      v1::Connection wanted,
                                                      const std::string& actor);

// CONNECTION_NOT_FOUND.
absl::StatusOr<v1::Connection> FindConnection(const storage::Snapshot& snapshot,
                                              const std::string& id);
absl::StatusOr<std::vector<v1::Connection>> AllConnections(const storage::Snapshot& snapshot);

// The stream a connection reads.
StreamKey StreamOf(const v1::Connection& connection);

// Paths that other connections than `connection` own.
absl::StatusOr<std::set<std::string>> OwnedElsewhere(const storage::Snapshot& snapshot,
                                                     const v1::Connection& connection);

// What the supervisor needs to start the connection's plugin, its secrets read.
// SECRET_UNREADABLE.
absl::StatusOr<supervisor::ProcessSpec> ProcessSpecOf(const v1::Connection& connection,
                                                      const Mapping& mapping,
                                                      const SecretResolver& secrets);

}  // namespace brobygger::sync
