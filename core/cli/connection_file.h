#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

namespace brobygger::cli {

// Reads a connection from TOML; deploy/connection.example.toml documents every
// key. `file` is only what errors call it: they name file, line and key.
absl::StatusOr<sync::v1::Connection> ParseConnection(const std::string& text,
                                                     const std::string& file);

// "grants", "centres", "calendars", "files" or "registers"; INVALID_ARGUMENT.
absl::StatusOr<sync::v1::Connection::Family> ToFamily(const std::string& word);
std::string FamilyWord(sync::v1::Connection::Family family);

// INVALID_ARGUMENT unless it says where a secret is, instead of what it is.
absl::Status CheckSecretReference(const std::string& reference);

}  // namespace brobygger::cli
