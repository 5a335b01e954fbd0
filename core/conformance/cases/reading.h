// Readers that stop and go on.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/conformance/scenes.h"

namespace brobygger::conformance {

// A place where a reader may stop, and what it has safely got by then.
struct Stop {
  plugin::v1::Checkpoint checkpoint;
  Content held;
};

// Reads a snapshot in batches, and returns each of its checkpoints.
absl::StatusOr<std::vector<Stop>> ReadInSteps(Conversation& talk,
                                              Bench& bench,
                                              std::uint32_t batch_records);

// Reads a snapshot and kills the plugin at event `at`. The last checkpoint, and what
// had come by then: a reader commits only at checkpoints.
absl::StatusOr<Stop> ReadUntilKilled(Bench& bench, std::size_t at);

// Reads in pages of `max_records`, each from the last one's checkpoint, until a page
// brings less; calls `between` after each page with its number from 1. Then, since a
// source may have changed meanwhile, reads once more what is new.
absl::StatusOr<Content> ReadPages(Conversation& talk,
                                  Bench& bench,
                                  plugin::v1::ReadRequest::Mode mode,
                                  std::uint32_t max_records,
                                  const std::function<absl::Status(int)>& between);

// R11-R18, which are in a file of their own.
std::vector<Case> ReadValueCases();

}  // namespace brobygger::conformance
