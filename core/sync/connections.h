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

// A person's changes to connections. Each reads and writes in the one transaction
// it is given; the connection that comes back is as stored.

// CONNECTION_INVALID, ALREADY_EXISTS.
absl::StatusOr<v1::Connection> CreateConnection(storage::Transaction& transaction,
                                                v1::Connection wanted);

// Replaces the whole connection. Where its mappings or ownership differ, every
// record it ever told is looked at again by the next plan. CONNECTION_INVALID,
// CONNECTION_NOT_FOUND, ETAG_MISMATCH.
absl::StatusOr<v1::Connection> UpdateConnection(storage::Transaction& transaction,
                                                v1::Connection wanted);

// Lets every record that `connection` ever told wait for the next plan, if its
// settings have changed what they mean since that was done last. In steps, since
// they may be many; `connection` is as it was read before.
absl::Status LookAgainIfChanged(storage::Store& store, const v1::Connection& connection);

// CONNECTION_NOT_FOUND.
absl::StatusOr<v1::Connection> FindConnection(const storage::Snapshot& snapshot,
                                              const std::string& id);
absl::StatusOr<std::vector<v1::Connection>> AllConnections(const storage::Snapshot& snapshot);

// The stream a connection reads.
StreamKey StreamOf(const v1::Connection& connection);

// Paths that the connection's source decides.
std::set<std::string> OwnedPaths(const v1::Connection& connection);

// Paths that other connections than `connection` own.
absl::StatusOr<std::set<std::string>> OwnedElsewhere(const storage::Snapshot& snapshot,
                                                     const v1::Connection& connection);

// What the supervisor needs to start the connection's plugin, its secrets read.
// SECRET_UNREADABLE.
absl::StatusOr<supervisor::ProcessSpec> ProcessSpecOf(const v1::Connection& connection,
                                                      const Mapping& mapping,
                                                      const SecretResolver& secrets);

}  // namespace brobygger::sync
