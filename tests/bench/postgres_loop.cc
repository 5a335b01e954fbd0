#include "tests/bench/postgres_loop.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

#include <libpq-fe.h>

namespace brobygger::bench {
namespace {

using Clock = std::chrono::steady_clock;

void Die(const char* text) {
  std::fprintf(stderr, "PostgreSQL: %s\n", text);
  std::exit(1);
}

// A connection with one prepared statement.
class Statement {
 public:
  Statement(const std::string& connection, const std::string& sql)
      : connection_(PQconnectdb(connection.c_str()), PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) Die(PQerrorMessage(connection_.get()));
    const Result made(PQprepare(connection_.get(), "s", sql.c_str(), 0, nullptr), PQclear);
    if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) Die(PQresultErrorMessage(made.get()));
  }

  // What the server has used for this connection so far.
  double ProcessorMicroseconds() const {
    return ProcessorMicrosecondsOf(PQbackendPID(connection_.get()));
  }

  std::vector<std::string> Run(const std::vector<std::string>& parameters) {
    std::vector<const char*> values;
    for (const std::string& each : parameters) values.push_back(each.c_str());
    const Result result(PQexecPrepared(connection_.get(), "s", static_cast<int>(values.size()),
                                       values.data(), nullptr, nullptr, 0),
                        PQclear);
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) Die(PQresultErrorMessage(result.get()));
    std::vector<std::string> rows;
    for (int i = 0; i < PQntuples(result.get()); ++i) {
      rows.emplace_back(PQgetvalue(result.get(), i, 0));
    }
    return rows;
  }

 private:
  using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace

Figures RunPostgresLoop(const std::string& connection,
                        const std::string& sql,
                        const std::vector<std::vector<std::string>>& parameters,
                        const Load& load) {
  std::mutex mutex;
  std::vector<double> took;
  std::uint64_t all_calls = 0;
  double processor_us = 0;
  std::atomic<std::uint64_t> next = 0;
  const auto begin = Clock::now() + load.warm_up;
  const auto end = begin + load.duration;
  const auto call = [&] {
    Statement statement(connection, sql);
    std::vector<double> mine;
    std::uint64_t calls = 0;
    const double used = statement.ProcessorMicroseconds();
    while (true) {
      const auto start = Clock::now();
      if (start >= end) break;
      statement.Run(parameters[next++ % parameters.size()]);
      ++calls;
      const auto now = Clock::now();
      const double us = std::chrono::duration<double, std::micro>(now - start).count();
      if (now >= begin && now < end) mine.push_back(us);
    }
    const std::lock_guard lock(mutex);
    all_calls += calls;
    processor_us += statement.ProcessorMicroseconds() - used;
    took.insert(took.end(), mine.begin(), mine.end());
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < load.callers; ++i) threads.emplace_back(call);
  }
  if (took.empty()) Die("no query ended in time");
  std::sort(took.begin(), took.end());
  const double seconds = std::chrono::duration<double>(load.duration).count();
  return {.per_second = static_cast<double>(took.size()) / seconds,
          .median_us = took[took.size() / 2],
          .p99_us = took[took.size() * 99 / 100],
          .reply_bytes = 0,
          .calls = took.size(),
          .processor_us = processor_us / static_cast<double>(all_calls)};
}

std::vector<std::string> AskPostgres(const std::string& connection,
                                     const std::string& sql,
                                     const std::vector<std::string>& parameters) {
  thread_local std::string last_sql;
  thread_local std::unique_ptr<Statement> statement;
  if (statement == nullptr || last_sql != connection + sql) {
    statement = std::make_unique<Statement>(connection, sql);
    last_sql = connection + sql;
  }
  return statement->Run(parameters);
}

}  // namespace brobygger::bench
