import { defineErrors } from './entry.ts';

/** Errors about which token is meant, and whether this work may be done on it. */
export const tokenChoiceErrors = defineErrors({
  'TOKEN-10': {
    exit: 'token',
    en: {
      what: 'Several tokens answer to {token}.',
      why: 'They share this label or serial, and the station does not guess which one is meant. No PIN was sent.',
      waysOut: [
        'Leave only the intended token plugged in.',
        'Name the token by serial and label in the profile.',
      ],
    },
    de: {
      what: 'Mehrere Token passen auf {token}.',
      why: 'Sie tragen dieselbe Bezeichnung oder Seriennummer, und die Station rät nicht, welcher gemeint ist. Es wurde keine PIN gesendet.',
      waysOut: [
        'Lassen Sie nur den gemeinten Token angesteckt.',
        'Benennen Sie den Token im Profil mit serial und label.',
      ],
    },
  },
  'TOKEN-11': {
    exit: 'token',
    en: {
      what: 'The token {token} is already initialised; initialising it would destroy what it holds.',
      why: 'Initialising erases every key and certificate on a token, and keys made there exist nowhere else. Nothing was changed.',
      waysOut: [
        'Use the token as it is.',
        'Choose an empty token.',
        'If it is really to be erased, do so with the token’s own tool.',
      ],
    },
    de: {
      what: 'Der Token {token} ist schon initialisiert; ein erneutes Initialisieren würde seinen Inhalt zerstören.',
      why: 'Das Initialisieren löscht alle Schlüssel und Zertifikate eines Tokens, und dort erzeugte Schlüssel gibt es nirgends sonst. Es wurde nichts verändert.',
      waysOut: [
        'Verwenden Sie den Token, wie er ist.',
        'Wählen Sie einen leeren Token.',
        'Soll er wirklich gelöscht werden, tun Sie das mit dem Programm des Token-Herstellers.',
      ],
    },
  },
  'TOKEN-13': {
    exit: 'token',
    en: {
      what: 'The token cannot be named {label}.',
      why: 'A token’s label has 1 to {octets} bytes; letters beyond English take two or more. Nothing was changed on the token.',
      waysOut: ['Choose a shorter label of letters and digits.'],
    },
    de: {
      what: 'Der Token kann nicht {label} heißen.',
      why: 'Der Name eines Tokens hat 1 bis {octets} Byte; Umlaute und andere Zeichen brauchen zwei oder mehr. Am Token wurde nichts verändert.',
      waysOut: ['Wählen Sie einen kürzeren Namen aus Buchstaben und Ziffern.'],
    },
  },
  'TOKEN-15': {
    exit: 'token',
    en: {
      what: 'The token {token} is the one the station signs in with, not one to be enrolled.',
      why: 'The profile names it under tlsClientAuthentication, and its keystore fits the same token by other words. Nothing was sent to the token or changed on it.',
      waysOut: [
        'Insert the token that is to be enrolled, or name it by its serial number in the profile.',
        'If this very token is meant, name it in the same way in both places.',
      ],
    },
    de: {
      what: 'Mit dem Token {token} meldet sich die Station an; er ist keiner, der ausgestellt werden soll.',
      why: 'Das Profil nennt ihn unter tlsClientAuthentication, und sein keystore passt mit anderen Worten auf denselben Token. Es wurde nichts an den Token gesendet und nichts an ihm verändert.',
      waysOut: [
        'Stecken Sie den Token ein, der ausgestellt werden soll, oder nennen Sie ihn im Profil mit seiner Seriennummer.',
        'Ist genau dieser Token gemeint, nennen Sie ihn an beiden Stellen auf dieselbe Weise.',
      ],
    },
  },
  'TOKEN-16': {
    exit: 'token',
    en: {
      what: 'Another station, or another task of this one, is working on the token {token}.',
      why: 'Two of them would replace each other’s keys on the token. Nothing was sent to the token and nothing on it was changed.',
      waysOut: [
        'Wait until the other task has ended, then try again.',
        'Use another token for this enrollment.',
      ],
    },
    de: {
      what: 'Eine andere Station oder eine andere Aufgabe dieser Station arbeitet gerade mit dem Token {token}.',
      why: 'Zwei zugleich würden einander die Schlüssel auf dem Token ersetzen. Es wurde nichts an den Token gesendet und nichts an ihm verändert.',
      waysOut: [
        'Warten Sie, bis die andere Aufgabe beendet ist, und versuchen Sie es dann noch einmal.',
        'Verwenden Sie für diese Ausstellung einen anderen Token.',
      ],
    },
  },
  'TOKEN-17': {
    exit: 'token',
    en: {
      what: 'The token {token} holds what the station signs in with; it is not initialised.',
      why: 'The profile {profile} names it under tlsClientAuthentication. Initialising would destroy its key, which may exist nowhere else, and the station could not sign in any more. No PIN was asked for and nothing was changed.',
      waysOut: [
        'Check that the token that is to be initialised is the one in the reader.',
        'If this one has served its time, save the profile with another token under tlsClientAuthentication first; where profiles are kept as files, enroll once with the changed one.',
      ],
    },
    de: {
      what: 'Mit dem, was der Token {token} trägt, meldet sich die Station an; er wird nicht initialisiert.',
      why: 'Das Profil {profile} nennt ihn unter tlsClientAuthentication. Das Initialisieren zerstörte seinen Schlüssel, den es vielleicht nirgends sonst gibt, und die Station könnte sich nicht mehr anmelden. Es wurde nach keiner PIN gefragt und nichts verändert.',
      waysOut: [
        'Prüfen Sie, ob der Token im Leser steckt, der initialisiert werden soll.',
        'Hat dieser ausgedient, speichern Sie zuerst das Profil mit einem anderen Token unter tlsClientAuthentication; wo Profile als Dateien geführt werden, stellen Sie einmal mit dem geänderten aus.',
      ],
    },
  },
});
