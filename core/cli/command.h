// What a command is called and what it accepts. CLI11 stands behind it, in one
// .cc file: each file that includes CLI11 costs seconds to compile.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls itself so
class App;
class Option;
}  // namespace CLI

namespace brobygger::cli {

class Session;

// An exit code, or what went wrong (ExitCodeOf() makes it one).
using Outcome = absl::StatusOr<int>;
using Action = std::function<Outcome(Session&)>;

// What can stand in a place of the command line, for completion.
enum class Completes { kNothing, kAssociation, kConnection, kPlugin, kFile, kWord };

// How a value is described in the help, and what completion offers for it.
struct ValueHint {
  std::string summary;
  Completes completes = Completes::kNothing;
  std::vector<std::string> words = {};  // all that is accepted, if not empty
};

class CommandLine;

// A handle: cheap to copy, valid as long as its CommandLine. What the values are
// written to must live as long; an Action that holds it by shared_ptr does that.
class Command {
 public:
  Command Add(const std::string& verb, const std::string& summary) const;
  Command& Alias(const std::string& word);
  // Not shown in the help.
  Command& Hide();
  Command& Argument(const std::string& title, std::string& into, const ValueHint& hint);
  Command& OptionalArgument(const std::string& title, std::string& into, const ValueHint& hint);
  // All words that are left, none of which begins with "-".
  Command& Words(const std::string& title, std::vector<std::string>& into, const ValueHint& hint);
  Command& Flag(const std::string& names, bool& into, const std::string& summary);
  Command& Option(const std::string& names, std::string& into, const ValueHint& hint);
  // An option that must be given.
  Command& Required(const std::string& names, std::string& into, const ValueHint& hint);
  // May be given several times.
  Command& Options(const std::string& names, std::vector<std::string>& into, const ValueHint& hint);
  Command& Number(const std::string& names, std::uint64_t& into, const std::string& summary);
  Command& Does(Action action);

 private:
  friend class CommandLine;
  Command(CLI::App* app, CommandLine* line) : app_(app), line_(line) {}

  CLI::App* app_;
  CommandLine* line_;
};

// What may come next on an unfinished command line.
struct Completion {
  std::vector<std::string> words;  // starting with what is typed so far
  Completes ask = Completes::kNothing;
};

class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& summary);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command root();

  // The action asked for; for --help one that prints it. INVALID_ARGUMENT with a
  // sentence for the user otherwise.
  absl::StatusOr<Action> Parse(std::vector<std::string> words);

  // `words` are those after the program's name; the last one is being typed.
  Completion Complete(const std::vector<std::string>& words) const;

 private:
  friend class Command;
  std::unique_ptr<CLI::App> app_;
  std::map<const CLI::App*, Action> actions_;
  std::map<const CLI::Option*, ValueHint> hints_;
};

}  // namespace brobygger::cli
