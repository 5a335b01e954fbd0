#include "core/cli/commands.h"
#include "core/cli/session.h"

namespace brobygger::cli {

void AddVersion(const Command& root) {
  Command version = root.Add("version", "Say which version this is");
  version.Does([](Session& session) -> Outcome {
    session.Write("brobygger " BROBYGGER_VERSION "\n");
    return 0;
  });
}

}  // namespace brobygger::cli
