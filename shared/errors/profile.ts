import { defineErrors } from './entry.ts';

/** Errors of a profile or a file a person gave. */
export const profileErrors = defineErrors({
  'PROFILE-01': {
    exit: 'profile',
    en: {
      what: 'The file {file} cannot be read as a profile: {detail}.',
      why: 'It does not exist, may not be opened by this account, or does not hold JSON.',
      waysOut: [
        'Check the path and that this account may read the file.',
        'Open it in an editor that checks JSON; a missing comma or quote is the usual fault.',
        'Write a fresh profile with profile-new and compare.',
      ],
    },
    de: {
      what: 'Die Datei {file} lässt sich nicht als Profil lesen: {detail}.',
      why: 'Sie existiert nicht, darf von diesem Konto nicht geöffnet werden oder enthält kein JSON.',
      waysOut: [
        'Prüfen Sie den Pfad und ob dieses Konto die Datei lesen darf.',
        'Öffnen Sie sie in einem Editor, der JSON prüft; meist fehlt ein Komma oder Anführungszeichen.',
        'Erzeugen Sie mit profile-new ein neues Profil und vergleichen Sie.',
      ],
    },
  },
  'PROFILE-02': {
    exit: 'profile',
    en: {
      what: 'The profile is not valid: {problems}.',
      why: 'A value is missing, has the wrong form, or does not fit another one. Nothing was sent.',
      waysOut: [
        'Correct the values named above; docs/profile.md tells what each one means.',
        'Check the file with profile-check before the next run.',
      ],
    },
    de: {
      what: 'Das Profil ist nicht gültig: {problems}.',
      why: 'Ein Wert fehlt, hat die falsche Form oder passt nicht zu einem anderen. Es wurde nichts gesendet.',
      waysOut: [
        'Berichtigen Sie die genannten Werte; docs/profile.md beschreibt jeden.',
        'Prüfen Sie die Datei vor dem nächsten Lauf mit profile-check.',
      ],
    },
  },
  'PROFILE-03': {
    exit: 'profile',
    en: {
      what: 'The profile has a key the station does not know: {key} (nearest: {nearest}).',
      why: 'A misspelt key that was ignored would leave a setting at its default unnoticed, so the profile is refused. Nothing was sent.',
      waysOut: [
        'If {nearest} is meant, rename the key to it.',
        'Otherwise remove {key}; docs/profile.md lists every key.',
      ],
    },
    de: {
      what: 'Das Profil enthält einen Schlüssel, den die Station nicht kennt: {key} (am nächsten: {nearest}).',
      why: 'Ein übergangener Schreibfehler ließe eine Einstellung unbemerkt auf ihrem Standardwert, daher wird das Profil abgelehnt. Es wurde nichts gesendet.',
      waysOut: [
        'Ist {nearest} gemeint, benennen Sie den Schlüssel so.',
        'Entfernen Sie sonst {key}; docs/profile.md nennt alle Schlüssel.',
      ],
    },
  },
  'PROFILE-04': {
    exit: 'profile',
    en: {
      what: 'The profile "{name}" is disabled.',
      why: 'Its attribute enabled is false, and a disabled profile never runs. Nothing was sent.',
      waysOut: [
        'Choose another profile.',
        'Set enabled to true if the profile is meant to be used.',
      ],
    },
    de: {
      what: 'Das Profil „{name}“ ist abgeschaltet.',
      why: 'Sein Attribut enabled ist false, und ein abgeschaltetes Profil läuft nie. Es wurde nichts gesendet.',
      waysOut: [
        'Wählen Sie ein anderes Profil.',
        'Setzen Sie enabled auf true, wenn das Profil benutzt werden soll.',
      ],
    },
  },
  'PROFILE-05': {
    exit: 'profile',
    clause: 'RFC 4514 §3',
    en: {
      what: 'The name {dn} is not a distinguished name: {detail}.',
      why: 'A distinguished name is a list of attribute=value pairs separated by commas. No key was made.',
      waysOut: [
        'Write it like CN=gateway-17,O=Example,C=DE.',
        'Put a backslash before a comma, plus sign, quote or semicolon that belongs to a value.',
      ],
    },
    de: {
      what: 'Der Name {dn} ist kein Distinguished Name: {detail}.',
      why: 'Ein Distinguished Name ist eine durch Kommas getrennte Liste aus Attribut=Wert. Es wurde kein Schlüssel erzeugt.',
      waysOut: [
        'Schreiben Sie ihn wie CN=gateway-17,O=Example,C=DE.',
        'Setzen Sie einen Backslash vor Komma, Pluszeichen, Anführungszeichen oder Semikolon in einem Wert.',
      ],
    },
  },
  'PROFILE-06': {
    exit: 'profile',
    clause: 'RFC 7468 §5',
    en: {
      what: 'The CA root certificate is not a PEM certificate: {detail}.',
      why: 'The station expects text between BEGIN CERTIFICATE and END CERTIFICATE. Nothing was trusted.',
      waysOut: [
        'Ask the operator of the server for the root certificate in PEM form.',
        'Convert a binary file: openssl x509 -inform DER -in root.cer -out root.pem.',
        'Leave it out and confirm the root by its fingerprint instead.',
      ],
    },
    de: {
      what: 'Das CA-Wurzelzertifikat ist kein PEM-Zertifikat: {detail}.',
      why: 'Die Station erwartet Text zwischen BEGIN CERTIFICATE und END CERTIFICATE. Es wurde nichts als vertrauenswürdig übernommen.',
      waysOut: [
        'Lassen Sie sich das Wurzelzertifikat vom Betreiber des Servers in PEM-Form geben.',
        'Wandeln Sie eine Binärdatei um: openssl x509 -inform DER -in root.cer -out root.pem.',
        'Lassen Sie es weg und bestätigen Sie die Wurzel anhand ihres Fingerabdrucks.',
      ],
    },
  },
  'PROFILE-07': {
    exit: 'profile',
    clause: 'RFC 7030 §3.6',
    en: {
      what: 'HTTP credentials would go to a server whose name is not checked.',
      why: 'The profile turns hostnameVerification off, so any server under the same root could collect the password. It was not sent.',
      waysOut: [
        'Set server.hostnameVerification to true.',
        'Use the name that stands in the server’s certificate as endpoint.',
        'Authenticate with a TLS client certificate instead of a password.',
      ],
    },
    de: {
      what: 'HTTP-Zugangsdaten gingen an einen Server, dessen Name nicht geprüft wird.',
      why: 'Das Profil schaltet hostnameVerification ab, also könnte jeder Server unter derselben Wurzel das Passwort abgreifen. Es wurde nicht gesendet.',
      waysOut: [
        'Setzen Sie server.hostnameVerification auf true.',
        'Verwenden Sie als Endpunkt den Namen, der im Zertifikat des Servers steht.',
        'Melden Sie sich mit einem TLS-Client-Zertifikat statt mit einem Passwort an.',
      ],
    },
  },
  'PROFILE-08': {
    exit: 'profile',
    en: {
      what: 'The profile asks for {what}, which this version does not offer.',
      why: 'The setting is valid, but this version cannot carry it out and does not pretend to. Nothing was sent.',
      waysOut: [
        'Choose a setting this version offers; docs/profile.md lists them.',
        'Install a newer version of the station.',
      ],
    },
    de: {
      what: 'Das Profil verlangt {what}; diese Version bietet das nicht an.',
      why: 'Die Einstellung ist gültig, doch diese Version kann sie nicht ausführen und gibt das nicht vor. Es wurde nichts gesendet.',
      waysOut: [
        'Wählen Sie eine Einstellung, die diese Version anbietet; docs/profile.md nennt sie.',
        'Installieren Sie eine neuere Version der Station.',
      ],
    },
  },
  'PROFILE-10': {
    exit: 'profile',
    clause: 'RFC 9908 §3.4',
    en: {
      what: 'The server’s template leaves names open that nobody has filled in: {missing}.',
      why: 'It wants these in the request, and neither the profile nor a person gave a value. No key was made and nothing was sent.',
      waysOut: [
        'Give the values: --fill NAME=VALUE, once for each.',
        'Write them into request.subject or request.subjectAltNames of the profile.',
        'Set request.followServer to never if the profile alone is to decide.',
      ],
    },
    de: {
      what: 'Die Vorlage des Servers lässt Namen offen, die niemand ausgefüllt hat: {missing}.',
      why: 'Sie gehören in den Antrag, doch weder das Profil noch ein Mensch gab einen Wert. Es wurde kein Schlüssel erzeugt und nichts gesendet.',
      waysOut: [
        'Geben Sie die Werte an: --fill NAME=WERT, je einmal.',
        'Schreiben Sie sie in request.subject oder request.subjectAltNames des Profils.',
        'Setzen Sie request.followServer auf never, wenn allein das Profil entscheiden soll.',
      ],
    },
  },
});
