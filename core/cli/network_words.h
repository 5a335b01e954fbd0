// What the commands about networks share.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/network_calls.pb.h"
#include "brobygger/collab/v1/network_service.pb.h"

#include "core/cli/command.h"
#include "core/cli/output.h"
#include "core/cli/session.h"

namespace brobygger::cli {

std::vector<Column> NetworkColumns();
std::vector<Cell> NetworkCells(const Session& session, const collab::v1::Network& network);

// The network as a person reads it, field by field.
Rows NetworkRows(const collab::v1::Network& network, const std::string& language);

// Says what was done, and writes the network.
void ReportNetwork(Session& session, const collab::v1::Network& network, const std::string& done);

// The network that `typed` means: the start of an id, or a whole title.
absl::StatusOr<collab::v1::Network> FindNetwork(Session& session, const std::string& typed);

// Makes the call and reports the network.
template <typename Response>
Outcome SendNetwork(Session& session,
                    const google::protobuf::Message& request,
                    const std::string& done) {
  const auto answer = session.Call<Response>(request);
  if (!answer.ok()) return answer.status();
  ReportNetwork(session, answer->network(), done);
  return 0;
}

}  // namespace brobygger::cli
