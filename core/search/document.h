#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/registry/v1/association.pb.h"

#include "core/search/fields.h"

namespace brobygger::search {

// A value that no activity tells, but the association itself.
inline constexpr std::uint32_t kNoActivity = (std::uint32_t{1} << 28) - 1;

// What filters ask of one activity; bits are numbers of the enums of registry.v1.
struct ActivityFacts {
  std::uint16_t themes = 0;
  std::uint16_t audiences = 0;
  std::uint16_t capacity = 0;  // 0: not told
  std::uint8_t weekdays = 0;   // bit 0: Monday
};

// What filters ask of an association, and what the order of hits needs.
struct Facts {
  // The first letters of the folded name: hits of one score stand in the order of names.
  std::uint64_t name_key = 0;
  std::uint32_t updated = 0;  // seconds since 1970-01-01
  std::uint16_t municipality = 0;
  std::uint16_t themes = 0;          // of all its activities
  std::uint16_t audiences = 0;       // of all its activities
  std::uint16_t themes_ever = 0;     // also of activities that have ended
  std::uint16_t audiences_ever = 0;  // the same
  std::uint16_t capacity = 0;        // of the activity that has most; 0: not told
  std::uint8_t status = 0;
  std::uint8_t weekdays = 0;  // of all its activities
  std::uint8_t name_words = 0;
  bool shown_to_centres = false;         // it agreed that volunteer centres hear of it
  bool shown_to_municipalities = false;  // and other municipalities
};

// An association as the index wants it. No person is in it, since none is in the association.
struct Document {
  struct Activity {
    ActivityFacts facts;
    std::vector<std::string> languages;
    std::string title;  // as it is written, as a facet
  };

  // A text's words, in their order. Words of two values are no phrase.
  struct Value {
    std::vector<std::string> words;
    std::uint32_t activity = kNoActivity;  // which tells it, by its place in `activities`
  };

  std::string id;
  Facts facts;
  std::array<std::vector<Value>, kTextFields> texts;  // by field
  std::vector<Activity> activities;
  std::vector<std::string> languages;  // of the association itself, as BCP 47 tags
  std::string area;                    // its postal district, as a facet
};

// Pure. The association must not be deleted.
Document ToDocument(const registry::v1::Association& association);

// Facts::name_key of an official name that is folded as the registry's index of names folds it.
std::uint64_t NameKey(const std::string& folded_name);

// The days of an RFC 5545 recurrence rule: bit 0 is Monday. 0 if it does not say.
std::uint8_t WeekdaysOf(const std::string& recurrence_rule);

}  // namespace brobygger::search
