import { defineErrors } from './entry.ts';

/** Errors of the TLS handshake that are not about who the server is. */
export const tlsErrors = defineErrors({
  'TLS-01': {
    exit: 'trust',
    en: {
      what: 'The TLS handshake with {endpoint} failed: {detail}.',
      why: 'Server and station could not agree on a protected connection. No password and no request was sent.',
      waysOut: [
        'Ask the operator which TLS versions and cipher suites the server offers.',
        'Check whether a proxy or firewall inspects TLS on the way.',
        'If the server wants a client certificate, enable tlsClientAuthentication in the profile.',
      ],
    },
    de: {
      what: 'Der TLS-Handshake mit {endpoint} ist gescheitert: {detail}.',
      why: 'Server und Station konnten sich nicht auf eine geschützte Verbindung einigen. Weder Passwort noch Antrag wurden gesendet.',
      waysOut: [
        'Fragen Sie den Betreiber, welche TLS-Versionen und Verfahren der Server anbietet.',
        'Prüfen Sie, ob unterwegs ein Proxy oder eine Firewall TLS aufbricht.',
        'Verlangt der Server ein Client-Zertifikat, schalten Sie tlsClientAuthentication im Profil ein.',
      ],
    },
  },
  'TLS-02': {
    exit: 'trust',
    clause: 'RFC 8996 §5',
    en: {
      what: '{endpoint} offers no TLS version the station accepts ({versions}).',
      why: 'The server is limited to another version, or proof of possession holds the connection at TLS 1.2. Nothing was sent.',
      waysOut: [
        'Ask the operator to offer TLS 1.2 or 1.3.',
        'If the server offers TLS 1.3 only, turn proof of possession off or use tls-exporter if the server knows it.',
      ],
    },
    de: {
      what: '{endpoint} bietet keine TLS-Version an, die die Station annimmt ({versions}).',
      why: 'Der Server ist auf eine andere Version beschränkt, oder der Besitznachweis hält die Verbindung bei TLS 1.2. Es wurde nichts gesendet.',
      waysOut: [
        'Bitten Sie den Betreiber, TLS 1.2 oder 1.3 anzubieten.',
        'Bietet der Server nur TLS 1.3 an, schalten Sie den Besitznachweis ab oder verwenden Sie tls-exporter, wenn der Server es kennt.',
      ],
    },
  },
  'TLS-03': {
    exit: 'trust',
    clause: 'RFC 7030 §3.3.2',
    en: {
      what: '{endpoint} refused the client certificate.',
      why: 'The server does not know the issuer of the client certificate, or the certificate has expired or was revoked.',
      waysOut: [
        'Check the validity and issuer of the client certificate.',
        'Ask the operator whether the server trusts that issuer.',
        'Authenticate with user name and password if the server allows it.',
      ],
    },
    de: {
      what: '{endpoint} hat das Client-Zertifikat abgelehnt.',
      why: 'Der Server kennt den Aussteller des Client-Zertifikats nicht, oder es ist abgelaufen oder gesperrt.',
      waysOut: [
        'Prüfen Sie Gültigkeit und Aussteller des Client-Zertifikats.',
        'Fragen Sie den Betreiber, ob der Server diesem Aussteller vertraut.',
        'Melden Sie sich mit Benutzername und Passwort an, wenn der Server es erlaubt.',
      ],
    },
  },
  'TLS-04': {
    exit: 'trust',
    en: {
      what: 'The TLS handshake with {endpoint} took longer than {seconds} s.',
      why: 'The port is open, but the server did not complete the handshake; it may be overloaded or not speak TLS. Nothing was sent.',
      waysOut: [
        'Check that the port is the one of the EST server.',
        'Start the task again in a moment.',
        'On a slow line raise limits.tlsMs in the profile.',
      ],
    },
    de: {
      what: 'Der TLS-Handshake mit {endpoint} dauerte länger als {seconds} s.',
      why: 'Der Port ist offen, doch der Server vollendete den Handshake nicht; er ist vielleicht überlastet oder spricht kein TLS. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie, ob der Port der des EST-Servers ist.',
        'Starten Sie die Aufgabe gleich noch einmal.',
        'Erhöhen Sie bei langsamer Leitung limits.tlsMs im Profil.',
      ],
    },
  },
  'TLS-05': {
    exit: 'trust',
    clause: 'RFC 7030 §3.3.2',
    en: {
      what: 'The TLS client credential {alias} cannot be used: {detail}.',
      why: 'Key and certificate for signing in to the server are missing, unreadable or do not fit. Nothing was sent.',
      waysOut: [
        'Check keystore and alias under tlsClientAuthentication in the profile.',
        'Put a key with its certificate into that keystore under the alias {alias}.',
        'Authenticate with user name and password if the server allows it.',
      ],
    },
    de: {
      what: 'Die TLS-Client-Anmeldung {alias} ist nicht verwendbar: {detail}.',
      why: 'Schlüssel und Zertifikat für die Anmeldung am Server fehlen, sind unlesbar oder passen nicht zusammen. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie keystore und alias unter tlsClientAuthentication im Profil.',
        'Legen Sie einen Schlüssel mit Zertifikat unter dem Alias {alias} in diesen Schlüsselspeicher.',
        'Melden Sie sich mit Benutzername und Passwort an, wenn der Server es erlaubt.',
      ],
    },
  },
});
