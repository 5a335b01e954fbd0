#include "core/cli/progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace brobygger::cli {
namespace {

constexpr auto kPatience = std::chrono::seconds(2);
constexpr size_t kBarWidth = 24;

const char* PhaseWords(sync::v1::Progress::Phase phase) {
  switch (phase) {
    case sync::v1::Progress::PHASE_READING:
      return "Reading the source";
    case sync::v1::Progress::PHASE_PLANNING:
      return "Comparing with the registry";
    case sync::v1::Progress::PHASE_APPLYING:
      return "Writing to the registry";
    default:
      return "Working";
  }
}

}  // namespace

std::string ProgressLine(const sync::v1::Progress& progress) {
  return ProgressLine(PhaseWords(progress.phase()), progress.done(), progress.total());
}

std::string ProgressLine(const char* what, std::size_t done, std::size_t total) {
  if (total == 0) return fmt::format("{}: {} records", what, done);
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<size_t>(share * kBarWidth);
  return fmt::format("{} [{}{}] {:3.0f} %, {} of {}", what, std::string(filled, '#'),
                     std::string(kBarWidth - filled, ' '), share * 100, done, total);
}

ProgressBar::ProgressBar(const Session& session)
    : wanted_(session.terminal().moves_cursor && !session.options().quiet) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::Show(const sync::v1::Progress& progress) { ShowLine(ProgressLine(progress)); }

void ProgressBar::Show(const char* what, std::size_t done, std::size_t total) {
  ShowLine(ProgressLine(what, done, total));
}

void ProgressBar::ShowLine(const std::string& line) {
  if (!wanted_ || std::chrono::steady_clock::now() - start_ < kPatience) return;
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace brobygger::cli
