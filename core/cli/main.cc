#include <string>
#include <vector>

#include "core/cli/cli.h"

int main(int argc, char** argv) {
  return brobygger::cli::Main(std::vector<std::string>(argv + 1, argv + argc));
}
