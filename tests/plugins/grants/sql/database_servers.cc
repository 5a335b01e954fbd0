#include "tests/plugins/grants/sql/database_servers.h"

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace brobygger::tests {
namespace {

constexpr char kPassword[] = "h;e{m}m e=lig";
constexpr char kPostgresBin[] = "/usr/lib/postgresql/15/bin/";
constexpr int kMostTries = 600;

// Starts `words` with its output in `log`; as an unprivileged user if we are root,
// since neither server runs as root.
int Start(std::vector<std::string> words, const std::string& log) {
  if (geteuid() == 0) words.insert(words.begin(), {"/usr/sbin/runuser", "-u", "postgres", "--"});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  char path[] = "PATH=/usr/bin:/bin:/usr/sbin";
  char language[] = "LC_ALL=C.UTF-8";
  char* environment[] = {path, language, nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + words[0]);
  return pid;
}

bool Succeeds(const std::vector<std::string>& words, const std::string& log) {
  int status = 0;
  const int pid = Start(words, log);
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void Run(const std::vector<std::string>& words, const std::string& log) {
  if (!Succeeds(words, log)) throw std::runtime_error(words[0] + " failed; see " + log);
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// A client that is in the middle of a transaction. A server does not notice that its
// client is gone while it sleeps for it, so it has to be told to end the session.
class HeldByClient final : public HeldLock {
 public:
  HeldByClient(int pid, std::function<void()> end_session)
      : pid_(pid), end_session_(std::move(end_session)) {}
  ~HeldByClient() override {
    end_session_();
    waitpid(pid_, nullptr, 0);
  }

 private:
  int pid_;
  std::function<void()> end_session_;
};

std::uint16_t FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || getsockname(listener, generic, &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(listener);
  return ntohs(address.sin_port);
}

// A server with its files in a folder that its unprivileged user may write.
class Server : public DatabaseServer {
 public:
  Server() : port_(FreePort()) { chmod(folder_.path().c_str(), 0777); }
  std::string password() const override { return kPassword; }
  std::uint16_t port() const override { return port_; }

 protected:
  std::string Path(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string port_text() const { return std::to_string(port_); }

  // What `words` write.
  std::string Answer(const std::vector<std::string>& words) {
    const std::string file = Path("answer" + std::to_string(++answers_));
    Run(words, file);
    return TextOf(file);
  }

  // Waits until `sql` answers "1".
  void Await(const std::string& sql) {
    for (int tries = 0; Query(sql) != "1"; ++tries) {
      if (tries == kMostTries) throw std::runtime_error("never true: " + sql);
      poll(nullptr, 0, 20);
    }
  }

 private:
  int answers_ = 0;
  TempFolder folder_;
  std::uint16_t port_;
};

class Postgres final : public Server {
 public:
  Postgres() {
    Run({std::string(kPostgresBin) + "initdb", "-D", Path("data"), "--auth-local=trust",
         "--auth-host=scram-sha-256", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
         "--no-sync"},
        Path("log"));
    Control(
        {"-o",
         "-p " + port_text() + " -k " + Path("") + " -c listen_addresses=127.0.0.1 -c fsync=off",
         "-l", Path("server.log"), "-w", "start"});
    running_ = true;
    Psql("postgres", "CREATE DATABASE tilskud");
    Execute("CREATE ROLE brobygger LOGIN PASSWORD '" + std::string(kPassword) + "'");
  }
  ~Postgres() override { Stop(); }

  std::string name() const override { return "PostgreSQL"; }
  void Execute(const std::string& sql) override { Psql("tilskud", sql); }
  std::string connection_string() const override {
    return "Driver={PostgreSQL Unicode};Server=127.0.0.1;Port=" + port_text() +  // glossary: ok
           ";Database=tilskud;UID=brobygger";
  }
  std::string Query(const std::string& sql) override {
    return Answer(Words("tilskud", sql, {"-tA"}));
  }
  void Crash() override { Control({"-m", "immediate", "-w", "-l", Path("server.log"), "restart"}); }
  std::unique_ptr<HeldLock> Hold(const std::string& sql) override {
    auto held = std::make_unique<HeldByClient>(
        Start(Words("tilskud", "BEGIN; " + sql + "; SELECT pg_sleep(120)", {}), Path("held")),
        [this] {
          Query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = "
              "'PgSleep'");
        });
    Await("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    return held;
  }
  void Stop() override {
    if (std::exchange(running_, false)) Control({"-m", "immediate", "-w", "stop"});
  }

 private:
  void Control(std::vector<std::string> words) {
    words.insert(words.begin(), {std::string(kPostgresBin) + "pg_ctl", "-D", Path("data")});
    Run(words, Path("log"));
  }
  void Psql(const std::string& database, const std::string& sql) {
    Run(Words(database, sql, {}), Path("log"));
  }
  std::vector<std::string> Words(const std::string& database,
                                 const std::string& sql,
                                 const std::vector<std::string>& more) const {
    std::vector<std::string> words = {std::string(kPostgresBin) + "psql",
                                      "-h",
                                      Path(""),
                                      "-p",
                                      port_text(),
                                      "-U",
                                      "postgres",
                                      "-d",
                                      database,
                                      "-v",
                                      "ON_ERROR_STOP=1",
                                      "-q"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"-c", sql});
    return words;
  }

  bool running_ = false;
};

class MariaDb final : public Server {
 public:
  MariaDb() {
    Run({"/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=" + Path("data"),
         "--auth-root-authentication-method=normal", "--skip-test-db"},
        Path("log"));
    pid_ = Start({"/usr/sbin/mariadbd", "--no-defaults", "--datadir=" + Path("data"),
                  "--port=" + port_text(), "--bind-address=127.0.0.1", "--socket=" + Path("s"),
                  "--pid-file=" + Path("pid"), "--innodb-flush-log-at-trx-commit=0",
                  "--innodb-buffer-pool-size=16M"},
                 Path("log"));
    for (int tries = 0; !Succeeds(Client("SELECT 1"), Path("client")); ++tries) {
      if (tries == kMostTries)
        throw std::runtime_error("mariadbd does not answer; see " + Path("log"));
      poll(nullptr, 0, 50);
    }
    Run(Client("CREATE DATABASE tilskud CHARACTER SET utf8mb4; CREATE USER brobygger@'127.0.0.1' "
               "IDENTIFIED BY '" +
               std::string(kPassword) + "'"),
        Path("log"));
  }
  ~MariaDb() override { Stop(); }

  std::string name() const override { return "MariaDB"; }
  void Execute(const std::string& sql) override { Run(Client("USE tilskud; " + sql), Path("log")); }
  std::string Query(const std::string& sql) override {
    std::vector<std::string> words = Client("USE tilskud; " + sql);
    words.insert(words.begin() + 2, {"-N", "-B"});
    return Answer(words);
  }
  std::unique_ptr<HeldLock> Hold(const std::string& sql) override {
    auto held = std::make_unique<HeldByClient>(
        Start(Client("USE tilskud; BEGIN; " + sql + "; SELECT SLEEP(120)"), Path("held")), [this] {
          Execute("KILL " + Query("SELECT ID FROM information_schema.PROCESSLIST WHERE STATE = "
                                  "'User sleep'"));
        });
    Await("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'");
    return held;
  }
  std::string connection_string() const override {
    return "Driver={MariaDB Unicode};Server=127.0.0.1;Port=" + port_text() +  // glossary: ok
           ";Database=tilskud;UID=brobygger";
  }
  void Stop() override {
    if (pid_ == 0) return;
    Run({"/usr/bin/mariadb", "--no-defaults", "--socket=" + Path("s"), "-u", "root", "-e",
         "SHUTDOWN"},
        Path("log"));
    waitpid(std::exchange(pid_, 0), nullptr, 0);
  }

 private:
  std::vector<std::string> Client(const std::string& sql) const {
    return {"/usr/bin/mariadb",
            "--no-defaults",
            "--default-character-set=utf8mb4",
            "--socket=" + Path("s"),
            "-u",
            "root",
            "-e",
            sql};
  }

  int pid_ = 0;
};

class HeldInFile final : public HeldLock {
 public:
  HeldInFile(const std::string& file, const std::string& sql) {
    sqlite3_open(file.c_str(), &database_);
    sqlite3_exec(database_, ("BEGIN IMMEDIATE; " + sql).c_str(), nullptr, nullptr, nullptr);
  }
  ~HeldInFile() override { sqlite3_close(database_); }

 private:
  sqlite3* database_ = nullptr;
};

class SqliteFile final : public DatabaseServer {
 public:
  std::string name() const override { return "SQLite"; }
  void Execute(const std::string& sql) override { Query(sql); }
  std::string Query(const std::string& sql) override {
    sqlite3* database = nullptr;
    sqlite3_open(file_.c_str(), &database);
    char* message = nullptr;
    std::string answer;
    const auto collect = [](void* to, int columns, char** values, char** /*names*/) {
      auto& all = *static_cast<std::string*>(to);
      if (!all.empty()) all += "\n";
      for (int at = 0; at < columns; ++at) {
        all += (at == 0 ? "" : "|") + std::string(values[at] == nullptr ? "" : values[at]);
      }
      return 0;
    };
    const int result = sqlite3_exec(database, sql.c_str(), collect, &answer, &message);
    const std::string text = message == nullptr ? "" : message;
    sqlite3_free(message);
    sqlite3_close(database);
    if (result != SQLITE_OK) throw std::runtime_error(text);
    return answer;
  }
  std::unique_ptr<HeldLock> Hold(const std::string& sql) override {
    return std::make_unique<HeldInFile>(file_, sql);
  }
  std::string connection_string() const override {
    return "Driver=/usr/lib/x86_64-linux-gnu/odbc/libsqlite3odbc.so;NoCreat=1;Database=" +
           file_;  // glossary: ok
  }
  std::string folder() const override { return folder_.path(); }

 private:
  TempFolder folder_;
  std::string file_ = folder_.path() + "/tilskud.sqlite";
};

}  // namespace

std::unique_ptr<DatabaseServer> StartPostgres() { return std::make_unique<Postgres>(); }
std::unique_ptr<DatabaseServer> StartMariaDb() { return std::make_unique<MariaDb>(); }
std::unique_ptr<DatabaseServer> MakeSqliteFile() { return std::make_unique<SqliteFile>(); }

}  // namespace brobygger::tests
