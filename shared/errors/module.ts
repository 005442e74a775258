import { defineErrors } from './entry.ts';

/** Errors of PKCS#11 modules, the libraries tokens are reached through. */
export const moduleErrors = defineErrors({
  'MODULE-01': {
    exit: 'token',
    en: {
      what: 'There is no file {module}.',
      why: 'The path is misspelt, or the software of the token is not installed on this computer. No PIN was sent.',
      waysOut: [
        'Check the module path in the profile.',
        'Install the PKCS#11 software of the token’s maker, then use the path it names.',
      ],
    },
    de: {
      what: 'Es gibt keine Datei {module}.',
      why: 'Der Pfad ist falsch geschrieben, oder die Software des Tokens ist auf diesem Rechner nicht installiert. Es wurde keine PIN gesendet.',
      waysOut: [
        'Prüfen Sie den Modulpfad im Profil.',
        'Installieren Sie die PKCS#11-Software des Token-Herstellers und verwenden Sie den Pfad, den sie nennt.',
      ],
    },
  },
  'MODULE-02': {
    exit: 'token',
    en: {
      what: 'The file {module} is not a library this computer can load: {detail}.',
      why: 'It is no library, is made for another processor or system, or misses a library it depends on. No PIN was sent.',
      waysOut: [
        'Check that the path names the PKCS#11 library itself, not a program or text file.',
        'Install the 64-bit package for this operating system.',
      ],
    },
    de: {
      what: 'Die Datei {module} ist keine Bibliothek, die dieser Rechner laden kann: {detail}.',
      why: 'Sie ist keine Bibliothek, für einen anderen Prozessor oder ein anderes System gebaut, oder ihr fehlt eine weitere Bibliothek. Es wurde keine PIN gesendet.',
      waysOut: [
        'Prüfen Sie, ob der Pfad die PKCS#11-Bibliothek selbst nennt, kein Programm und keine Textdatei.',
        'Installieren Sie das 64-Bit-Paket für dieses Betriebssystem.',
      ],
    },
  },
  'MODULE-03': {
    exit: 'token',
    clause: 'PKCS#11 v2.40 §5.4',
    en: {
      what: 'The library {module} is not a PKCS#11 module.',
      why: 'It loads, but does not export C_GetFunctionList, where every PKCS#11 module begins. No PIN was sent.',
      waysOut: [
        'Use the library the token’s maker names as PKCS#11 (Cryptoki) module, for example opensc-pkcs11.so.',
      ],
    },
    de: {
      what: 'Die Bibliothek {module} ist kein PKCS#11-Modul.',
      why: 'Sie lässt sich laden, bietet aber C_GetFunctionList nicht an, womit jedes PKCS#11-Modul beginnt. Es wurde keine PIN gesendet.',
      waysOut: [
        'Verwenden Sie die Bibliothek, die der Token-Hersteller als PKCS#11-Modul (Cryptoki) nennt, zum Beispiel opensc-pkcs11.so.',
      ],
    },
  },
  'MODULE-04': {
    exit: 'token',
    en: {
      what: 'The PKCS#11 module {module} crashed during {call}.',
      why: 'The token’s software has a defect; it runs in a process of its own, so the station itself is unharmed.',
      waysOut: [
        'Take the token out, put it in again, and start the task again.',
        'Update the token’s software.',
        'Report the call {call} to the token’s maker if it happens again.',
      ],
    },
    de: {
      what: 'Das PKCS#11-Modul {module} ist bei {call} abgestürzt.',
      why: 'Die Software des Tokens hat einen Fehler; sie läuft in einem eigenen Prozess, die Station selbst ist unversehrt.',
      waysOut: [
        'Ziehen Sie den Token ab, stecken Sie ihn wieder an und starten Sie die Aufgabe erneut.',
        'Aktualisieren Sie die Software des Tokens.',
        'Melden Sie dem Token-Hersteller den Aufruf {call}, wenn es wieder geschieht.',
      ],
    },
  },
  'MODULE-05': {
    exit: 'token',
    en: {
      what: 'The PKCS#11 module {module} did not answer {call} within {seconds} s.',
      why: 'The token or its software hangs. The station has ended the module’s process; the PIN is not sent again by itself.',
      waysOut: [
        'Take the token out, put it in again, and start the task again.',
        'Close other programs that use the same token or reader.',
      ],
    },
    de: {
      what: 'Das PKCS#11-Modul {module} hat {call} nicht innerhalb von {seconds} s beantwortet.',
      why: 'Der Token oder seine Software hängt. Die Station hat den Prozess des Moduls beendet; die PIN wird nicht von selbst noch einmal gesendet.',
      waysOut: [
        'Ziehen Sie den Token ab, stecken Sie ihn wieder an und starten Sie die Aufgabe erneut.',
        'Schließen Sie andere Programme, die denselben Token oder Leser benutzen.',
      ],
    },
  },
  'MODULE-06': {
    exit: 'token',
    en: {
      what: 'The PKCS#11 module {module} could not be started: {detail}.',
      why: 'The module was loaded but refused to initialise, often because its configuration or its reader service is missing. No PIN was sent.',
      waysOut: [
        'Check that the reader is connected and its service (pcscd on Linux) runs.',
        'Check the module’s own configuration file and environment, for example SOFTHSM2_CONF.',
      ],
    },
    de: {
      what: 'Das PKCS#11-Modul {module} konnte nicht gestartet werden: {detail}.',
      why: 'Das Modul wurde geladen, verweigert aber den Start, oft weil seine Konfiguration oder der Leserdienst fehlt. Es wurde keine PIN gesendet.',
      waysOut: [
        'Prüfen Sie, ob der Leser angeschlossen ist und sein Dienst (unter Linux pcscd) läuft.',
        'Prüfen Sie die Konfiguration und Umgebung des Moduls, zum Beispiel SOFTHSM2_CONF.',
      ],
    },
  },
});
