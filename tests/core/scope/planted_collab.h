// What a municipality's department and one of its associations do together.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "tests/core/scope/planted.h"

namespace brobygger::scope {

using PutRecord = std::function<void(storage::Kind kind,
                                     const std::string& key,
                                     const google::protobuf::Message& record,
                                     std::vector<storage::IndexTerm> terms)>;

// Plants a collaboration with a round that both sides have answered, a resource check that the
// association shares, a course that is running, a network with a page, a programme, and advice that
// the municipality put away. The department and the association are planted already. `id` makes ids
// of numbers from 80 on.
void PlantTogether(const std::function<std::string(int)>& id,
                   const std::string& today,
                   const PutRecord& put,
                   Planted& planted);

}  // namespace brobygger::scope
