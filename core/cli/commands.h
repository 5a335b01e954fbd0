// One function a command (group): it says what the command accepts and does.
#pragma once

#include "core/cli/command.h"

namespace brobygger::cli {

void AddServe(const Command& root);
void AddWeb(const Command& root);
void AddAssociation(const Command& root);
void AddAssociationActivity(const Command& parent);
void AddAssociationList(const Command& parent);
void AddAssociationSearch(const Command& parent);
void AddAssociationShow(const Command& parent);
void AddAssociationEdit(const Command& parent);
void AddAssociationKeys(const Command& parent);
void AddAssociationExport(const Command& parent);
void AddAssociationCard(const Command& parent);
void AddGrantExport(const Command& parent);
void AddMunicipality(const Command& root);
void AddDepartment(const Command& root);
void AddDepartmentUpdate(const Command& parent);
void AddDepartmentImport(const Command& parent);
void AddTask(const Command& root);
void AddPolicy(const Command& root);
void AddGroup(const Command& root);
void AddRelation(const Command& root);
void AddIdentity(const Command& root);
void AddIdentityResolve(const Command& parent);
void AddIdentityExplain(const Command& parent);
void AddIdentityReview(const Command& parent);
void AddIdentityDecide(const Command& parent);
void AddIdentityModel(const Command& parent);
void AddIdentityPile(const Command& parent);
void AddSync(const Command& root);
void AddSyncPlan(const Command& parent);
void AddSyncRun(const Command& parent);
void AddSyncAudit(const Command& parent);
void AddSyncStatus(const Command& parent);
void AddSyncLog(const Command& parent);
void AddSyncAnswers(const Command& parent);
void AddConnection(const Command& root);
void AddGrant(const Command& root);
void AddPool(const Command& root);
void AddPoolFit(const Command& parent);
void AddPremises(const Command& root);
void AddTouchpoint(const Command& root);
void AddPartner(const Command& root);
void AddPerson(const Command& root);
void AddPersonWriting(const Command& parent);
void AddRetention(const Command& root);
void AddCorrection(const Command& root);
void AddCollaboration(const Command& root);
void AddCollaborationParts(const Command& collaboration);
void AddCollaborationProposals(const Command& collaboration);
void AddAlignment(const Command& root);
void AddCourse(const Command& root);
void AddCourseParts(const Command& course);
void AddNetwork(const Command& root);
void AddNetworkPage(const Command& network);
void AddResourceCheck(const Command& root);
void AddOwn(const Command& root);
void AddOwnShow(const Command& own);
void AddOwnLooked(const Command& own);
void AddJoin(const Command& root);
void AddProgramme(const Command& root);
void AddProgrammeReport(const Command& programme);
void AddAdvice(const Command& root);
void AddWhoKnows(const Command& root);
void AddAccess(const Command& root);
void AddLogin(const Command& root);
void AddBlankSpots(const Command& root);
void AddGuide(const Command& root);
void AddEvent(const Command& root);
void AddIdentityLists(const Command& identity);
void AddMail(const Command& root);
void AddAudit(const Command& root);
void AddPlugin(const Command& root);
void AddPluginCheck(const Command& parent);
void AddChange(const Command& root);
void AddCompletion(const Command& root);
void AddVersion(const Command& root);

}  // namespace brobygger::cli
