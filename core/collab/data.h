// The files under data/, as they are built into the program.
#pragma once

#include <string_view>

namespace brobygger::collab {

// "id|topic|Danish|English" lines, after a line "version|<text>".
extern const std::string_view kStatementsCsv;
// "id|topic|Danish|Danish|English|English" lines, an association's words before a municipality's;
// after a line "version|<text>".
extern const std::string_view kResourceStatementsCsv;
// "stem|word" lines: a word that people understand differently, by how its forms begin.
extern const std::string_view kWordsCsv;
// "key|Danish|English" lines: the words of an agreement.
extern const std::string_view kTextsCsv;

}  // namespace brobygger::collab
