// What of partners is asked for, as it is typed; and what somebody follows, as it is kept.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/cli/command.h"

namespace brobygger::cli {

struct CriteriaOptions {
  std::vector<std::string> words;
  std::vector<std::string> themes;
  std::vector<std::string> audiences;
  std::vector<std::string> languages;
  std::vector<std::string> areas;
  std::vector<std::string> activities;
  std::vector<std::string> weekdays;
  std::vector<std::string> municipalities;
  std::uint64_t capacity = 0;
  std::string updated_since;
};

void AddCriteria(Command& command, CriteriaOptions& options);

// INVALID_ARGUMENT, with those that there are, for a theme or audience that there is not.
absl::StatusOr<discovery::v1::PartnerCriteria> ToCriteria(const CriteriaOptions& options);

// The hub's error about criteria, with the options of AddCriteria() in the place of their fields.
absl::Status NamingOptions(const absl::Status& status);

// A question that somebody follows under a name, in a file of their own: it is nobody's business
// which partners a volunteer centre looks for, so the hub does not keep it.
std::string FollowedPath(const std::string& name);

// None if nothing is followed under the name. INVALID_ARGUMENT for a name that cannot be one, or a
// file that cannot be read.
absl::StatusOr<std::optional<discovery::v1::FollowPartnersRequest>> LoadFollowed(
    const std::string& name);

absl::Status SaveFollowed(const std::string& name,
                          const discovery::v1::FollowPartnersRequest& followed);

}  // namespace brobygger::cli
