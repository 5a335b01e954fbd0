#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

namespace brobygger::conformance {

// Listens to all that plugins say during a run, before anything is redacted, for
// secrets. Thread-safe.
class Overheard {
 public:
  explicit Overheard(const std::map<std::string, std::string>& secrets);

  // One more, that the source renewed.
  void AlsoListenFor(const std::string& secret);

  void Hear(const std::string& where, const std::string& text);

  // Where a secret was first heard, or "".
  std::string leak() const;

  // What `text` holds of the secrets: in the plain, base64 or URL-encoded.
  bool HoldsSecret(const std::string& text) const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> needles_ ABSL_GUARDED_BY(mutex_);
  std::string leak_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::conformance
