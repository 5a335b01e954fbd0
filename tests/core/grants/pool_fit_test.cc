// How a fund and an association fit: each criterion met, not met and not known.
#include "core/grants/pool_fit.h"

#include <catch2/catch.hpp>
#include <google/protobuf/util/json_util.h>

namespace brobygger::grants {
namespace {

using grant::v1::POOL_VERDICT_FITS;
using grant::v1::POOL_VERDICT_MAY_FIT;
using grant::v1::POOL_VERDICT_NOT_YET;

constexpr char kToday[] = "2026-11-27";

template <typename Message>
Message From(const std::string& json) {
  Message message;
  const auto read = google::protobuf::util::JsonStringToMessage(json, &message);
  INFO(json << read.ToString());
  REQUIRE(read.ok());
  return message;
}

Applicant Of(const std::string& association_json) {
  return {.association = From<registry::v1::Association>(association_json)};
}

PoolCheck Check(const std::string& criterion_json, const Applicant& applicant) {
  Pool pool;
  pool.set_municipality_code("0615");
  return CheckCriterion(pool, From<PoolCriterion>(criterion_json), applicant, kToday);
}

std::string State(const std::string& criterion_json, const Applicant& applicant) {
  const PoolCheck check = Check(criterion_json, applicant);
  // Whatever comes of it is said in both languages, and what is not met says what helps.
  for (const char* const language : {"da", "en"}) {
    INFO(criterion_json << language);
    CHECK_FALSE(check.wanted().by_language().at(language).empty());
    CHECK_FALSE(check.found().by_language().at(language).empty());
    CHECK(check.found().by_language().at(language).find('{') == std::string::npos);
    const bool met = check.state() == grant::v1::POOL_CHECK_STATE_MET;
    CHECK(met == !check.has_advice());
    if (!met) CHECK_FALSE(check.advice().by_language().at(language).empty());
  }
  switch (check.state()) {
    case grant::v1::POOL_CHECK_STATE_MET:
      return "met";
    case grant::v1::POOL_CHECK_STATE_NOT_MET:
      return "not met";
    default:
      return "not known";
  }
}

std::string State(const std::string& criterion_json, const std::string& association_json) {
  return State(criterion_json, Of(association_json));
}

std::string Fact(const std::string& fact) { return R"({"fact":"POOL_FACT_)" + fact + R"("})"; }

std::string Least(const std::string& measure, int amount) {
  return R"({"least":{"measure":"POOL_MEASURE_)" + measure + R"(","amount":)" +
         std::to_string(amount) + "}}";
}

}  // namespace

TEST_CASE("a CVR number is there, has ended, or is not known") {
  const std::string cvr = Fact("CVR");
  CHECK(State(cvr, R"({"identifiers":[{"scheme":"DK-CVR","value":"99100028"}]})") == "met");
  CHECK(State(cvr, R"({"identifiers":[{"scheme":"DK-CVR","value":"99100028",
                      "valid":{"toDate":"2026-11-27"}}]})") == "not met");
  CHECK(State(cvr, R"({"legalForm":"LEGAL_FORM_NOT_REGISTERED"})") == "not met");
  CHECK(State(cvr, R"({"identifiers":[{"scheme":"CONVENTUS","value":"7"}]})") == "not known");
}

TEST_CASE("a NemKonto is told with yes, with no, or not at all") {
  const std::string konto = Fact("NEMKONTO");
  CHECK(State(konto, R"({"digitalReadiness":{"nemkonto":"TRISTATE_YES"}})") == "met");
  CHECK(State(konto, R"({"digitalReadiness":{"nemkonto":"TRISTATE_NO"}})") == "not met");
  CHECK(State(konto, "{}") == "not known");
}

TEST_CASE("what is open to all is one activity that is, and no as long as one is not told") {
  const std::string open = Fact("OPEN_TO_ALL");
  CHECK(State(open, R"({"activities":[{"title":"a"},{"title":"b","openToPublic":true}]})") ==
        "met");
  CHECK(State(open, R"({"activities":[{"title":"a","openToPublic":false}]})") == "not met");
  CHECK(State(open, R"({"activities":[{"title":"a","openToPublic":false},{"title":"b"}]})") ==
        "not known");
  CHECK(State(open, R"({"activities":[{"title":"a","openToPublic":true,
                       "status":"ACTIVITY_STATUS_ENDED"}]})") == "not known");
}

TEST_CASE("the legal form says that no profit is shared, or has to be asked about") {
  const std::string profit = Fact("NOT_FOR_PROFIT");
  CHECK(State(profit, R"({"legalForm":"LEGAL_FORM_VOLUNTARY_ASSOCIATION"})") == "met");
  CHECK(State(profit, R"({"legalForm":"LEGAL_FORM_COOPERATIVE_SOCIETY"})") == "not known");
  CHECK(State(profit, "{}") == "not known");
}

