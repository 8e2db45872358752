/** `auth_basic`: names and passwords as `htpasswd` and `openssl passwd` write them. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** @param users the file's lines, "mina:{SHA}…", "mina:$apr1$…" or "mina:{PLAIN}…" */
export function isAuthorized(header: string | undefined, users: string): boolean {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return false;
  const [name, password = ""] = Buffer.from(encoded, "base64").toString().split(/:(.*)/s);
  const line = users.split("\n").find((one) => one.startsWith(`${name}:`));
  return line !== undefined && matches(password, line.trim().slice(name.length + 1));
}

function matches(password: string, hash: string): boolean {
  if (hash.startsWith("{PLAIN}")) return password === hash.slice(7);
  if (hash.startsWith("{SHA}")) return createHash("sha1").update(password).digest("base64") === hash.slice(5);
  const [, magic, salt] = /^\$(apr1|1)\$([^$]{0,8})\$/.exec(hash) ?? [];
  return magic !== undefined && md5crypt(password, salt, magic) === hash;
}

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ROUNDS = 1000;

/**
 * Apache's variant of crypt's MD5, which `htpasswd` uses unless told otherwise.
 *
 * Source: Apache Portable Runtime, `apr_md5_encode`.
 */
function md5crypt(password: string, salt: string, magic: string): string {
  const md5 = (...parts: readonly (string | Uint8Array)[]) => {
    const hash = createHash("md5");
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const length = Buffer.byteLength(password);
  const mixed = md5(password, salt, password);
  const start: (string | Uint8Array)[] = [password, `$${magic}$`, salt];
  for (let left = length; left > 0; left -= 16) start.push(mixed.subarray(0, Math.min(16, left)));
  for (let bits = length; bits > 0; bits >>= 1) {
    start.push((bits & 1) === 1 ? new Uint8Array(1) : Buffer.from(password).subarray(0, 1));
  }
  let digest = md5(...start);
  for (let i = 0; i < ROUNDS; i++) {
    const parts: (string | Uint8Array)[] = [i % 2 === 1 ? password : digest];
    if (i % 3 !== 0) parts.push(salt);
    if (i % 7 !== 0) parts.push(password);
    parts.push(i % 2 === 1 ? digest : password);
    digest = md5(...parts);
  }
  const letters = (value: number, count: number) =>
    Array.from({ length: count }, (_, i) => ALPHABET[(value >> (6 * i)) & 63]).join("");
  const order = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]];
  const text = order.map(([a, b, c]) => letters((digest[a] << 16) | (digest[b] << 8) | digest[c], 4)).join("");
  return `$${magic}$${salt}$${text}${letters(digest[11], 2)}`;
}
