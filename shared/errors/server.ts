import { defineErrors } from './entry.ts';

/** Answers of the EST server that end the task. Authentication stands apart. */
export const serverErrors = defineErrors({
  'SERVER-01': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.2',
    en: {
      what: 'The server does not know the label {label} (400).',
      why: 'The label selects one CA of the server, and none goes by this name. The server itself is up.',
      waysOut: [
        'Check server.label in the profile, including upper and lower case.',
        'Ask the operator which labels the server has, or set it to null for the default CA.',
      ],
    },
    de: {
      what: 'Der Server kennt das Label {label} nicht (400).',
      why: 'Das Label wählt eine CA des Servers aus, und keine heißt so. Der Server selbst ist erreichbar.',
      waysOut: [
        'Prüfen Sie server.label im Profil, auch Groß- und Kleinschreibung.',
        'Fragen Sie den Betreiber nach den Labels, oder setzen Sie es für die Standard-CA auf null.',
      ],
    },
  },
  'SERVER-02': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.2',
    en: {
      what: 'The server does not offer {operation}.',
      why: 'The server is up, but there is no EST service at this address, or it leaves this operation out.',
      waysOut: [
        'Check endpoint and label in the profile.',
        'Ask the operator whether the server offers {operation}.',
      ],
    },
    de: {
      what: 'Der Server bietet {operation} nicht an.',
      why: 'Der Server ist erreichbar, doch an dieser Adresse gibt es keinen EST-Dienst, oder er lässt diesen Vorgang aus.',
      waysOut: [
        'Prüfen Sie Endpunkt und Label im Profil.',
        'Fragen Sie den Betreiber, ob der Server {operation} anbietet.',
      ],
    },
  },
  'SERVER-05': {
    exit: 'server',
    clause: 'RFC 9110 §15.5.4',
    en: {
      what: 'The server does not allow this request (403).',
      why: 'The server knows who asks, but its rules do not allow this operation or this name. No certificate was issued.',
      waysOut: [
        'Ask the operator to allow this account the name and the label.',
        'For a renewal check that the subject is the one in the present certificate.',
      ],
    },
    de: {
      what: 'Der Server erlaubt diesen Antrag nicht (403).',
      why: 'Der Server weiß, wer fragt, doch seine Regeln erlauben diesen Vorgang oder diesen Namen nicht. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Bitten Sie den Betreiber, diesem Konto den Namen und das Label zu erlauben.',
        'Prüfen Sie bei einer Erneuerung, ob der Name der des jetzigen Zertifikats ist.',
      ],
    },
  },
  'SERVER-06': {
    exit: 'server',
    clause: 'RFC 7030 §4.2.3',
    en: {
      what: 'The server refused the request ({status}): {excerpt}.',
      why: 'The request does not meet a rule of the server, such as name, key type or proof of possession. No certificate was issued.',
      waysOut: [
        'Correct what the server names in its answer.',
        'Look at what the server asks for (csrattrs).',
        'Give the operator this message.',
      ],
    },
    de: {
      what: 'Der Server hat den Antrag abgelehnt ({status}): {excerpt}.',
      why: 'Der Antrag verletzt eine Regel des Servers, etwa zu Name, Schlüsseltyp oder Besitznachweis. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Berichtigen Sie, was der Server in seiner Antwort nennt.',
        'Sehen Sie nach, was der Server verlangt (csrattrs).',
        'Geben Sie diese Meldung dem Betreiber.',
      ],
    },
  },
  'SERVER-07': {
    exit: 'server',
    clause: 'RFC 9110 §15.6',
    en: {
      what: 'The server failed ({status}): {excerpt}.',
      why: 'Something went wrong inside the server or the CA behind it; the profile and the token are not the cause.',
      waysOut: [
        'Start the task again in some minutes.',
        'If it stays, give the operator this message and the time.',
      ],
    },
    de: {
      what: 'Der Server ist gescheitert ({status}): {excerpt}.',
      why: 'Im Server oder in der CA dahinter ist etwas fehlgeschlagen; Profil und Token sind nicht die Ursache.',
      waysOut: [
        'Starten Sie die Aufgabe in einigen Minuten erneut.',
        'Bleibt es dabei, nennen Sie dem Betreiber diese Meldung und die Uhrzeit.',
      ],
    },
  },
  'SERVER-08': {
    exit: 'server',
    clause: 'RFC 9110 §10.2.3',
    en: {
      what: 'The server is busy ({status}); it asks to wait {seconds} s.',
      why: 'The server has too much to do or is under maintenance. No certificate was issued.',
      waysOut: [
        'Wait {seconds} s, then start the task again.',
        'If it stays busy, ask the operator.',
      ],
    },
    de: {
      what: 'Der Server ist ausgelastet ({status}); er bittet, {seconds} s zu warten.',
      why: 'Der Server hat zu viel zu tun oder wird gewartet. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Warten Sie {seconds} s und starten Sie die Aufgabe erneut.',
        'Bleibt er ausgelastet, fragen Sie den Betreiber.',
      ],
    },
  },
  'SERVER-09': {
    exit: 'server',
    clause: 'RFC 8951 §3',
    en: {
      what: 'The answer to {operation} cannot be understood: {detail}.',
      why: 'The server sent something that breaks the rules of EST, or a proxy answered in its place. Nothing of it was used.',
      waysOut: [
        'Check that endpoint and label belong to an EST server.',
        'Give the operator this message; the answer must be corrected on the server.',
        'If a request was submitted, ask whether a certificate was issued.',
      ],
    },
    de: {
      what: 'Die Antwort auf {operation} ist nicht zu verstehen: {detail}.',
      why: 'Der Server sandte etwas, das den Regeln von EST widerspricht, oder ein Proxy hat an seiner Stelle geantwortet. Nichts davon wurde verwendet.',
      waysOut: [
        'Prüfen Sie, ob Endpunkt und Label zu einem EST-Server gehören.',
        'Geben Sie diese Meldung dem Betreiber; die Antwort muss auf dem Server berichtigt werden.',
        'Wurde ein Antrag eingereicht, fragen Sie, ob ein Zertifikat ausgestellt wurde.',
      ],
    },
  },
  'SERVER-10': {
    exit: 'server',
    en: {
      what: 'The answer to {operation} is larger than {limit} bytes.',
      why: 'The station bounds every answer so that no server can exhaust it. Nothing of this one was used.',
      waysOut: [
        'Check that endpoint and label belong to an EST server.',
        'If the server really sends that much, raise limits.bodyBytes or limits.headerBytes in the profile.',
      ],
    },
    de: {
      what: 'Die Antwort auf {operation} ist größer als {limit} Bytes.',
      why: 'Die Station begrenzt jede Antwort, damit kein Server sie überlasten kann. Nichts von dieser wurde verwendet.',
      waysOut: [
        'Prüfen Sie, ob Endpunkt und Label zu einem EST-Server gehören.',
        'Sendet der Server wirklich so viel, erhöhen Sie limits.bodyBytes oder limits.headerBytes im Profil.',
      ],
    },
  },
  'SERVER-11': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.2',
    en: {
      what: 'The answer to {operation} is {type}, not {expected}.',
      why: 'Another service answers at this address, often a web page or a sign-in portal. Nothing of the answer was used.',
      waysOut: [
        'Check host, port and label of the endpoint.',
        'Check whether a proxy or a sign-in portal stands in front of the server.',
      ],
    },
    de: {
      what: 'Die Antwort auf {operation} ist {type} statt {expected}.',
      why: 'An dieser Adresse antwortet ein anderer Dienst, oft eine Webseite oder ein Anmeldeportal. Nichts von der Antwort wurde verwendet.',
      waysOut: [
        'Prüfen Sie Host, Port und Label des Endpunkts.',
        'Prüfen Sie, ob ein Proxy oder ein Anmeldeportal vor dem Server steht.',
      ],
    },
  },
  'SERVER-12': {
    exit: 'server',
    clause: 'RFC 9112 §8',
    en: {
      what: 'The answer to {operation} was cut off.',
      why: 'The connection ended before the announced length was reached. The incomplete answer was not used.',
      waysOut: [
        'Look into the journal: after the step "submitted" the server may have issued a certificate.',
        'Check the network and start the task again.',
      ],
    },
    de: {
      what: 'Die Antwort auf {operation} wurde abgeschnitten.',
      why: 'Die Verbindung endete vor der angekündigten Länge. Die unvollständige Antwort wurde nicht verwendet.',
      waysOut: [
        'Sehen Sie im Journal nach: nach dem Schritt „submitted“ kann der Server ein Zertifikat ausgestellt haben.',
        'Prüfen Sie das Netzwerk und starten Sie die Aufgabe erneut.',
      ],
    },
  },
  'SERVER-13': {
    exit: 'pending',
    clause: 'RFC 7030 §4.2.3',
    en: {
      what: 'The request is waiting for approval; ask again in {seconds} s.',
      why: 'The server accepted the request, and a person or a process has to approve it first. Key and request are kept.',
      waysOut: [
        'Ask again after {seconds} s with the same token and profile; the same key is used.',
        'Ask the operator to approve the request.',
      ],
    },
    de: {
      what: 'Der Antrag wartet auf Freigabe; fragen Sie in {seconds} s erneut.',
      why: 'Der Server hat den Antrag angenommen, eine Person oder ein Vorgang muss ihn noch freigeben. Schlüssel und Antrag bleiben erhalten.',
      waysOut: [
        'Fragen Sie nach {seconds} s mit demselben Token und Profil erneut; derselbe Schlüssel wird verwendet.',
        'Bitten Sie den Betreiber, den Antrag freizugeben.',
      ],
    },
  },
  'SERVER-14': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.1',
    en: {
      what: 'The server sends {operation} elsewhere ({location}), which is not followed.',
      why: 'The new address is another server, whose identity nobody has confirmed. Nothing was sent there.',
      waysOut: [
        'Ask the operator whether the service has moved.',
        'If so, put the new host:port into the profile and confirm its root.',
      ],
    },
    de: {
      what: 'Der Server verweist für {operation} an eine andere Stelle ({location}); dem wird nicht gefolgt.',
      why: 'Die neue Adresse ist ein anderer Server, dessen Identität niemand bestätigt hat. Dorthin wurde nichts gesendet.',
      waysOut: [
        'Fragen Sie den Betreiber, ob der Dienst umgezogen ist.',
        'Wenn ja, tragen Sie das neue host:port im Profil ein und bestätigen Sie dessen Wurzel.',
      ],
    },
  },
});
