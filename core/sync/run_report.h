#pragma once

#include <google/protobuf/duration.pb.h>

#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/sync/apply.h"

namespace brobygger::sync {

// The time from one instant to a later one, and an instant so much later.
google::protobuf::Duration Between(base::Instant start, base::Instant end);
base::Instant AddTo(const google::protobuf::Duration& duration, base::Instant instant);

// Tells in the run's report why its plan waits for a person.
void AddReasons(const v1::Plan& plan, v1::Run& run);

// Tells what applying the plan has done.
void AddApplied(const ApplyResult& applied, v1::Run& run);

}  // namespace brobygger::sync
