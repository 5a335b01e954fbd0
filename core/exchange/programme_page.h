#pragma once

#include <string>

#include "brobygger/report/v1/programme.pb.h"

namespace brobygger::exchange {

// What a figure says, in "da" or "en": "40", "78 % of 32", "+0.6", "500+", "fewer than 5". Where
// there is nothing to work it out of it is "-".
std::string FigureText(const report::v1::ReportValue& value, const std::string& language);

// The name of a line behind a figure: topics of resource checks in words.
std::string ItemTitle(const report::v1::ReportItem& item, const std::string& language);

// What a line has beside its name: its day, whose it is, how much; in one line.
std::string ItemDetail(const report::v1::ReportItem& item, const std::string& language);

// The report as a whole HTML document for paper, without scripts or anything from elsewhere: every
// figure with what it counts and what is behind it. `day` is when it was made, ISO 8601.
std::string ProgrammePage(const report::v1::ProgrammeReport& report,
                          const std::string& language,
                          const std::string& day);

}  // namespace brobygger::exchange
