import { defineErrors } from './entry.ts';

/** Errors about an issued certificate. */
export const certificateErrors = defineErrors({
  'CERT-01': {
    exit: 'server',
    clause: 'RFC 7030 §4.2.3',
    en: {
      what: 'The server sent no certificate for the key it was asked about.',
      why: 'Every certificate in the answer belongs to another key, so none can be used with this token. Nothing was stored on it.',
      waysOut: [
        'Give the operator the time and the subject of the request.',
        'Ask for the certificate that was issued by mistake to be revoked.',
      ],
    },
    de: {
      what: 'Der Server sandte kein Zertifikat für den Schlüssel, um den es ging.',
      why: 'Jedes Zertifikat der Antwort gehört zu einem anderen Schlüssel und ist mit diesem Token nicht verwendbar. Auf ihm wurde nichts gespeichert.',
      waysOut: [
        'Nennen Sie dem Betreiber Uhrzeit und Namen des Antrags.',
        'Lassen Sie das irrtümlich ausgestellte Zertifikat sperren.',
      ],
    },
  },
  'CERT-02': {
    exit: 'trust',
    clause: 'RFC 5280 §6.1',
    en: {
      what: 'The issued certificate does not lead to a trusted root: {detail}.',
      why: 'The CA that issued it is not under the confirmed root, or a CA certificate in between is missing. It was not stored on the token.',
      waysOut: [
        'Ask the operator which root issues these certificates.',
        'Run the trust step (bootstrap) again if the root has changed.',
        'Take the certificate from the record and have it revoked if it is not needed.',
      ],
    },
    de: {
      what: 'Das ausgestellte Zertifikat führt nicht zu einer vertrauten Wurzel: {detail}.',
      why: 'Die ausstellende CA steht nicht unter der bestätigten Wurzel, oder ein CA-Zertifikat dazwischen fehlt. Es wurde nicht auf dem Token gespeichert.',
      waysOut: [
        'Fragen Sie den Betreiber, welche Wurzel diese Zertifikate ausstellt.',
        'Führen Sie den Vertrauensschritt (bootstrap) erneut aus, wenn die Wurzel gewechselt hat.',
        'Entnehmen Sie das Zertifikat dem Nachweis und lassen Sie es sperren, wenn es nicht gebraucht wird.',
      ],
    },
  },
  'CERT-03': {
    exit: 'server',
    clause: 'RFC 5280 §4.1.2.5',
    en: {
      what: 'The issued certificate is not valid now ({notBefore} to {notAfter}); this computer says {now}, the server {server}.',
      why: 'Most likely the clock of this station or of the server is wrong. The certificate was not stored on the token.',
      waysOut: [
        'Check date, time and time zone of this computer.',
        'If the clock is right, give the operator this message.',
      ],
    },
    de: {
      what: 'Das ausgestellte Zertifikat ist jetzt nicht gültig ({notBefore} bis {notAfter}); dieser Rechner meldet {now}, der Server {server}.',
      why: 'Wahrscheinlich geht die Uhr dieser Station oder des Servers falsch. Das Zertifikat wurde nicht auf dem Token gespeichert.',
      waysOut: [
        'Prüfen Sie Datum, Uhrzeit und Zeitzone dieses Rechners.',
        'Geht die Uhr richtig, geben Sie diese Meldung dem Betreiber.',
      ],
    },
  },
  'CERT-04': {
    exit: 'issued-not-stored',
    en: {
      what: 'The certificate read back from {keystore} differs from the one issued.',
      why: 'The keystore or its software altered or mixed up what was written. The issued certificate is safe in the record.',
      waysOut: [
        'Store it again from the record.',
        'Use another token if it happens again, and have this certificate revoked.',
      ],
    },
    de: {
      what: 'Das von {keystore} zurückgelesene Zertifikat weicht vom ausgestellten ab.',
      why: 'Der Schlüsselspeicher oder seine Software hat das Geschriebene verändert oder vertauscht. Das ausgestellte Zertifikat ist im Nachweis sicher.',
      waysOut: [
        'Speichern Sie es aus dem Nachweis erneut.',
        'Verwenden Sie bei Wiederholung einen anderen Token und lassen Sie dieses Zertifikat sperren.',
      ],
    },
  },
  'CERT-05': {
    exit: 'issued-not-stored',
    en: {
      what: 'Key and certificate on {keystore} do not belong together.',
      why: 'A test signature made with the key does not verify with the certificate. The issued certificate is safe in the record.',
      waysOut: [
        'Check that the token was not exchanged during the task.',
        'Enroll again with a new key, and have this certificate revoked.',
      ],
    },
    de: {
      what: 'Schlüssel und Zertifikat auf {keystore} gehören nicht zusammen.',
      why: 'Eine Probesignatur des Schlüssels lässt sich mit dem Zertifikat nicht prüfen. Das ausgestellte Zertifikat ist im Nachweis sicher.',
      waysOut: [
        'Prüfen Sie, ob der Token während der Aufgabe getauscht wurde.',
        'Beantragen Sie mit neuem Schlüssel erneut und lassen Sie dieses Zertifikat sperren.',
      ],
    },
  },
  'CERT-06': {
    exit: 'server',
    clause: 'RFC 5280 §4.1',
    en: {
      what: 'A certificate cannot be read: {detail}.',
      why: 'It is damaged, incomplete, or no X.509 certificate. It was not used.',
      waysOut: [
        'If it came from the server, give the operator this message.',
        'If it came from a file or the profile, get it again from its source.',
      ],
    },
    de: {
      what: 'Ein Zertifikat ist nicht lesbar: {detail}.',
      why: 'Es ist beschädigt, unvollständig oder kein X.509-Zertifikat. Es wurde nicht verwendet.',
      waysOut: [
        'Kam es vom Server, geben Sie diese Meldung dem Betreiber.',
        'Kam es aus einer Datei oder dem Profil, holen Sie es erneut bei seiner Quelle.',
      ],
    },
  },
  'CERT-07': {
    exit: 'issued-not-stored',
    en: {
      what: 'The certificate was issued but could not be stored on {keystore}: {detail}.',
      why: 'The keystore refused or vanished after the server had issued. The certificate is safe in the record and is not lost.',
      waysOut: [
        'Put the token back and store the certificate again from the record.',
        'Do not enroll again before that: the server would issue a second certificate.',
        'If the token is gone, have the certificate revoked.',
      ],
    },
    de: {
      what: 'Das Zertifikat wurde ausgestellt, konnte aber nicht auf {keystore} gespeichert werden: {detail}.',
      why: 'Der Schlüsselspeicher verweigerte oder verschwand nach der Ausstellung. Das Zertifikat ist im Nachweis sicher und nicht verloren.',
      waysOut: [
        'Stecken Sie den Token wieder an und speichern Sie das Zertifikat aus dem Nachweis erneut.',
        'Beantragen Sie vorher kein neues: der Server würde ein zweites Zertifikat ausstellen.',
        'Ist der Token verloren, lassen Sie das Zertifikat sperren.',
      ],
    },
  },
  'CERT-10': {
    exit: 'server',
    clause: 'RFC 7030 §4.2.1',
    en: {
      what: 'The issued certificate differs from the request more than the profile allows: {differences}.',
      why: 'The profile says to refuse such a certificate. Nothing was stored on the token; the certificate is kept in the record as evidence.',
      waysOut: [
        'Ask the operator why the CA issued it so, and have this certificate revoked.',
        'If it is as intended, change the section "issued" of the profile and enroll again.',
      ],
    },
    de: {
      what: 'Das ausgestellte Zertifikat weicht stärker vom Antrag ab, als das Profil erlaubt: {differences}.',
      why: 'Das Profil verlangt, ein solches Zertifikat abzulehnen. Auf dem Token wurde nichts gespeichert; das Zertifikat bleibt als Beleg im Nachweis.',
      waysOut: [
        'Fragen Sie den Betreiber, warum die CA es so ausgestellt hat, und lassen Sie dieses Zertifikat sperren.',
        'Ist es so gewollt, ändern Sie den Abschnitt „issued“ des Profils und beantragen Sie erneut.',
      ],
    },
  },
  'CERT-11': {
    exit: 'server',
    clause: 'RFC 7030 §4.2.2',
    en: {
      what: 'The CA refuses to certify the same key again ({excerpt}).',
      why: 'It issues one certificate per public key, so a renewal needs a new key. The present certificate is untouched.',
      waysOut: [
        'Renew with a new key: reenroll --rekey.',
        'Ask the operator for the rule of this CA.',
      ],
    },
    de: {
      what: 'Die CA zertifiziert denselben Schlüssel kein zweites Mal ({excerpt}).',
      why: 'Sie stellt je öffentlichem Schlüssel ein Zertifikat aus; eine Erneuerung braucht also einen neuen Schlüssel. Das jetzige Zertifikat ist unverändert.',
      waysOut: [
        'Erneuern Sie mit neuem Schlüssel: reenroll --rekey.',
        'Fragen Sie den Betreiber nach der Regel dieser CA.',
      ],
    },
  },
  'CERT-12': {
    exit: 'trust',
    clause: 'RFC 7030 §3.3.2',
    en: {
      what: 'The TLS client certificate has expired ({notAfter}).',
      why: 'A server does not accept it for signing in, and the profile names no other way. Nothing was sent.',
      waysOut: [
        'Set httpAuthentication in the profile: the station then enrolls anew with it.',
        'Name a valid client certificate in tlsClientAuthentication.',
      ],
    },
    de: {
      what: 'Das TLS-Client-Zertifikat ist abgelaufen ({notAfter}).',
      why: 'Ein Server nimmt es zur Anmeldung nicht an, und das Profil nennt keinen anderen Weg. Es wurde nichts gesendet.',
      waysOut: [
        'Setzen Sie httpAuthentication im Profil: die Station beantragt dann damit neu.',
        'Nennen Sie in tlsClientAuthentication ein gültiges Client-Zertifikat.',
      ],
    },
  },
  'CERT-13': {
    exit: 'server',
    clause: 'RFC 5280 §4.1.2.5',
    en: {
      what: 'The issued certificate comes from a CA whose certificate is not valid now: {detail}; this computer says {now}, the server {server}.',
      why: 'Most likely the clock of this station is wrong; otherwise the CA’s certificate has expired or is not valid yet. The issued certificate was not stored on the token.',
      waysOut: [
        'Check date, time and time zone of this computer.',
        'If the clock is right, give the operator this message.',
        'Take the certificate from the record and have it revoked if it is not needed.',
      ],
    },
    de: {
      what: 'Das ausgestellte Zertifikat kommt von einer CA, deren Zertifikat jetzt nicht gültig ist: {detail}; dieser Rechner meldet {now}, der Server {server}.',
      why: 'Wahrscheinlich geht die Uhr dieser Station falsch; sonst ist das Zertifikat der CA abgelaufen oder noch nicht gültig. Das ausgestellte Zertifikat wurde nicht auf dem Token gespeichert.',
      waysOut: [
        'Prüfen Sie Datum, Uhrzeit und Zeitzone dieses Rechners.',
        'Geht die Uhr richtig, geben Sie diese Meldung dem Betreiber.',
        'Entnehmen Sie das Zertifikat dem Nachweis und lassen Sie es sperren, wenn es nicht gebraucht wird.',
      ],
    },
  },
});
