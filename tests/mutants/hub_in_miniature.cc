// A hub that does nothing but keep one plugin process, so that a test may kill it:
//   hub_in_miniature RUN_DIR HOST PLUGIN_ROOT PLUGIN
// Prints the process's number when it is up.

#include <iostream>

#include <unistd.h>

#include "core/supervisor/supervisor.h"

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  brobygger::supervisor::SupervisorOptions options;
  options.run_dir = argv[1];
  options.host_program = argv[2];
  options.plugin_roots = {argv[3]};
  options.next_epoch = [](const brobygger::base::ConnectionId&) { return 1; };
  const auto supervisor = brobygger::supervisor::MakeSupervisor(options);
  brobygger::supervisor::ProcessSpec spec;
  spec.connection = brobygger::base::ConnectionId("centre");
  spec.plugin = argv[4];
  spec.config_json = "{}";
  const auto session = (*supervisor)->Open(spec);
  if (!session.ok()) {
    std::cout << session.status() << std::endl;
    return 1;
  }
  std::cout << (*supervisor)->StatusOf(spec.connection).pid << std::endl;
  while (true) pause();
}
