"""Secrets do not get into what is written down, in none of their forms and at no chunk border."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.tracing import masking
from afas_soap.wire.tracing.masking import MaskedMembers, Masker

DATA = "0123456789ABCDEF" * 4
TOKEN = AfasToken(DATA)
XML = f"<token><version>1</version><data>{DATA}</data></token>"
FORMS = {
    "digits": DATA,
    "lower case": DATA.lower(),
    "xml": XML,
    "escaped": html.escape(XML),
    "base64": base64.b64encode(XML.encode()).decode(),
    "base64 of a longer text": base64.b64encode(f"x{XML}\r\n".encode()).decode(),
    "base64 of an even longer text": base64.b64encode(f"xy{XML}\r\n".encode()).decode(),
}


def _leaks(masked: bytes) -> bool:
    """Whether 12 of the digits stand there in a row, plainly or in base64 at any of its three offsets."""
    digits = {DATA[at : at + 12].lower().encode() for at in range(16)}
    packed = {base64.b64encode(DATA[at : at + 12].encode()) for at in range(16)}
    return any(text in masked.lower() for text in digits) or any(text in masked for text in packed)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_masked(form: str) -> None:
    masked = Masker(TOKEN.secrets()).text(f"before {FORMS[form]} after")
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert DATA.lower() not in masked.lower()
    assert not _leaks(masked.encode())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [1, 2, 7, 63, 64, 65, 200])
def test_a_secret_across_chunks_is_masked(form: str, size: int) -> None:
    text = f"before {FORMS[form]} between {FORMS[form]} after".encode()
    stream = Masker(TOKEN.secrets()).stream()
    pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    masked = b"".join([*pieces, stream.flush()])
    assert masked.startswith(b"before ")
    assert b" between " in masked
    assert masked.endswith(b" after")
    assert not _leaks(masked)


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_what_holds_no_secret_comes_out_as_it_went_in(chunks: list[bytes]) -> None:
    stream = Masker(TOKEN.secrets()).stream()
    assert b"".join([*map(stream.feed, chunks), stream.flush()]) == b"".join(chunks)


def test_without_secrets_nothing_changes_and_nothing_is_held_back() -> None:
    masker = Masker(())
    assert masker.text("as it is ***") == "as it is ***"
    assert masker.stream().feed(b"at once") == b"at once"


def test_escaped_for_json_and_urls() -> None:
    """A secret of a person's making holds what every notation spells in its own way."""
    secret = 'a/é"b +&%c'
    masker = Masker([secret])
    for form in (
        secret,
        r"a/\u00e9\"b +&%c",
        r"a\/\u00e9\"b +&%c",
        "a/%C3%A9%22b%20%2B%26%25c",
        "a%2F%C3%A9%22b+%2B%26%25c",
    ):
        assert masker.text(f"<{form}>") == "<***>"


def test_what_is_learnt_later_takes_the_place_of_what_was_learnt_before() -> None:
    """Tokens come and go; the first secrets stay."""
    masker = Masker(["altijd-geheim"])
    stream = masker.stream()
    assert masker.text("altijd-geheim eerste-token tweede-token") == "*** eerste-token tweede-token"
    masker.learn(["eerste-token"])
    masker.learn(["eerste-token"])
    assert masker.text("altijd-geheim eerste-token tweede-token") == "*** *** tweede-token"
    assert stream.feed(b"x eerste-") + stream.feed(b"token y") + stream.flush() == b"x *** y"
    masker.learn(["tweede-token"])
    assert masker.text("altijd-geheim eerste-token tweede-token") == "*** eerste-token ***"


STRANGE = "geheim-é\"/+<&'`€-geheim"
ONCE = {
    "JSON": json.dumps(STRANGE)[1:-1],
    "JSON as it is": json.dumps(STRANGE, ensure_ascii=False)[1:-1],
    "JSON of .NET": "geheim-\\u00E9\\u0022/\\u002B\\u003C\\u0026\\u0027\\u0060\\u20AC-geheim",
    "XML": "geheim-é\"/+&lt;&amp;'`€-geheim",
    "XML with quotes": "geheim-é&quot;/+&lt;&amp;&apos;`€-geheim",
    "HTML of .NET": "geheim-&#233;&quot;/+&lt;&amp;&#39;`&#8364;-geheim",
    "HTML in hexadecimal": "geheim-&#xE9;&quot;/+&lt;&amp;&#x27;`&#x20AC;-geheim",
    "URL": quote_plus(STRANGE),
}


@pytest.mark.parametrize("once", ONCE)
def test_escaped_twice(once: str) -> None:
    """XML in JSON, JSON in XML, either in an address: as services do that pass on what another one said."""
    masker = Masker([STRANGE])
    text = ONCE[once]
    for twice in (
        text,
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
        html.escape(text),
        html.escape(text, quote=False),
        quote_plus(text),
    ):
        assert masker.text(f"({twice})") == "(***)"


def test_packed_and_escaped() -> None:
    """Base64 has signs that JSON and addresses escape, and its other alphabet."""
    secret = "\xfb\xff\xfe>>>???" * 3
    masker = Masker([secret])
    for pack in (base64.b64encode, base64.urlsafe_b64encode):
        for before in (b"", b"x", b"xy"):
            packed = pack(before + secret.encode() + b"xyz").decode()
            for text in (packed, packed.replace("/", "\\/"), packed.replace("+", "\\u002B"), quote_plus(packed)):
                masked = masker.text(text)
                assert "***" in masked
                assert len(masked) < 20


