// What the rules about one record cost: makes associations from their fields, as
// sync does, and ingests them into a memory store. Prints what each step
// takes of the processor's time.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/ingest.h"
#include "core/storage/memory/memory_store.h"

namespace brobygger {
namespace {

using registry::v1::Association;

constexpr int kRecords = 100'000;
constexpr int kBatch = 1'000;

struct Told {
  std::string path;
  std::string text;
};

std::vector<Told> FieldsOf(int n) {
  const std::string number = std::to_string(n);
  return {{"official_name", "Fjordby Kulturforening nr. " + number},
          {"municipality_code", "0615"},
          {"kind", "LOCAL"},
          {"status", "ACTIVE"},
          {"legal_form", "VOLUNTARY_ASSOCIATION"},
          {"identifiers.SBSYS", "A" + number},
          {"founded_date", "1998-05-12"},
          {"purpose.da", "At samle borgere i \xC3\xB8stbyen om mad, musik og lektiehj\xC3\xA6lp."},
          {"phones", "[\"20 10 10 12\"]"},
          {"emails", "[\"kontakt" + number + "@eksempel.dk\"]"},
          {"websites", "[\"https://eksempel.dk/" + number + "\"]"},
          {"language_codes", "[\"da\",\"ar\"]"},
          {"coverage_area", "Fjordby \xC3\x98st"},
          {"addresses",
           "[{\"street\":\"Havnegade\",\"house_number\":\"12\",\"postal_code\":\"8700\"}]"},
          {"advertising_protected", "false"}};
}

absl::StatusOr<Association> Make(int n) {
  Association association;
  std::vector<std::string> paths;
  for (const Told& told : FieldsOf(n)) {
    BB_RETURN_IF_ERROR(model::SetFieldText(association, told.path, told.text));
    paths.push_back(told.path);
  }
  model::Provenance who;
  who.set_connection_id("bench");
  who.set_external_id(std::to_string(n));
  model::RecordStatement(association, who, paths);
  return association;
}

// Counts processor time: what else the machine does changes it little.
void Report(const char* what, std::clock_t since) {
  const double seconds = static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC;
  std::printf("%-28s %10.1f us a record\n", what, seconds / kRecords * 1e6);
}

absl::Status RunAll() {
  std::vector<Association> made;
  made.reserve(kRecords);
  auto since = std::clock();
  for (int n = 0; n < kRecords; ++n) {
    BB_ASSIGN_OR_RETURN(made.emplace_back(), Make(n));
  }
  Report("15 fields set, provenance", since);

  const auto store = storage::OpenMemoryStore(base::SystemClock());
  since = std::clock();
  for (int n = 0; n < kRecords; n += kBatch) {
    const auto ingest = [&](storage::Transaction& transaction) -> absl::Status {
      for (int i = n; i < n + kBatch; ++i) {
        const auto at = static_cast<std::size_t>(i);
        BB_RETURN_IF_ERROR(registry::IngestAssociation(transaction, std::move(made[at])).status());
      }
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(store->Write("bench", ingest).status());
  }
  Report("ingested into memory", since);
  return absl::OkStatus();
}

}  // namespace
}  // namespace brobygger

int main() {
  const absl::Status status = brobygger::RunAll();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
