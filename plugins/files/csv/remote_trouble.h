#pragma once

#include <chrono>
#include <string>

#include <absl/status/status.h>

#include "plugins/common/transfer.h"

namespace brobygger::csv {

// The Status of a fetch that failed. `host` is for the words; `detail` goes to the log.
absl::Status TransferTrouble(common::TransferFault fault,
                             const std::string& host,
                             const std::string& detail);

// The Status of an HTTP answer that is no file.
absl::Status HttpTrouble(const common::TransferAnswer& answer, const std::string& host);

// A redirect that is not followed.
absl::Status RedirectTrouble(const std::string& host);

// The file was changed while it was fetched.
absl::Status ChangedTrouble(const std::string& file);

}  // namespace brobygger::csv
