#pragma once

#include <string>

#include "core/base/clock.h"
#include "core/web/admission.h"
#include "core/web/partner_client.h"
#include "core/web/partner_lists.h"

namespace brobygger::web {

// What the routes for callers with a key work with.
class CallersDoor {
 public:
  struct Options {
    std::string hub;         // "unix:/run/brobygger/people.sock"
    std::string public_url;  // "https://hub.fjordby.example", without a slash at its end
    AdmissionLimits admission = {};
    PartnerListLimits lists = {};
    const base::Clock* clock = &base::SystemClock();
  };

  explicit CallersDoor(const Options& options)
      : public_url_(options.public_url),
        admission_(options.admission),
        client_(options.hub),
        lists_(client_, *options.clock, options.lists) {}

  const std::string& public_url() const { return public_url_; }
  Admission& admission() { return admission_; }
  PartnerClient& client() { return client_; }
  PartnerLists& lists() { return lists_; }

 private:
  const std::string public_url_;
  Admission admission_;
  PartnerClient client_;
  PartnerLists lists_;
};

}  // namespace brobygger::web
