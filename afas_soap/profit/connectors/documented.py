"""Connectors that are known by name: those of AFAS' own documentation, which are there in every Profit.

They are not necessarily in the app connector that a credential belongs to; what is, REST's metainfo tells. Source:
AFAS' OpenAPI files (profit-wire 12 and 13).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Use(enum.StrEnum):
    """What a connector is for."""

    READ = "GetConnector"
    WRITE = "UpdateConnector"


_GET = """
ProfitCodeTableValue ProfitCountries ProfitEmployerHourType ProfitEmployerProjects ProfitEmployerRealization
ProfitGetConnectoren ProfitProfileContacts ProfitProfileRelations ProfitProfiles ProfitResidences ProfitSubjects
ProfitSubjectsAuthorized ProfitTitles Profit_Accounts Profit_Address Profit_Administrations
Profit_Allocation_Assigments Profit_Article Profit_ArticleGroups Profit_Article_Basic Profit_Article_image
Profit_Balance_Allocated Profit_BankAccounts Profit_Barcode_per_Item Profit_Composition Profit_Contacts
Profit_CostCarrier Profit_CostCentre Profit_Creditor Profit_Creditor_Invoices Profit_Currency Profit_Debtor
Profit_Debtor_Invoices Profit_Deliveryaddress Profit_Deliverynotelines Profit_Deliverynotes
Profit_FeatureCombination Profit_FeatureValue Profit_Features Profit_Fin_ChangedEntrydate Profit_Hourtype
Profit_Illness Profit_Journals Profit_Languages Profit_LeaveBalance Profit_Leaves Profit_OrgPer
Profit_Period_balance Profit_Projectgroups Profit_Projects Profit_Projectstage Profit_Quotation
Profit_Rea_ChangedEntryDate Profit_Realization Profit_Residence Profit_Rooster_Ouderverlof
Profit_SEPA_IncassoMachtigingen Profit_SalesPrice Profit_SalesorderLines Profit_Salesorders
Profit_Stock_per_Warehouse Profit_SubjectFile Profit_SubjectTypes Profit_Subject_Attachments
Profit_Subject_Reaction_Attachments Profit_Subject_Tasks Profit_Subjects Profit_SubjectsDest Profit_Subscriptions
Profit_Timetable Profit_Transactions Profit_Transactions_Allocated Profit_Unit_per_Item Profit_UserGroups
Profit_Users Profit_VAT_code Profit_Warehouses Profit_Workflowactions Profit_Worktype
Profit_periods_per_administration
"""
_UPDATE = """
CmForecast FbAssembly FbAssemblyPrep FbBitVatTarifGroup FbComposition FbConfrontation FbCostPrice FbDelNoteReceived
FbDeliveryNote FbDirectInvoice FbExtraBarcode FbFreeOrder FbGenSSCCForBit FbGenSSCCForDen FbGoodsReceived
FbIncomingGoods FbInstalment FbItemArticle FbItemCodeCustomer FbItemCodeSupplier FbItemCodeWarehouse FbProductGroup
FbProductGroupLines FbPurRequisition FbPurch FbPurchPrice FbPurchQuotation FbPurchaseSales FbSales FbSalesPrice
FbSalesQuotation FbSettleOrder FbStandardPrice FbStockMutation FbSubscription FbUnitBasicItem
FbUpdateActemiumDeliveryNote FbUpdateAdB FbUpdateStocktaking FbWarTransferIn FbWarTransferOut FbWarTransferPrep
FiBudget FiCommitment FiContract FiElectronicInvoicePurchase FiEntries FiEntriesCustom FiFixedAssets
FiFixedAssetsBuy FiFixedAssetsSale FiIVY FiInvoice FiProcurationLines FiReservation FiSepaDirectDebit HrAbsBalance
HrAbsCorrection HrAbsence HrAbsenceID HrAbsenceInSite HrApplicant HrCalculationplan HrCareerBreak HrCompMut
HrCompMutGUID HrCostCarrier HrCostCentre HrCreateApplicant HrDeclarationInSite HrEmpAdrMutInsite HrEmpBinMutInSite
HrEmpCareerHistory HrEmpCourse HrEmpEwhMutInsite HrEmpMutInSite HrEmpPaySlip HrEmployeeDeposit
HrEmployeeWorkweekTransition HrEmployeeducationScope HrFavTravelDeclarations HrIllness HrIllnessGUID HrIllnessInSite
HrIllnessProgressInSite HrJudgement HrMobility HrOnboarding HrPopFormAppointment HrRelative HrReservation HrSalTable
HrSelectionModel HrTimeRegSocSec HrVacancyJobalert HrVarValue HrWellnessInSite KnAccount KnAddress KnAppointment
KnBankTransaction KnCSRLine KnContact KnCourseEvent KnCourseGroupLines KnCourseMember KnCourseSessionMember
KnCurrencyRates KnCustomK01 KnCustomK02 KnCustomK03 KnCustomK04 KnCustomK05 KnCustomK06 KnCustomK07 KnCustomK08
KnCustomK09 KnCustomK10 KnCustomLinkC01 KnDayContract KnDimCode KnEmpCompetenceScores KnEmployee
KnEmployeeCompetence KnOrgEmrFun KnOrgUnit KnOrganisation KnPerson KnProfile KnProfileContactRole KnProvApplication
KnPurchaseRelationOrg KnPurchaseRelationPer KnQuotation KnRelationship KnSalesRelationOrg KnSalesRelationPer
KnSreCostCentre KnSubject KnSubjectReaction KnSubjectWorkflowReaction KnTeamMember KnUser PtAllowedOutPurch
PtConProjectForecast PtConceptPlacementContract PtCostPriceComponent PtCostPriceModel PtCostPriceModelPerProject
PtDeclaration PtDeclarationCorrection PtFunction PtItemSet PtItemSetFunction PtLinesToBeInvoiced PtMeasurement
PtMonitor PtOptionList PtOptionListLine PtPlacementContract PtPriceAgreement PtPrognosisProject PtProject
PtProjectDimCode PtProjectProgress PtProjectRaiseRules PtRealization PtRealizationWeek PtTariff PtValComb
"""

DOCUMENTED: Mapping[str, Use] = {
    **dict.fromkeys(_GET.split(), Use.READ),
    **dict.fromkeys(_UPDATE.split(), Use.WRITE),
}
"""Each connector and what it is for."""

ROOTS: Mapping[str, str] = {
    "AfasEmployee": "KnEmployee",
    "FiEntryPar": "FiEntries",
    "KnReaction": "KnSubjectReaction",
    "KnWorkflow": "KnSubjectWorkflowReaction",
    "PtItemset": "PtItemSet",
    "AfasPerson": "HrOnboarding",
    "KnOrgunit": "KnOrgUnit",
}
"""Root elements that are not called as their connector (profit-wire 4.1): the name that stands in every payload."""
