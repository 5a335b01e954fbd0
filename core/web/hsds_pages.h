// Pages and tables that the HSDS routes share.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "core/exchange/hsds.h"
#include "core/web/openapi.h"
#include "core/web/parameters.h"

namespace brobygger::web {

// An error of the hub in the words of a request for a list.
absl::Status NamingHsdsParameters(const absl::Status& status);

// The addresses, as the OpenAPI document tells them.
const std::vector<Endpoint>& HsdsEndpoints();
// The parameters of one of them; none if there is no such address.
const std::vector<ParameterRule>& HsdsRules(const std::string& path);

// What a request asks to see of a list: entries from `first` on, before `end`.
struct PageBounds {
  int number = 1;
  int size = 50;
  std::size_t first = 0;
  std::size_t end = 0;
  std::size_t total = 0;
};

// FIELD_INVALID, with the pages that there are, for a page after the last. A list without entries
// has one page.
absl::StatusOr<PageBounds> BoundsOf(const Parameters& asked, std::size_t total, int usual_size);

// The page with these contents, as text.
std::string PageText(const PageBounds& bounds, std::vector<exchange::Json> contents);

}  // namespace brobygger::web
