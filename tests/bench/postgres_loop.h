#pragma once

#include <string>
#include <vector>

#include "tests/bench/closed_loop.h"

namespace brobygger::bench {

// The same as RunClosedLoop() with a prepared statement of PostgreSQL: `load.callers` threads with
// a connection each, `parameters` in turn. Ends the program with a message if a query fails.
Figures RunPostgresLoop(const std::string& connection,
                        const std::string& sql,
                        const std::vector<std::vector<std::string>>& parameters,
                        const Load& load);

// The first column of what one query answers.
std::vector<std::string> AskPostgres(const std::string& connection,
                                     const std::string& sql,
                                     const std::vector<std::string>& parameters);

}  // namespace brobygger::bench
