#include "core/discovery/familiarity.h"

#include <catch2/catch.hpp>

#include "core/base/day.h"

namespace brobygger::discovery {
namespace {

using contact::v1::CONTACT_CHANNEL_APPLICATION;
using contact::v1::CONTACT_CHANNEL_MEETING;
using contact::v1::CONTACT_PURPOSE_COLLABORATION;
using contact::v1::CONTACT_PURPOSE_GRANT;

const int kToday = base::DayNumber("2026-11-26");

Contact Ago(int days, int purpose = CONTACT_PURPOSE_COLLABORATION, std::uint16_t role = 0) {
  Contact contact;
  contact.day = kToday - days;
  contact.channel = CONTACT_CHANNEL_MEETING;
  contact.purpose = static_cast<std::uint8_t>(purpose);
  contact.role = role;
  return contact;
}

v1::FamiliarityGrade Grade(const std::vector<Contact>& contacts) {
  return FamiliarityOf({.department_id = "d", .contacts = contacts, .quarters = {}}, kToday)
      .grade();
}

TEST_CASE("how well a department knows an association follows from when they were in touch") {
  CHECK(Grade({}) == v1::FAMILIARITY_GRADE_NONE);
  CHECK(Grade({Ago(-5)}) == v1::FAMILIARITY_GRADE_NONE);
  CHECK(Grade({Ago(5)}) == v1::FAMILIARITY_GRADE_STARTING);
  CHECK(Grade({Ago(5), Ago(6)}) == v1::FAMILIARITY_GRADE_STARTING);
  CHECK(Grade({Ago(5), Ago(6), Ago(700)}) == v1::FAMILIARITY_GRADE_DEVELOPING);
  CHECK(Grade({Ago(5), Ago(6), Ago(732)}) == v1::FAMILIARITY_GRADE_STARTING);
  // Four within one month are a project, not yet a good relation.
  CHECK(Grade({Ago(5), Ago(10), Ago(15), Ago(20)}) == v1::FAMILIARITY_GRADE_DEVELOPING);
  const std::vector<Contact> year = {Ago(10), Ago(100), Ago(200), Ago(210)};
  CHECK(Grade(year) == v1::FAMILIARITY_GRADE_WORKING_WELL);
  auto two_years = year;
  for (const int days : {400, 480, 570}) two_years.push_back(Ago(days));
  CHECK(Grade(two_years) == v1::FAMILIARITY_GRADE_STABLE);
  CHECK(Grade({Ago(365)}) == v1::FAMILIARITY_GRADE_STARTING);
  CHECK(Grade({Ago(366), Ago(367), Ago(368)}) == v1::FAMILIARITY_GRADE_DORMANT);
}

TEST_CASE("who is in touch about money alone does not work well with anybody") {
  std::vector<Contact> year;
  for (const int days : {10, 100, 200, 210}) year.push_back(Ago(days, CONTACT_PURPOSE_GRANT));
  CHECK(Grade(year) == v1::FAMILIARITY_GRADE_DEVELOPING);
  year.push_back(Ago(30));
  CHECK(Grade(year) == v1::FAMILIARITY_GRADE_WORKING_WELL);
}

TEST_CASE("a familiarity tells first, last and next, the ways and the share without money") {
  PairContacts pair{.department_id = "d", .contacts = {}, .quarters = {}};
  pair.contacts = {Ago(40, CONTACT_PURPOSE_GRANT, 1), Ago(20, 0, 2), Ago(10, 0, 2), Ago(-3),
                   Ago(-30)};
  Contact application = Ago(50, CONTACT_PURPOSE_GRANT);
  application.channel = CONTACT_CHANNEL_APPLICATION;
  pair.contacts.push_back(application);
  pair.quarters = {{base::DayNumber("2024-04-01"), 7}};
  const auto familiarity = FamiliarityOf(pair, kToday);
  CHECK(familiarity.first_date() == "2024-04-01");
  CHECK(familiarity.last_date() == "2026-11-16");
  CHECK(familiarity.next_date() == "2026-11-29");
  CHECK(familiarity.year_count() == 4);
  REQUIRE(familiarity.channels_size() == 2);
  CHECK(familiarity.channels(0).channel() == CONTACT_CHANNEL_MEETING);
  CHECK(familiarity.channels(0).count() == 3);
  CHECK(familiarity.not_money_basis_points() == 5000);
  CHECK(familiarity.role_count() == 2);
}

TEST_CASE("what a person writes down counts on the same day, what a calendar tells the day after") {
  Contact contact = Ago(0);
  CHECK_FALSE(IsHeld(contact, kToday));
  contact.written = true;
  CHECK(IsHeld(contact, kToday));
}

}  // namespace
}  // namespace brobygger::discovery
