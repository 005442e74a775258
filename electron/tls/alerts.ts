/** Descriptions of TLS alerts in words (RFC 8446 §6, RFC 5246 §7.2). */
const words: ReadonlyMap<number, string> = new Map([
  [0, 'the server closed the connection'],
  [10, 'the server met a message it did not expect'],
  [20, 'the server met a record with a wrong checksum'],
  [22, 'the server met a record that is too long'],
  [
    40,
    'the server found no common ground (no shared cipher suite, or it wants a client certificate)',
  ],
  [42, 'the server could not read the client certificate'],
  [43, 'the server does not support the kind of client certificate'],
  [44, 'the server says the client certificate is revoked'],
  [45, 'the server says the client certificate has expired'],
  [46, 'the server does not accept the client certificate'],
  [47, 'the server met a value it considers illegal'],
  [48, 'the server does not know the issuer of the client certificate'],
  [49, 'the server denies access'],
  [50, 'the server could not decode a message'],
  [51, 'the server could not check a signature or a finished message'],
  [70, 'the server supports none of the offered TLS versions'],
  [71, 'the server considers the offered parameters too weak'],
  [80, 'the server met an internal error'],
  [86, 'the server suspects a downgraded connection'],
  [90, 'the server cancelled the handshake'],
  [109, 'the server misses an extension'],
  [110, 'the server met an extension it does not support'],
  [112, 'the server does not know the host name'],
  [113, 'the server refused a certificate status'],
  [115, 'the server does not know the identity'],
  [116, 'the server wants a client certificate'],
  [120, 'the server does not speak HTTP/1.1'],
]);

export const protocolVersionAlert = 70;
const handshakeFailure = 40;

/** Alerts that speak of the client's certificate and of nothing else. */
const aboutClientCertificate: ReadonlySet<number> = new Set([42, 43, 44, 45, 46, 48, 49, 116]);

/** What an alert of the server means, as a clause to stand behind a colon. */
export function alertWords(description: number): string {
  return words.get(description) ?? `the server sent TLS alert ${description}`;
}

/**
 * Whether an alert means that the server refused the client certificate, or its absence.
 * @param clientAnswered the client's second flight (where its certificate travels) had left: before
 *   that, handshake_failure is about cipher suites; after it, TLS 1.2 servers use it to say that
 *   a certificate is missing (RFC 5246 §7.4.6).
 */
export function refusesClientCertificate(description: number, clientAnswered: boolean): boolean {
  if (!clientAnswered) return false;
  return aboutClientCertificate.has(description) || description === handshakeFailure;
}
