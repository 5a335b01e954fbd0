#pragma once

#include <memory>
#include <string>

#include "core/web/admission.h"
#include "core/web/caller.h"
#include "core/web/http.h"

namespace brobygger::web {

// A request with an API key, from when it comes until it is answered: Tell() or Refuse(), once.
class Visit {
 public:
  // Null if it was refused: it shows no key, or there is no room for it.
  static std::shared_ptr<Visit> Begin(const Request& request,
                                      Admission& admission,
                                      Respond respond);
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  const Caller& caller() const { return caller_; }

  // 200 with a strong ETag, or 304 where the caller has just this text. `file_name`, if any, is
  // what the text is saved as.
  void Tell(const char* content_type, std::string body, const char* file_name = nullptr);

  // ToProblem().
  void Refuse(const absl::Status& status);

 private:
  Visit(Caller caller,
        std::shared_ptr<Admission::Ticket> ticket,
        std::string if_none_match,
        Respond respond);

  const Caller caller_;
  std::shared_ptr<Admission::Ticket> ticket_;
  const std::string if_none_match_;
  Respond respond_;
};

}  // namespace brobygger::web
