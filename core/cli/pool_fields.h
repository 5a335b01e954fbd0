// What can be said of a fund in a file, whatever the file's form.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/grant/v1/pool.pb.h"

namespace brobygger::cli {

// One thing that a file says, and where.
struct Given {
  std::string file;
  std::size_t line;
  std::string key;                  // as the file has it: "text.da"
  std::vector<std::string> values;  // one, or those of a list

  absl::Status Wrong(const std::string& why) const;
};

// A fund as a file has it: its department is a name or the start of an id.
struct PoolRow {
  grant::v1::Pool pool;
  std::string department;
  std::size_t line = 0;  // where it begins
};

// INVALID_ARGUMENT with file, line and key for what is not known or not of the right form.
absl::Status SetPoolField(const Given& given, PoolRow& row);

// The same for a criterion: a key is what is looked at, or text.da and the like.
absl::Status SetCriterionField(const Given& given, grant::v1::PoolCriterion& criterion);

}  // namespace brobygger::cli
