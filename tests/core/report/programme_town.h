// A store with some associations, for programmes.
#pragma once

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/registry/edit.h"
#include "core/report/programme_import.h"
#include "core/report/programmes.h"
#include "core/report/report.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::report {

struct ProgrammeTown {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  collab::Actor employee{"user:1"};

  // What `body(transaction)` gives; its error, with nothing written, if it fails.
  template <typename Body>
  auto Try(const Body& body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    (void)store->Write("operator", [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.status();
    });
    return result;
  }

  absl::StatusOr<v1::Programme> Put(const v1::Programme& programme) {
    return Try(
        [&](storage::Transaction& transaction) { return PutProgramme(transaction, programme); });
  }

  absl::StatusOr<v1::ImportProgrammeResponse> Import(const v1::ImportProgrammeRequest& request) {
    return Try([&](storage::Transaction& transaction) {
      return ImportProgramme(transaction, request, employee);
    });
  }

  absl::StatusOr<v1::ProgrammeReport> Report(const v1::GetProgrammeReportRequest& request) {
    return MakeReport(*store, clock.Now(), request);
  }

  // The whole report of the programme "bro".
  v1::ProgrammeReport Report() {
    v1::GetProgrammeReportRequest request;
    request.set_programme_id("bro");
    auto report = Report(request);
    INFO(report.status());
    REQUIRE(report.ok());
    return *std::move(report);
  }
};

// A programme in two towns from 2014 to 2017.
inline v1::Programme Bro() {
  v1::Programme programme;
  programme.set_short_name("bro");
  programme.set_title("Bro mellem to byer");
  programme.set_start_date("2014-05-01");
  programme.set_end_date("2017-04-30");
  programme.add_municipality_codes("0615");
  programme.add_municipality_codes("0253");
  return programme;
}

inline v1::ImportedAssociation Named(const std::string& official_name,
                                     const std::string& municipality_code = "0615") {
  v1::ImportedAssociation association;
  association.set_official_name(official_name);
  association.set_municipality_code(municipality_code);
  return association;
}

inline v1::ImportedCollaboration Work(const std::string& title,
                                      const v1::ImportedAssociation& association,
                                      const std::string& start,
                                      const std::string& end) {
  v1::ImportedCollaboration work;
  work.set_title(title);
  *work.add_associations() = association;
  work.mutable_department()->set_official_name("Fritid");
  work.mutable_department()->set_municipality_code("0615");
  work.set_start_date(start);
  work.set_end_date(end);
  return work;
}

// With so many associations, each with a collaboration of its own.
inline v1::ImportProgrammeRequest ManyOf(int count) {
  v1::ImportProgrammeRequest request;
  *request.mutable_programme() = Bro();
  for (int i = 0; i < count; ++i) {
    const auto association = Named(fmt::format("Forening {}", i));
    *request.add_associations() = association;
    *request.add_collaborations() = Work(fmt::format("Fest {}", i), association,
                                         fmt::format("2015-0{}-01", i % 9 + 1), "2016-01-01");
  }
  return request;
}

inline const v1::ReportValue& ValueOf(const v1::ProgrammeReport& report, v1::ReportFigure figure) {
  return report.values(static_cast<int>(figure) - 1);
}

}  // namespace brobygger::report
