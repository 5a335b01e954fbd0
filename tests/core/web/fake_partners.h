#pragma once

#include <algorithm>
#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <absl/strings/cord.h>
#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>
#include <grpcpp/grpcpp.h>

#include "brobygger/discovery/v1/discovery_service.grpc.pb.h"
#include "google/rpc/status.pb.h"

#include "core/base/error.h"

namespace brobygger::web {

inline const std::string kKey = "bb_0123456789abcdef_h6Jd0Zr3qWq-4oX_9yTtCw1nKbEuVgLmAsPiRfDx2Y8";
inline const std::string kOtherKey =
    "bb_fedcba9876543210_h6Jd0Zr3qWq-4oX_9yTtCw1nKbEuVgLmAsPiRfDx2Y8";
inline const std::string kShow = "Authorization: Bearer " + kKey + "\r\n";
inline const std::string kShowOther = "X-Api-Key: " + kOtherKey + "\r\n";

// The hub as callers with a key see it: FindPartners and GetPartner, on a Unix socket. It knows
// two keys, tells all partners whatever is asked for, and notes what it was asked. Thread-safe but
// for Start and Stop.
class FakePartners final : public discovery::v1::DiscoveryService::Service {
 public:
  explicit FakePartners(std::string socket) : socket_(std::move(socket)) { Start(); }
  ~FakePartners() override { Stop(); }

  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    REQUIRE(server_ != nullptr);
  }
  void Stop() {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }
  std::string address() const { return "unix:" + socket_; }

  // From now on it tells these.
  void SetPartners(std::vector<discovery::v1::Partner> partners) {
    const std::lock_guard lock(mutex_);
    partners_ = std::move(partners);
    ++revision_;
  }
  // Something was written that changes nothing here.
  void Touch() {
    const std::lock_guard lock(mutex_);
    ++revision_;
  }
  void Revoke(const std::string& key) {
    const std::lock_guard lock(mutex_);
    std::erase(keys_, "Bearer " + key);
  }
  // Every call fails with this from now on; OK ends that.
  void FailWith(const absl::Status& fault) {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
  }
  // The same, once so many calls were answered.
  void FailLater(int calls, const absl::Status& fault) {
    const std::lock_guard lock(mutex_);
    good_calls_ = calls;
    later_fault_ = fault;
  }
  void SetFlags(bool partial, bool catching_up) {
    const std::lock_guard lock(mutex_);
    partial_ = partial;
    catching_up_ = catching_up;
  }

  // Calls wait for this before they are answered.
  void Hold(std::shared_future<void> gone) {
    const std::lock_guard lock(mutex_);
    hold_ = std::move(gone);
  }
  // Returns when so many have waited.
  void AwaitHeld(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_ >= count; });
  }

  std::vector<discovery::v1::FindPartnersRequest> Asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  int calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  // What the last call said of who makes it.
  std::map<std::string, std::string> Said() const {
    const std::lock_guard lock(mutex_);
    return said_;
  }

  grpc::Status FindPartners(grpc::ServerContext* context,
                            const discovery::v1::FindPartnersRequest* request,
                            discovery::v1::FindPartnersResponse* response) override {
    AwaitGo();
    const std::lock_guard lock(mutex_);
    asked_.push_back(*request);
    if (const grpc::Status refused = Admit(*context); !refused.ok()) return refused;
    // A list stays as it was when its first page was told.
    auto token = request->page_token();
    if (token.empty()) {
      token = absl::StrCat(views_.size(), "/0");
      views_.push_back(partners_);
    }
    const std::size_t slash = token.find('/');
    const auto& view = views_.at(std::stoul(token.substr(0, slash)));
    const std::size_t begin = std::stoul(token.substr(slash + 1));
    const std::size_t size = request->page_size() == 0 ? 50 : request->page_size();
    const std::size_t end = std::min(begin + size, view.size());
    for (std::size_t i = begin; i < end; ++i) *response->add_partners() = view[i];
    if (end < view.size()) {
      response->set_next_page_token(absl::StrCat(token.substr(0, slash), "/", end));
    }
    response->set_total_count(static_cast<std::int64_t>(view.size()));
    response->set_revision(revision_);
    response->set_partial(partial_);
    response->set_catching_up(catching_up_);
    return grpc::Status::OK;
  }

  grpc::Status GetPartner(grpc::ServerContext* context,
                          const discovery::v1::GetPartnerRequest* request,
                          discovery::v1::GetPartnerResponse* response) override {
    const std::lock_guard lock(mutex_);
    if (const grpc::Status refused = Admit(*context); !refused.ok()) return refused;
    for (const auto& partner : partners_) {
      if (partner.association_id() != request->association_id()) continue;
      *response->mutable_partner() = partner;
      return grpc::Status::OK;
    }
    return ToGrpc(base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
                                  "there is no such association",
                                  {{"association_id", request->association_id()}}));
  }

 private:
  // As core/rpc/status_mapping.h does it.
  static grpc::Status ToGrpc(const absl::Status& status) {
    google::rpc::Status details;
    details.set_code(static_cast<int>(status.code()));
    details.set_message(std::string(status.message()));
    status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
      auto* any = details.add_details();
      any->set_type_url(std::string(type_url));
      any->set_value(std::string(payload));
    });
    const bool has_details = details.details_size() > 0;
    return {static_cast<grpc::StatusCode>(status.code()), details.message(),
            has_details ? details.SerializeAsString() : ""};
  }

  void AwaitGo() {
    std::unique_lock lock(mutex_);
    if (!hold_.valid()) return;
    const std::shared_future<void> gone = hold_;
    ++held_;
    changed_.notify_all();
    lock.unlock();
    gone.wait();
  }

  grpc::Status Admit(const grpc::ServerContext& context) {
    ++calls_;
    said_.clear();
    for (const auto& [name, value] : context.client_metadata()) {
      said_[{name.data(), name.size()}] = {value.data(), value.size()};
    }
    if (!fault_.ok()) return ToGrpc(fault_);
    if (!later_fault_.ok() && good_calls_-- == 0) return ToGrpc(later_fault_);
    if (std::count(keys_.begin(), keys_.end(), said_["authorization"]) == 1) {
      return grpc::Status::OK;
    }
    return ToGrpc(base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN,
                                  "the API key is not valid (any more); ask for a new one",
                                  {{"why", "api_key"}}));
  }

  const std::string socket_;
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  std::vector<std::string> keys_ = {"Bearer " + kKey, "Bearer " + kOtherKey};
  std::vector<discovery::v1::Partner> partners_;
  std::vector<std::vector<discovery::v1::Partner>> views_;
  std::uint64_t revision_ = 1;
  absl::Status fault_;
  absl::Status later_fault_;
  int good_calls_ = 0;
  bool partial_ = false;
  bool catching_up_ = false;
  std::shared_future<void> hold_;
  int held_ = 0;
  std::condition_variable changed_;
  int calls_ = 0;
  std::vector<discovery::v1::FindPartnersRequest> asked_;
  std::map<std::string, std::string> said_;
};

