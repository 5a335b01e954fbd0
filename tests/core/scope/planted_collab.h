// What a municipality's department and one of its associations do together.
#pragma once

#include <array>
#include <string>

#include "brobygger/collab/v1/advice.pb.h"
#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/collab/v1/resource_check.pb.h"
#include "brobygger/report/v1/programme.pb.h"

#include "tests/core/scope/planted.h"

namespace brobygger::scope {

struct PlantedCollaboration {
  collab::v1::Collaboration collaboration;
  collab::v1::AlignmentRound round;  // both sides have answered it
  collab::v1::ResourceCheck check;   // of the association, which shares it
};

// `ids` are the collaboration's, its two parties' and the check's. The department and the
// association are planted already.
PlantedCollaboration MakeCollaboration(const Planted& planted,
                                       const std::array<std::string, 4>& ids,
                                       const std::string& today);

// Of the municipality, with the association that is planted already.
report::v1::Programme MakeProgramme(const Planted& planted, const std::string& id);

// A piece of advice that the municipality put away.
collab::v1::DismissedAdvice MakeDismissedAdvice(const Planted& planted);

}  // namespace brobygger::scope
