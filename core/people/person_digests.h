#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/people/v1/person.pb.h"

#include "core/people/person_keys.h"
#include "core/storage/store.h"

// How a person is known again without being readable; for this module's own files.
namespace brobygger::people {

// What tells a person apart, as keyed digests of their normal forms.
struct PersonDigests {
  std::string mail;                // name and address; "" without one of them
  std::vector<std::string> seats;  // name and association, one for each id that leads there

  // All of them, in order and each once.
  std::vector<std::string> All() const;
};

// Without a name nobody is told apart: empty.
absl::StatusOr<PersonDigests> DigestsOf(const storage::Snapshot& snapshot,
                                        const PersonKeys& keys,
                                        const v1::Person& person);

// "" if `name` or `email` is empty, or no address.
std::string MailDigest(const PersonKeys& keys, const std::string& name, const std::string& email);

}  // namespace brobygger::people
