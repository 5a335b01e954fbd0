#include "core/matching/online.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <string>

#include "core/matching/index.h"

namespace brobygger::matching {
namespace {

// What one arrival was linked to, if anything came near.
struct Arrival {
  double score = -1e9;
  bool right = false;
  bool was_there = false;
};

class Arrivals {
 public:
  Arrivals(const std::shared_ptr<const Model>& model,
           const RecordSource& records,
           const Truth& truth)
      : records_(records), truth_(truth), index_(model), same_(model->associations().same) {}

  void Seed(const std::vector<std::uint32_t>& clusters, const std::vector<std::size_t>& known) {
    for (const std::size_t record : known) {
      members_["c" + std::to_string(clusters[record])].push_back(record);
    }
    for (const auto& [id, members] : members_) Store(id);
  }

  Arrival Take(std::size_t record, std::vector<double>& took_us) {
    Arrival arrival;
    arrival.was_there = entities_[truth_[record]] > 0;
    const Record said = records_.At(record);
    const auto begun = std::chrono::steady_clock::now();
    const Resolution resolution = index_.Resolve(said);
    took_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun)
            .count());
    std::string home = "r" + std::to_string(record);
    if (!resolution.matches.empty()) {
      const Match& best = resolution.matches.front();
      arrival.score = best.score;
      arrival.right = MostlyOf(members_[best.association_id]) == truth_[record];
      if (best.score >= same_) home = best.association_id;
    }
    members_[home].push_back(record);
    Store(home);
    return arrival;
  }

  const Index& index() const { return index_; }

 private:
  void Store(const std::string& id) {
    std::vector<Record> said;
    for (const std::size_t member : members_[id]) {
      said.push_back(records_.At(member));
      ++entities_[truth_[member]];
    }
    index_.Put(id, said);
  }

  std::uint32_t MostlyOf(const std::vector<std::size_t>& members) const {
    std::map<std::uint32_t, std::size_t> counts;
    for (const std::size_t member : members) ++counts[truth_[member]];
    return std::max_element(counts.begin(), counts.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }

  const RecordSource& records_;
  const Truth& truth_;
  Index index_;
  const double same_;
  std::map<std::string, std::vector<std::size_t>> members_;
  std::map<std::uint32_t, std::size_t> entities_;
};

// The most right links at a threshold that links at most 1 % wrongly.
double RightLinks(std::vector<Arrival> arrivals) {
  constexpr double kWrong = 0.01;
  std::sort(arrivals.begin(), arrivals.end(),
            [](const Arrival& a, const Arrival& b) { return a.score > b.score; });
  const double allowed = kWrong * static_cast<double>(arrivals.size());
  double right = 0;
  double wrong = 0;
  double best = 0;
  double there = 0;
  for (const Arrival& arrival : arrivals) {
    there += arrival.was_there;
    if (arrival.score <= -1e8) continue;
    (arrival.right ? right : wrong) += 1;
    if (wrong <= allowed) best = std::max(best, right);
  }
  return there == 0 ? 1 : best / there;
}

double At(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

OnlineFigures MeasureOnline(const std::shared_ptr<const Model>& model,
                            const RecordSource& records,
                            const std::vector<std::uint32_t>& clusters,
                            const Truth& truth,
                            const std::vector<double>& arrival) {
  std::vector<std::size_t> order(records.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!arrival.empty()) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return arrival[a] < arrival[b]; });
  }
  const std::size_t known = records.size() - records.size() / 10;
  Arrivals arrivals(model, records, truth);
  arrivals.Seed(clusters, {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(known)});
  OnlineFigures figures;
  figures.associations = arrivals.index().associations();
  figures.arrivals = records.size() - known;
  std::vector<double> took_us;
  std::vector<Arrival> taken;
  for (std::size_t i = known; i < order.size(); ++i)
    taken.push_back(arrivals.Take(order[i], took_us));
  figures.right_links = RightLinks(std::move(taken));
  figures.p50_us = At(took_us, 0.5);
  figures.p99_us = At(took_us, 0.99);
  figures.index_bytes_per_record = static_cast<double>(arrivals.index().MemoryBytes()) /
                                   static_cast<double>(std::max<std::size_t>(1, records.size()));
  return figures;
}

}  // namespace brobygger::matching
