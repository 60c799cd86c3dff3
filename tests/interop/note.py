"""Signed notes as C2SP has them (signed-note, tlog-checkpoint, tlog-cosignature), for tests.

Ed25519 is the openssl command's, so that this shares nothing with the server.
"""

import base64
import hashlib
import pathlib
import struct
import subprocess
import tempfile

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
# The DER of Ed25519 keys up to the key itself (RFC 8410).
PKCS8_PREFIX = bytes.fromhex("302e020100300506032b657004220420")
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def _openssl(arguments, **files):
    """Runs openssl; `{name}` in an argument is the path of a file with those bytes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in files.items():
            paths[name] = pathlib.Path(folder) / name
            paths[name].write_bytes(content)
        return subprocess.run(["openssl"] + [argument.format(**paths) for argument in arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def public_key(seed):
    done = _openssl(["pkey", "-inform", "DER", "-in", "{key}", "-pubout", "-outform", "DER"],
                    key=PKCS8_PREFIX + seed)
    assert done.returncode == 0, done.stderr
    return done.stdout[-32:]


def ed25519_sign(seed, message):
    done = _openssl(["pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", "{key}",
                     "-in", "{message}"], key=PKCS8_PREFIX + seed, message=message)
    assert done.returncode == 0 and len(done.stdout) == 64, done.stderr
    return done.stdout


def ed25519_verify(public, message, signature):
    done = _openssl(["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER",
                     "-inkey", "{key}", "-sigfile", "{signature}", "-in", "{message}"],
                    key=SPKI_PREFIX + public, message=message, signature=signature)
    return done.returncode == 0


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def verifier_key(name, kind, public):
    material = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, kind, public).hex()}+{material}"


def parse_verifier_key(vkey):
    """(name, kind, public key); the base64 of the last part may hold a + of its own."""
    name, _, material = vkey.split("+", 2)
    decoded = base64.b64decode(material, validate=True)
    assert verifier_key(name, decoded[0], decoded[1:]) == vkey, f"{vkey} is no verifier key"
    return name, decoded[0], decoded[1:]


class Signer:
    """A log's key, from its seed or its text `PRIVATE+KEY+name+id+key`."""

    def __init__(self, name, seed):
        self.name = name
        self.seed = seed
        self.public = public_key(seed)

    @staticmethod
    def from_text(text):
        private, key, name, identity, material = text.strip().split("+", 4)
        decoded = base64.b64decode(material, validate=True)
        assert (private, key) == ("PRIVATE", "KEY") and decoded[0] == ED25519, "no signer key"
        signer = Signer(name, decoded[1:])
        assert key_id(name, ED25519, signer.public).hex() == identity, "the key's id is wrong"
        return signer

    def text(self):
        material = base64.b64encode(bytes([ED25519]) + self.seed).decode()
        identity = key_id(self.name, ED25519, self.public).hex()
        return f"PRIVATE+KEY+{self.name}+{identity}+{material}"

    def vkey(self):
        return verifier_key(self.name, ED25519, self.public)

    def line(self, body):
        identity = key_id(self.name, ED25519, self.public)
        return signature_line(self.name, identity + ed25519_sign(self.seed, body))

    def cosignature_line(self, body, timestamp):
        signature = ed25519_sign(self.seed, cosigned_message(body, timestamp))
        identity = key_id(self.name, COSIGNATURE_V1, self.public)
        return signature_line(self.name, identity + struct.pack(">Q", timestamp) + signature)


def signature_line(name, signature):
    return f"— {name} {base64.b64encode(signature).decode()}\n".encode()


def parse_signature_line(line):
    """(name, key id, signature) of a line without its newline."""
    dash, name, signature = line.decode().split(" ")
    assert dash == "—", line
    decoded = base64.b64decode(signature, validate=True)
    return name, decoded[:4], decoded[4:]


def cosigned_message(body, timestamp):
    return f"cosignature/v1\ntime {timestamp}\n".encode() + body


def check_cosignature(line, body, public):
    """The time at which a witness with that key cosigned the body."""
    name, identity, signature = parse_signature_line(line)
    assert identity == key_id(name, COSIGNATURE_V1, public), "another key's cosignature"
    timestamp = struct.unpack(">Q", signature[:8])[0]
    assert ed25519_verify(public, cosigned_message(body, timestamp), signature[8:]), \
        "the cosignature does not verify"
    return timestamp


def checkpoint_body(origin, size, root):
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


class Checkpoint:
    """A checkpoint's text taken apart; nothing is verified here."""

    def __init__(self, text):
        end = text.rindex(b"\n\n")
        self.text = text
        self.body = text[:end + 1]
        self.lines = text[end + 2:].removesuffix(b"\n").split(b"\n")
        lines = self.body.decode().split("\n")
        self.origin = lines[0]
        self.size = int(lines[1])
        self.root = base64.b64decode(lines[2], validate=True)

    def with_flipped_signature(self, vkey, bit):
        """The text with one bit of the log's own signature flipped."""
        name, kind, public = parse_verifier_key(vkey)
        lines = []
        for line in self.lines:
            signer, identity, signature = parse_signature_line(line)
            if (signer, identity) == (name, key_id(name, kind, public)):
                line = signature_line(name, identity + flip(signature, bit))[:-1]
            lines.append(line)
        assert lines != self.lines, "the log has not signed this"
        return self.body + b"\n" + b"".join(line + b"\n" for line in lines)


def flip(data, bit):
    """The bytes with one bit flipped, counted modulo their length."""
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)
