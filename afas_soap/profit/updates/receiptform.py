"""What the receipt of an update must look like to prove that Profit booked it.

A success that is no receipt of this update (a cache's, a gateway's, that of another connector) proves nothing. Where
AFAS documents keys, they have to be there; where it documents none, an empty answer is its own (profit-wire 3.6, 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from afas_soap.errors import AnswerError
from afas_soap.profit.updates.update import Action, Update

# What POST and PUT give back, below an element of the connector's name: profit-wire 13.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "CmForecast": ("SqNo",),
    "FbAssembly": ("OrNu",),
    "FbAssemblyPrep": ("OrNu",),
    "FbDeliveryNote": ("OrNu",),
    "FbDirectInvoice": ("OrNu", "Liln"),
    "FbGoodsReceived": ("OrNu",),
    "FbInstalment": ("Inst", "PrId"),
    "FbItemArticle": ("ItCd",),
    "FbPurRequisition": ("OrNu",),
    "FbPurch": ("OrNu",),
    "FbPurchQuotation": ("OrNu",),
    "FbSales": ("OrNu",),
    "FbSalesQuotation": ("OrNu",),
    "FbSubscription": ("SuNr", "Id"),
    "FbWarTransferIn": ("OrNu",),
    "FbWarTransferOut": ("OrNu",),
    "FbWarTransferPrep": ("OrNu",),
    "FiCommitment": ("UnId", "SeNo"),
    "FiContract": ("CoNu", "SeNo"),
    "FiEntries": ("EnNo", "UnId", "InID"),
    "FiFixedAssets": ("SeNo",),
    "FiIVY": ("Id",),
    "FiReservation": ("UnId", "SeNo"),
    "FiSepaDirectDebit": ("Id",),
    "HrAbsCorrection": ("EmId", "Id"),
    "HrAbsence": ("Id",),
    "HrAbsenceInSite": ("Id",),
    "HrApplicant": ("EmId",),
    "HrCareerBreak": ("id",),
    "HrCompMut": ("Id",),
    "HrCompMutGUID": ("Id",),
    "HrCostCarrier": ("CmId", "CcId"),
    "HrCostCentre": ("CmId", "CrId"),
    "HrCreateApplicant": ("CaId",),
    "HrDeclarationInSite": ("EmId", "MutatieGuid", "ViMt", "MuId"),
    "HrEmpPaySlip": ("SbId",),
    "HrIllness": ("AbId", "GUID"),
    "HrIllnessGUID": ("GUID",),
    "HrJudgement": ("EmId", "JuSn"),
    "HrMobility": ("CcSn",),
    "HrPopFormAppointment": ("PaId",),
    "HrTimeRegSocSec": ("Id",),
    "KnCourseEvent": ("Id",),
    "KnEmpCompetenceScores": ("EcId",),
    "KnEmployeeCompetence": ("EcId",),
    "KnOrgEmrFun": ("CmId", "FuId"),
    "KnOrgUnit": ("OuId",),
    "KnOrganisation": ("BcCo", "BcId"),
    "KnPerson": ("BcCo", "BcId"),
    "KnPurchaseRelationOrg": ("BcCo", "CrId"),
    "KnPurchaseRelationPer": ("BcCo", "CrId"),
    "KnQuotation": ("QuId",),
    "KnRelationship": ("CnId",),
    "KnSalesRelationOrg": ("DbId", "BcCo"),
    "KnSalesRelationPer": ("DbId", "BcCo"),
    "KnSreCostCentre": ("DbId", "CoId"),
    "KnSubject": ("SbId",),
    "PtDeclaration": ("ApprovWorkflow", "DcCo", "SbId"),
    "PtFunction": ("FuId",),
    "PtProject": ("PrId",),
    "PtRealization": ("XpRe", "Id", "Sessieguid"),
}
# An id is the same in any case over REST (profit-wire 15.7).
_BY_NAME = {connector.lower(): keys for connector, keys in _KEYS.items()}


@dataclass(frozen=True, slots=True)
class ReceiptForm:
    """The receipt of one update: ``names`` its element may have, in small letters, none for a delete; and its
    documented ``keys``, () where AFAS documents none."""

    names: frozenset[str]
    keys: tuple[str, ...]

    def check(self, records: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        """Raise ``AnswerError`` where one of these is no record of this receipt.

        One documented key is enough for each: a Profit of another age may tell fewer, and nobody else tells any.
        """
        for name, keys in records:
            if name.lower() not in self.names:
                raise AnswerError("The answer is the receipt of another update.")
            if not any(keys.get(key) for key in self.keys or keys):
                raise self.missing()

    def missing(self) -> AnswerError:
        """The error for a receipt without its keys."""
        wanted = f"Profit documents {', '.join(self.keys)} for this update" if self.keys else "it holds no key"
        return AnswerError(f"The answer holds no receipt: {wanted}.")


def documented_keys(connector: str) -> tuple[str, ...]:
    """The keys that an insert or update of ``connector`` gives back over REST; () where AFAS documents none."""
    return _BY_NAME.get(connector.lower(), ())


def receipt_form(update: Update) -> ReceiptForm:
    """What Profit gives back for ``update``. A POST of rows below a record answers with that record's keys; a delete
    with none (profit-wire 13)."""
    if update.action is Action.DELETE:
        return ReceiptForm(frozenset(), ())
    names = frozenset({update.connector.lower(), update.root.lower()})
    return ReceiptForm(names, documented_keys(update.connector))
