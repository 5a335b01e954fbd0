#include "core/people/person_digests.h"

#include <algorithm>
#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/status_macros.h"
#include "core/matching/text.h"
#include "core/model/contact.h"
#include "core/model/names.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"

namespace brobygger::people {
namespace {

std::string AddressKey(const std::string& email) {
  const auto address = model::NormalizeEmail(email);
  return address ? absl::AsciiStrToLower(*address) : "";
}

std::string NumberKey(const std::string& phone) {
  return model::NormalizePhone(phone).value_or("");
}

// What stands before a name in a digest, and the name: in the form from before, and as it is now.
std::vector<std::string> NamesIn(const std::string& name) {
  std::vector<std::string> names;
  if (const std::string folded = model::FoldName(name); !folded.empty()) {
    names.push_back(folded);
  }
  // No folded name begins so.
  if (const std::string key = NameKey(name); !key.empty()) {
    names.push_back(absl::StrCat("=", key));
  }
  return names;
}

}  // namespace

std::string NameKey(const std::string& name) {
  std::vector<std::string> words;
  for (const matching::Word& word : matching::FoldWords(name)) words.push_back(word.text);
  std::sort(words.begin(), words.end());
  return absl::StrJoin(words, " ");
}

std::vector<std::string> MailDigests(const PersonKeys& keys,
                                     const std::string& name,
                                     const std::string& email) {
  std::vector<std::string> digests;
  const std::string address = AddressKey(email);
  if (address.empty()) return digests;
  for (const std::string& each : NamesIn(name)) {
    digests.push_back(keys.Digest(absl::StrCat("mail\n", each, "\n", address)));
  }
  return digests;
}

bool IsMeant(const v1::Person& person, const v1::Person& wanted) {
  const bool name = wanted.display_name().empty() ||
                    (!NameKey(wanted.display_name()).empty() &&
                     NameKey(wanted.display_name()) == NameKey(person.display_name()));
  const bool address =
      wanted.email().empty() || (!AddressKey(wanted.email()).empty() &&
                                 AddressKey(wanted.email()) == AddressKey(person.email()));
  const bool number =
      wanted.phone().empty() || (!NumberKey(wanted.phone()).empty() &&
                                 NumberKey(wanted.phone()) == NumberKey(person.phone()));
  return name && address && number;
}

absl::StatusOr<PersonDigests> DigestsOf(const storage::Snapshot& snapshot,
                                        const PersonKeys& keys,
                                        const v1::Person& person) {
  PersonDigests digests;
  if (const std::string address = AddressKey(person.email()); !address.empty()) {
    digests.reached.push_back(keys.Digest(absl::StrCat("address\n", address)));
  }
  if (const std::string number = NumberKey(person.phone()); !number.empty()) {
    digests.reached.push_back(keys.Digest(absl::StrCat("number\n", number)));
  }
  const std::vector<std::string> names = NamesIn(person.display_name());
  if (names.empty()) return digests;
  digests.mail = MailDigests(keys, person.display_name(), person.email());
  std::set<std::string> ids;
  for (const v1::PersonRole& role : person.roles()) {
    if (role.association_id().empty()) continue;
    ids.insert(role.association_id());
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(snapshot, role.association_id()));
    if (!association) continue;
    BB_ASSIGN_OR_RETURN(const auto all, registry::IdsOf(snapshot, association->id()));
    ids.insert(all.begin(), all.end());
  }
  for (const std::string& id : ids) {
    for (const std::string& name : names) {
      digests.seats.push_back(keys.Digest(absl::StrCat("seat\n", name, "\n", id)));
    }
  }
  return digests;
}

std::vector<std::string> PersonDigests::All() const {
  std::set<std::string> all(seats.begin(), seats.end());
  all.insert(mail.begin(), mail.end());
  return {all.begin(), all.end()};
}

std::vector<std::string> PersonDigests::Suppressions() const {
  std::vector<std::string> all = All();
  all.insert(all.end(), reached.begin(), reached.end());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace brobygger::people
