// The pieces of advice, as data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/advice.pb.h"

namespace brobygger::advice {

namespace v1 = ::brobygger::collab::v1;

// The file data/advice.csv, as it is built into the program.
extern const std::string_view kAdviceCsv;

// Reads "id|kind|side|triggers|Danish|English" lines after a line "version|<text>"; lines that
// begin with "#" say nothing. FAILED_PRECONDITION with the line and what is wrong there. Pure.
absl::StatusOr<std::vector<v1::AdviceItem>> ParseAdvice(std::string_view file);

// What is built in, in its order. Lives for ever; a test reads it.
const std::vector<v1::AdviceItem>& ShippedAdvice();

}  // namespace brobygger::advice
