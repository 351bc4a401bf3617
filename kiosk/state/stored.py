"""The session document: a `Session` as it is stored, JSON with money as text, and the only ways between the two."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from kiosk.money import Currency
from kiosk.state.errors import DamagedError, InvalidStateError
from kiosk.state.schema import SCHEMA_VERSION, Session, Terms

# What is refused may be a megabyte of anything, and is named in one line.
LONGEST_REFUSAL = 300

Document = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)


def read_document(document: Document) -> Session:
    """The session in `document`. What an older kiosk wrote is brought up to date.

    Raises:
        InvalidStateError: the document is not a session's, or is of a newer kiosk.
    """
    if isinstance(document, dict) and document.get("schema_version") != SCHEMA_VERSION:
        document = _migrated(document)
    terms = checked(Terms, document.get("terms", {})) if isinstance(document, dict) else Terms()
    return checked(Session, document, terms.currency)


def read_json(text: str, session_id: str) -> Document:
    """The document of a session in the `text` that is stored of it.

    Raises:
        DamagedError: the text is no JSON object.
    """
    try:
        document = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise DamagedError(f"the document of {session_id} is damaged")
    return document


def read_stored(stored: Document, session_id: str) -> Session:
    """The session in the document that is stored of it; see `read_document`.

    Raises:
        DamagedError: it cannot be read.
    """
    try:
        return read_document(stored)
    except InvalidStateError as error:
        raise DamagedError(f"the document of {session_id} cannot be read: {error}") from None


def read_text(text: str, session_id: str) -> Session:
    """The session in the `text` that is stored of it; see `read_stored` and `read_json`."""
    return read_stored(read_json(text, session_id), session_id)


def _migrated(document: Document) -> Document:
    version = document.get("schema_version", 1)
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        raise InvalidStateError(f"schema_version: {version!r}; this kiosk knows up to {SCHEMA_VERSION}, so update it")
    try:
        for step in _MIGRATIONS[version - 1 :]:
            document = step(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidStateError(f"schema_version: {version}, and it breaks the rules of that: {error!r}") from None
    return {**document, "schema_version": SCHEMA_VERSION}


def _from_1(document: Document) -> Document:
    # A disputed payment was kept as its link, and always for the link's amount.
    disputed = [
        {"payment_id": link["payment_id"], "asked": link["amount"], "paid": link["amount"], "reason": "changed"}
        for link in document.get("disputed", ())
    ]
    return {**document, "disputed": disputed}


def _from_2(document: Document) -> Document:
    # Every bar had these terms.
    return {**document, "terms": Terms().model_dump(mode="json")}


def _from_3(document: Document) -> Document:
    # Only where no link could be made did a guest pay the staff.
    rest = {name: value for name, value in document.items() if name != "pays_at_bar"}
    return {**rest, "at_bar": "no_code" if document.get("pays_at_bar") else None}


# The step at index n leads from version n + 1 to the next.
_MIGRATIONS = (_from_1, _from_2, _from_3)


def write_document(session: Session) -> Document:
    """`session` as JSON values, money as text with the decimals of its currency; see `write_text`."""
    return json.loads(write_text(session))


def write_text(session: Session) -> str:
    """`session` as JSON text that reads as the same session again.

    Raises:
        InvalidStateError: it breaks the rules, or holds a value that would be read as another.
    """
    # A copy of a model with other fields is not checked by pydantic.
    try:
        text = session.model_dump_json(warnings="error")
        read = Session.model_validate_json(text, context=getattr(session.terms, "currency", None))
    except PydanticSerializationError as error:
        raise InvalidStateError(f"this cannot be stored of a session: {error}") from None
    except ValidationError as error:
        raise InvalidStateError(_first_of(error, Session)) from None
    if read != session:
        changed = (name for name in Session.model_fields if getattr(read, name) != getattr(session, name))
        raise InvalidStateError(f"{next(changed)}: would be read as another value than is written")
    return text


def checked(model: type[Model], fields: Any, currency: Currency | None = None) -> Model:
    """`fields` as a `model`, or one sentence that says which field is wrong.

    Parameters:
        currency: in which amounts are read; None: there are none, or they have just its decimals already.

    Raises:
        InvalidStateError: the fields break the model's rules.
    """
    try:
        return model.model_validate(fields, context=currency)
    except ValidationError as error:
        raise InvalidStateError(_first_of(error, model)) from None


def _first_of(error: ValidationError, model: type[BaseModel]) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or model.__name__.lower()
    sentence = f"{field}: {first['msg'].removeprefix('Value error, ')}"[:LONGEST_REFUSAL]
    return sentence if sentence.isprintable() else repr(sentence)