// Ids that sort and read as their number: "00000007-...".
inline std::string IdOf(int number) {
  return absl::StrCat(absl::Dec(number, absl::kZeroPad8), "-8a1c-4a57-9d0f-7f1d2f6c1a01");
}
inline std::string ActivityIdOf(int number, int activity) {
  return absl::StrCat(absl::Dec(number, absl::kZeroPad8), "-8a1c-4a57-9d0f-00000000000", activity);
}

// A partner of which its id and name alone were told.
inline discovery::v1::Partner BarePartner(int number) {
  discovery::v1::Partner partner;
  partner.set_association_id(IdOf(number));
  partner.set_official_name(absl::StrCat("Forening ", number));
  return partner;
}

// One of which everything was, with so many activities.
inline discovery::v1::Partner FullPartner(int number, int activities = 1) {
  discovery::v1::Partner partner = BarePartner(number);
  partner.add_other_names()->set_text("Lektiecaféen");
  partner.set_municipality_code("0998");
  partner.set_status(registry::v1::ASSOCIATION_STATUS_ACTIVE);
  (*partner.mutable_purpose()->mutable_by_language())["da"] = "Lektiehjælp";
  partner.set_area("Nordbyen");
  partner.add_postal_districts("Fjordby");
  partner.add_places("Biblioteket");
  partner.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  partner.add_audiences(registry::v1::AUDIENCE_CHILDREN);
  partner.add_language_codes("ar");
  for (int i = 0; i < activities; ++i) {
    auto& activity = *partner.add_activities();
    activity.set_id(ActivityIdOf(number, i));
    activity.set_title(absl::StrCat("Lektiecafé ", i));
    activity.add_themes(i % 2 == 0 ? registry::v1::THEME_SCHOOL_AND_HOMEWORK
                                   : registry::v1::THEME_CULTURE);
    activity.add_audiences(registry::v1::AUDIENCE_CHILDREN);
    activity.add_language_codes("ar");
    activity.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
    activity.set_place("Biblioteket");
    activity.set_price_oere(0);
    activity.set_open_to_public(true);
    activity.set_capacity(20);
    activity.set_status(registry::v1::ACTIVITY_STATUS_ACTIVE);
    activity.set_fits(true);
  }
  partner.set_capacity(20);
  partner.set_last_confirmed_date("2026-05-04");
  partner.mutable_update_time()->set_seconds(1'780'000'000 + number);
  auto& identifier = *partner.add_identifiers();
  identifier.set_scheme("DK-CVR");
  identifier.set_value("99100265");
  partner.mutable_contact()->add_emails("kontakt@lektiecafe.example");
  partner.mutable_contact()->add_phones("+4510550265");
  partner.mutable_contact()->add_websites("https://lektiecafe.example");
  auto& reason = *partner.add_reasons();
  reason.set_field("activity");
  reason.set_how(search::v1::SEARCH_HOW_ENDING);
  reason.set_asked("lektiecafeer");
  reason.set_found("lektiecafe");
  return partner;
}

inline std::vector<discovery::v1::Partner> Partners(int count, int activities = 1) {
  std::vector<discovery::v1::Partner> partners;
  for (int i = 0; i < count; ++i) partners.push_back(FullPartner(i, activities));
  return partners;
}

}  // namespace brobygger::web
