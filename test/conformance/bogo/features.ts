/**
 * What the token connector leaves out on purpose, by the runner's flags that ask for it (electron/tls/token is a client
 * for EST over HTTPS, nothing more). Only for these may the shim answer "unimplemented"; any other flag it does not
 * know is an error and fails the case.
 */
export const unimplemented: Readonly<Record<string, readonly string[]>> = {
  'server role': ['-server'],
  DTLS: ['-dtls'],
  QUIC: ['-quic', '-quic-transport-params', '-quic-use-legacy-codepoint'],
  'session resumption and tickets': ['-resume-count', '-expect-ticket-supports-early-data'],
  'early data': ['-enable-early-data'],
  'pre-shared keys': ['-psk', '-psk-identity'],
  'OCSP stapling': ['-enable-ocsp-stapling', '-use-ocsp-callback', '-ocsp-response'],
  'signed certificate timestamps': ['-enable-signed-cert-timestamps', '-signed-cert-timestamps'],
  'encrypted ClientHello': ['-ech-config-list', '-enable-ech-grease'],
  'Channel ID': ['-send-channel-id'],
  'next protocol negotiation': ['-select-next-proto'],
  'false start': ['-false-start'],
  renegotiation: [
    '-renegotiate-freely',
    '-renegotiate-once',
    '-renegotiate-explicit',
    '-forbid-renegotiation-after-handshake',
  ],
  'application settings (ALPS)': ['-application-settings', '-defer-alps'],
  GREASE: ['-enable-grease'],
  'extension permutation': ['-permute-extensions'],
  'certificate compression': [
    '-install-cert-compression-algs',
    '-install-one-cert-compression-alg',
  ],
  'SRTP keys': ['-srtp-profiles'],
  'CBC suites': ['-cbc-record-splitting'],
  'fallback signalling (no fallback is ever made)': ['-fallback-scsv'],
  'handing out traffic secrets': ['-export-traffic-secrets'],
  'cipher suites by choice': ['-cipher', '-expect-cipher-aes', '-expect-cipher-no-aes'],
  'peeking at received data': ['-peek-then-read'],
  'unknown ALPN protocols': ['-allow-unknown-alpn-protos'],
  'sending alerts on demand': ['-send-alert'],
  'BoringSSL handshake splitting': ['-handoff', '-handshake-hints'],
  'telling what a server prefers': ['-expect-peer-verify-pref'],
  'message trace': ['-expect-msg-callback'],
  'BoringSSL call order': ['-handshake-twice', '-no-op-extra-handshake', '-fail-cert-callback'],
  'telling what CertificateRequest names': ['-expect-client-ca-list', '-expect-certificate-types'],
  'certificate list limit by choice': ['-max-cert-list'],
  'key update on demand': ['-key-update'],
  'partial writes': ['-read-with-unfinished-write', '-partial-write'],
};
