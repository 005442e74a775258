import { defineErrors } from './entry.ts';

/** Errors of tokens and software keystores. */
export const tokenErrors = defineErrors({
  'TOKEN-01': {
    exit: 'token',
    en: {
      what: 'There is no token in any reader of {module}.',
      why: 'No token is plugged in, or the reader does not see it. No PIN was sent.',
      waysOut: [
        'Plug in the token, or turn the card over and insert it fully.',
        'Check that the reader’s lamp is on and its service (pcscd on Linux) runs.',
        'Check that the module belongs to this kind of token.',
      ],
    },
    de: {
      what: 'In keinem Leser von {module} steckt ein Token.',
      why: 'Es ist kein Token angesteckt, oder der Leser erkennt ihn nicht. Es wurde keine PIN gesendet.',
      waysOut: [
        'Stecken Sie den Token an, oder wenden Sie die Karte und schieben Sie sie ganz ein.',
        'Prüfen Sie, ob der Leser leuchtet und sein Dienst (unter Linux pcscd) läuft.',
        'Prüfen Sie, ob das Modul zu dieser Art Token gehört.',
      ],
    },
  },
  'TOKEN-02': {
    exit: 'token',
    en: {
      what: 'The token {token} is not present.',
      why: 'The profile asks for this token, and none of the tokens plugged in has this serial and label. No PIN was sent.',
      waysOut: [
        'Plug in the token {token}.',
        'List the tokens that are present (tokens) and correct serial or label in the profile.',
      ],
    },
    de: {
      what: 'Der Token {token} ist nicht da.',
      why: 'Das Profil verlangt diesen Token, doch keiner der angesteckten hat diese Seriennummer und Bezeichnung. Es wurde keine PIN gesendet.',
      waysOut: [
        'Stecken Sie den Token {token} an.',
        'Lassen Sie sich die vorhandenen Token anzeigen (tokens) und berichtigen Sie serial oder label im Profil.',
      ],
    },
  },
  'TOKEN-03': {
    exit: 'token',
    en: {
      what: 'The token was removed during {call}.',
      why: 'The token was pulled, or its contact was lost. What was done before stands in the journal, and the PIN is not sent again by itself.',
      waysOut: [
        'Put the same token back and start the task again.',
        'If nobody touched it, try another port or reader.',
      ],
    },
    de: {
      what: 'Der Token wurde bei {call} entfernt.',
      why: 'Der Token wurde abgezogen oder hat den Kontakt verloren. Das bisher Getane steht im Journal, und die PIN wird nicht von selbst noch einmal gesendet.',
      waysOut: [
        'Stecken Sie denselben Token wieder an und starten Sie die Aufgabe erneut.',
        'Hat ihn niemand berührt, versuchen Sie einen anderen Anschluss oder Leser.',
      ],
    },
  },
  'TOKEN-04': {
    exit: 'token',
    en: {
      what: 'The token {token} is not initialised.',
      why: 'It is new or was erased: it has neither a label nor PINs. No PIN was sent.',
      waysOut: [
        'Initialise it here (token-init): that sets label, SO PIN and user PIN.',
        'Choose a token that is already initialised.',
      ],
    },
    de: {
      what: 'Der Token {token} ist nicht initialisiert.',
      why: 'Er ist neu oder wurde gelöscht: er hat weder Bezeichnung noch PINs. Es wurde keine PIN gesendet.',
      waysOut: [
        'Initialisieren Sie ihn hier (token-init): das setzt Bezeichnung, SO-PIN und Benutzer-PIN.',
        'Wählen Sie einen bereits initialisierten Token.',
      ],
    },
  },
  'TOKEN-05': {
    exit: 'token',
    en: {
      what: 'The token cannot do {mechanism}.',
      why: 'The token’s list of abilities lacks this kind of key or signature. No key was made.',
      waysOut: [
        'Choose another key algorithm, key size or signature in the profile.',
        'Use a token that can do {mechanism}.',
      ],
    },
    de: {
      what: 'Der Token kann {mechanism} nicht.',
      why: 'In der Liste seiner Fähigkeiten fehlt diese Art Schlüssel oder Signatur. Es wurde kein Schlüssel erzeugt.',
      waysOut: [
        'Wählen Sie im Profil einen anderen Schlüsseltyp, eine andere Größe oder Signatur.',
        'Verwenden Sie einen Token, der {mechanism} kann.',
      ],
    },
  },
  'TOKEN-06': {
    exit: 'token',
    en: {
      what: 'The token has no room left for {object}.',
      why: 'Its memory is full of keys and certificates. What it already holds is unchanged.',
      waysOut: [
        'Delete keys or certificates that are no longer needed with the token’s own tool.',
        'Use another token.',
      ],
    },
    de: {
      what: 'Der Token hat keinen Platz mehr für {object}.',
      why: 'Sein Speicher ist mit Schlüsseln und Zertifikaten gefüllt. Was er schon enthält, ist unverändert.',
      waysOut: [
        'Löschen Sie nicht mehr benötigte Schlüssel oder Zertifikate mit dem Programm des Token-Herstellers.',
        'Verwenden Sie einen anderen Token.',
      ],
    },
  },
  'TOKEN-07': {
    exit: 'token',
    en: {
      what: 'The token {token} is write-protected.',
      why: 'The token or its reader allows reading only. Nothing on it was changed.',
      waysOut: [
        'Remove the write protection with the token’s own tool or switch.',
        'Use another token.',
      ],
    },
    de: {
      what: 'Der Token {token} ist schreibgeschützt.',
      why: 'Der Token oder sein Leser erlaubt nur das Lesen. Auf ihm wurde nichts verändert.',
      waysOut: [
        'Heben Sie den Schreibschutz mit dem Programm oder Schalter des Tokens auf.',
        'Verwenden Sie einen anderen Token.',
      ],
    },
  },
  'TOKEN-08': {
    exit: 'token',
    en: {
      what: 'The token reported {detail} during {call}.',
      why: 'The token or its software refused the operation; the PIN is not sent again by itself.',
      waysOut: [
        'Take the token out, put it in again, and start the task again.',
        'Close other programs that use the same token.',
        'If it stays, give {detail} and {call} to the token’s maker.',
      ],
    },
    de: {
      what: 'Der Token meldete {detail} bei {call}.',
      why: 'Der Token oder seine Software hat den Vorgang abgelehnt; die PIN wird nicht von selbst noch einmal gesendet.',
      waysOut: [
        'Ziehen Sie den Token ab, stecken Sie ihn wieder an und starten Sie die Aufgabe erneut.',
        'Schließen Sie andere Programme, die denselben Token benutzen.',
        'Bleibt es dabei, nennen Sie dem Token-Hersteller {detail} und {call}.',
      ],
    },
  },
  'TOKEN-09': {
    exit: 'token',
    en: {
      what: 'There is no {object} under the alias {alias}.',
      why: 'This token or keystore was not enrolled here, or the entry was deleted.',
      waysOut: [
        'List what it holds (show) and check that it is the right token.',
        'Enroll it first (enroll) if it has no certificate yet.',
      ],
    },
    de: {
      what: 'Unter dem Alias {alias} gibt es kein Objekt „{object}“.',
      why: 'Für diesen Token oder Schlüsselspeicher wurde hier noch kein Zertifikat geholt, oder der Eintrag wurde gelöscht.',
      waysOut: [
        'Lassen Sie sich den Inhalt anzeigen (show) und prüfen Sie, ob es der richtige Token ist.',
        'Holen Sie zuerst ein Zertifikat (enroll), wenn noch keines da ist.',
      ],
    },
  },
  'TOKEN-12': {
    exit: 'token',
    en: {
      what: 'A new key did not come out as required: {detail}.',
      why: 'The token made the key with other properties than asked for, so the station will not use it. No request was sent.',
      waysOut: [
        'Check in the token’s own tool whether a policy changes the properties of new keys.',
        'Use another token.',
      ],
    },
    de: {
      what: 'Ein neuer Schlüssel ist nicht wie verlangt entstanden: {detail}.',
      why: 'Der Token hat den Schlüssel mit anderen Eigenschaften angelegt als verlangt, daher verwendet ihn die Station nicht. Es wurde kein Antrag gesendet.',
      waysOut: [
        'Prüfen Sie im Programm des Token-Herstellers, ob eine Richtlinie die Eigenschaften neuer Schlüssel ändert.',
        'Verwenden Sie einen anderen Token.',
      ],
    },
  },
  'TOKEN-14': {
    exit: 'token',
    en: {
      what: 'The token {token} cannot do what the profile asks: {missing}.',
      why: 'By its own account the token does not make such keys or signatures, or cannot be written. No key was made.',
      waysOut: [
        'Choose key and signature in the profile among those the token can make (tokens --profile lists them).',
        'Use a token that can.',
      ],
    },
    de: {
      what: 'Der Token {token} kann nicht, was das Profil verlangt: {missing}.',
      why: 'Nach eigener Auskunft macht der Token solche Schlüssel oder Signaturen nicht oder lässt sich nicht beschreiben. Es wurde kein Schlüssel erzeugt.',
      waysOut: [
        'Wählen Sie im Profil Schlüssel und Signatur unter denen, die der Token kann (tokens --profile zeigt sie).',
        'Verwenden Sie einen Token, der es kann.',
      ],
    },
  },
  'TOKEN-18': {
    exit: 'token',
    en: {
      what: 'Several private keys on {token} share the alias {alias}.',
      why: 'Neither a certificate nor a public key under this alias tells by its identifier (CKA_ID) which one is meant, and the station does not guess. Nothing was signed.',
      waysOut: [
        'Have the identifiers of key and certificate made alike with the tool they were made with.',
        'Delete the keys that are of no more use with the token’s own tool.',
        'Make a new key (enroll), which takes the place of all of them where the profile allows it.',
      ],
    },
    de: {
      what: 'Mehrere private Schlüssel auf {token} teilen sich den Alias {alias}.',
      why: 'Weder ein Zertifikat noch ein öffentlicher Schlüssel unter diesem Alias sagt durch seine Kennung (CKA_ID), welcher gemeint ist, und die Station rät nicht. Es wurde nichts signiert.',
      waysOut: [
        'Lassen Sie die Kennungen von Schlüssel und Zertifikat mit dem Programm angleichen, das sie erzeugt hat.',
        'Löschen Sie Schlüssel, die nicht mehr gebraucht werden, mit dem Programm des Token-Herstellers.',
        'Erzeugen Sie einen neuen Schlüssel (enroll), der an die Stelle aller tritt, wo das Profil es erlaubt.',
      ],
    },
  },
  'KEYSTORE-01': {
    exit: 'token',
    en: {
      what: 'The software keystore {path} cannot be used: {detail}.',
      why: 'The folder is missing, may not be written, or holds files the station does not understand. Nothing in it was changed.',
      waysOut: [
        'Check that the path names a folder this account may write.',
        'Choose an empty folder for a new keystore.',
      ],
    },
    de: {
      what: 'Der Software-Schlüsselspeicher {path} ist nicht verwendbar: {detail}.',
      why: 'Der Ordner fehlt, darf nicht beschrieben werden oder enthält Dateien, die die Station nicht versteht. Darin wurde nichts verändert.',
      waysOut: [
        'Prüfen Sie, ob der Pfad einen Ordner nennt, den dieses Konto beschreiben darf.',
        'Wählen Sie für einen neuen Schlüsselspeicher einen leeren Ordner.',
      ],
    },
  },
});
