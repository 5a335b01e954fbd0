#pragma once

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/discovery/who_knows.h"

namespace brobygger::discovery {

// "Kom godt i gang", worked out: five questions about the municipality and, for an association,
// five about it, each with what the registry knows of the answer. Open: it knows nothing.
// Answered: all that the question asks for. For the municipality's own employees (NOT_ALLOWED).
absl::StatusOr<v1::GetGuideResponse> GetGuide(const Asker& asker,
                                              const v1::GetGuideRequest& request);

}  // namespace brobygger::discovery