def test_in_an_older_alphabet() -> None:
    assert Masker(["zeer-geheim-é"]).bytes("<zeer-geheim-é>".encode("latin-1")) == b"<***>"


def test_secrets_that_overlap_are_masked_as_one() -> None:
    masker = Masker(["abcdefgh", "efghijkl", "ijkl", "z"])
    assert masker.text("-abcdefghijkl-abcdefgh-z") == "-***-***-***"


def test_its_longest_form_may_break_anywhere() -> None:
    """With one byte less held back, its first one would be out before it was known."""
    masker = Masker([DATA])
    longest = max(masker.forms, key=len)
    for at in range(1, len(longest)):
        stream = masker.stream()
        masked = stream.feed(b"<" + longest[:at]) + stream.feed(longest[at:] + b">") + stream.flush()
        assert masked == b"<***>", at


@pytest.mark.parametrize("length", [7, 8, 20, 63])
def test_a_secret_that_breaks_off_is_masked(length: int) -> None:
    stream = Masker([DATA]).stream()
    end = stream.feed(f"x {DATA[:length]}".encode()) + stream.flush()
    assert end == (f"x {DATA[:length]}".encode() if length < 8 else b"x ***")


def test_what_stays_is_not_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key has many lines, and each request a proof of its own."""
    made: list[str] = []
    forms = masking._forms
    monkeypatch.setattr(masking, "_forms", lambda secret: made.append(secret) or forms(secret))
    masker = Masker(["altijd"])
    for proof in ("een", "twee", "drie"):
        masker.learn(["regel 1", "regel 2", proof])
    assert made == ["altijd", "regel 1", "regel 2", "een", "twee", "drie"]


class TestMembers:
    """Texts under the name of a read key go, wherever chunks divide them."""

    FILE = b'{"Id": "a", "ReadKey": "eyJ.geheim\\"nog.geheim", "FileName": "bon.pdf"}'
    ROWS = b"[" + FILE + b', {"readkey" :"geheim"}, {"ReadKey":null}]'

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 1000])
    def test_in_chunks(self, size: int) -> None:
        members = MaskedMembers()
        chunks = [self.ROWS[at : at + size] for at in range(0, len(self.ROWS), size)]
        told = b"".join([*map(members.feed, chunks), members.flush()])
        assert told == b'[{"Id": "a", "ReadKey": "***", "FileName": "bon.pdf"}, {"readkey" :"***"}, {"ReadKey":null}]'

    FORMS = (
        (ROWS, b'[{"Id": "a", "ReadKey": "***", "FileName": "bon.pdf"}, {"readkey" :"***"}, {"ReadKey":null}]'),
        (
            rb'{"Blob":"{\"ReadKey\" : \"eyJ.geheim\\\"nog.geheim\", \"Id\":1, \"readkey\":\"\"}","Id":"a"}',
            rb'{"Blob":"{\"ReadKey\" : \"***\", \"Id\":1, \"readkey\":\"***\"}","Id":"a"}',
        ),
        (
            rb'{"Blob":"{\u0022ReadKey\u0022:\u0022eyJ.geheim\u0022,\u0022Id\u0022:1}"}',
            rb'{"Blob":"{\u0022ReadKey\u0022:\u0022***\u0022,\u0022Id\u0022:1}"}',
        ),
        (
            rb'{"A":"{\"B\":\"{\\\"ReadKey\\\":\\\"eyJ.geheim\\\",\\\"Id\\\":1}\"}"}',
            rb'{"A":"{\"B\":\"{\\\"ReadKey\\\":\\\"***\\\",\\\"Id\\\":1}\"}"}',
        ),
        (
            b'<a href="/blob/1?ReadKey=eyJ.geheim&amp;x=1">/blob?readkey=eyJ.geheim</a>',
            b'<a href="/blob/1?ReadKey=***&amp;x=1">/blob?readkey=***</a>',
        ),
        (
            b"/login?back=%2Fblob%3Freadkey%3DeyJ.geheim%26x%3D1&again=%253FreadKey%253deyJ.geheim%2526x ",
            b"/login?back=%2Fblob%3Freadkey%3D***%26x%3D1&again=%253FreadKey%253d***%2526x ",
        ),
        (b"what a readkey is, %readkey%, readkey: x and readkey= y", None),
    )

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 1000])
    @pytest.mark.parametrize(("text", "masked"), FORMS)
    def test_every_form_in_chunks(self, text: bytes, masked: bytes | None, size: int) -> None:
        """A member of JSON that is a text itself, and a parameter of an address, too."""
        members = MaskedMembers()
        told = b"".join([*(members.feed(text[at : at + size]) for at in range(0, len(text), size)), members.flush()])
        assert told == (text if masked is None else masked)

    @pytest.mark.parametrize("text", [text for text, _ in FORMS])
    def test_that_breaks_off(self, text: bytes) -> None:
        """Within a secret, wherever that is: nothing of it is told."""
        for end in range(len(text)):
            members = MaskedMembers()
            told = members.feed(text[:end]) + members.flush()
            assert b"eyJ" not in told
            assert b"geheim" not in told
