#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::model {

using registry::v1::Association;

// A field path names the smallest part of an association that one source can
// stand behind, and that sync merges and history shows:
//
//   official_name  municipality_code  kind  legal_form  status  founded_date ...
//   identifiers.DK-CVR          the value of one identifier
//   purpose.da                  one language of a localized text
//   phones  addresses  ...      a whole list or message
//
// An identifier with an end day (valid.to_date) is one the association had; where
// it has another of that scheme, the path means that one.
//
// Every field has one text form, so that values of all types can be compared,
// stored and shown alike: text as it is; an enum as its name without the prefix
// ("ACTIVE"); a bool as "true" or "false"; a list of strings as a JSON array; a
// message or a list of messages as JSON. "" is an empty field.

// The text form of the field, or FIELD_INVALID if there is no such path.
absl::StatusOr<std::string> FieldText(const Association& association, const std::string& path);

// Sets the field from its text form; "" clears it. FIELD_INVALID if there is no
// such path, if it is output only, or if the text is not of the field's form.
// Does not check the value itself: see validate.h.
absl::Status SetFieldText(Association& association,
                          const std::string& path,
                          const std::string& text);

// The paths of the fields that hold something, sorted. Output-only fields are
// not among them.
std::vector<std::string> FilledPaths(const Association& association);

// The paths whose text forms differ, sorted; an identifier differs also where its
// interval does.
std::vector<std::string> ChangedPaths(const Association& before, const Association& after);

// Whether two text forms of `path` mean the same: formatting noise is not a
// change. Names and texts ignore surplus white space; phones, e-mail addresses
// and web pages compare as such; lists of them as sets.
bool SameValue(const std::string& path, const std::string& left, const std::string& right);

// Whether `path` names a field that a source may tell.
bool IsFieldPath(const std::string& path);

}  // namespace brobygger::model
