#pragma once

#include <string>

namespace brobygger::cli {

// What the three standard streams are.
struct Terminal {
  bool reads_terminal = false;   // a person can answer
  bool writes_terminal = false;  // a person reads the data
  bool tells_terminal = false;   // a person reads what is said on standard error
  bool colors = false;           // in the data
  bool moves_cursor = false;     // on standard error, for a progress bar
  int width = 0;                 // columns to keep within; 0: do not cut
};

// `color` is "auto", "always" or "never". NO_COLOR and TERM=dumb are honoured.
Terminal LookAtTerminal(const std::string& color);

// An environment variable, or "".
std::string Environment(const char* variable);

}  // namespace brobygger::cli
