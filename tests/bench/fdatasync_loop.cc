// What the disk can do: appends 1 kB and fdatasyncs, again and again, and prints
// how often a second. Usage: bench_fdatasync FILE SECONDS
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_fdatasync FILE SECONDS\n", stderr);
    return 2;
  }
  const int file = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    std::perror(argv[1]);
    return 1;
  }
  const std::string record(1024, 'x');
  const auto begun = std::chrono::steady_clock::now();
  const auto until = begun + std::chrono::duration<double>(std::atof(argv[2]));
  long count = 0;
  while (std::chrono::steady_clock::now() < until) {
    if (write(file, record.data(), record.size()) != static_cast<ssize_t>(record.size()) ||
        fdatasync(file) != 0) {
      std::perror(argv[1]);
      return 1;
    }
    ++count;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::printf("{\"per_second\": %.1f}\n", static_cast<double>(count) / took.count());
  close(file);
  unlink(argv[1]);
  return 0;
}
