from afas_soap.client import ProfitClient as ProfitClient
from afas_soap.documents.document import Document as Document
from afas_soap.errors import AccessDenied as AccessDenied
from afas_soap.errors import AfasError as AfasError
from afas_soap.errors import AnswerError as AnswerError
from afas_soap.errors import Busy as Busy
from afas_soap.errors import CutOff as CutOff
from afas_soap.errors import Fate as Fate
from afas_soap.errors import NotFound as NotFound
from afas_soap.errors import NotOffered as NotOffered
from afas_soap.errors import Problem as Problem
from afas_soap.errors import ProfitError as ProfitError
from afas_soap.errors import QueryError as QueryError
from afas_soap.errors import SBError as SBError
from afas_soap.errors import SettingsError as SettingsError
from afas_soap.errors import SignInError as SignInError
from afas_soap.errors import TransportError as TransportError
from afas_soap.errors import Uncertain as Uncertain
from afas_soap.errors import UpdateError as UpdateError
from afas_soap.errors import Weight as Weight
from afas_soap.profit.access.environment import Environment as Environment
from afas_soap.profit.access.token import AfasToken as AfasToken
from afas_soap.profit.connectors.capabilities import Catalogue as Catalogue
from afas_soap.profit.documents.content import Attachment as Attachment
from afas_soap.profit.documents.content import Size as Size
from afas_soap.profit.fields import Field as Field
from afas_soap.profit.fields import Fields as Fields
from afas_soap.profit.fields import Kind as Kind
from afas_soap.profit.questions.where import F as F
from afas_soap.profit.rows import Rows as Rows
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd as schema_from_xsd
from afas_soap.profit.schemas.updateschema import UpdateSchema as UpdateSchema
from afas_soap.profit.updates.receipt import Receipt as Receipt
from afas_soap.profit.updates.update import Action as Action
from afas_soap.profit.updates.update import Element as Element
from afas_soap.profit.updates.update import Part as Part
from afas_soap.profit.updates.update import Update as Update
from afas_soap.profit.updates.updatejson import update_from_json as update_from_json
from afas_soap.profit.updates.updatejson import update_to_json as update_to_json
from afas_soap.profit.updates.updateplain import update_from_plain as update_from_plain
from afas_soap.profit.updates.updatexml import update_from_xml as update_from_xml
from afas_soap.profit.updates.updatexml import update_to_xml as update_to_xml
from afas_soap.sbclient import SBClient as SBClient
from afas_soap.settings.settings import Settings as Settings
from afas_soap.writing.checking import Checking as Checking

__version__: str
__all__ = [
    "AccessDenied",
    "Action",
    "AfasError",
    "AfasToken",
    "AnswerError",
    "Attachment",
    "Busy",
    "Catalogue",
    "Checking",
    "CutOff",
    "Document",
    "Element",
    "Environment",
    "F",
    "Fate",
    "Field",
    "Fields",
    "Kind",
    "NotFound",
    "NotOffered",
    "Part",
    "Problem",
    "ProfitClient",
    "ProfitError",
    "QueryError",
    "Receipt",
    "Rows",
    "SBClient",
    "SBError",
    "Settings",
    "SettingsError",
    "SignInError",
    "Size",
    "TransportError",
    "Uncertain",
    "Update",
    "UpdateError",
    "UpdateSchema",
    "Weight",
    "schema_from_xsd",
    "update_from_json",
    "update_from_plain",
    "update_from_xml",
    "update_to_json",
    "update_to_xml",
]
