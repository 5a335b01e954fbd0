// From when to when something holds, as people write and read it: with its last day. Records
// hold the first day that it no longer does.
#pragma once

#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/registry/v1/common.pb.h"

#include "core/cli/command.h"

namespace brobygger::cli {

// The day in ISO 8601 that "2026-01-31", "31-01-2026" or an instant says (its day in Denmark);
// with `day_after` the day after it. "" for "", "infinity" and the year 9999, which directories
// write for "no end". INVALID_ARGUMENT.
absl::StatusOr<std::string> ToDay(const std::string& text, bool day_after);

// Adds --from and --to.
void AddValidOptions(Command& command, std::string& from, std::string& to);

// Sets what --from and --to say; "-" takes an end away, "" leaves it as it is.
absl::Status ChangeValid(const std::string& from,
                         const std::string& to,
                         registry::v1::ValidInterval& valid);

// "2026-01-01 - 2026-12-31"; an open end is left out, "" holds always.
std::string ShowValid(const registry::v1::ValidInterval& valid, const std::string& language);

}  // namespace brobygger::cli
