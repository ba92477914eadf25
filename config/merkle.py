#!/usr/bin/env python3
"""Checks that records stand under a checkpoint, without the other records (RFC 6962, section 2.1).

Reads chain/records.jsonl, chain/records.proof.json and chain/checkpoint.note beside this file. Standard library only.
Exit status: 0 all stand under it, 1 one does not, 2 nothing to check. Who signed the checkpoint is another question:

    sed '/^$/,$d' chain/checkpoint.note > body
    sed -n 's/^— [^ ]* //p' chain/checkpoint.note | base64 -d | tail -c 64 > sig
    openssl pkeyutl -verify -pubin -inkey KEY.pub.pem -rawin -in body -sigfile sig

where KEY is the last chain/keys/<n>.pub.pem with n below the checkpoint's size, else genesis.
"""
import base64
import hashlib
import json
import pathlib
import sys


def join(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf, index, size, proof):
    """RFC 9162, section 2.1.3.2."""
    at, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            leaf = join(sibling, leaf)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = join(leaf, sibling)
        at, last = at >> 1, last >> 1
    return leaf if last == 0 else None


def main():
    chain = pathlib.Path(__file__).resolve().parent / "chain"
    try:
        note = (chain / "checkpoint.note").read_text(encoding="utf-8").splitlines()
        proofs = json.loads((chain / "records.proof.json").read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        print(f"nothing to check: no {missing.filename}")
        return 2
    size, signed = int(note[1]), base64.b64decode(note[2])
    proofs = {proof["seq"]: proof["proof"] for proof in proofs["records"]}
    seen = set()
    for line in (chain / "records.jsonl").read_bytes().splitlines(keepends=True):
        seq = json.loads(line)["seq"]
        if seq not in proofs or seq >= size:
            print(f"FAIL: record {seq} has no proof: it was put in, or changed, or written after the checkpoint")
            return 1
        leaf = hashlib.sha256(b"\x00" + line).digest()
        path = [bytes.fromhex(node) for node in proofs[seq]]
        if root(leaf, seq, size, path) != signed:
            print(f"FAIL: record {seq} is not under the checkpoint")
            return 1
        seen.add(seq)
    if missing := sorted(proofs.keys() - seen):
        print(f"FAIL: record {missing[0]} is missing")
        return 1
    if not seen:
        print("nothing to check: no record")
        return 2
    print(f"OK: {len(seen)} records under the checkpoint of size {size}; who signed it is not looked at here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
