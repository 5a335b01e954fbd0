#pragma once

#include <string_view>

namespace brobygger::contact {

// The files of core/contact/data/ as they are, one entry a line, built into the program.

// Domains that many share: free-mail providers, and hosts of pages.
extern const std::string_view kSharedDomains;
// Beginnings of words in the names of departments that decide in citizens' cases.
extern const std::string_view kCaseWorkWords;

}  // namespace brobygger::contact
