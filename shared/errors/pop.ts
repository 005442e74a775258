import { defineErrors } from './entry.ts';

/** Findings of the proof-of-possession policy (shared/pop.ts); those that block are raised as errors. */
export const popErrors = defineErrors({
  'POP-01': {
    exit: 'profile',
    clause: 'RFC 7030 §3.5',
    en: {
      what: 'Proof of possession is not supported when a PKCS#11 token holds the TLS client key.',
      why: 'It copies a value of the TLS connection into the request. The reference system cannot have that value when a token signs, and the station keeps to that unless the profile says otherwise. Nothing has been sent.',
      waysOut: [
        'Sign in with HTTP authentication instead of a TLS client certificate.',
        'Use a TLS client key in software.',
        'Leave proof of possession out.',
        'Let a PKI engineer set proofOfPossession.tokenChannelBinding in the profile.',
      ],
    },
    de: {
      what: 'Ein Besitznachweis ist nicht möglich, wenn ein PKCS#11-Token den TLS-Client-Schlüssel hält.',
      why: 'Er übernimmt einen Wert der TLS-Verbindung in den Antrag. Das Referenzsystem kann diesen Wert nicht haben, wenn ein Token unterschreibt, und die Station hält sich daran, solange das Profil nichts anderes sagt. Es wurde nichts gesendet.',
      waysOut: [
        'Melden Sie sich mit HTTP-Anmeldung statt mit einem TLS-Client-Zertifikat an.',
        'Verwenden Sie einen TLS-Client-Schlüssel in Software.',
        'Lassen Sie den Besitznachweis weg.',
        'Lassen Sie proofOfPossession.tokenChannelBinding von der PKI-Verwaltung im Profil setzen.',
      ],
    },
  },
  'POP-02': {
    exit: 'profile',
    clause: 'RFC 5929 §3',
    en: {
      what: 'The token’s TLS key is used together with proof of possession.',
      why: 'The profile allows it explicitly; this goes beyond what the reference system supports.',
      waysOut: ['Turn proof of possession off to stay within the reference system.'],
    },
    de: {
      what: 'Der TLS-Schlüssel des Tokens wird zusammen mit dem Besitznachweis verwendet.',
      why: 'Das Profil erlaubt es ausdrücklich; das geht über das Referenzsystem hinaus.',
      waysOut: ['Schalten Sie den Besitznachweis ab, um beim Referenzsystem zu bleiben.'],
    },
  },
  'POP-03': {
    exit: 'profile',
    clause: 'RFC 8446 §C.5',
    en: {
      what: 'Proof of possession turns TLS 1.3 off.',
      why: 'It uses tls-unique, which TLS 1.3 does not have; the connection is limited to TLS 1.2.',
      waysOut: ['Nothing to do if the server offers TLS 1.2.'],
    },
    de: {
      what: 'Der Besitznachweis schaltet TLS 1.3 ab.',
      why: 'Er verwendet tls-unique, das es in TLS 1.3 nicht gibt; die Verbindung bleibt auf TLS 1.2 beschränkt.',
      waysOut: ['Nichts zu tun, wenn der Server TLS 1.2 anbietet.'],
    },
  },
  'POP-04': {
    exit: 'profile',
    clause: 'RFC 9266 §2',
    en: {
      what: 'Proof of possession uses tls-exporter.',
      why: 'No RFC defines this binding for EST over HTTPS; only a server set up for it will accept the request.',
      waysOut: ['Use tls-unique if the server does not know tls-exporter.'],
    },
    de: {
      what: 'Der Besitznachweis verwendet tls-exporter.',
      why: 'Kein RFC legt diese Bindung für EST über HTTPS fest; nur ein darauf eingerichteter Server nimmt den Antrag an.',
      waysOut: ['Verwenden Sie tls-unique, wenn der Server tls-exporter nicht kennt.'],
    },
  },
  'POP-05': {
    exit: 'profile',
    clause: 'RFC 7030 §4.5.2',
    en: {
      what: 'The server asks for proof of possession, and the profile has it off.',
      why: 'The server lists challengePassword among its CSR attributes and would refuse the request.',
      waysOut: ['Turn proof of possession on.', 'Ask the PKI engineer of the server.'],
    },
    de: {
      what: 'Der Server verlangt einen Besitznachweis, und das Profil hat ihn abgeschaltet.',
      why: 'Der Server nennt challengePassword unter seinen CSR-Attributen und würde den Antrag ablehnen.',
      waysOut: [
        'Schalten Sie den Besitznachweis ein.',
        'Fragen Sie die PKI-Verwaltung des Servers.',
      ],
    },
  },
  'POP-06': {
    exit: 'trust',
    clause: 'RFC 5929 §3.1',
    en: {
      what: 'The connection gave no value for proof of possession.',
      why: '{detail}',
      waysOut: [
        'Check that the server offers TLS 1.2 for tls-unique.',
        'Turn proof of possession off if the server does not ask for it.',
      ],
    },
    de: {
      what: 'Die Verbindung lieferte keinen Wert für den Besitznachweis.',
      why: '{detail}',
      waysOut: [
        'Prüfen Sie, ob der Server für tls-unique TLS 1.2 anbietet.',
        'Schalten Sie den Besitznachweis ab, wenn der Server ihn nicht verlangt.',
      ],
    },
  },
  'POP-08': {
    exit: 'trust',
    clause: 'RFC 7627 §1',
    en: {
      what: 'The connection has no extended master secret.',
      why: 'Without it two TLS 1.2 connections can be made to share a channel binding, so it proves less; tls-exporter does not exist without it.',
      waysOut: [
        'Have the server’s TLS library brought up to date (RFC 7627).',
        'Let a PKI engineer decide about proofOfPossession.requireExtendedMasterSecret in the profile.',
        'Leave proof of possession out if the server does not ask for it.',
      ],
    },
    de: {
      what: 'Die Verbindung hat kein Extended Master Secret.',
      why: 'Ohne dieses lassen sich zwei TLS-1.2-Verbindungen mit derselben Kanalbindung herstellen, sie beweist also weniger; tls-exporter gibt es ohne es nicht.',
      waysOut: [
        'Lassen Sie die TLS-Bibliothek des Servers aktualisieren (RFC 7627).',
        'Lassen Sie die PKI-Verwaltung über proofOfPossession.requireExtendedMasterSecret im Profil entscheiden.',
        'Lassen Sie den Besitznachweis weg, wenn der Server ihn nicht verlangt.',
      ],
    },
  },
  'POP-09': {
    exit: 'profile',
    clause: 'RFC 9112 §9.6',
    en: {
      what: 'The token may have to sign in twice.',
      why: 'A server that closes the connection with its challenge for user name and password is connected to again, and the token signs again. A card that wants its PIN or a touch for every signature asks again; the station never sends a PIN a second time.',
      waysOut: ['Nothing to do unless the card asks again.'],
    },
    de: {
      what: 'Der Token muss sich vielleicht zweimal anmelden.',
      why: 'Schließt der Server die Verbindung, wenn er nach Benutzername und Passwort fragt, wird sie neu aufgebaut, und der Token unterschreibt noch einmal. Eine Karte, die für jede Unterschrift PIN oder Berührung will, fragt dann erneut; die Station sendet keine PIN ein zweites Mal.',
      waysOut: ['Nichts zu tun, solange die Karte nicht erneut fragt.'],
    },
  },
});
