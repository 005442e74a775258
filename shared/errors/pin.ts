import { defineErrors } from './entry.ts';

/** Errors of PINs and passphrases. A refused one is never sent again by the program. */
export const pinErrors = defineErrors({
  'PIN-01': {
    exit: 'pin',
    en: {
      what: 'The token refused the PIN.',
      why: 'The PIN was wrong. One try has been spent; the station will not send this PIN again by itself.',
      waysOut: [
        'Check the PIN, the keyboard layout and Caps Lock before you type it again.',
        'Make sure this is the token the PIN belongs to.',
        'If you are not sure of the PIN, stop here: too many wrong ones lock the token.',
      ],
    },
    de: {
      what: 'Der Token hat die PIN abgelehnt.',
      why: 'Die PIN war falsch. Ein Versuch ist verbraucht; die Station sendet diese PIN nicht von selbst noch einmal.',
      waysOut: [
        'Prüfen Sie PIN, Tastaturbelegung und Feststelltaste, bevor Sie sie erneut eingeben.',
        'Vergewissern Sie sich, dass die PIN zu diesem Token gehört.',
        'Sind Sie der PIN nicht sicher, hören Sie hier auf: zu viele falsche sperren den Token.',
      ],
    },
  },
  'PIN-02': {
    exit: 'pin',
    en: {
      what: 'The PIN of the token is locked.',
      why: 'The token has counted too many wrong PINs. No PIN was sent now; the keys on the token are intact.',
      waysOut: [
        'Have the PIN unlocked with the SO PIN (PUK) by whoever manages the tokens.',
        'Use another token.',
      ],
    },
    de: {
      what: 'Die PIN des Tokens ist gesperrt.',
      why: 'Der Token hat zu viele falsche PINs gezählt. Jetzt wurde keine PIN gesendet; die Schlüssel auf dem Token sind unversehrt.',
      waysOut: [
        'Lassen Sie die PIN von der Token-Verwaltung mit der SO-PIN (PUK) entsperren.',
        'Verwenden Sie einen anderen Token.',
      ],
    },
  },
  'PIN-03': {
    exit: 'pin',
    en: {
      what: 'Only one PIN try is left.',
      why: 'The token says that the next wrong PIN locks it. No PIN was sent.',
      waysOut: [
        'Go on only if you are certain of the PIN, and confirm the last try explicitly.',
        'Otherwise have the PIN reset with the SO PIN (PUK).',
      ],
    },
    de: {
      what: 'Es bleibt nur noch ein PIN-Versuch.',
      why: 'Der Token meldet, dass die nächste falsche PIN ihn sperrt. Es wurde keine PIN gesendet.',
      waysOut: [
        'Fahren Sie nur fort, wenn Sie der PIN sicher sind, und bestätigen Sie den letzten Versuch ausdrücklich.',
        'Lassen Sie die PIN sonst mit der SO-PIN (PUK) zurücksetzen.',
      ],
    },
  },
  'PIN-04': {
    exit: 'pin',
    en: {
      what: 'The PIN has the wrong length: {min} to {max} characters are allowed.',
      why: 'The token states these limits. No PIN was sent and no try was spent.',
      waysOut: ['Type a PIN of {min} to {max} characters.'],
    },
    de: {
      what: 'Die PIN hat die falsche Länge: erlaubt sind {min} bis {max} Zeichen.',
      why: 'Der Token nennt diese Grenzen. Es wurde keine PIN gesendet und kein Versuch verbraucht.',
      waysOut: ['Geben Sie eine PIN mit {min} bis {max} Zeichen ein.'],
    },
  },
  'PIN-05': {
    exit: 'pin',
    en: {
      what: 'The token has no user PIN yet.',
      why: 'It was initialised, but the PIN for daily use was never set. No PIN was sent.',
      waysOut: [
        'Set the user PIN with the SO PIN in the token’s own tool.',
        'If the token is empty, initialise it here: that sets both PINs.',
      ],
    },
    de: {
      what: 'Der Token hat noch keine Benutzer-PIN.',
      why: 'Er wurde initialisiert, doch die PIN für den täglichen Gebrauch wurde nie gesetzt. Es wurde keine PIN gesendet.',
      waysOut: [
        'Setzen Sie die Benutzer-PIN mit der SO-PIN im Programm des Token-Herstellers.',
        'Ist der Token leer, initialisieren Sie ihn hier: das setzt beide PINs.',
      ],
    },
  },
  'PIN-06': {
    exit: 'pin',
    en: {
      what: 'The token refused the SO PIN.',
      why: 'The SO PIN was wrong. One try has been spent; the station will not send it again by itself.',
      waysOut: [
        'Check the SO PIN with whoever manages the tokens before the next try.',
        'Stop if you are not sure: many tokens become unusable when the SO PIN is locked.',
      ],
    },
    de: {
      what: 'Der Token hat die SO-PIN abgelehnt.',
      why: 'Die SO-PIN war falsch. Ein Versuch ist verbraucht; die Station sendet sie nicht von selbst noch einmal.',
      waysOut: [
        'Klären Sie die SO-PIN vor dem nächsten Versuch mit der Token-Verwaltung.',
        'Hören Sie auf, wenn Sie nicht sicher sind: viele Token sind mit gesperrter SO-PIN unbrauchbar.',
      ],
    },
  },
  'PIN-07': {
    exit: 'pin',
    en: {
      what: 'The passphrase does not open the software keystore {path}.',
      why: 'The passphrase is wrong, or the files in this folder were made with another one. Nothing was changed.',
      waysOut: [
        'Check the passphrase, the keyboard layout and Caps Lock, and type it again.',
        'Check that the profile names the right folder.',
      ],
    },
    de: {
      what: 'Die Passphrase öffnet den Software-Schlüsselspeicher {path} nicht.',
      why: 'Die Passphrase ist falsch, oder die Dateien in diesem Ordner wurden mit einer anderen angelegt. Es wurde nichts verändert.',
      waysOut: [
        'Prüfen Sie Passphrase, Tastaturbelegung und Feststelltaste und geben Sie sie erneut ein.',
        'Prüfen Sie, ob das Profil den richtigen Ordner nennt.',
      ],
    },
  },
  'PIN-08': {
    exit: 'pin',
    en: {
      what: 'The PIN session has ended; the PIN is needed again.',
      why: 'The station keeps a PIN only for a short time and has wiped it. No try was spent.',
      waysOut: ['Type the PIN again and start this step once more.'],
    },
    de: {
      what: 'Die PIN-Sitzung ist beendet; die PIN wird erneut benötigt.',
      why: 'Die Station behält eine PIN nur kurz und hat sie gelöscht. Es wurde kein Versuch verbraucht.',
      waysOut: ['Geben Sie die PIN erneut ein und starten Sie diesen Schritt noch einmal.'],
    },
  },
  'PIN-09': {
    exit: 'pin',
    en: {
      what: 'The token does not accept the new PIN.',
      why: 'The new PIN has characters or a form this token does not allow. The PIN before is still valid.',
      waysOut: [
        'Choose a PIN of digits only, longer than the shortest the token allows.',
        'Read in the token’s manual which PINs it takes.',
      ],
    },
    de: {
      what: 'Der Token nimmt die neue PIN nicht an.',
      why: 'Die neue PIN hat Zeichen oder eine Form, die dieser Token nicht erlaubt. Die bisherige PIN gilt weiter.',
      waysOut: [
        'Wählen Sie eine PIN nur aus Ziffern, länger als die kürzeste erlaubte.',
        'Lesen Sie im Handbuch des Tokens nach, welche PINs er annimmt.',
      ],
    },
  },
  'PIN-10': {
    exit: 'pin',
    clause: 'PKCS#11 v2.40 §5.6',
    en: {
      what: 'This key wants the PIN for each use, and nobody can be asked here.',
      why: 'The token marks the key with CKA_ALWAYS_AUTHENTICATE. The station keeps no PIN to send it again, so a person must type it for every signature. No PIN was sent.',
      waysOut: [
        'Run the task on the command line, which asks for the PIN at each use.',
        'Use a reader with a PIN pad.',
        'Have a new key made, which the station generates without that mark.',
      ],
    },
    de: {
      what: 'Dieser Schlüssel verlangt die PIN bei jeder Benutzung, und hier kann niemand gefragt werden.',
      why: 'Der Token kennzeichnet den Schlüssel mit CKA_ALWAYS_AUTHENTICATE. Die Station behält keine PIN, um sie noch einmal zu senden; für jede Signatur muss sie eingegeben werden. Es wurde keine PIN gesendet.',
      waysOut: [
        'Führen Sie die Aufgabe auf der Kommandozeile aus; sie fragt bei jeder Benutzung nach der PIN.',
        'Verwenden Sie einen Leser mit PIN-Tastatur.',
        'Lassen Sie einen neuen Schlüssel erzeugen; die Station erzeugt ihn ohne dieses Kennzeichen.',
      ],
    },
  },
  'PIN-11': {
    exit: 'pin',
    clause: 'PKCS#11 v2.40 §5.6',
    en: {
      what: 'No PIN was given for this use of the key.',
      why: 'The key wants the PIN for each use. The question was declined, or not answered in time. No PIN was sent and no try was spent.',
      waysOut: ['Start the task again and type the PIN when it is asked for.'],
    },
    de: {
      what: 'Für diese Benutzung des Schlüssels wurde keine PIN eingegeben.',
      why: 'Der Schlüssel verlangt die PIN bei jeder Benutzung. Die Frage wurde abgelehnt oder nicht rechtzeitig beantwortet. Es wurde keine PIN gesendet und kein Versuch verbraucht.',
      waysOut: [
        'Starten Sie die Aufgabe erneut und geben Sie die PIN ein, wenn danach gefragt wird.',
      ],
    },
  },
  'PIN-12': {
    exit: 'pin',
    clause: 'PKCS#11 v2.40 §5.6',
    en: {
      what: 'The token {token} takes no SO PIN: its module answers {detail}.',
      why: 'Some cards have none. A PIV card is unblocked with its PUK instead, which PKCS#11 has no call for: OpenSC refuses the SO login of such a card without asking the card. The PIN is as it was.',
      waysOut: [
        'Unblock a PIV card with a tool of its own: pkcs15-tool --unblock-pin --auth-id 01 (OpenSC), or ykman piv access unblock-pin for a YubiKey.',
        'A PIN that is known is changed without the SO PIN (token-pin change).',
        'If the card was pulled meanwhile, insert it and try again.',
      ],
    },
    de: {
      what: 'Der Token {token} nimmt keine SO-PIN: sein Modul antwortet {detail}.',
      why: 'Manche Karten haben keine. Eine PIV-Karte wird stattdessen mit ihrer PUK entsperrt, wofür PKCS#11 keinen Aufruf hat: OpenSC lehnt die SO-Anmeldung an einer solchen Karte ab, ohne die Karte zu fragen. Die PIN ist, wie sie war.',
      waysOut: [
        'Entsperren Sie eine PIV-Karte mit einem eigenen Programm: pkcs15-tool --unblock-pin --auth-id 01 (OpenSC), bei einem YubiKey ykman piv access unblock-pin.',
        'Eine bekannte PIN wird ohne die SO-PIN geändert (token-pin change).',
        'Wurde die Karte inzwischen gezogen, stecken Sie sie ein und versuchen Sie es noch einmal.',
      ],
    },
  },
});
