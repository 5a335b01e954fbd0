// Invitations to events, by mail, against a real mail server.
#include "core/mail/inviter.h"

#include <optional>

#include "core/events/events.h"
#include "tests/core/contact/town.h"
#include "tests/core/mail/smtp_server.h"
#include "tests/support/temp_folder.h"

namespace brobygger::mail {
namespace {

using event::v1::Event;
using event::v1::Invitation;

struct InvitingOffice : contact::Town {
  support::TempFolder folder;
  std::optional<SmtpServer> server;
  Settings settings;
  std::unique_ptr<Sender> sender;
  std::optional<Inviter> inviter;
  std::string integration = Department("Integration", "integration@fjordby.example");
  std::string lawan = Associate("Lawan Kurdisk Ungdom", {"kontakt@lawan.example"});
  std::string event;

  explicit InvitingOffice(const std::vector<std::string>& more = {})
      : server(std::in_place, folder.path(), more) {
    settings.server = server->url();
    settings.from = "brobygger@fjordby.example";
    settings.tls = "none";
    sender = MakeSmtpSender(settings);
    inviter.emplace(*store, *sender, clock, settings);
    Event wanted;
    wanted.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
    wanted.set_title("Netværksdag på havnen");
    wanted.set_place("Pakhuset");
    wanted.mutable_start_time()->set_seconds(1'717'228'800);  // 2024-06-01 08:00 UTC
    wanted.mutable_end_time()->set_seconds(1'717'246'800);
    wanted.add_host_department_ids(integration);
    event = Write([&](storage::Transaction& transaction) {
              return events::CreateEvent(transaction, wanted);
            })->id();
  }

  absl::Status Invite(const std::string& association) {
    event::v1::InviteAssociationsRequest request;
    request.set_event_id(event);
    request.set_by_mail(true);
    auto& invitation = *request.add_invitations();
    invitation.set_association_id(association);
    invitation.set_can_give("mad og musik");
    invitation.set_can_get("nye samarbejder");
    return Write([&](storage::Transaction& transaction) {
             return events::InviteAssociations(transaction, request);
           })
        .status();
  }

  Invitation Asked() { return events::GetEvent(**store->Latest(), event)->invitations(0); }
};

TEST_CASE("an association is asked by mail, once, and the answer goes to who holds the event") {
  InvitingOffice office;
  REQUIRE(office.Invite(office.lawan).ok());
  CHECK(office.Asked().mail_waiting());
  office.inviter->Walk(nullptr);
  office.inviter->Walk(nullptr);
  const auto mails = MailsIn(office.folder.path());
  REQUIRE(mails.size() == 1);
  const std::string& mail = mails[0];
  CHECK(mail.find("To: <kontakt@lawan.example>") != std::string::npos);
  CHECK(mail.find("Reply-To: <integration@fjordby.example>") != std::string::npos);
  CHECK(mail.find("mad og musik") != std::string::npos);
  CHECK(mail.find("01-06-2024 10:00 - 15:00") != std::string::npos);
  CHECK_FALSE(office.Asked().mail_waiting());
  CHECK(office.Asked().has_mail_time());
  CHECK(office.Asked().mail_trouble().empty());
}

TEST_CASE("who has given no address cannot be asked by mail") {
  InvitingOffice office;
  const std::string nobody = office.Associate("Uden Adresse");
  const absl::Status refused = office.Invite(nobody);
  CHECK(base::ErrorMetadata(refused, "field") == "by_mail");
  CHECK(events::GetEvent(**office.store->Latest(), office.event)->invitations().empty());
}

TEST_CASE("a cancelled event invites nobody any more") {
  InvitingOffice office;
  REQUIRE(office.Invite(office.lawan).ok());
  REQUIRE(office
              .Write([&](storage::Transaction& transaction) {
                return events::CancelEvent(transaction, office.event);
              })
              .ok());
  office.inviter->Walk(nullptr);
  CHECK(MailsIn(office.folder.path()).empty());
  CHECK(office.Asked().mail_trouble() == "the event is over or cancelled");
}

TEST_CASE("two invited that turn out to be one association are asked once") {
  InvitingOffice office;
  std::string other = office.Associate("Lawan", {"lawan@lawan.example"});
  // Invitations lie in the order of the ids: once the one that stays first, once the other.
  if ((other < office.lawan) == GENERATE(false, true)) std::swap(other, office.lawan);
  REQUIRE(office.Invite(office.lawan).ok());
  REQUIRE(office.Invite(other).ok());
  // As a merge leaves the younger one.
  const auto merge = [&](storage::Transaction& transaction) -> absl::Status {
    const auto bytes = transaction.Find(storage::Kind::kAssociation, other);
    registry::v1::Association absorbed;
    absorbed.ParseFromString(**bytes);
    absorbed.mutable_delete_time()->set_seconds(1);
    absorbed.set_merged_into_association_id(office.lawan);
    return transaction.Put(storage::Kind::kAssociation, other, absorbed.SerializeAsString());
  };
  REQUIRE(office.store->Write("operator", merge).ok());
  office.inviter->Walk(nullptr);
  office.inviter->Walk(nullptr);
  CHECK(MailsIn(office.folder.path()).size() == 1);
  CHECK(events::InvitationsToMail(**office.store->Latest())->empty());
  CHECK(events::GetEvent(**office.store->Latest(), office.event)->invitations_size() == 1);
}

TEST_CASE("a mail server that is away is tried again, and loses nothing") {
  InvitingOffice office;
  office.server.reset();
  REQUIRE(office.Invite(office.lawan).ok());
  office.inviter->Walk(nullptr);
  CHECK(office.Asked().mail_waiting());
  office.server.emplace(office.folder.path(), std::vector<std::string>{});
  office.settings.server = office.server->url();
  office.sender = MakeSmtpSender(office.settings);
  office.inviter.emplace(*office.store, *office.sender, office.clock, office.settings);
  office.inviter->Walk(nullptr);
  CHECK(MailsIn(office.folder.path()).size() == 1);
  CHECK(office.Asked().has_mail_time());
}

}  // namespace
}  // namespace brobygger::mail