TEST_CASE("an association is told from an informal group where that is known") {
  const std::string form = Fact("ASSOCIATION");
  CHECK(State(form, R"({"legalForm":"LEGAL_FORM_ASSOCIATION"})") == "met");
  CHECK(State(form, R"({"statutes":{"adoptedDate":"2020-01-01"}})") == "met");
  CHECK(State(form, R"({"kind":"ASSOCIATION_KIND_INFORMAL_GROUP"})") == "not met");
  CHECK(State(form, "{}") == "not known");
}

TEST_CASE("a collaboration counts when it is agreed with the fund's municipality") {
  const std::string agreed = Fact("AGREED_COLLABORATION");
  CHECK(State(agreed, Applicant{.association = {}, .agreed_with = {"0615"}}) == "met");
  CHECK(State(agreed, Applicant{.association = {}, .agreed_with = {"0751"}}) == "not known");
  CHECK(State(agreed, Applicant{.association = {}, .agreed_with = {}, .begun_with = {"0615"}}) ==
        "not met");
  CHECK(State(agreed, "{}") == "not known");
  const auto check = CheckCriterion(Pool(), From<PoolCriterion>(agreed),
                                    Applicant{.association = {}, .agreed_with = {"0751"}}, kToday);
  CHECK(check.state() == grant::v1::POOL_CHECK_STATE_MET);
}

TEST_CASE("what no record can answer is always asked, in the fund's own words") {
  const std::string ask = R"({"fact":"POOL_FACT_ASK","text":{"byLanguage":{
      "da":"Har I en plan?","en":"Do you have a plan?"}}})";
  CHECK(State(ask, R"({"officialName":"x"})") == "not known");
  CHECK(Check(ask, {}).wanted().by_language().at("da") == "Har I en plan?");
}

TEST_CASE("age is counted in whole years, and tells from which day it is enough") {
  CHECK(State(Least("AGE_YEARS", 3), R"({"foundedDate":"2023-11-27"})") == "met");
  CHECK(State(Least("AGE_YEARS", 3), R"({"foundedDate":"2023-11-28"})") == "not met");
  CHECK(State(Least("AGE_YEARS", 3), R"({"foundedDate":"2027-01-01"})") == "not met");
  CHECK(State(Least("AGE_YEARS", 3), "{}") == "not known");
  const auto check = Check(Least("AGE_YEARS", 3), Of(R"({"foundedDate":"2023-11-28"})"));
  CHECK(check.advice().by_language().at("da") == "Den kan søge fra 28-11-2026");
  CHECK(check.found().by_language().at("en") == "Founded 2023-11-28, 2 years ago");
}

TEST_CASE("a number is that of the newest year that tells it") {
  const std::string two_years = R"({"resourceStatements":[
      {"year":2024,"membersTotal":30,"membersPaying":4,"volunteersActive":6},
      {"year":2025,"membersTotal":12},{"year":2026}]})";
  CHECK(State(Least("MEMBERS", 12), two_years) == "met");
  CHECK(State(Least("MEMBERS", 13), two_years) == "not met");
  CHECK(State(Least("PAYING_MEMBERS", 5), two_years) == "not met");
  CHECK(State(Least("VOLUNTEERS", 6), two_years) == "met");
  CHECK(State(Least("UNDER_25_PERCENT", 1), two_years) == "not known");
  CHECK(State(Least("MEMBERS", 1), "{}") == "not known");
  CHECK(Check(Least("MEMBERS", 13), Of(two_years)).found().by_language().at("da") ==
        "12 (tal fra 2025)");
}

TEST_CASE("the share under 25 needs both numbers of one year") {
  const auto members = [](int under, int total) {
    return R"({"resourceStatements":[{"year":2025,"membersTotal":)" + std::to_string(total) +
           R"(,"membersUnder25":)" + std::to_string(under) + "}]}";
  };
  CHECK(State(Least("UNDER_25_PERCENT", 50), members(10, 20)) == "met");
  CHECK(State(Least("UNDER_25_PERCENT", 51), members(10, 20)) == "not met");
  CHECK(State(Least("UNDER_25_PERCENT", 50), members(0, 0)) == "not known");
  CHECK(State(Least("UNDER_25_PERCENT", 1), members(0, 20)) == "not met");
}

TEST_CASE("a municipality is that of the home, or one it is active in") {
  const std::string here = R"({"municipalities":{"municipalityCodes":["0615","0751"]}})";
  CHECK(State(here, R"({"municipalityCode":"0615"})") == "met");
  CHECK(State(here, R"({"municipalityCode":"0101","coverageMunicipalityCodes":["0751"]})") ==
        "met");
  CHECK(State(here, R"({"municipalityCode":"0101"})") == "not met");
  CHECK(Check(here, Of(R"({"municipalityCode":"0101"})")).wanted().by_language().at("en") ==
        "The association is at home or active in Horsens, Aarhus");
}

