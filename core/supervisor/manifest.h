#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/supervisor/supervisor.h"

namespace brobygger::supervisor {

// What plugin.json says.
struct Manifest {
  std::string name;
  std::string version;
  std::string kind;  // "dll" or "exec"
  int wire_major = 0;
  std::string file;  // relative to the manifest's folder
  std::vector<std::string> args;
  std::string sha256;  // lower-case hex
  std::string summary;
  std::vector<std::string> hosts;
};

// The manifest in `json_text`, or in words what is wrong with it (INVALID_ARGUMENT).
absl::StatusOr<Manifest> ParseManifest(const std::string& json_text);

// The SHA-256 of a file, in lower-case hex.
absl::StatusOr<std::string> FileSha256(const std::string& path);

// One manifest found under a root.
struct CatalogueEntry {
  PluginFile file;  // its `refused_because` tells whether it may be started
  std::vector<std::string> args;
};

// Reads the manifests under `roots` (<root>/plugin.json, <root>/<name>/plugin.json
// and *.plugin.json in both) and checks the files they name: under the root,
// regular, owned by root or by us, writable by nobody else, and of the digest
// the manifest tells. Sorted by plugin name. A name that occurs twice is refused
// in its later places. Costs a digest of each file.
std::vector<CatalogueEntry> ReadCatalogue(const std::vector<std::string>& roots);

}  // namespace brobygger::supervisor
