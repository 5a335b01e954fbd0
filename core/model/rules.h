#pragma once

#include <cstdint>
#include <set>
#include <string>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <google/protobuf/message.h>
#include <google/protobuf/repeated_field.h>

#include "brobygger/registry/v1/common.pb.h"

#include "core/base/status_macros.h"

namespace brobygger::model {

// Where in a record a value stands; becomes text only when a rule is broken.
struct Place {
  const Place* parent = nullptr;
  const char* name = "";
  int index = -1;

  // "activities[2].title".
  std::string ToString() const;
};

// FIELD_INVALID: "<place> <what>". `limit` goes into the facts if not "".
absl::Status BrokenRule(const Place& place, const std::string& what, const std::string& limit = "");

// What holds for every text and every enum in a record, whatever its field:
// UTF-8, no control characters, nothing that looks like a CPR number, no enum
// value without a name.
absl::Status CheckEverywhere(const google::protobuf::Message& message, const Place& place);

// Lengths in code points; `min` 0 lets an empty text through.
struct Length {
  std::size_t min;
  std::size_t max;
};

// Each brings a value into normal form and checks it. An empty text passes unless
// a least length says otherwise.
absl::Status FixLine(const Place& place, Length length, std::string& text);
absl::Status FixText(const Place& place, Length length, std::string& text);
absl::Status FixLocalized(const Place& place,
                          std::size_t max,
                          registry::v1::LocalizedText& localized);
absl::Status FixDate(const Place& place, std::string& text);
absl::Status FixInterval(const Place& place, registry::v1::ValidInterval& interval);
absl::Status FixLanguage(const Place& place, std::string& text);
absl::Status FixMunicipality(const Place& place, std::string& code);
absl::Status FixPhone(const Place& place, std::string& text);
absl::Status FixEmail(const Place& place, std::string& text);
absl::Status FixUrl(const Place& place, std::string& text);
absl::Status FixUuid(const Place& place, std::string& text);
absl::Status FixAddress(const Place& place, registry::v1::Address& address);

absl::Status CheckRange(const Place& place, std::int64_t value, std::int64_t min, std::int64_t max);

// A list may hold this many.
inline constexpr int kLongestList = 500;
absl::Status CheckSize(const Place& place, int size);

// Fixes each text of a list, and drops empty ones and repetitions.
absl::Status FixTexts(const Place& place,
                      absl::FunctionRef<absl::Status(const Place&, std::string&)> fix,
                      google::protobuf::RepeatedPtrField<std::string>& texts);

// Fixes each part of a list, and drops repetitions.
template <typename Part, typename Fix>
absl::Status FixParts(const Place& list, Fix fix, google::protobuf::RepeatedPtrField<Part>& parts) {
  BB_RETURN_IF_ERROR(CheckSize(list, parts.size()));
  std::set<std::string> seen;
  int kept = 0;
  for (int i = 0; i < parts.size(); ++i) {
    BB_RETURN_IF_ERROR(fix(Place{list.parent, list.name, i}, *parts.Mutable(i)));
    if (parts.size() > 1 && !seen.insert(parts.Get(i).SerializeAsString()).second) continue;
    parts.SwapElements(kept++, i);
  }
  parts.DeleteSubrange(kept, parts.size() - kept);
  return absl::OkStatus();
}

// Refuses two parts of a list with the same key.
template <typename Part, typename Key>
absl::Status CheckUnique(const Place& list,
                         Key key,
                         const google::protobuf::RepeatedPtrField<Part>& parts) {
  std::set<decltype(key(parts.Get(0)))> seen;
  for (int i = 0; i < parts.size(); ++i) {
    if (seen.insert(key(parts.Get(i))).second) continue;
    return BrokenRule(Place{list.parent, list.name, i}, "says the same thing twice; keep one");
  }
  return absl::OkStatus();
}

}  // namespace brobygger::model
