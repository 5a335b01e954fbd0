#pragma once

#include <string>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::exchange {

// A page about one association ("foreningskort"): what it is for, what it does and when, and how
// to reach it. In "da" or "en". `day` is when it was made, ISO 8601. Says only what the record
// says; a part of which nothing is known is not there.

// For a terminal or a letter: lines of at most 78 columns.
std::string CardText(const registry::v1::Association& association,
                     const std::string& language,
                     const std::string& day);

// A whole HTML document of one A4 page, without scripts or anything from elsewhere.
std::string CardHtml(const registry::v1::Association& association,
                     const std::string& language,
                     const std::string& day);

}  // namespace brobygger::exchange
