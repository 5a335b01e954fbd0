#include "core/matching/explain.h"

namespace brobygger::matching {
namespace {

using C = Comparison;

bool Between(const Levels& levels, C comparison, int first, int last) {
  const int level = LevelOf(levels, comparison);
  return level >= first && level <= last;
}

bool AlikeName(const Levels& levels) { return Between(levels, C::kName, 6, 8); }
bool RareWords(const Levels& levels) { return Between(levels, C::kShared, 5, 8); }
bool OtherPlace(const Levels& levels) {
  return Between(levels, C::kPlace, 1, 2) || Between(levels, C::kArea, 1, 1);
}

// What ties two beyond their names: a domain, a number, a page, a parent.
bool OneHouse(const Levels& levels) {
  return Between(levels, C::kCvr, 4, 6) || Between(levels, C::kEmail, 3, 7) ||
         Between(levels, C::kWebsite, 2, 4) || Between(levels, C::kParent, 2, 3);
}

// How many ways to reach them are the same, and not those of half the town.
int CountSameReach(const Levels& levels) {
  return Between(levels, C::kCvr, 5, 6) * 2 + Between(levels, C::kEmail, 6, 7) +
         Between(levels, C::kPhone, 4, 5) + Between(levels, C::kWebsite, 3, 4) +
         Between(levels, C::kAddress, 4, 5) + Between(levels, C::kContact, 3, 3);
}

bool Anything(const Levels& levels) {
  return CountSameReach(levels) > 0 || Between(levels, C::kEmail, 3, 7) ||
         Between(levels, C::kPhone, 3, 5) || Between(levels, C::kAddress, 3, 5) ||
         Between(levels, C::kCvr, 3, 6) || Between(levels, C::kParent, 2, 3) ||
         Between(levels, C::kDomainName, 3, 3);
}

bool IsBranch(const Levels& levels) {
  if (Between(levels, C::kParent, 2, 2)) return true;
  if (!Between(levels, C::kReach, 1, 1)) return false;
  // All that is their own is the same, and need not be rare for that.
  if (Between(levels, C::kName, 8, 8) && Between(levels, C::kShared, 3, 8)) return true;
  return Between(levels, C::kName, 4, 8) && (RareWords(levels) || OneHouse(levels));
}

bool IsSister(const Levels& levels) {
  if (Between(levels, C::kParent, 3, 3)) return true;
  return AlikeName(levels) && OtherPlace(levels) && RareWords(levels) && OneHouse(levels);
}

// The same people at the same place under another name.
bool IsSuccessor(const Levels& levels) {
  constexpr int kEnough = 3;
  return Between(levels, C::kName, 0, 4) && CountSameReach(levels) >= kEnough &&
         !OtherPlace(levels);
}

bool IsRelated(const Levels& levels) {
  if (AlikeName(levels) && RareWords(levels)) return true;
  return Anything(levels) && Between(levels, C::kName, 0, 8);
}

}  // namespace

Verdict RelationOf(const Levels& levels) {
  if (IsBranch(levels)) return Verdict::kBranch;
  if (IsSister(levels)) return Verdict::kSister;
  if (IsSuccessor(levels)) return Verdict::kSuccessor;
  return IsRelated(levels) ? Verdict::kRelated : Verdict::kDifferent;
}

// The name is another, and what they share belongs to a whole house: no reason to
// ask sixty times.
bool OnlyOfOneHouse(const Levels& levels) {
  const bool other_name = Between(levels, C::kName, 0, 3) && !Between(levels, C::kFullName, 6, 8);
  const bool own = Between(levels, C::kCvr, 3, 6) || Between(levels, C::kEmail, 6, 7) ||
                   Between(levels, C::kPhone, 4, 5) || Between(levels, C::kWebsite, 3, 4) ||
                   Between(levels, C::kAddress, 4, 5) || Between(levels, C::kContact, 2, 3);
  const bool of_many = Between(levels, C::kEmail, 3, 5) || Between(levels, C::kPhone, 3, 3) ||
                       Between(levels, C::kAddress, 3, 3);
  return other_name && of_many && !own;
}

bool SaysTooLittle(const Levels& levels) {
  return Between(levels, C::kShared, 0, 2) && !Anything(levels) &&
         !Between(levels, C::kContact, 3, 3);
}

namespace {

bool HasOtherName(const Levels& levels) {
  return Between(levels, C::kName, 0, 3) && Between(levels, C::kFullName, 0, 4) &&
         !Between(levels, C::kAcronym, 2, 3);
}

// Whom they are for, or what they are: "Kurdisk" and "Tyrkisk", a culture and a women's
// association. Neighbours in one house share all the rest.
bool SayTheyAreTwo(const Levels& levels) {
  const bool other_kind = Between(levels, C::kTypeWords, 1, 1) && !RareWords(levels);
  return Between(levels, C::kCommunity, 1, 1) || other_kind;
}

// Of two whose names are alike, and who have nothing else in common, the one sign that differs is
// what tells them apart ("KFUM" and "KFUK", gardens 114 and 144, one of another town), and a
// scorecard sees the many that are the same.
bool OnlyNameIsAlike(const Levels& levels) {
  if (CountSameReach(levels) > 0) return false;
  const C telling = LevelOf(levels, C::kName) == 0 ? C::kFullName : C::kName;
  return !Between(levels, telling, 8, 8) || Between(levels, C::kNumbers, 1, 2) ||
         Between(levels, C::kArea, 1, 2);
}

// Whether something says plainly that they may be two, whatever the score: the hub joins none such
// unasked.
bool LeavesDoubt(const Levels& levels) {
  // "Kulturforening" twice, and nothing else: only a person can know.
  if (SaysTooLittle(levels) || OnlyNameIsAlike(levels) || SayTheyAreTwo(levels)) return true;
  // Two numbers that are in order, or who shares an office under another name.
  const bool same_number = Between(levels, C::kCvr, 4, 6);
  return Between(levels, C::kCvr, 1, 1) || (HasOtherName(levels) && !same_number);
}

}  // namespace

bool IsNumberDoubtful(const Levels& levels) {
  if (!Between(levels, C::kCvr, 4, 6)) return false;
  const bool more = CountSameReach(levels) > 2 || Between(levels, C::kEmail, 3, 7) ||
                    Between(levels, C::kPhone, 3, 5) || Between(levels, C::kAddress, 3, 5) ||
                    Between(levels, C::kWebsite, 2, 4) || Between(levels, C::kContact, 3, 3);
  return SayTheyAreTwo(levels) || (HasOtherName(levels) && !more);
}

Verdict VerdictOf(const Scorecard& scorecard, const Levels& levels, double score) {
  if (OnlyOfOneHouse(levels)) return RelationOf(levels);
  const Verdict relation = RelationOf(levels);
  // A branch that shares its parent's number and address looks much like it, and
  // the names say plainly which is which.
  const bool plain = relation == Verdict::kBranch || relation == Verdict::kSister;
  if (IsNumberDoubtful(levels) && !plain) return Verdict::kAsk;
  if (score >= scorecard.same) return LeavesDoubt(levels) ? Verdict::kAsk : Verdict::kSame;
  if (score >= scorecard.ask && !plain) return Verdict::kAsk;
  return relation;
}

std::string VerdictWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame:
      return "same";
    case Verdict::kBranch:
      return "branch";
    case Verdict::kSister:
      return "sister";
    case Verdict::kSuccessor:
      return "successor";
    case Verdict::kRelated:
      return "related";
    case Verdict::kDifferent:
      return "different";
    case Verdict::kAsk:
      return "ask";
  }
  return "different";
}

}  // namespace brobygger::matching
