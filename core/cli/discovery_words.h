// What the commands about contacts say, in Danish and English: data/discovery_texts.csv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/cli/output.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// The file: "key|Danish|English" lines. Built into the program.
extern const std::string_view kDiscoveryTextsCsv;

// The text with this key; "" if there is none.
std::string DiscoveryText(const std::string& key, const std::string& language);

// "working well"; "" where it is not told.
std::string GradeText(discovery::v1::FamiliarityGrade grade, const std::string& language);

// "meeting, application", the most frequent first.
std::string ChannelsText(const discovery::v1::Familiarity& familiarity,
                         const std::string& language);

// The code of the municipality that `typed` means; if nothing is typed, the one that all
// departments the hub knows are of. INVALID_ARGUMENT if they are of several.
absl::StatusOr<std::string> HomeMunicipality(Session& session, const std::string& typed);

}  // namespace brobygger::cli
