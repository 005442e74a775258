import { defineErrors } from './entry.ts';

/** Enrollments that wait for the server, or of which nobody knows what the server did. */
export const outcomeErrors = defineErrors({
  'OUTCOME-01': {
    exit: 'network',
    en: {
      what: 'Whether the server issued a certificate is not known.',
      why: 'The station was ended after the request had been sent and before an answer was on the disk. EST has no way to ask.',
      waysOut: [
        'Ask the operator of the CA whether a certificate exists for this public key, and give it to the station (reconcile --certificate).',
        'Submit the same request once more (reconcile --resubmit); the CA may then have issued two certificates.',
        'Give it up (reconcile --abandon); the possible certificate is recorded by its public key.',
      ],
    },
    de: {
      what: 'Ob der Server ein Zertifikat ausgestellt hat, ist nicht bekannt.',
      why: 'Die Station wurde beendet, nachdem der Antrag gesendet war und bevor eine Antwort auf der Platte stand. EST kennt keine Rückfrage.',
      waysOut: [
        'Fragen Sie den Betreiber der CA, ob es zu diesem öffentlichen Schlüssel ein Zertifikat gibt, und geben Sie es der Station (reconcile --certificate).',
        'Reichen Sie denselben Antrag noch einmal ein (reconcile --resubmit); die CA kann dann zwei Zertifikate ausgestellt haben.',
        'Geben Sie es auf (reconcile --abandon); das mögliche Zertifikat wird mit seinem öffentlichen Schlüssel vermerkt.',
      ],
    },
  },
  'OUTCOME-02': {
    exit: 'pending',
    clause: 'RFC 7030 §4.2.3',
    en: {
      what: 'It is too early to ask the server again; it asked to wait until {time}.',
      why: 'The request waits at the server, for an approval for instance. Nothing was sent now.',
      waysOut: [
        'Run the command again after {time}, or let it wait by itself with --wait.',
        'If the operator says the request was approved, ask at once with --now.',
      ],
    },
    de: {
      what: 'Für eine neue Anfrage ist es zu früh; der Server bat, bis {time} zu warten.',
      why: 'Der Antrag wartet beim Server, zum Beispiel auf eine Genehmigung. Jetzt wurde nichts gesendet.',
      waysOut: [
        'Starten Sie den Befehl nach {time} erneut, oder lassen Sie ihn mit --wait selbst warten.',
        'Sagt der Betreiber, der Antrag sei genehmigt, fragen Sie mit --now sofort.',
      ],
    },
  },
  'OUTCOME-03': {
    exit: 'usage',
    en: {
      what: 'Another process is working on the enrollment {enrollment}.',
      why: 'A window or a command of this station has it at this moment, and two must not send the same request. Nothing was changed.',
      waysOut: [
        'Wait until the other one has ended, then start the command again.',
        'Stop the other one: it leaves the enrollment in a state that can be continued.',
      ],
    },
    de: {
      what: 'An der Einschreibung {enrollment} arbeitet ein anderer Prozess.',
      why: 'Ein Fenster oder ein Befehl dieser Station hat sie gerade in Arbeit, und zwei dürfen denselben Antrag nicht senden. Nichts wurde verändert.',
      waysOut: [
        'Warten Sie, bis der andere fertig ist, und starten Sie den Befehl dann erneut.',
        'Halten Sie den anderen an: er lässt die Einschreibung in einem Zustand, der sich fortsetzen lässt.',
      ],
    },
  },
  'OUTCOME-04': {
    exit: 'network',
    clause: 'RFC 7030 §4.4',
    en: {
      what: 'Whether the server, asked on {since}, generated a key and a certificate for {subject} is not known; if it did, that key is lost.',
      why: 'The answer that carries a generated key travels once, and this one never reached the station. A certificate found at the CA is of no use here without its key.',
      waysOut: [
        'Ask the operator of the CA whether a certificate for {subject} was issued since {since}, and have it revoked.',
        'Ask for another key (reconcile --resubmit): the server generates a new one.',
        'Give it up (reconcile --abandon); the possible certificate is recorded by its subject.',
      ],
    },
    de: {
      what: 'Ob der Server, gefragt am {since}, einen Schlüssel und ein Zertifikat für {subject} erzeugt hat, ist nicht bekannt; wenn ja, ist dieser Schlüssel verloren.',
      why: 'Die Antwort mit einem erzeugten Schlüssel kommt nur einmal, und diese hat die Station nie erreicht. Ein bei der CA gefundenes Zertifikat nützt hier ohne seinen Schlüssel nichts.',
      waysOut: [
        'Fragen Sie den Betreiber der CA, ob seit {since} ein Zertifikat für {subject} ausgestellt wurde, und lassen Sie es sperren.',
        'Beantragen Sie einen anderen Schlüssel (reconcile --resubmit): der Server erzeugt einen neuen.',
        'Geben Sie es auf (reconcile --abandon); das mögliche Zertifikat wird mit seinem Namen vermerkt.',
      ],
    },
  },
});
