#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brobygger::model {

// Normal forms of ways to reach an association; nothing where the text is not
// plausibly one. None of them asks the network.

// "+45" and eight digits for a Danish number; "+" and 7 to 15 digits for others.
std::optional<std::string> NormalizePhone(std::string_view text);

// The address with its domain in lower case.
std::optional<std::string> NormalizeEmail(std::string_view text);

// Whether mail can be sent to `text` as it stands: one plain ASCII address, with no
// display name and no sign that could end a line of a mail's head.
bool IsMailbox(std::string_view text);

// The address with its scheme (https where none is given) and its host in lower
// case. Only http and https.
std::optional<std::string> NormalizeUrl(std::string_view text);

// A web address as it is compared: no scheme, no "www.", no slash at the end,
// the host in lower case.
std::string BareUrl(std::string_view text);

}  // namespace brobygger::model
