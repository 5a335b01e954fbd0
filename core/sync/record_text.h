#pragma once

#include <functional>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

namespace brobygger::sync {

// A source's value as text: numbers and dates as they are written, a point in time as
// its day in UTC; "" for what holds nothing and for lists.
std::string TextOf(const plugin::v1::Value& value);

// The texts of a list, or the one of another value; those that hold something.
std::vector<std::string> TextsOf(const plugin::v1::Value& value);

// Swaps the source's words for ours. False if a word is not known.
bool Translate(const v1::FieldMapping& mapping, std::vector<std::string>& texts);

// What a stream keeps of a record: the fields that are mapped. CPR_REFUSED if any other
// looks like a CPR number, too. `mappings` must outlive it.
std::function<absl::Status(plugin::v1::Record&)> MappedFields(
    const std::vector<v1::FieldMapping>& mappings);

// Takes away the fields nobody asked for.
void KeepMapped(const std::vector<v1::FieldMapping>& mappings, plugin::v1::Record& record);

// CPR_REFUSED if any text of the record looks like a CPR number, wherever it stands:
// it must not be stored, not even among what a source told.
absl::Status RefuseCpr(const plugin::v1::Record& record);

}  // namespace brobygger::sync
