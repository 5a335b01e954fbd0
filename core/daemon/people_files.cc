#include "core/daemon/people_files.h"

#include <cstdlib>
#include <filesystem>

namespace brobygger::daemon {

people::PeopleOptions PeopleFiles(const Config& config, const base::Clock& clock) {
  people::PeopleOptions options;
  const std::string& folder = config.store == "memory" ? config.run_dir : config.data_dir;
  options.folder = std::filesystem::absolute(folder).lexically_normal().string();
  options.clock = &clock;
  const char* const credentials =
      std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (credentials == nullptr) return options;
  const std::string credential = std::string(credentials) + "/people.key";
  if (std::filesystem::exists(credential)) options.master_key_path = credential;
  return options;
}

}  // namespace brobygger::daemon
