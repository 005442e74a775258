import { defineErrors } from './entry.ts';

/** Errors of the program itself and of how it was called. */
export const generalErrors = defineErrors({
  'INTERNAL-01': {
    exit: 'internal',
    en: {
      what: 'The station met a defect of its own.',
      why: 'Something happened that its authors did not foresee: {detail}.',
      waysOut: [
        'Nothing was lost: the journal holds what was done so far. Start the task again.',
        'If it happens again, report this code with the journal entry.',
      ],
    },
    de: {
      what: 'Die Station ist auf einen eigenen Fehler gestoßen.',
      why: 'Es ist etwas geschehen, das nicht vorgesehen war: {detail}.',
      waysOut: [
        'Nichts ging verloren: das Journal enthält alles bisher Getane. Starten Sie die Aufgabe erneut.',
        'Tritt es wieder auf, melden Sie diesen Code mit dem Journaleintrag.',
      ],
    },
  },
  'USAGE-01': {
    exit: 'usage',
    en: {
      what: 'The command was not understood.',
      why: '{detail}',
      waysOut: ['Run the command with --help to see its options and examples.'],
    },
    de: {
      what: 'Der Befehl wurde nicht verstanden.',
      why: '{detail}',
      waysOut: ['Rufen Sie den Befehl mit --help auf; dort stehen Optionen und Beispiele.'],
    },
  },
  'OUTPUT-01': {
    exit: 'internal',
    en: {
      what: 'The output of the command could not be written: {detail}.',
      why: 'The command was carried out, but what it had to say did not arrive where its output was sent.',
      waysOut: [
        'Make room where the output goes, or send it elsewhere.',
        'What the command did stands in the journal (journal, show).',
      ],
    },
    de: {
      what: 'Die Ausgabe des Befehls ließ sich nicht schreiben: {detail}.',
      why: 'Der Befehl wurde ausgeführt, aber was er zu sagen hatte, kam nicht dort an, wohin die Ausgabe ging.',
      waysOut: [
        'Schaffen Sie dort Platz, wohin die Ausgabe geht, oder leiten Sie sie anderswohin.',
        'Was der Befehl getan hat, steht im Journal (journal, show).',
      ],
    },
  },
  'CANCEL-01': {
    exit: 'interrupted',
    en: {
      what: 'The task was cancelled.',
      why: 'It was stopped at the step "{step}" by a person or a signal.',
      waysOut: ['Start the task again; what was done so far stands in the journal.'],
    },
    de: {
      what: 'Die Aufgabe wurde abgebrochen.',
      why: 'Sie wurde beim Schritt „{step}“ von einer Person oder einem Signal angehalten.',
      waysOut: ['Starten Sie die Aufgabe erneut; das bisher Getane steht im Journal.'],
    },
  },
  'SECRET-01': {
    exit: 'usage',
    en: {
      what: 'The {secret} is missing.',
      why: 'It was neither typed nor set in {variable}, and there is no terminal to ask at.',
      waysOut: [
        'Set {variable} in the environment of this command.',
        'Run the command in a terminal and type it when asked.',
      ],
    },
    de: {
      what: 'Es fehlt: {secret}.',
      why: 'Es wurde weder eingegeben noch in {variable} gesetzt, und es gibt kein Terminal für eine Frage.',
      waysOut: [
        'Setzen Sie {variable} in der Umgebung dieses Befehls.',
        'Starten Sie den Befehl in einem Terminal und geben Sie es auf Nachfrage ein.',
      ],
    },
  },
  'SECRET-02': {
    exit: 'pin',
    en: {
      what: 'The passphrase kept on this computer does not open the software keystore {path}.',
      why: 'The keystore has another passphrase now, or another folder stands there. The kept one was forgotten and will not be tried again. Nothing else was changed.',
      waysOut: [
        'Type the passphrase and start the task again.',
        'Check that the profile names the right folder.',
      ],
    },
    de: {
      what: 'Die auf diesem Rechner gemerkte Passphrase öffnet den Software-Schlüsselspeicher {path} nicht.',
      why: 'Der Schlüsselspeicher hat jetzt eine andere Passphrase, oder dort liegt ein anderer Ordner. Die gemerkte wurde vergessen und wird nicht noch einmal versucht. Sonst wurde nichts verändert.',
      waysOut: [
        'Geben Sie die Passphrase ein und starten Sie die Aufgabe erneut.',
        'Prüfen Sie, ob das Profil den richtigen Ordner nennt.',
      ],
    },
  },
  'SECRET-03': {
    exit: 'usage',
    en: {
      what: 'The passphrase cannot be kept on this computer.',
      why: 'There is no secret store of the operating system here that would protect it: only the Electron window has one, and on Linux only in a desktop session with a keyring. Nothing was kept.',
      waysOut: [
        'Type the passphrase each time.',
        'Use the Electron window, on Linux with GNOME Keyring or KWallet.',
      ],
    },
    de: {
      what: 'Die Passphrase lässt sich auf diesem Rechner nicht merken.',
      why: 'Hier gibt es keinen Geheimnisspeicher des Betriebssystems, der sie schützen würde: nur das Electron-Fenster hat einen, unter Linux nur in einer Desktop-Sitzung mit Schlüsselbund. Es wurde nichts gemerkt.',
      waysOut: [
        'Geben Sie die Passphrase jedes Mal ein.',
        'Verwenden Sie das Electron-Fenster, unter Linux mit GNOME-Schlüsselbund oder KWallet.',
      ],
    },
  },
  'IPC-01': {
    exit: 'internal',
    en: {
      what: 'The station refused a message from its window.',
      why: 'The message did not have the form the contract asks for: {detail}.',
      waysOut: ['Restart the station. If it happens again, report this code.'],
    },
    de: {
      what: 'Die Station hat eine Nachricht ihres Fensters abgelehnt.',
      why: 'Die Nachricht hatte nicht die vereinbarte Form: {detail}.',
      waysOut: ['Starten Sie die Station neu. Tritt es wieder auf, melden Sie diesen Code.'],
    },
  },
  'IPC-02': {
    exit: 'internal',
    en: {
      what: 'The station refused a message from an unknown sender.',
      why: 'Only the main frame of the station window may speak to the station.',
      waysOut: ['Close other programs that opened this window and restart the station.'],
    },
    de: {
      what: 'Die Station hat eine Nachricht eines unbekannten Absenders abgelehnt.',
      why: 'Nur der Hauptrahmen des Stationsfensters darf mit der Station sprechen.',
      waysOut: [
        'Schließen Sie Programme, die dieses Fenster geöffnet haben, und starten Sie die Station neu.',
      ],
    },
  },
  'WINDOW-01': {
    exit: 'internal',
    en: {
      what: 'The station window could not be opened: {detail}.',
      why: 'Neither Electron nor a browser of this computer could show it.',
      waysOut: [
        'Install Chromium, Chrome or Edge, or name one in EST_STATION_CHROMIUM.',
        'In a container without user namespaces, set EST_STATION_CHROMIUM_SANDBOX=off: the browser refuses to start there with its sandbox.',
        'Work without a window: est-station --help tells the commands.',
      ],
    },
    de: {
      what: 'Das Stationsfenster ließ sich nicht öffnen: {detail}.',
      why: 'Weder Electron noch ein Browser dieses Rechners konnte es zeigen.',
      waysOut: [
        'Installieren Sie Chromium, Chrome oder Edge, oder nennen Sie einen davon in EST_STATION_CHROMIUM.',
        'Setzen Sie in einem Container ohne User Namespaces EST_STATION_CHROMIUM_SANDBOX=off: Mit seiner Sandbox startet der Browser dort nicht.',
        'Arbeiten Sie ohne Fenster: est-station --help nennt die Befehle.',
      ],
    },
  },
});
