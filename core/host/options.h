#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace brobygger::host {

// What the command line asked for: see README.md.
struct Options {
  std::string connection;
  std::string socket;
  std::string plugin;                // the .so; empty when `program` is set
  std::vector<std::string> program;  // the program and its arguments
  std::vector<std::string> read_paths;
  std::vector<std::string> write_paths;
  std::vector<std::uint16_t> tcp_ports;
  bool resolve_names = false;
  std::uint64_t data_limit_bytes = std::uint64_t{256} << 20;
  std::uint64_t cpu_limit_seconds = 0;  // 0: none
};

// Reads the command line into `options`. Returns what is wrong with it, or nothing.
std::string ParseOptions(int argc, char** argv, Options& options);

}  // namespace brobygger::host
