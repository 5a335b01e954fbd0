#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::registry {

// A filter over associations, a subset of AIP-160:
//
//   status = ACTIVE AND (municipality_code = "0615" OR language_codes : "kmr")
//   NOT official_name : "kultur" AND update_time >= 2026-01-01
//
// AND, OR, NOT (also "-"), parentheses; = != < <= > >= and ":" (has). As in
// AIP-160, OR binds tighter than AND. Fields, and the comparisons they take:
//
//   official_name                   = != < <= > >= : (ignoring case and accents;
//                                   ":" finds a part of the name)
//   other_names                     = != : (the same; any of them)
//   municipality_code               = != < <= > >= :
//   kind status legal_form          = != : (a word such as ACTIVE)
//   identifiers                     = != : (any that is in use: "DK-CVR:36729929")
//   cvr                             = != : (a CVR number in any spelling)
//   language_codes themes postal_code connection     = != : (any of them)
//   create_time update_time         = != < <= > >= (2026-11-23, or RFC 3339)
//
// "field : *" asks whether the field holds anything.

enum class FilterField {
  kOfficialName,
  kOtherNames,
  kMunicipalityCode,
  kKind,
  kStatus,
  kLegalForm,
  kIdentifiers,
  kCvr,
  kLanguageCodes,
  kThemes,
  kPostalCode,
  kConnection,
  kCreateTime,
  kUpdateTime,
};

enum class FilterOp { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kHas };

// One comparison, with its value already in the form of the field.
struct Comparison {
  FilterField field = FilterField::kOfficialName;
  FilterOp op = FilterOp::kEqual;
  bool any = false;         // ": *"
  std::string text;         // folded where the field ignores case
  int number = 0;           // an enum's value
  std::int64_t micros = 0;  // a time
};

// A filter as a tree.
struct Filter {
  enum class Kind { kAnd, kOr, kNot, kComparison };
  Kind kind = Kind::kAnd;  // an AND of nothing lets everything through
  std::vector<Filter> parts;
  std::optional<Comparison> comparison;
};

// FILTER_INVALID, with the position (from 1, in characters) of what is wrong.
absl::StatusOr<Filter> ParseFilter(const std::string& text);

// Whether the association passes.
bool Matches(const Filter& filter, const v1::Association& association);

// The comparison of `field` for equality that every passing association must
// meet, or null: what an index can answer.
const Comparison* RequiredEqual(const Filter& filter, FilterField field);

}  // namespace brobygger::registry
