#pragma once

#include <string>
#include <vector>

#include "brobygger/search/v1/search_service.pb.h"

#include "tests/support/made_up.h"

namespace brobygger::bench {

// Questions of one kind, the same for the hub and for PostgreSQL.
struct Kind {
  const char* name;
  std::string sql;
  std::vector<search::v1::SearchAssociationsRequest> requests;
  std::vector<std::vector<std::string>> parameters;  // of `sql`
};

// 200 of each kind about the first `count` made-up associations.
std::vector<Kind> KindsOf(const support::MadeUp& made_up, int count);

}  // namespace brobygger::bench
