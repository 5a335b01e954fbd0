// What each figure counts, in words.
#pragma once

#include <string>
#include <string_view>

#include "brobygger/report/v1/programme.pb.h"

namespace brobygger::report {

// The file data/definitions.csv: "figure|Danish|English" lines. Built into the program.
extern const std::string_view kDefinitionsCsv;

// What is counted, in "da" or "en".
const std::string& DefinitionOf(v1::ReportFigure figure, const std::string& language);

// Changes with every change of what is counted.
const std::string& DefinitionsVersion();

// "new_collaborations".
std::string WordOf(v1::ReportFigure figure);

}  // namespace brobygger::report
