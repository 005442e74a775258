import { defineErrors } from './entry.ts';

/** Errors about who the server is. */
export const trustErrors = defineErrors({
  'TRUST-01': {
    exit: 'trust',
    clause: 'RFC 7030 §3.6.1',
    en: {
      what: 'The station has no trust anchor for {server} yet.',
      why: 'Nobody has confirmed the root certificate of this server, and the profile names none. Nothing was sent.',
      waysOut: [
        'Run the trust step (bootstrap) and compare the fingerprint with the operator of the server.',
        'Put caRootCertificate or caRootFingerprint into the profile.',
      ],
    },
    de: {
      what: 'Die Station hat für {server} noch keinen Vertrauensanker.',
      why: 'Niemand hat das Wurzelzertifikat dieses Servers bestätigt, und das Profil nennt keines. Es wurde nichts gesendet.',
      waysOut: [
        'Führen Sie den Vertrauensschritt (bootstrap) aus und vergleichen Sie den Fingerabdruck mit dem Betreiber des Servers.',
        'Tragen Sie caRootCertificate oder caRootFingerprint im Profil ein.',
      ],
    },
  },
  'TRUST-02': {
    exit: 'trust',
    clause: 'RFC 7030 §3.6.1',
    en: {
      what: 'The certificate of {endpoint} was not issued under a trusted root.',
      why: 'This is another server than the one confirmed, or its operator has changed the root. No password and no request was sent.',
      waysOut: [
        'Check host and port of the endpoint.',
        'Ask the operator whether the root has changed, and compare the new fingerprint by phone.',
        'Run the trust step (bootstrap) again once the new root is confirmed.',
      ],
    },
    de: {
      what: 'Das Zertifikat von {endpoint} stammt nicht von einer vertrauten Wurzel.',
      why: 'Das ist ein anderer Server als der bestätigte, oder der Betreiber hat die Wurzel gewechselt. Weder Passwort noch Antrag wurden gesendet.',
      waysOut: [
        'Prüfen Sie Host und Port des Endpunkts.',
        'Fragen Sie den Betreiber, ob die Wurzel gewechselt hat, und vergleichen Sie den neuen Fingerabdruck am Telefon.',
        'Führen Sie den Vertrauensschritt (bootstrap) erneut aus, sobald die neue Wurzel bestätigt ist.',
      ],
    },
  },
  'TRUST-03': {
    exit: 'trust',
    clause: 'RFC 9525 §6; RFC 7030 §3.6',
    en: {
      what: 'The certificate of {endpoint} is for another name: {names}.',
      why: 'The endpoint is written differently from the server’s certificate, or another server answered. No password and no request was sent.',
      waysOut: [
        'Use one of the names in the certificate as endpoint.',
        'Ask the operator for a server certificate that holds this name.',
      ],
    },
    de: {
      what: 'Das Zertifikat von {endpoint} gilt für einen anderen Namen: {names}.',
      why: 'Der Endpunkt ist anders geschrieben als im Zertifikat des Servers, oder ein anderer Server hat geantwortet. Weder Passwort noch Antrag wurden gesendet.',
      waysOut: [
        'Verwenden Sie einen der Namen aus dem Zertifikat als Endpunkt.',
        'Bitten Sie den Betreiber um ein Server-Zertifikat mit diesem Namen.',
      ],
    },
  },
  'TRUST-04': {
    exit: 'trust',
    clause: 'RFC 7030 §4.1.1',
    en: {
      what: 'The fingerprint differs: expected {expected}, the server sent {sent}.',
      why: 'The expected value is mistyped or outdated, or someone stands between this station and the server. Nothing was trusted or stored.',
      waysOut: [
        'Compare the fingerprint with the operator again, over the phone or in person.',
        'Make sure it is the SHA-256 of the root certificate, not of the server’s own certificate.',
        'If it still differs, stop and report it.',
      ],
    },
    de: {
      what: 'Der Fingerabdruck weicht ab: erwartet {expected}, der Server sandte {sent}.',
      why: 'Der erwartete Wert ist vertippt oder veraltet, oder jemand steht zwischen Station und Server. Es wurde nichts als vertrauenswürdig übernommen oder gespeichert.',
      waysOut: [
        'Vergleichen Sie den Fingerabdruck erneut mit dem Betreiber, am Telefon oder persönlich.',
        'Vergewissern Sie sich, dass es der SHA-256 des Wurzelzertifikats ist, nicht der des Server-Zertifikats.',
        'Weicht er weiter ab, hören Sie auf und melden Sie es.',
      ],
    },
  },
  'TRUST-05': {
    exit: 'trust',
    clause: 'RFC 5280 §4.1.2.5',
    en: {
      what: 'The certificate of {endpoint} is outside its validity ({notBefore} to {notAfter}); this computer says {now}.',
      why: 'Most likely the clock of this station is wrong; otherwise the server’s certificate has expired or is not valid yet. No password and no request was sent.',
      waysOut: [
        'Check date, time and time zone of this computer.',
        'If the clock is right, ask the operator to renew the server’s certificate.',
      ],
    },
    de: {
      what: 'Das Zertifikat von {endpoint} liegt außerhalb seiner Gültigkeit ({notBefore} bis {notAfter}); dieser Rechner meldet {now}.',
      why: 'Wahrscheinlich geht die Uhr dieser Station falsch; sonst ist das Zertifikat des Servers abgelaufen oder noch nicht gültig. Weder Passwort noch Antrag wurden gesendet.',
      waysOut: [
        'Prüfen Sie Datum, Uhrzeit und Zeitzone dieses Rechners.',
        'Geht die Uhr richtig, bitten Sie den Betreiber, das Server-Zertifikat zu erneuern.',
      ],
    },
  },
  'TRUST-06': {
    exit: 'trust',
    clause: 'RFC 7030 §4.1.3',
    en: {
      what: 'None of the certificates {endpoint} sent is a root its own certificate leads to.',
      why: 'The server’s CA list lacks the root, or this is not the EST server. Nothing was trusted or stored.',
      waysOut: [
        'Get the root certificate from the operator and put it into the profile as caRootCertificate.',
        'Check endpoint and label.',
        'Ask the operator to complete the server’s CA list.',
      ],
    },
    de: {
      what: 'Keines der Zertifikate, die {endpoint} sandte, ist eine Wurzel, zu der sein eigenes Zertifikat führt.',
      why: 'In der CA-Liste des Servers fehlt die Wurzel, oder dies ist nicht der EST-Server. Es wurde nichts als vertrauenswürdig übernommen oder gespeichert.',
      waysOut: [
        'Lassen Sie sich das Wurzelzertifikat geben und tragen Sie es als caRootCertificate im Profil ein.',
        'Prüfen Sie Endpunkt und Label.',
        'Bitten Sie den Betreiber, die CA-Liste des Servers zu vervollständigen.',
      ],
    },
  },
  'TRUST-07': {
    exit: 'trust',
    clause: 'RFC 5280 §6.1',
    en: {
      what: 'The certificate chain of {endpoint} is not valid: {detail}.',
      why: 'A certificate between the server and the trusted root breaks a rule. No password and no request was sent.',
      waysOut: [
        'Give the operator this message; the chain must be corrected on the server.',
        'Check date and time of this computer.',
      ],
    },
    de: {
      what: 'Die Zertifikatskette von {endpoint} ist nicht gültig: {detail}.',
      why: 'Ein Zertifikat zwischen dem Server und der vertrauten Wurzel verletzt eine Regel. Weder Passwort noch Antrag wurden gesendet.',
      waysOut: [
        'Geben Sie diese Meldung dem Betreiber; die Kette muss auf dem Server berichtigt werden.',
        'Prüfen Sie Datum und Uhrzeit dieses Rechners.',
      ],
    },
  },
  'TRUST-08': {
    exit: 'trust',
    clause: 'RFC 7030 §4.1.1',
    en: {
      what: 'A person declined to trust the root of {server}.',
      why: 'The fingerprint was not confirmed. Nothing was trusted or stored.',
      waysOut: [
        'Get the right fingerprint from the operator of the server, then run the trust step again.',
        'If the fingerprints differed, check endpoint and network before you go on.',
      ],
    },
    de: {
      what: 'Eine Person hat es abgelehnt, der Wurzel von {server} zu vertrauen.',
      why: 'Der Fingerabdruck wurde nicht bestätigt. Es wurde nichts als vertrauenswürdig übernommen oder gespeichert.',
      waysOut: [
        'Holen Sie den richtigen Fingerabdruck beim Betreiber ein und führen Sie den Vertrauensschritt erneut aus.',
        'Wichen die Fingerabdrücke ab, prüfen Sie vor dem Fortfahren Endpunkt und Netzwerk.',
      ],
    },
  },
  'TRUST-09': {
    exit: 'trust',
    clause: 'RFC 7030 §4.1.1',
    en: {
      what: 'The trust offer is no longer valid; fetch the certificates again.',
      why: 'Too much time has passed, the station was restarted, or the offer was already answered. Nothing was trusted or stored.',
      waysOut: ['Fetch the certificates again and compare the fingerprint once more.'],
    },
    de: {
      what: 'Das Vertrauensangebot gilt nicht mehr; rufen Sie die Zertifikate erneut ab.',
      why: 'Es ist zu viel Zeit vergangen, die Station wurde neu gestartet, oder das Angebot wurde schon beantwortet. Es wurde nichts als vertrauenswürdig übernommen oder gespeichert.',
      waysOut: [
        'Rufen Sie die Zertifikate erneut ab und vergleichen Sie den Fingerabdruck noch einmal.',
      ],
    },
  },
  'TRUST-10': {
    exit: 'trust',
    clause: 'RFC 7030 §4.1.3',
    en: {
      what: '{server} offers no new root with the fingerprint {fingerprint}.',
      why: 'The value is mistyped, it belongs to a certificate that is no root, or that root is trusted already. Nothing was changed.',
      waysOut: [
        'List what the server offers (trust --refresh) and compare the fingerprint again.',
        'Make sure it is the SHA-256 of the new root, not of a CA below it.',
      ],
    },
    de: {
      what: '{server} bietet keine neue Wurzel mit dem Fingerabdruck {fingerprint} an.',
      why: 'Der Wert ist vertippt, gehört zu einem Zertifikat, das keine Wurzel ist, oder dieser Wurzel wird schon vertraut. Es wurde nichts geändert.',
      waysOut: [
        'Lassen Sie sich anzeigen, was der Server anbietet (trust --refresh), und vergleichen Sie den Fingerabdruck erneut.',
        'Vergewissern Sie sich, dass es der SHA-256 der neuen Wurzel ist, nicht der einer CA darunter.',
      ],
    },
  },
  'TRUST-11': {
    exit: 'trust',
    clause: 'RFC 7030 §3.6.1',
    en: {
      what: 'The certificate cannot become a trust anchor: {detail}.',
      why: 'A trust anchor is the certificate of a CA that is valid now. Nothing was trusted or stored.',
      waysOut: [
        'Ask the operator of the server for the root certificate as a PEM or DER file.',
        'If it should be valid, check date and time of this computer.',
      ],
    },
    de: {
      what: 'Das Zertifikat kann kein Vertrauensanker werden: {detail}.',
      why: 'Ein Vertrauensanker ist das Zertifikat einer CA, das jetzt gültig ist. Es wurde nichts als vertrauenswürdig übernommen oder gespeichert.',
      waysOut: [
        'Bitten Sie den Betreiber des Servers um das Wurzelzertifikat als PEM- oder DER-Datei.',
        'Sollte es gültig sein, prüfen Sie Datum und Uhrzeit dieses Rechners.',
      ],
    },
  },
  'TRUST-12': {
    exit: 'trust',
    en: {
      what: '{server} has no trust anchor with the fingerprint {fingerprint}.',
      why: 'It was removed already, or it belongs to another server. Nothing was changed.',
      waysOut: ['List the trust anchors of the server again (trust).'],
    },
    de: {
      what: '{server} hat keinen Vertrauensanker mit dem Fingerabdruck {fingerprint}.',
      why: 'Er wurde schon entfernt oder gehört zu einem anderen Server. Es wurde nichts geändert.',
      waysOut: ['Lassen Sie sich die Vertrauensanker des Servers erneut anzeigen (trust).'],
    },
  },
  'TRUST-13': {
    exit: 'trust',
    clause: 'RFC 5280 §6.3',
    en: {
      what: 'The server {endpoint} shows a certificate that was revoked: {detail}.',
      why: 'A revocation list the station holds, signed by the CA, names it. Somebody else may have its key. Nothing was sent.',
      waysOut: [
        'Tell the operator of the server; it needs a new certificate.',
        'If the operator has lifted the revocation, fetch the lists again (crls).',
      ],
    },
    de: {
      what: 'Der Server {endpoint} zeigt ein gesperrtes Zertifikat: {detail}.',
      why: 'Eine von der CA signierte Sperrliste, die die Station hat, nennt es. Jemand anderes kann seinen Schlüssel haben. Es wurde nichts gesendet.',
      waysOut: [
        'Sagen Sie es dem Betreiber des Servers; er braucht ein neues Zertifikat.',
        'Hat der Betreiber die Sperre aufgehoben, holen Sie die Listen erneut (crls).',
      ],
    },
  },
  'TRUST-14': {
    exit: 'trust',
    clause: 'RFC 5280 §6.3.3',
    en: {
      what: 'Whether the certificate of {endpoint} was revoked is not known: {detail}.',
      why: 'The profile requires revocation lists in force for the whole chain (trust.revocation), and neither the station nor the server has them. Nothing was sent.',
      waysOut: [
        'See what the server offers (crls), and ask the operator for lists that are in force.',
        'Check date and time of this computer: a list counts from its thisUpdate to its nextUpdate.',
        'If the server offers none, set trust.revocation to when-known in the profile.',
      ],
    },
    de: {
      what: 'Ob das Zertifikat von {endpoint} gesperrt wurde, ist nicht bekannt: {detail}.',
      why: 'Das Profil verlangt gültige Sperrlisten für die ganze Kette (trust.revocation), und weder die Station noch der Server hat sie. Es wurde nichts gesendet.',
      waysOut: [
        'Sehen Sie nach, was der Server anbietet (crls), und bitten Sie den Betreiber um gültige Listen.',
        'Prüfen Sie Datum und Uhrzeit dieses Rechners: eine Liste gilt von thisUpdate bis nextUpdate.',
        'Bietet der Server keine an, setzen Sie trust.revocation im Profil auf when-known.',
      ],
    },
  },
});
