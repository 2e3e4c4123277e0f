from afas_soap.client import ProfitClient as ProfitClient
from afas_soap.errors import AccessDenied as AccessDenied
from afas_soap.errors import AfasError as AfasError
from afas_soap.errors import AnswerError as AnswerError
from afas_soap.errors import Busy as Busy
from afas_soap.errors import CutOff as CutOff
from afas_soap.errors import NotFound as NotFound
from afas_soap.errors import NotOffered as NotOffered
from afas_soap.errors import ProfitError as ProfitError
from afas_soap.errors import QueryError as QueryError
from afas_soap.errors import SettingsError as SettingsError
from afas_soap.errors import TransportError as TransportError
from afas_soap.profit.connectors import Catalogue as Catalogue
from afas_soap.profit.environment import Environment as Environment
from afas_soap.profit.fields import Field as Field
from afas_soap.profit.fields import Fields as Fields
from afas_soap.profit.fields import Kind as Kind
from afas_soap.profit.rows import Rows as Rows
from afas_soap.profit.token import AfasToken as AfasToken
from afas_soap.profit.where import F as F
from afas_soap.settings import Settings as Settings

__version__: str
__all__ = [
    "AccessDenied",
    "AfasError",
    "AfasToken",
    "AnswerError",
    "Busy",
    "Catalogue",
    "CutOff",
    "Environment",
    "F",
    "Field",
    "Fields",
    "Kind",
    "NotFound",
    "NotOffered",
    "ProfitClient",
    "ProfitError",
    "QueryError",
    "Rows",
    "Settings",
    "SettingsError",
    "TransportError",
]
