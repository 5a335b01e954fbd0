#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "brobygger/mail/v1/digest.pb.h"

#include "core/mail/collect.h"

namespace brobygger::mail {

// What a mail says of what waits. Pure functions.

using Lines = std::vector<v1::Line>;

// What each address is to be told; an address stands here also with nothing. A
// connection's lines go to the address it names, else to all of `to`, as does what
// belongs to no connection.
std::map<std::string, Lines> ShareOut(const Waiting& waiting, const std::vector<std::string>& to);

// Whether a line says more than `told` did: another plan or trouble, something newer,
// or more records kept aside. Fewer of what was told is no news to whoever is at work on it.
bool AnyNews(const Lines& lines, const v1::MailState& told);

// Takes away from `told` what waits no longer, so that it is news if it comes back.
// True if there was any.
bool ForgetWhatIsOver(const Lines& lines, v1::MailState& told);

struct Digest {
  std::string subject;
  std::string body;
};

// Counts, connections' ids, codes and commands: no association's name, nobody's
// data, and no field's value. `every` is how often news is told.
Digest WriteDigest(const Lines& lines,
                   const std::string& language,
                   std::chrono::milliseconds every);

}  // namespace brobygger::mail
