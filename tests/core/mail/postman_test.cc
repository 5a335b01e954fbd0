#include "core/mail/postman.h"

#include <memory>
#include <optional>

#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/mail/follower.h"
#include "core/storage/memory/memory_store.h"
#include "tests/core/mail/smtp_server.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::mail {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using storage::Kind;

constexpr char kIt[] = "it@fjordby.example";
constexpr char kVivi[] = "vivi@centre.example";

// A hub's store with two connections, a postman, and a real mail server.
class Office {
 public:
  explicit Office(const std::vector<std::string>& more = {})
      : server_(std::in_place, folder_.path(), more) {
    settings_.server = server_->url();
    settings_.from = "brobygger@fjordby.example";
    settings_.to = {kIt};
    settings_.tls = "none";
    settings_.language = "en";
    AddConnection("tilskud", "");
    AddConnection("frivillig", kVivi);
    StartAgain();
  }

  void StartAgain() {
    sender_ = MakeSmtpSender(settings_);
    postman_ = std::make_unique<Postman>(*store_, *sender_, clock_, settings_);
  }

  void Put(Kind kind, const std::string& key, const std::string& bytes) {
    const auto written = store_->Write("test", [&](storage::Transaction& transaction) {
      return transaction.Put(kind, key, bytes);
    });
    REQUIRE(written.ok());
  }

  void AddConnection(const std::string& id, const std::string& responsible) {
    sync::v1::Connection connection;
    connection.set_id(id);
    connection.set_responsible_email(responsible);
    Put(Kind::kConnection, id, connection.SerializeAsString());
  }

  void AddConflict(const std::string& connection) {
    sync::v1::Conflict conflict;
    conflict.set_official_name("Kurdisk Ungdom");
    conflict.mutable_open_time()->set_seconds(++conflicts_);
    Put(Kind::kConflict, connection + "/associations/" + std::to_string(conflicts_),
        conflict.SerializeAsString());
  }

  void ResolveConflict(int number) {
    const auto written = store_->Write("test", [&](storage::Transaction& transaction) {
      return transaction.Remove(Kind::kConflict, "tilskud/associations/" + std::to_string(number));
    });
    REQUIRE(written.ok());
  }

  // Looks once now, and how many mails have come in all.
  std::size_t Walk() {
    postman_->Walk(nullptr);
    return mails().size();
  }
  // Looks each minute for so long.
  std::size_t WalkFor(std::chrono::minutes time) {
    for (minutes passed(0); passed < time; passed += minutes(1)) {
      clock_.Advance(minutes(1));
      postman_->Walk(nullptr);
    }
    return mails().size();
  }

  std::vector<std::string> mails() const { return MailsIn(folder_.path()); }
  std::size_t MailsTo(const std::string& address) const {
    const auto all = mails();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& mail) {
      return mail.find("X-Rcpt: " + address + "\r\n") != std::string::npos;
    }));
  }

  void StopServer() { server_.reset(); }
  void StartServer() { server_.emplace(folder_.path(), std::vector<std::string>{"--port", port_}); }

  storage::Store& store() { return *store_; }
  support::FakeClock& clock() { return clock_; }
  Settings& settings() { return settings_; }

 private:
  const support::TempFolder folder_;
  std::optional<SmtpServer> server_;
  const std::string port_ = server_->port();
  support::FakeClock clock_;
  const std::unique_ptr<storage::Store> store_ = storage::OpenMemoryStore(base::SystemClock());
  Settings settings_;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<Postman> postman_;
  int conflicts_ = 0;
};

TEST_CASE("nothing is mailed while nothing waits") {
  Office office;
  CHECK(office.WalkFor(hours(24) * 8) == 0);
}

TEST_CASE("what is settled within minutes is not mailed") {
  Office office;
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(9)) == 0);
  office.ResolveConflict(1);
  CHECK(office.WalkFor(hours(1)) == 0);
}

TEST_CASE("what goes on waiting is mailed once, and again after seven days") {
  Office office;
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(15)) == 1);
  CHECK(office.mails()[0].find("Subject: Brobygger: 1 conflict\r\n") != std::string::npos);
  CHECK(office.WalkFor(hours(24) * 7 - minutes(15)) == 1);
  CHECK(office.WalkFor(minutes(20)) == 2);
  CHECK(office.WalkFor(hours(24) * 6) == 2);
}

TEST_CASE("news waits until a day after the last mail") {
  Office office;
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(15)) == 1);
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(hours(23)) == 1);
  CHECK(office.WalkFor(hours(2)) == 2);
  office.ResolveConflict(1);
  CHECK(office.WalkFor(hours(48)) == 2);
}

TEST_CASE("a hub that starts again tells nothing twice") {
  Office office;
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(15)) == 1);
  for (int restart = 0; restart < 3; ++restart) {
    office.StartAgain();
    CHECK(office.WalkFor(hours(47)) == 1);
  }
}

