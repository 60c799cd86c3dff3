'use strict';
// Verifies c2sp.org/tlog-proof@v1 texts with @sigstore/verify, which knows nothing of Meritbook:
// the checkpoint's signature and the entry's inclusion.
//
//   node verify.js VKEY PROOF-FILE ENTRY-FILE [PROOF-FILE ENTRY-FILE]…
//
// Exit codes: 0 all verified; 2 usage; 3 a proof could not be read as one; 4 refused by
// @sigstore/verify.

const crypto = require('crypto');
const fs = require('fs');
// The package's entrance wants whole sigstore bundles; these two functions are what it uses inside.
const { VerificationError } = require('@sigstore/verify/dist/error');
const { verifyCheckpoint } = require('@sigstore/verify/dist/timestamp/checkpoint');
const { verifyMerkleInclusion } = require('@sigstore/verify/dist/timestamp/merkle');

const USAGE = 2;
const MALFORMED = 3;
const REFUSED = 4;
const ED25519_NOTE = 0x01;
// The DER of an Ed25519 SubjectPublicKeyInfo up to the key (RFC 8410).
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function parseVerifierKey(text) {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!parts) throw new Error('the verifier key is malformed');
  const material = Buffer.from(parts[3], 'base64');
  if (material.length !== 33 || material[0] !== ED25519_NOTE) {
    throw new Error('the verifier key is not one of Ed25519');
  }
  const keyId = crypto
    .createHash('sha256')
    .update(parts[1] + '\n')
    .update(material)
    .digest()
    .subarray(0, 4);
  if (keyId.toString('hex') !== parts[2]) throw new Error("the verifier key's id is wrong");
  const publicKey = crypto.createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, material.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return { name: parts[1], keyId, publicKey };
}

// The checkpoint with the log's own signatures only: the package refuses a note that carries a
// signature of a key it was not given, and knows no cosignatures.
function withoutCosignatures(checkpoint, key) {
  const end = checkpoint.lastIndexOf('\n\n');
  if (end < 0) throw new Error('the checkpoint has no signatures');
  const kept = checkpoint
    .slice(end + 2)
    .split('\n')
    .filter((line) => {
      const [dash, name, signature] = line.split(' ');
      if (dash !== '\u2014' || name !== key.name || !signature) return false;
      return Buffer.from(signature, 'base64').subarray(0, 4).equals(key.keyId);
    });
  return checkpoint.slice(0, end + 2) + kept.map((line) => line + '\n').join('');
}

function parseProof(text) {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new Error('the proof has no checkpoint');
  const lines = text.slice(0, end).split('\n');
  const checkpoint = text.slice(end + 2);
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') throw new Error('the first line is another one');
  if (lines[0] && lines[0].startsWith('extra ')) lines.shift();
  const index = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() || '');
  if (!index) throw new Error('the proof has no index');
  const body = checkpoint.split('\n');
  if (!/^(0|[1-9][0-9]*)$/.test(body[1] || '')) throw new Error('the checkpoint has no size');
  return {
    logIndex: index[1],
    hashes: lines.map((line) => Buffer.from(line, 'base64')),
    treeSize: body[1],
    rootHash: Buffer.from(body[2] || '', 'base64'),
    checkpoint,
  };
}

// What the package calls a transparency log's entry. Size and root are those of the checkpoint,
// so the inclusion that it computes is in the signed tree.
function logEntry(proof, body, key) {
  return {
    canonicalizedBody: body,
    integratedTime: String(Math.floor(Date.now() / 1000)),
    inclusionProof: {
      logIndex: proof.logIndex,
      treeSize: proof.treeSize,
      rootHash: proof.rootHash,
      hashes: proof.hashes,
      checkpoint: { envelope: withoutCosignatures(proof.checkpoint, key) },
    },
  };
}

function verify(key, proofFile, entryFile) {
  const proof = parseProof(fs.readFileSync(proofFile, 'utf8'));
  const entry = logEntry(proof, fs.readFileSync(entryFile), key);
  const validFor = { start: new Date(0), end: new Date(8.64e15) };
  verifyCheckpoint(entry, [{ logID: key.keyId, publicKey: key.publicKey, validFor }]);
  verifyMerkleInclusion(entry);
}

function main(args) {
  if (args.length < 3 || args.length % 2 === 0) {
    console.error('usage: node verify.js VKEY PROOF-FILE ENTRY-FILE [PROOF-FILE ENTRY-FILE]…');
    return USAGE;
  }
  try {
    const key = parseVerifierKey(args[0]);
    for (let at = 1; at < args.length; at += 2) verify(key, args[at], args[at + 1]);
  } catch (error) {
    console.error(`verify: ${error.message}`);
    return error instanceof VerificationError ? REFUSED : MALFORMED;
  }
  console.log(`${(args.length - 1) / 2} proofs: signature and inclusion`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
