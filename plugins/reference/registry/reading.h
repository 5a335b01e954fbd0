#pragma once

#include <optional>
#include <set>
#include <string>

#include <absl/status/status.h>

#include "plugins/reference/registry/faults.h"
#include "plugins/reference/registry/source_file.h"

namespace brobygger::reference {

inline constexpr std::uint32_t kCursorVersion = 2;

// A place to resume from, as the hub keeps it: opaque to the hub, ours to read.
struct Cursor {
  // The place belongs to a snapshot that began when the source stood here; nothing: to
  // the list of changes, with all before it read.
  std::optional<std::uint64_t> snapshot_began = {};
  Place place = {};

  std::string ToBytes() const;
};

// CLASS_CONFIG if it is not one of ours: an error, since beginning anew in silence, or
// reading nothing, would both look like success. An empty one is the very beginning.
absl::StatusOr<Cursor> ParseCursor(const std::string& bytes, std::uint32_t version);

// A cursor of version 1 was a bare position. Where exactly its reader stood among the
// rows of that position is not known, so they are told again: repeat, never skip.
absl::StatusOr<Cursor> UpgradeCursor(const std::string& bytes);

// Version 0.9 told the ids with "registry:" before them. What has none of it stays.
std::string UpgradeId(const std::string& external_id);

// Answers one Read from `loaded`, which stays the same meanwhile. Of the fields only
// those in `selected` are told; all, if it is empty.
absl::Status ReadChanges(const LoadedSource& loaded,
                         const std::set<std::string>& selected,
                         const Faults& faults,
                         const sdk::ReadRequest& request,
                         sdk::Sink& sink);

// Leaves the fields that the hub did not ask for.
void KeepSelected(const std::set<std::string>& selected, sdk::Record& record);

}  // namespace brobygger::reference
