#include "core/cli/command.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/cli/session.h"

namespace brobygger::cli {
namespace {

bool StartsWith(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

// CLI11's own IsMember says no more than that a word is not in a list.
CLI::Validator OneOf(const std::vector<std::string>& words) {
  const auto look = [words](const std::string& word) {
    const bool known = std::find(words.begin(), words.end(), word) != words.end();
    return known
               ? std::string()
               : fmt::format("'{}' cannot stand here. There is: {}.", word, fmt::join(words, ", "));
  };
  return {look, fmt::format("{{{}}}", fmt::join(words, ","))};
}

// The command that the user was about to type, for "--help" advice.
std::string FullName(const CLI::App* app) {
  std::string full_name = app->get_name();
  for (const CLI::App* parent = app->get_parent(); parent != nullptr;
       parent = parent->get_parent()) {
    full_name = parent->get_name() + " " + full_name;
  }
  return full_name;
}

const CLI::App* DeepestParsed(const CLI::App* app) {
  const auto chosen = app->get_subcommands();
  return chosen.empty() ? app : DeepestParsed(chosen.front());
}

const CLI::App* FindSubcommand(const CLI::App* app, const std::string& word) {
  for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->check_name(word)) return sub;
  }
  return nullptr;
}

// Looks in the parents too, since their options may follow the subcommand.
const CLI::Option* FindOption(const CLI::App* app, const std::string& word) {
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      if (!option->get_positional() && option->check_name(word)) return option;
    }
  }
  return nullptr;
}

std::vector<const CLI::Option*> Positionals(const CLI::App* app) {
  const auto options = app->get_options();
  std::vector<const CLI::Option*> found;
  std::copy_if(options.begin(), options.end(), std::back_inserter(found),
               [](const CLI::Option* option) { return option->get_positional(); });
  return found;
}

std::vector<std::string> OptionNames(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> SubcommandNames(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  }
  return names;
}

// Where the words before the one being typed have led.
struct Place {
  const CLI::App* app;
  const CLI::Option* waiting = nullptr;  // an option whose value comes next
  size_t positionals = 0;
};

void Advance(Place& place, const std::string& word) {
  if (place.waiting != nullptr) {
    place.waiting = nullptr;
  } else if (StartsWith(word, "-") && word.size() > 1) {
    const CLI::Option* option = FindOption(place.app, word);
    if (option != nullptr && option->get_items_expected_max() > 0) place.waiting = option;
  } else if (const CLI::App* sub = FindSubcommand(place.app, word)) {
    place = Place{.app = sub};
  } else {
    ++place.positionals;
  }
}

}  // namespace

Command Command::Add(const std::string& verb, const std::string& summary) const {
  CLI::App* sub = app_->add_subcommand(verb, summary);
  sub->require_subcommand(0, 1);
  return {sub, line_};
}

Command& Command::Alias(const std::string& word) {
  app_->alias(word);
  return *this;
}

Command& Command::Hide() {
  app_->group("");
  return *this;
}

Command& Command::Argument(const std::string& title, std::string& into, const ValueHint& hint) {
  OptionalArgument(title, into, hint);
  app_->get_option(title)->required();
  return *this;
}

Command& Command::Required(const std::string& names, std::string& into, const ValueHint& hint) {
  Option(names, into, hint);
  app_->get_option(names)->required();
  return *this;
}

Command& Command::OptionalArgument(const std::string& title,
                                   std::string& into,
                                   const ValueHint& hint) {
  CLI::Option* option = app_->add_option(title, into, hint.summary)->type_name("");
  if (!hint.words.empty()) option->check(OneOf(hint.words))->type_name("");
  line_->hints_[option] = hint;
  return *this;
}

Command& Command::Words(const std::string& title,
                        std::vector<std::string>& into,
                        const ValueHint& hint) {
  CLI::Option* option = app_->add_option(title, into, hint.summary)->type_name("");
  if (!hint.words.empty()) option->check(OneOf(hint.words))->type_name("");
  line_->hints_[option] = hint;
  return *this;
}

Command& Command::Flag(const std::string& names, bool& into, const std::string& summary) {
  app_->add_flag(names, into, summary);
  return *this;
}

Command& Command::Option(const std::string& names, std::string& into, const ValueHint& hint) {
  CLI::Option* option = app_->add_option(names, into, hint.summary)->type_name("TEXT");
  if (!hint.words.empty()) option->check(OneOf(hint.words))->type_name("");
  line_->hints_[option] = hint;
  return *this;
}

Command& Command::Options(const std::string& names,
                          std::vector<std::string>& into,
                          const ValueHint& hint) {
  CLI::Option* option = app_->add_option(names, into, hint.summary);
  option->type_name("TEXT")->allow_extra_args(false)->take_all();
  line_->hints_[option] = hint;
  return *this;
}

Command& Command::Number(const std::string& names,
                         std::uint64_t& into,
                         const std::string& summary) {
  app_->add_option(names, into, summary)->type_name("NUMBER");
  return *this;
}

Command& Command::Does(Action action) {
  line_->actions_[app_] = std::move(action);
  return *this;
}

CommandLine::CommandLine(const std::string& program, const std::string& summary)
    : app_(std::make_unique<CLI::App>(summary, program)) {
  app_->fallthrough();
  app_->require_subcommand(0, 1);
  app_->set_help_flag("-h,--help", "Say what a command does and accepts");
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return {app_.get(), this}; }

absl::StatusOr<Action> CommandLine::Parse(std::vector<std::string> words) {
  std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
  try {
    app_->parse(words);
  } catch (const CLI::CallForHelp&) {
    // CLI11's help() already descends to the subcommand that was named.
    return [text = app_->help()](Session& session) -> Outcome {
      session.Write(text);
      return 0;
    };
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        fmt::format("{} Try: {} --help", error.what(), FullName(DeepestParsed(app_.get()))));
  }
  const CLI::App* chosen = DeepestParsed(app_.get());
  const auto action = actions_.find(chosen);
  if (action != actions_.end()) return action->second;
  return absl::InvalidArgumentError(
      fmt::format("'{}' needs one more word: {}. Try: {} --help", FullName(chosen),
                  fmt::join(SubcommandNames(chosen), ", "), FullName(chosen)));
}

Completion CommandLine::Complete(const std::vector<std::string>& words) const {
  Place place{.app = app_.get()};
  for (size_t i = 0; i + 1 < words.size(); ++i) Advance(place, words[i]);
  const std::string typed = words.empty() ? "" : words.back();

  std::vector<std::string> offers;
  const CLI::Option* option = place.waiting;
  if (option == nullptr && StartsWith(typed, "-")) {
    offers = OptionNames(place.app);
  } else if (option == nullptr) {
    offers = SubcommandNames(place.app);
    const auto positionals = Positionals(place.app);
    if (place.positionals < positionals.size()) option = positionals[place.positionals];
  }
  Completion completion;
  const auto hint = hints_.find(option);
  if (hint != hints_.end()) {
    completion.ask = hint->second.completes;
    offers.insert(offers.end(), hint->second.words.begin(), hint->second.words.end());
  }
  std::copy_if(offers.begin(), offers.end(), std::back_inserter(completion.words),
               [&](const std::string& offer) { return StartsWith(offer, typed); });
  return completion;
}

}  // namespace brobygger::cli