TEST_CASE("statutes are seen, lack something, or were not looked at for it") {
  const std::string items = R"({"statutes":{"items":["formål","opløsning"]}})";
  CHECK(State(items, R"({"statutes":{"itemsPresent":["Formål","opløsning","hæftelse"]}})") ==
        "met");
  CHECK(State(items, R"({"statutes":{"itemsPresent":["formål"],"itemsMissing":["opløsning"]}})") ==
        "not met");
  CHECK(State(items, R"({"statutes":{"itemsPresent":["formål"]}})") == "not known");
  CHECK(State(items, "{}") == "not known");
  CHECK(State(R"({"statutes":{}})", R"({"statutes":{"adoptedDate":"2020-01-01"}})") == "met");
}

TEST_CASE("one activity of any of the kinds is enough, and none told is no answer") {
  const std::string kinds =
      R"({"activities":{"themes":["THEME_CULTURE"],"audiences":["AUDIENCE_YOUTH"]}})";
  CHECK(State(kinds, R"({"activities":[{"themes":["THEME_EMPLOYMENT"],
                        "audiences":["AUDIENCE_YOUTH"]}]})") == "met");
  CHECK(State(kinds, R"({"activities":[{"themes":["THEME_EMPLOYMENT"]}]})") == "not met");
  CHECK(State(kinds, R"({"activities":[{"title":"a","ageBands":["AGE_BAND_65_PLUS"]}]})") ==
        "not known");
  CHECK(State(kinds, R"({"activities":[{"themes":["THEME_CULTURE"],
                        "status":"ACTIVITY_STATUS_ENDED"}]})") == "not known");
}

TEST_CASE("an approval holds, has ended, was refused, or is not decided") {
  const std::string approval = R"({"approvalAct":"Folkeoplysningsloven"})";
  const auto one = [](const std::string& decision, const std::string& to) {
    return R"({"approvals":[{"act":"folkeoplysningsloven","decision":")" + decision +
           R"(","valid":{"toDate":")" + to + R"("}}]})";
  };
  CHECK(State(approval, one("approved", "")) == "met");
  CHECK(State(approval, one("approved", "2027-01-01")) == "met");
  CHECK(State(approval, one("approved", "2026-01-01")) == "not met");
  CHECK(State(approval, one("refused", "")) == "not met");
  CHECK(State(approval, one("pending", "")) == "not known");
  CHECK(State(approval, R"({"approvals":[{"act":"other","decision":"approved"}]})") == "not known");
}

TEST_CASE("a fund fits if all is met, may fit if something is not known, else not yet") {
  Pool pool;
  const auto verdict = [&](const std::string& association) {
    return FitPool(pool, Of(association), {}, kToday).verdict();
  };
  CHECK(verdict("{}") == POOL_VERDICT_FITS);
  *pool.add_criteria() = From<PoolCriterion>(Fact("NEMKONTO"));
  *pool.add_criteria() = From<PoolCriterion>(Least("MEMBERS", 5));
  CHECK(verdict("{}") == POOL_VERDICT_MAY_FIT);
  CHECK(verdict(R"({"digitalReadiness":{"nemkonto":"TRISTATE_NO"}})") == POOL_VERDICT_NOT_YET);
  CHECK(verdict(R"({"digitalReadiness":{"nemkonto":"TRISTATE_YES"},
                   "resourceStatements":[{"year":2025,"membersTotal":5}]})") == POOL_VERDICT_FITS);
}

TEST_CASE("funds are ordered by deadline, and the nearest first among what else fits") {
  const auto fit = [](const std::string& title, const std::string& rest) {
    const auto pool = From<Pool>(R"({"title":")" + title + R"(")" + rest + "}");
    return FitPool(pool, {}, {registry::v1::THEME_CULTURE}, kToday);
  };
  const auto titles = [](const std::vector<PoolFit>& fits) {
    std::string all;
    for (const PoolFit& each : fits) all += each.pool().title();
    return all;
  };
  std::vector<PoolFit> fits = {
      fit("a", R"(,"deadlineDates":["2026-11-26"])"), fit("b", R"(,"allYear":true)"),
      fit("c", R"(,"deadlineDates":["2026-03-01","2027-03-01"],"kleNumber":"20.01")"),
      fit("d", R"(,"deadlineDates":["2026-11-27"])"),
      fit("e", R"(,"allYear":true,"criteria":[{"municipalities":{}}])")};
  SortByDeadline(fits);
  CHECK(titles(fits) == "dcbea");
  CHECK(fits[0].next_deadline_date() == kToday);
  CHECK(fits[4].deadlines_passed());
  // By its KLE number it is about culture.
  CHECK(fits[1].shared_themes_size() == 1);
  KeepNearest(fits);
  CHECK(titles(fits) == "cdb");
}

}  // namespace brobygger::grants