TEST_CASE("each address has one mail with what it is responsible for, and no more") {
  Office office;
  office.AddConflict("tilskud");
  office.AddConflict("frivillig");
  office.AddConflict("frivillig");
  CHECK(office.WalkFor(minutes(15)) == 2);
  CHECK(office.MailsTo(kIt) == 1);
  CHECK(office.MailsTo(kVivi) == 1);
  for (const std::string& mail : office.mails()) {
    const bool to_vivi = mail.find(kVivi) != std::string::npos;
    CHECK((mail.find("sync conflicts frivillig") != std::string::npos) == to_vivi);
    CHECK((mail.find("sync conflicts tilskud") != std::string::npos) == !to_vivi);
    CHECK(mail.find("Kurdisk") == std::string::npos);
  }
}

TEST_CASE("a refused address holds nobody else back, and is tried again with rests") {
  Office office({"--refuse", kVivi});
  office.AddConflict("frivillig");
  office.AddConflict("tilskud");
  const std::string log = support::CapturedLog([&] { office.WalkFor(hours(5)); });
  CHECK(office.MailsTo(kIt) == 1);
  CHECK(office.MailsTo(kVivi) == 0);
  int tries = 0;
  for (std::size_t at = log.find("mail_not_sent"); at != std::string::npos;
       at = log.find("mail_not_sent", at + 1)) {
    ++tries;
  }
  // After 0, 1, 3, 7, 15, 31, 63 minutes, then each 64.
  CHECK(tries == 10);
  CHECK(log.find("550") != std::string::npos);
  CHECK(log.find("@") == std::string::npos);
}

TEST_CASE("nothing is lost while the mail server is down") {
  Office office;
  office.StopServer();
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(30)) == 0);
  office.StartServer();
  CHECK(office.WalkFor(minutes(70)) == 1);
  CHECK(office.WalkFor(hours(24)) == 1);
}

TEST_CASE("a mail that the hub does not know to have sent has the same id as before") {
  Office office;
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(15)) == 1);
  const auto written = office.store().Write("test", [&](storage::Transaction& transaction) {
    return transaction.Remove(Kind::kMailState, kIt);
  });
  REQUIRE(written.ok());
  office.StartAgain();
  CHECK(office.WalkFor(minutes(15)) == 2);
  const auto id_of = [&](std::size_t number) {
    const std::string mail = office.mails()[number];
    const std::size_t at = mail.find("Message-ID: ");
    return mail.substr(at, mail.find("\r\n", at) - at);
  };
  CHECK(id_of(0) == id_of(1));
}

TEST_CASE("an address that nobody names any more is not kept") {
  Office office;
  office.AddConflict("frivillig");
  CHECK(office.WalkFor(minutes(15)) == 1);
  const auto kept = [&] { return *(*office.store().Latest())->Find(Kind::kMailState, kVivi); };
  CHECK(kept() != nullptr);
  office.AddConnection("frivillig", "");
  CHECK(office.WalkFor(minutes(1)) == 1);
  CHECK(kept() == nullptr);
}

TEST_CASE("a clock that was once ahead does not silence the hub") {
  Office office;
  office.AddConflict("tilskud");
  office.clock().Advance(hours(24) * 365);
  CHECK(office.WalkFor(minutes(15)) == 1);
  office.clock().Advance(-hours(24) * 365);
  office.AddConflict("tilskud");
  CHECK(office.WalkFor(minutes(15)) == 2);
}

TEST_CASE("a postman who is told to stop leaves the rest for the next time") {
  Office office;
  office.settings().settle = minutes(0);
  office.StartAgain();
  office.AddConflict("tilskud");
  const auto sender = MakeSmtpSender(office.settings());
  Postman postman(office.store(), *sender, office.clock(), office.settings());
  postman.Walk([] { return true; });
  CHECK(office.mails().empty());
  CHECK(office.Walk() == 1);
}

TEST_CASE("a test mail says only that mail arrives") {
  Office office;
  office.AddConflict("tilskud");
  const auto sender = MakeSmtpSender(office.settings());
  CHECK(SendTestMail(*sender, office.settings(), kIt, office.clock()).ok());
  REQUIRE(office.mails().size() == 1);
  CHECK(office.mails()[0].find("This is a test.") != std::string::npos);
  CHECK(office.mails()[0].find("conflict") == std::string::npos);
}

TEST_CASE("a follower whose server is away ends at once") {
  Office office;
  office.settings().settle = minutes(0);
  office.StopServer();
  office.AddConflict("tilskud");
  const auto begin = std::chrono::steady_clock::now();
  { const MailFollower follower(office.store(), office.clock(), office.settings()); }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

}  // namespace
}  // namespace brobygger::mail
