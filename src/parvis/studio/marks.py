"""Marks inside the file: who sees a picture anywhere can learn that a machine made it.

A drawn picture flows in; out flows a JPEG that carries a C2PA manifest, signed with the instance's own key, and the
same statement as IPTC properties in its XMP. A picture drawn by rules says `algorithmicMedia`, one made by a trained
model `trainedAlgorithmicMedia`. The key is made at first use, lies in the data folder, readable by its owner only, and
no time-stamp authority is asked: nothing leaves the machine. What is written can be read back and verified here.

Sources: C2PA Technical Specification 2.2; IPTC Photo Metadata Standard 2025.1; IPTC NewsCodes "Digital Source Type".
"""

import asyncio
import datetime as dt
import html
import io
import json
import pathlib
import re
import secrets
from typing import Any, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

import parvis

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCE_TYPES = {
    "illustration": f"{SOURCE_TYPE}algorithmicMedia",
    "generation": f"{SOURCE_TYPE}trainedAlgorithmicMedia",
}
CREDITS = "stds.schema-org.CreativeWork"
KEY_LIFE = dt.timedelta(days=3650)
RENEW_BEFORE = dt.timedelta(days=60)
QUALITY = 91
SKETCH_SIDE = 480
PREVIEW_QUALITY = 80
SKETCH_QUALITY = 70
EXTENSION = "jpg"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmpMM:InstanceID>{instance}</xmpMM:InstanceID>
<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
<Iptc4xmpExt:AISystemUsed>{model}</Iptc4xmpExt:AISystemUsed>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
<dc:contributor><rdf:Bag>{credits}</rdf:Bag></dc:contributor>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class Mark(msgspec.Struct, frozen=True):
    """What a file says about how it was made."""

    model: str
    method: Literal["illustration", "generation"]
    description: str = ""
    credits: tuple[str, ...] = ()

    @property
    def source_type(self) -> str:
        """The IPTC NewsCode of the way it was made."""
        return SOURCE_TYPES[self.method]


class Reading(msgspec.Struct, frozen=True):
    """What a file's C2PA manifest was found to say."""

    state: Literal["Trusted", "Valid", "Invalid"]  # Trusted: signed by an instance whose root was given
    source_type: str
    model: str
    instance: str
    credits: tuple[str, ...]


class Seal:
    """The instance's key and certificates, and what they sign. All its work blocks: `mark` runs it in a thread."""

    def __init__(self, folder: pathlib.Path, instance: str) -> None:
        self._file = folder / "marks.pem"
        self._instance = instance
        self._loaded: tuple[str, str] | None = None

    async def mark(self, picture: bytes, mark: Mark) -> bytes:
        """The picture as a signed and labelled JPEG, made off the loop."""
        return await asyncio.to_thread(self.sign, picture, mark)

    def sign(self, picture: bytes, mark: Mark) -> bytes:
        """The same, in this thread."""
        import c2pa

        key, chain = self._load()
        labelled = io.BytesIO(_label(picture, mark, quality=QUALITY))
        signed = io.BytesIO()
        quiet = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}, "verify": _OFFLINE})
        info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, chain.encode(), key.encode(), None)
        with (
            c2pa.Context(settings=quiet) as context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(self._manifest(mark), context) as builder,
        ):
            builder.sign(signer, "image/jpeg", labelled, signed)
        return signed.getvalue()

    @property
    def root(self) -> str:
        """The certificate (PEM) that others may trust to know this instance's pictures."""
        return "-----BEGIN" + self._load()[1].rpartition("-----BEGIN")[2]

    def _manifest(self, mark: Mark) -> dict[str, Any]:
        agent = {"name": mark.model, "version": parvis.__version__}
        created = {"action": "c2pa.created", "digitalSourceType": mark.source_type, "softwareAgent": agent}
        work = {
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "publisher": {"@type": "Organization", "name": self._instance},
            "contributor": [{"@type": "CreativeWork", "name": credit} for credit in mark.credits],
        }
        return {
            "claim_generator_info": [{"name": "Parvis", "version": parvis.__version__}],
            "title": mark.description[:100] or "A drawing",
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"actions": [created], "allActionsIncluded": True}},
                {"label": CREDITS, "data": work, "kind": "Json"},
            ],
        }

    def _load(self) -> tuple[str, str]:
        if self._loaded is None:
            if not self._file.exists() or _expires(self._file.read_text()) - dt.datetime.now(dt.UTC) < RENEW_BEFORE:
                self._make()
            key, between, chain = self._file.read_text().partition("-----BEGIN CERTIFICATE")
            self._loaded = key, between + chain
        return self._loaded

    def _make(self) -> None:
        """Write a new key and its chain at once, so that no other process ever sees a half of it."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._file.with_name(f"{self._file.name}.{secrets.token_hex(4)}.part")
        part.touch(mode=0o600)
        part.write_text(_new_key(self._instance))
        part.replace(self._file)


_OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}


def preview(picture: bytes, mark: Mark, *, side: int) -> bytes:
    """A labelled JPEG of at most `side` pixels; blocks. No two are the same bytes."""
    return _label(picture, mark, quality=PREVIEW_QUALITY, side=side)


def sketch(picture: bytes) -> bytes:
    """A small JPEG of an unfinished picture, for the eyes of its member only; blocks. No two are the same bytes."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        canvas = _flat(opened)
        canvas.thumbnail((SKETCH_SIDE, SKETCH_SIDE))
        canvas.save(out, "JPEG", quality=SKETCH_QUALITY, comment=f"unfinished {secrets.token_hex(16)}")
    return out.getvalue()


