#include "core/people/person_digests.h"

#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/model/contact.h"
#include "core/model/names.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"

namespace brobygger::people {

std::string MailDigest(const PersonKeys& keys, const std::string& name, const std::string& email) {
  const auto address = model::NormalizeEmail(email);
  const std::string folded = model::FoldName(name);
  if (folded.empty() || !address || address->empty()) return "";
  return keys.Digest(absl::StrCat("mail\n", folded, "\n", absl::AsciiStrToLower(*address)));
}

absl::StatusOr<PersonDigests> DigestsOf(const storage::Snapshot& snapshot,
                                        const PersonKeys& keys,
                                        const v1::Person& person) {
  PersonDigests digests;
  const std::string folded = model::FoldName(person.display_name());
  if (folded.empty()) return digests;
  digests.mail = MailDigest(keys, person.display_name(), person.email());
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
    digests.seats.push_back(keys.Digest(absl::StrCat("seat\n", folded, "\n", id)));
  }
  return digests;
}

std::vector<std::string> PersonDigests::All() const {
  std::set<std::string> all(seats.begin(), seats.end());
  if (!mail.empty()) all.insert(mail);
  return {all.begin(), all.end()};
}

}  // namespace brobygger::people
