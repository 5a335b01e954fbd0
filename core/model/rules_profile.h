#pragma once

#include <absl/status/status.h>

#include "brobygger/registry/v1/association_profile.pb.h"

#include "core/model/rules.h"

namespace brobygger::model {

// The rules of association_profile.proto; see rules.h.
absl::Status FixActivity(const Place& place, registry::v1::Activity& activity);
absl::Status FixResources(const Place& place, registry::v1::ResourceStatement& resources);
absl::Status FixSeat(const Place& place, registry::v1::BoardSeat& seat);
absl::Status FixWorkGroup(const Place& place, registry::v1::WorkGroup& group);

}  // namespace brobygger::model
