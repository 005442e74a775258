import { defineErrors } from './entry.ts';

/** Errors of the data folder and its database. */
export const storageErrors = defineErrors({
  'STORE-01': {
    exit: 'internal',
    en: {
      what: 'The data folder {path} cannot be written: {detail}.',
      why: 'The station records every step before it acts, so it does nothing without a writable folder. Nothing was sent.',
      waysOut: [
        'Give this account the right to write the folder.',
        'Choose another folder with EST_STATION_HOME.',
      ],
    },
    de: {
      what: 'Der Datenordner {path} lässt sich nicht beschreiben: {detail}.',
      why: 'Die Station zeichnet jeden Schritt auf, bevor sie handelt; ohne beschreibbaren Ordner tut sie nichts. Es wurde nichts gesendet.',
      waysOut: [
        'Geben Sie diesem Konto Schreibrecht für den Ordner.',
        'Wählen Sie mit EST_STATION_HOME einen anderen Ordner.',
      ],
    },
  },
  'STORE-02': {
    exit: 'internal',
    en: {
      what: 'The disk that holds {path} is full.',
      why: 'The record of the present step could not be written, so the step was not taken. Earlier records are intact.',
      waysOut: [
        'Free some space on this disk and start the task again.',
        'Choose a folder on another disk with EST_STATION_HOME.',
      ],
    },
    de: {
      what: 'Der Datenträger mit {path} ist voll.',
      why: 'Der Eintrag für den jetzigen Schritt ließ sich nicht schreiben, daher wurde der Schritt nicht getan. Frühere Einträge sind unversehrt.',
      waysOut: [
        'Schaffen Sie Platz auf diesem Datenträger und starten Sie die Aufgabe erneut.',
        'Wählen Sie mit EST_STATION_HOME einen Ordner auf einem anderen Datenträger.',
      ],
    },
  },
  'STORE-03': {
    exit: 'internal',
    en: {
      what: 'The database {path} is damaged: {detail}.',
      why: 'The file was altered from outside, is no database of the station, or the disk is failing. The station has left it as it is.',
      waysOut: [
        'Copy the whole folder aside before anything else.',
        'Restore the folder from a backup.',
        'Move the file away to begin with an empty journal, and keep it for the audit.',
      ],
    },
    de: {
      what: 'Die Datenbank {path} ist beschädigt: {detail}.',
      why: 'Die Datei wurde von außen verändert, ist keine Datenbank der Station, oder der Datenträger wird schadhaft. Die Station hat sie unverändert gelassen.',
      waysOut: [
        'Sichern Sie zuerst eine Kopie des ganzen Ordners.',
        'Stellen Sie den Ordner aus einer Sicherung wieder her.',
        'Verschieben Sie die Datei, um mit leerem Journal zu beginnen, und bewahren Sie sie für die Prüfung auf.',
      ],
    },
  },
  'STORE-04': {
    exit: 'internal',
    en: {
      what: 'The audit chain is broken at record {sequence}: {detail}.',
      why: 'A record was altered, removed or inserted outside the station, or the disk damaged it. Records before {sequence} are intact.',
      waysOut: [
        'Copy the whole data folder aside and tell whoever audits this station.',
        'Compare with a backup or with hashes written down earlier to see what changed.',
      ],
    },
    de: {
      what: 'Die Prüfkette ist bei Eintrag {sequence} gebrochen: {detail}.',
      why: 'Ein Eintrag wurde außerhalb der Station verändert, entfernt oder eingefügt, oder der Datenträger hat ihn beschädigt. Einträge vor {sequence} sind unversehrt.',
      waysOut: [
        'Sichern Sie eine Kopie des ganzen Datenordners und verständigen Sie die Revision dieser Station.',
        'Vergleichen Sie mit einer Sicherung oder mit früher notierten Hashwerten, was sich geändert hat.',
      ],
    },
  },
  'STORE-05': {
    exit: 'internal',
    en: {
      what: 'Another EST Station already runs here.',
      why: 'Two windows on one data folder could work on the same token, so the second one does not open.',
      waysOut: [
        'Use the window that is already open.',
        'Give the second station a data folder of its own with EST_STATION_HOME.',
      ],
    },
    de: {
      what: 'Hier läuft schon eine andere EST Station.',
      why: 'Zwei Fenster auf einem Datenordner könnten am selben Token arbeiten, daher öffnet sich das zweite nicht.',
      waysOut: [
        'Verwenden Sie das schon offene Fenster.',
        'Geben Sie der zweiten Station mit EST_STATION_HOME einen eigenen Datenordner.',
      ],
    },
  },
  'STORE-06': {
    exit: 'internal',
    en: {
      what: 'The database {path} is in use by another program for too long.',
      why: 'Another station or a backup program holds it locked. The step that needed it was not taken.',
      waysOut: [
        'Wait until the other program has finished, then start the task again.',
        'Exclude the data folder from programs that lock files while they copy them.',
      ],
    },
    de: {
      what: 'Die Datenbank {path} ist zu lange von einem anderen Programm belegt.',
      why: 'Eine andere Station oder ein Sicherungsprogramm hält sie gesperrt. Der Schritt, der sie brauchte, wurde nicht getan.',
      waysOut: [
        'Warten Sie, bis das andere Programm fertig ist, und starten Sie die Aufgabe erneut.',
        'Nehmen Sie den Datenordner von Programmen aus, die Dateien beim Kopieren sperren.',
      ],
    },
  },
  'STORE-07': {
    exit: 'internal',
    en: {
      what: 'The database {path} comes from a newer version.',
      why: 'A newer EST Station has written it, and this one could misread it. Nothing in it was changed.',
      waysOut: [
        'Install that newer version.',
        'Give this version a data folder of its own with EST_STATION_HOME.',
      ],
    },
    de: {
      what: 'Die Datenbank {path} stammt von einer neueren Version.',
      why: 'Eine neuere EST Station hat sie geschrieben, und diese könnte sie falsch lesen. Darin wurde nichts verändert.',
      waysOut: [
        'Installieren Sie jene neuere Version.',
        'Geben Sie dieser Version mit EST_STATION_HOME einen eigenen Datenordner.',
      ],
    },
  },
});
