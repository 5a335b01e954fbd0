#pragma once

#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

// Returns from the enclosing function if `expr` is not OK.
#define BB_RETURN_IF_ERROR(expr)                                            \
  do {                                                                      \
    if (absl::Status bb_status = (expr); !bb_status.ok()) return bb_status; \
  } while (false)

// Declares `lhs` from a StatusOr, or returns its error.
#define BB_ASSIGN_OR_RETURN(lhs, expr) BB_ASSIGN_IMPL(BB_CONCAT(bb_or_, __LINE__), lhs, expr)
#define BB_ASSIGN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                   \
  if (!tmp.ok()) return tmp.status();  \
  lhs = *std::move(tmp)
#define BB_CONCAT(a, b) BB_CONCAT_IMPL(a, b)
#define BB_CONCAT_IMPL(a, b) a##b
