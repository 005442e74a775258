import { defineErrors } from './entry.ts';

/** What a CA says in a Full PKI Response, and what is wrong with such a response (RFC 5272). */
export const cmcErrors = defineErrors({
  'CMC-01': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA could not use the CMC request ({failure}): {text}.',
      why: 'It found the message damaged, malformed, or about a certificate it does not know. No certificate was issued.',
      waysOut: [
        'Show the operator of the CA this text and the time.',
        'Use “enroll” if the server offers it: it needs no CMC.',
      ],
    },
    de: {
      what: 'Die CA konnte mit dem CMC-Antrag nichts anfangen ({failure}): {text}.',
      why: 'Sie fand die Nachricht beschädigt oder falsch aufgebaut, oder sie kennt das genannte Zertifikat nicht. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Zeigen Sie dem Betreiber der CA diesen Text und die Uhrzeit.',
        'Verwenden Sie „enroll“, wenn der Server es anbietet: das kommt ohne CMC aus.',
      ],
    },
  },
  'CMC-02': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA does not accept an algorithm of the request ({failure}): {text}.',
      why: 'The signature or the key of the request is of a kind this CA does not certify. No certificate was issued.',
      waysOut: [
        'Set keyAlgorithm, keyParameterSet and signatureAlgorithm in the profile to what the CA accepts.',
        'Sign the request with another key: see --sign-with.',
      ],
    },
    de: {
      what: 'Die CA akzeptiert ein Verfahren des Antrags nicht ({failure}): {text}.',
      why: 'Signatur oder Schlüssel des Antrags sind von einer Art, die diese CA nicht zertifiziert. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Setzen Sie keyAlgorithm, keyParameterSet und signatureAlgorithm im Profil auf das, was die CA akzeptiert.',
        'Signieren Sie den Antrag mit einem anderen Schlüssel: siehe --sign-with.',
      ],
    },
  },
  'CMC-03': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA found the time of the request wrong ({failure}): {text}.',
      why: 'The clocks of station and CA are too far apart. No certificate was issued.',
      waysOut: [
        'Set the clock of this station and try again.',
        'Ask the operator for the CA’s time.',
      ],
    },
    de: {
      what: 'Die CA hält die Zeit des Antrags für falsch ({failure}): {text}.',
      why: 'Die Uhren von Station und CA gehen zu weit auseinander. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Stellen Sie die Uhr dieser Station und versuchen Sie es erneut.',
        'Fragen Sie den Betreiber nach der Uhrzeit der CA.',
      ],
    },
  },
  'CMC-04': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA does not issue an extension that was asked for ({failure}): {text}.',
      why: 'The alternative names or other wishes of the profile are not among what this CA grants. No certificate was issued.',
      waysOut: [
        'Take the alternative names out of the profile, or use those the CA grants.',
        'Ask the operator which extensions the CA issues.',
      ],
    },
    de: {
      what: 'Die CA stellt eine gewünschte Erweiterung nicht aus ({failure}): {text}.',
      why: 'Die weiteren Namen oder andere Wünsche des Profils gehören nicht zu dem, was diese CA gewährt. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Nehmen Sie die weiteren Namen aus dem Profil, oder verwenden Sie die, die die CA gewährt.',
        'Fragen Sie den Betreiber, welche Erweiterungen die CA ausstellt.',
      ],
    },
  },
  'CMC-05': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA wants a copy of the private key ({failure}): {text}.',
      why: 'It certifies only keys it archives. The station never gives a private key away. No certificate was issued.',
      waysOut: ['Ask the operator for a certificate profile that needs no key archive.'],
    },
    de: {
      what: 'Die CA verlangt eine Kopie des privaten Schlüssels ({failure}): {text}.',
      why: 'Sie zertifiziert nur Schlüssel, die sie archiviert. Die Station gibt niemals einen privaten Schlüssel heraus. Es wurde kein Zertifikat ausgestellt.',
      waysOut: ['Bitten Sie den Betreiber um ein Zertifikatsprofil ohne Schlüsselarchiv.'],
    },
  },
  'CMC-06': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA does not accept who signed the request ({failure}): {text}.',
      why: 'The signer’s certificate is unknown, expired, revoked or not allowed to ask for this name. No certificate was issued.',
      waysOut: [
        'Sign with the certificate of the registration authority: --sign-with tls.',
        'Ask the operator which certificate may submit this request.',
      ],
    },
    de: {
      what: 'Die CA akzeptiert nicht, wer den Antrag signiert hat ({failure}): {text}.',
      why: 'Das Zertifikat des Unterzeichners ist unbekannt, abgelaufen, gesperrt oder darf diesen Namen nicht beantragen. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Signieren Sie mit dem Zertifikat der Registrierungsstelle: --sign-with tls.',
        'Fragen Sie den Betreiber, welches Zertifikat diesen Antrag stellen darf.',
      ],
    },
  },
  'CMC-07': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA wants another proof of possession of the key ({failure}): {text}.',
      why: 'The request is signed with its own key, which proves possession; this CA asks for more, or could not check it. No certificate was issued.',
      waysOut: [
        'Turn proof of possession on in the profile.',
        'Ask the operator which proof the CA expects.',
      ],
    },
    de: {
      what: 'Die CA will einen anderen Nachweis des Schlüsselbesitzes ({failure}): {text}.',
      why: 'Der Antrag ist mit seinem eigenen Schlüssel signiert, was den Besitz nachweist; diese CA verlangt mehr oder konnte es nicht prüfen. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Schalten Sie im Profil den Besitznachweis ein.',
        'Fragen Sie den Betreiber, welchen Nachweis die CA erwartet.',
      ],
    },
  },
  'CMC-08': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA does not certify this key again ({failure}): {text}.',
      why: 'It has issued a certificate for the same public key before and allows each key once.',
      waysOut: ['Start a new enrollment: it makes a new key.'],
    },
    de: {
      what: 'Die CA zertifiziert diesen Schlüssel nicht noch einmal ({failure}): {text}.',
      why: 'Sie hat für denselben öffentlichen Schlüssel schon ein Zertifikat ausgestellt und erlaubt jeden Schlüssel nur einmal.',
      waysOut: ['Beginnen Sie eine neue Ausstellung: sie erzeugt einen neuen Schlüssel.'],
    },
  },
  'CMC-09': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.4',
    en: {
      what: 'The CA cannot issue at the moment ({failure}): {text}.',
      why: 'It has met trouble of its own or is too busy. The request itself may be good. No certificate was issued.',
      waysOut: ['Try again later.', 'Tell the operator when it happened.'],
    },
    de: {
      what: 'Die CA kann im Augenblick nicht ausstellen ({failure}): {text}.',
      why: 'Sie hat selbst eine Störung oder ist überlastet. Der Antrag selbst kann in Ordnung sein. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Versuchen Sie es später noch einmal.',
        'Sagen Sie dem Betreiber, wann es geschehen ist.',
      ],
    },
  },
  'CMC-10': {
    exit: 'server',
    clause: 'RFC 5272 §4.2',
    en: {
      what: 'The CMC response cannot be believed: {detail}.',
      why: 'Anyone between station and CA could have written it. What it says was ignored; the CA may have issued a certificate all the same.',
      waysOut: [
        'Ask the operator whether a certificate was issued before you ask again.',
        'Check that the trusted root is that of the CA which signs CMC responses.',
      ],
    },
    de: {
      what: 'Der CMC-Antwort ist nicht zu trauen: {detail}.',
      why: 'Jeder zwischen Station und CA könnte sie geschrieben haben. Ihr Inhalt blieb unbeachtet; die CA kann trotzdem ein Zertifikat ausgestellt haben.',
      waysOut: [
        'Fragen Sie den Betreiber, ob ein Zertifikat ausgestellt wurde, bevor Sie erneut anfragen.',
        'Prüfen Sie, ob die vertraute Wurzel zu der CA gehört, die CMC-Antworten signiert.',
      ],
    },
  },
  'CMC-11': {
    exit: 'server',
    clause: 'RFC 5272 §6.1.3',
    en: {
      what: 'The CA answers with a CMC status the station does not handle ({failure}): {text}.',
      why: 'It asks for a further step, such as a confirmation, or gives a reason of its own. Nothing was stored.',
      waysOut: [
        'Show the operator of the CA this text and the time.',
        'Use “enroll” if the server offers it.',
      ],
    },
    de: {
      what: 'Die CA antwortet mit einem CMC-Status, den die Station nicht behandelt ({failure}): {text}.',
      why: 'Sie verlangt einen weiteren Schritt, etwa eine Bestätigung, oder nennt einen eigenen Grund. Es wurde nichts gespeichert.',
      waysOut: [
        'Zeigen Sie dem Betreiber der CA diesen Text und die Uhrzeit.',
        'Verwenden Sie „enroll“, wenn der Server es anbietet.',
      ],
    },
  },
  'CMC-12': {
    exit: 'server',
    clause: 'RFC 5280 §4.1.2.5',
    en: {
      what: 'The CMC response cannot be believed by the clock of this computer: {detail}; this computer says {now}, the server {server}.',
      why: 'Most likely the clock of this station is wrong; otherwise the certificate that signs the CA’s responses has expired or is not valid yet. What the response says was ignored; the CA may have issued a certificate all the same.',
      waysOut: [
        'Check date, time and time zone of this computer.',
        'Ask the operator whether a certificate was issued before you ask again.',
        'If the clock is right, give the operator this message.',
      ],
    },
    de: {
      what: 'Nach der Uhr dieses Rechners ist der CMC-Antwort nicht zu trauen: {detail}; dieser Rechner meldet {now}, der Server {server}.',
      why: 'Wahrscheinlich geht die Uhr dieser Station falsch; sonst ist das Zertifikat, das die Antworten der CA signiert, abgelaufen oder noch nicht gültig. Der Inhalt der Antwort blieb unbeachtet; die CA kann trotzdem ein Zertifikat ausgestellt haben.',
      waysOut: [
        'Prüfen Sie Datum, Uhrzeit und Zeitzone dieses Rechners.',
        'Fragen Sie den Betreiber, ob ein Zertifikat ausgestellt wurde, bevor Sie erneut anfragen.',
        'Geht die Uhr richtig, geben Sie diese Meldung dem Betreiber.',
      ],
    },
  },
});
