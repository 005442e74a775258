/** Alert descriptions this client sends or knows by name (RFC 8446 §6, RFC 5246 §7.2). */
export const alerts = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  handshakeFailure: 40,
  badCertificate: 42,
  unsupportedCertificate: 43,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  userCanceled: 90,
  noRenegotiation: 100,
  missingExtension: 109,
  unsupportedExtension: 110,
} as const;

/** Why this client ends a connection, with the alert it sends. */
export class TlsFailure extends Error {
  readonly alert: number;

  /** @param message a clause in words, to stand behind a colon. */
  constructor(alert: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlsFailure';
    this.alert = alert;
  }
}

/** The server ended the connection with an alert. */
export class AlertReceived extends Error {
  readonly description: number;

  constructor(description: number) {
    super(`the server sent TLS alert ${description}`);
    this.name = 'AlertReceived';
    this.description = description;
  }
}

/** The connection ended without close_notify, or before the handshake was over. */
export class WireEnded extends Error {
  /** As the operating system would say it. */
  readonly code = 'ECONNRESET';

  constructor() {
    super('the connection ended early');
    this.name = 'WireEnded';
  }
}
