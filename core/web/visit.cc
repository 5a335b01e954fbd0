#include "core/web/visit.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "core/web/conditional.h"
#include "core/web/digest.h"
#include "core/web/problem.h"

namespace brobygger::web {
std::shared_ptr<Visit> Visit::Begin(const Request& request, Admission& admission, Respond respond) {
  auto caller = CallerOf(request);
  if (!caller.ok()) {
    respond(ToProblem(caller.status()));
    return nullptr;
  }
  auto ticket = admission.Enter(caller->digest);
  if (!ticket.ok()) {
    respond(ToProblem(ticket.status()));
    return nullptr;
  }
  return std::shared_ptr<Visit>(
      new Visit(*std::move(caller), *std::move(ticket), request.if_none_match, std::move(respond)));
}

Visit::Visit(Caller caller,
             std::shared_ptr<Admission::Ticket> ticket,
             std::string if_none_match,
             Respond respond)
    : caller_(std::move(caller)),
      ticket_(std::move(ticket)),
      if_none_match_(std::move(if_none_match)),
      respond_(std::move(respond)) {}

void Visit::Tell(const char* content_type, std::string body, const char* file_name) {
  const std::string tag = TagOf(body);
  Response response;
  // Kept by the caller alone, and asked about each time; another key is told other things.
  response.fields = {{"Cache-Control", "private, no-cache"},
                     {"Vary", "Authorization, X-Api-Key"},
                     {"ETag", '"' + tag + '"'}};
  if (Holds(ParseIfNoneMatch(if_none_match_), tag)) {
    response.status = 304;
  } else if (const absl::Status room = ticket_->Claim(body.size()); !room.ok()) {
    return Refuse(room);
  } else {
    response.fields.emplace_back("Content-Type", content_type);
    if (file_name != nullptr) {
      response.fields.emplace_back("Content-Disposition",
                                   absl::StrCat("attachment; filename=\"", file_name, "\""));
    }
    response.body = std::move(body);
  }
  response.held = std::move(ticket_);
  std::exchange(respond_, nullptr)(std::move(response));
}

void Visit::Refuse(const absl::Status& status) {
  Response response = ToProblem(status);
  response.held = std::move(ticket_);
  std::exchange(respond_, nullptr)(std::move(response));
}

}  // namespace brobygger::web
