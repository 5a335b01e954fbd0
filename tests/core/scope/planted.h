// One record of every kind for one municipality, with a word of its own in each text field.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "core/people/people.h"
#include "core/storage/store.h"

namespace brobygger::scope {

// Where a record lies.
struct PlantedRecord {
  storage::Kind kind;
  std::string key;
};

// What was planted for a municipality. Two associations: one that agreed to nothing, and one that
// agreed to be seen by everybody.
struct Planted {
  std::string municipality_code;
  std::string word;  // "hemmelig0615", beside the kind's number in every text that is not public
  std::map<std::string, std::string> ids;  // by the name of the field that names such a record
  std::string open_association;
  std::string feed_secret;
  std::string join_code;
  std::vector<PlantedRecord> records;

  // What texts of the kind hold: "hemmelig0615-k53-".
  std::string WordOf(storage::Kind kind) const;
};

// The word in whatever is public: it may be seen by everybody.
inline constexpr char kPublicWord[] = "aabent";

// Kinds of records whose texts no method shows: keys, digests and marks of the hub.
bool IsShown(storage::Kind kind);

// Fills every text of the message with `word`, in messages within it too, and gives each list one
// entry. Texts that are ids, codes, dates and the like stay empty.
void FillTexts(const std::string& word, google::protobuf::Message& message);

// Whether a text field holds words and not an id, a code, a date or a path.
bool HoldsWords(const google::protobuf::FieldDescriptor& field);

// Plants it all. `number` makes ids different.
Planted Plant(storage::Store& store,
              people::People& people,
              const std::string& municipality_code,
              int number);

}  // namespace brobygger::scope