def read(data: bytes, roots: str = "") -> Reading | None:
    """What the file's manifest says, its signature and hashes verified; None when it carries none. Blocks.

    `roots` are certificates (PEM) of instances to trust.
    """
    import c2pa

    settings: dict[str, Any] = {"verify": {**_OFFLINE, "verify_trust": bool(roots)}}
    if roots:
        settings["trust"] = {"user_anchors": roots, "trust_config": "1.3.6.1.5.5.7.3.4\n"}
    context = c2pa.Context(settings=c2pa.Settings.from_dict(settings))
    with context, io.BytesIO(data) as file:
        reader = c2pa.Reader.try_create("image/jpeg", file, context=context)
        if reader is None:
            return None
        with reader:
            report = json.loads(reader.json())
    manifest = report["manifests"][report["active_manifest"]]
    said = {assertion["label"].split("__")[0]: assertion["data"] for assertion in manifest["assertions"]}
    created = said["c2pa.actions.v2"]["actions"][0]
    work = said.get(CREDITS, {})
    return Reading(
        state=report["validation_state"],
        source_type=created["digitalSourceType"],
        model=created["softwareAgent"]["name"],
        instance=work.get("publisher", {}).get("name", ""),
        credits=tuple(part["name"] for part in work.get("contributor", ())),
    )


def _label(picture: bytes, mark: Mark, *, quality: int, side: int | None = None) -> bytes:
    """A JPEG with the mark in its XMP and no other metadata."""
    lines = "".join(f"<rdf:li>{_escape(credit)}</rdf:li>" for credit in mark.credits)
    xmp = _XMP.format(
        tool=f"Parvis {parvis.__version__}",
        instance=f"xmp.iid:{secrets.token_hex(16)}",
        source=mark.source_type,
        model=_escape(mark.model),
        description=_escape(mark.description),
        credits=lines,
    )
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        canvas = _flat(opened)
        if side is not None:
            canvas.thumbnail((side, side))
        canvas.save(out, "JPEG", quality=quality, subsampling=0, optimize=True, xmp=xmp.encode())
    return out.getvalue()


def _escape(words: str) -> str:
    return html.escape(_NOT_XML.sub("", words))


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in RGB, what is transparent in it turned white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _expires(pem: str) -> dt.datetime:
    return x509.load_pem_x509_certificate(pem[pem.index("-----BEGIN CERTIFICATE") :].encode()).not_valid_after_utc


def _new_key(instance: str) -> str:
    """A private key, its certificate, and the root that vouches for it, in PEM. The root's own key is forgotten.

    The profile is that of C2PA 2.2, section 14.5.1: version 3, digital signature only, and e-mail protection.
    """
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name(f"{instance} root"), _name(instance)
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = (
        _certificate(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(root_id, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(name, root_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = (certificate.public_bytes(serialization.Encoding.PEM) for certificate in (leaf, root))
    return b"".join((private, *public)).decode()


def _name(words: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, words[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, words[:64]),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    begins = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)  # clocks differ
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + KEY_LIFE)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
