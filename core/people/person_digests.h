#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/people/v1/person.pb.h"

#include "core/people/person_keys.h"
#include "core/storage/store.h"

// How a person is known again without being readable; for this module's own files.
namespace brobygger::people {

// What tells a person apart, as keyed digests of their normal forms. Each is there in two forms: as
// model::FoldName() has the name, which stands in suppressions and records from before, and as
// NameKey() has it.
struct PersonDigests {
  std::vector<std::string> mail;   // name and address; none without one of them
  std::vector<std::string> seats;  // name and association, two for each id that leads there
  // The address alone and the number alone. Several persons may have them, so they tell nobody
  // apart: they say only that somebody who was erased had them.
  std::vector<std::string> reached;

  // By which the person is on record, in order and each once.
  std::vector<std::string> All() const;
  // By which an erased person is known again: those, and how they were reached.
  std::vector<std::string> Suppressions() const;
};

absl::StatusOr<PersonDigests> DigestsOf(const storage::Snapshot& snapshot,
                                        const PersonKeys& keys,
                                        const v1::Person& person);

// A name without what people write in several ways: upper case, accents, scripts, ae for the letter
// that it stands for, and which of the names comes first. "" if nothing is left of it.
std::string NameKey(const std::string& name);

// None if `name` or `email` is empty, or no address.
std::vector<std::string> MailDigests(const PersonKeys& keys,
                                     const std::string& name,
                                     const std::string& email);

// Whether a person is the one who is asked for: by all of these that are not empty.
bool IsMeant(const v1::Person& person, const v1::Person& wanted);

}  // namespace brobygger::people
