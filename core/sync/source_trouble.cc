#include "core/sync/source_trouble.h"

#include <algorithm>
#include <cstdlib>

#include <absl/time/clock.h>

#include "core/base/error.h"

namespace brobygger::sync {
namespace {

// In seconds. The supervisor asks for more as soon as deaths come often.
constexpr double kLeastRest = 0.005;
constexpr double kLongestRest = 300;

}  // namespace

absl::Status FromDiagnostic(const plugin::v1::Diagnostic& diagnostic,
                            const std::string& connection_id) {
  using plugin::v1::Diagnostic;
  const bool refused = diagnostic.class_() == Diagnostic::CLASS_AUTH ||
                       diagnostic.class_() == Diagnostic::CLASS_CONFIG ||
                       diagnostic.class_() == Diagnostic::CLASS_REJECTED ||
                       diagnostic.class_() == Diagnostic::CLASS_NOT_FOUND ||
                       diagnostic.class_() == Diagnostic::CLASS_UNSUPPORTED;
  const auto text = diagnostic.text().find("en");
  const auto danish = diagnostic.text().find("da");
  return base::MakeError(refused ? errors::v1::ERROR_REASON_SOURCE_REFUSED
                                 : errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE,
                         text == diagnostic.text().end() ? diagnostic.code() : text->second,
                         {{"connection_id", connection_id},
                          {"code", diagnostic.code()},
                          {"class", Diagnostic::Class_Name(diagnostic.class_())},
                          {"text_da", danish == diagnostic.text().end() ? "" : danish->second}});
}

absl::Status EndedTooSoon(const std::string& connection_id) {
  return base::MakeError(errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
                         "the plugin ended the read without saying whether it was complete",
                         {{"connection_id", connection_id}});
}

absl::Status ReplacedMeanwhile(const std::string& connection_id, const std::string& version) {
  return base::MakeError(errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE,
                         "The plugin of connection '" + connection_id +
                             "' was replaced by its version " + version +
                             " meanwhile. Nothing is lost; the next reading goes on with that one.",
                         {{"connection_id", connection_id}});
}

absl::Status RestAsAsked(const absl::Status& why, const supervisor::CancelToken& cancel) {
  const double seconds =
      std::max(kLeastRest, std::atof(base::ErrorMetadata(why, "retry_after_seconds").c_str()));
  const absl::Time until = absl::Now() + absl::Seconds(std::min(seconds, kLongestRest));
  while (absl::Now() < until && !cancel.cancelled()) {
    absl::SleepFor(std::min(until - absl::Now(), absl::Milliseconds(20)));
  }
  return cancel.cancelled() ? absl::CancelledError("cancelled by the caller") : absl::OkStatus();
}

}  // namespace brobygger::sync
