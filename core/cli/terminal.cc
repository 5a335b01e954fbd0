#include "core/cli/terminal.h"

#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace brobygger::cli {
namespace {

int Width(bool writes_terminal) {
  const std::string columns = Environment("COLUMNS");
  if (!columns.empty() && columns.find_first_not_of("0123456789") == std::string::npos &&
      columns.size() < 6) {
    return std::stoi(columns);
  }
  winsize size{};
  if (writes_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) return size.ws_col;
  return 0;
}

}  // namespace

std::string Environment(const char* variable) {
  // Nothing in this program changes its environment.
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}

Terminal LookAtTerminal(const std::string& color) {
  Terminal terminal;
  terminal.reads_terminal = isatty(STDIN_FILENO) == 1;
  terminal.writes_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.tells_terminal = isatty(STDERR_FILENO) == 1;
  const bool plain = !Environment("NO_COLOR").empty() || Environment("TERM") == "dumb";
  terminal.colors = color == "always" || (color == "auto" && terminal.writes_terminal && !plain);
  terminal.moves_cursor = terminal.tells_terminal && !plain && color != "never";
  terminal.width = Width(terminal.writes_terminal);
  return terminal;
}

}  // namespace brobygger::cli
