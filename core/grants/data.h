// The files under data/, as they are built into the program.
#pragma once

#include <string_view>

namespace brobygger::grants {

// "key|Danish|English" lines: what a fund asks, what the registry knows of it, what would help.
extern const std::string_view kPoolTextsCsv;

}  // namespace brobygger::grants
