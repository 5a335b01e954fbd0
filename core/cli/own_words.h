// What the commands of an association's own side share: data/own_texts.csv, in words that are easy
// to read (tests/core/cli/own_words_test.cc measures them).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/access/v1/api_key.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

// The file: "key|Danish|English" lines. Built into the program.
extern const std::string_view kOwnTextsCsv;

// The text with this key; "{name}" in it becomes the value of that name.
std::string OwnText(const std::string& key,
                    const std::string& language,
                    const std::vector<std::pair<std::string, std::string>>& values = {});

// The parts of a record that can be confirmed, as they are stored: "contact", "activities",
// "resources", "purpose".
const std::vector<std::string>& ConfirmedSections();

// As they may be typed: those words, and the Danish ones.
std::vector<std::string> TypedSections();

// The stored word of a typed one.
std::string ToSection(const std::string& typed);

// The part of the record in which a field stands: one of ConfirmedSections(), or "basic".
std::string SectionOfField(const std::string& path);

// What people call a field.
std::string FieldTitle(const std::string& path, const std::string& language);

// A day as the language has it.
std::string DayText(const std::string& date, const std::string& language);

// The same day one year later, ISO 8601.
std::string YearAfter(const std::string& date);

// What the key list says of a key.
std::string KeyText(const access::v1::ApiKey& key, const std::string& language);

// The association that is signed in. NOT_FOUND, telling how to join, if none is.
absl::StatusOr<registry::v1::Association> SignedInAssociation(Session& session);

// The same, or the one that `typed` means.
absl::StatusOr<registry::v1::Association> OwnOrTyped(Session& session, const std::string& typed);

}  // namespace brobygger::cli
