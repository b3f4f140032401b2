#!/usr/bin/python3
"""Rotates the key of every account of a fleet with paramiko: the script that a careful engineer writes.

One of the contestants of the benchmark, see docs/benchmarks.md.

    HOST=... PORT=... DROMO=URL JOBS=8 rotate.py DIRECTORY

DIRECTORY holds fleet (a line "ACCOUNT DROMO-ID" each), keys/ACCOUNT (today's private keys), known_hosts and
license-header. The new keys come to DIRECTORY/new. Ends with 1 where an account failed.
"""

import base64
import contextlib
import hashlib
import http.client
import io
import json
import logging
import os
import socket
import sys
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HOST = os.environ["HOST"]
PORT = int(os.environ["PORT"])
DROMO = urllib.parse.urlsplit(os.environ["DROMO"])
JOBS = int(os.environ["JOBS"])
KEYS_FILE = ".ssh/authorized_keys"

logging.getLogger("paramiko").setLevel(logging.CRITICAL)
os.chdir(sys.argv[1])
os.umask(0o077)

with open("license-header") as file:
    LICENSE_NAME, LICENSE = (part.strip() for part in file.read().split(":", 1))
HOST_KEY = next(iter(paramiko.HostKeys("known_hosts").lookup(f"[{HOST}]:{PORT}").values()))

per_thread = threading.local()


def dromo(method, path, body=None):
    """Calls Dromo on this thread's own connection, which stays open."""
    if not hasattr(per_thread, "connection"):
        per_thread.connection = http.client.HTTPConnection(DROMO.hostname, DROMO.port, timeout=30)
        per_thread.connection.connect()
        per_thread.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    headers = {LICENSE_NAME: LICENSE, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body)
    per_thread.connection.request(method, f"{DROMO.path}/headless/sftp/credentials/{path}", data, headers)
    response = per_thread.connection.getresponse()
    text = response.read()
    if response.status != 200:
        raise RuntimeError(f"{method} was answered {response.status}: {text[:200]!r}")
    return json.loads(text)


@contextlib.contextmanager
def session(account, key):
    """An SFTP session of one account; the host key is the known one or there is none."""
    connection = socket.create_connection((HOST, PORT), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    transport = paramiko.Transport(connection)
    try:
        transport.connect(hostkey=HOST_KEY, username=account, pkey=key)
        yield paramiko.SFTPClient.from_transport(transport)
    finally:
        transport.close()


def edit(sftp, change):
    with sftp.open(KEYS_FILE) as file:
        before = file.read()
    after = change(before)
    with sftp.open(KEYS_FILE + ".new", "w") as file:
        file.write(after)
    sftp.chmod(KEYS_FILE + ".new", 0o600)
    sftp.posix_rename(KEYS_FILE + ".new", KEYS_FILE)


def beside(before, old_blob, new_blob):
    lines = before.splitlines(keepends=True)
    if not any(old_blob in line for line in lines):
        raise RuntimeError("the old key's line is not there")
    return b"".join(line + line.replace(old_blob, new_blob) if old_blob in line else line for line in lines)


def without(before, old_blob):
    return b"".join(line for line in before.splitlines(keepends=True) if old_blob not in line)


def rotate(account, dromo_id):
    old = paramiko.Ed25519Key.from_private_key_file(f"keys/{account}")
    text = (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        .decode()
    )
    with open(f"new/{account}", "w") as file:
        file.write(text)
    new = paramiko.Ed25519Key.from_private_key(io.StringIO(text))
    digest = hashlib.sha256(new.asbytes()).digest()
    fingerprint = "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    old_blob, new_blob = old.get_base64().encode(), new.get_base64().encode()

    with session(account, old) as sftp:
        edit(sftp, lambda before: beside(before, old_blob, new_blob))

    with session(account, new) as sftp:
        sftp.listdir(".")
        record = {
            "hostname": HOST, "port": PORT, "user": account, "auth_type": "KEY", "private_key": text,
        }
        if dromo("PUT", f"{dromo_id}/", record)["key_fingerprint"] != fingerprint:
            raise RuntimeError("Dromo answered another fingerprint")
        if dromo("GET", f"{dromo_id}/")["key_fingerprint"] != fingerprint:
            raise RuntimeError("Dromo stored another fingerprint")
        if not dromo("POST", f"{dromo_id}/test_connection/")["success"]:
            raise RuntimeError("Dromo can't log in")
        edit(sftp, lambda before: without(before, old_blob))

    try:
        with session(account, old):
            raise RuntimeError("the old key still logs in")
    except paramiko.AuthenticationException:
        pass


def attempt(line):
    account, dromo_id = line.split()
    try:
        rotate(account, dromo_id)
        return True
    except Exception as error:
        print(f"{account}: {type(error).__name__}: {error}", file=sys.stderr)
        return False


os.makedirs("new", exist_ok=True)
with open("fleet") as file:
    fleet = file.read().splitlines()
with ThreadPoolExecutor(JOBS) as threads:
    done = list(threads.map(attempt, fleet))
sys.exit(0 if all(done) else 1)
