import { defineErrors } from './entry.ts';

/** Errors about what stands on a keystore and about files made of it. */
export const objectErrors = defineErrors({
  'OBJECT-01': {
    exit: 'token',
    en: {
      what: '{alias} is needed by the enrollment {enrollment}, which is {state}.',
      why: 'Without this key its certificate could not be used. Nothing was changed.',
      waysOut: [
        'Finish that enrollment first (resume, reconcile or store-again).',
        'Give it up if it is of no more use (reconcile --abandon).',
      ],
    },
    de: {
      what: '{alias} wird für den Antrag {enrollment} gebraucht, der im Zustand {state} ist.',
      why: 'Ohne diesen Schlüssel wäre sein Zertifikat nicht verwendbar. Es wurde nichts verändert.',
      waysOut: [
        'Schließen Sie jenen Antrag zuerst ab (resume, reconcile oder store-again).',
        'Geben Sie ihn auf, wenn er nicht mehr gebraucht wird (reconcile --abandon).',
      ],
    },
  },
  'OBJECT-02': {
    exit: 'usage',
    en: {
      what: '{alias} was not deleted: the deletion was not confirmed.',
      why: 'What is deleted cannot be had again; so its alias must be typed once more. Nothing was changed.',
      waysOut: [
        'Type exactly {alias} to confirm, or give it with --confirm.',
        'Keep it if you are not sure.',
      ],
    },
    de: {
      what: '{alias} wurde nicht gelöscht: die Löschung wurde nicht bestätigt.',
      why: 'Gelöschtes ist nicht wiederzubekommen; darum muss der Alias noch einmal eingegeben werden. Es wurde nichts verändert.',
      waysOut: [
        'Geben Sie zur Bestätigung genau {alias} ein, oder mit --confirm an.',
        'Behalten Sie es, wenn Sie nicht sicher sind.',
      ],
    },
  },
  'OBJECT-03': {
    exit: 'usage',
    en: {
      what: 'There is something under the alias {alias} already.',
      why: 'It would be replaced and lost. Nothing was changed.',
      waysOut: ['Choose another alias.', 'Rename or delete first what stands under {alias}.'],
    },
    de: {
      what: 'Unter dem Alias {alias} steht schon etwas.',
      why: 'Es würde ersetzt und wäre verloren. Es wurde nichts verändert.',
      waysOut: [
        'Wählen Sie einen anderen Alias.',
        'Benennen Sie erst um oder löschen Sie, was unter {alias} steht.',
      ],
    },
  },
  'OBJECT-04': {
    exit: 'usage',
    en: {
      what: 'Several objects share the alias {alias}: {others}.',
      why: 'Renaming or deleting by the alias would touch all of them. Nothing was changed.',
      waysOut: [
        'Rename or delete the others first, each by its own name.',
        'List the objects (objects list) to see what each of them is.',
      ],
    },
    de: {
      what: 'Mehrere Objekte teilen sich den Alias {alias}: {others}.',
      why: 'Umbenennen oder Löschen über den Alias beträfe sie alle. Es wurde nichts verändert.',
      waysOut: [
        'Benennen Sie zuerst die anderen um oder löschen Sie sie, jedes unter seinem eigenen Namen.',
        'Lassen Sie sich die Objekte anzeigen (objects list), um zu sehen, was jedes ist.',
      ],
    },
  },
  'SHEET-01': {
    exit: 'usage',
    en: {
      what: 'The secret sheet {path} cannot be written: {detail}.',
      why: 'PINs are set only when the sheet that holds them is on the disk, so that no token gets a PIN nobody knows. No PIN was set after this.',
      waysOut: [
        'Name a file that does not exist yet, in a folder this account may write.',
        'Free space on the disk if it is full.',
      ],
    },
    de: {
      what: 'Das Geheimnisblatt {path} lässt sich nicht schreiben: {detail}.',
      why: 'PINs werden erst gesetzt, wenn das Blatt mit ihnen auf dem Datenträger ist, damit kein Token eine PIN bekommt, die niemand kennt. Danach wurde keine PIN gesetzt.',
      waysOut: [
        'Nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den dieses Konto beschreiben darf.',
        'Schaffen Sie Platz, wenn der Datenträger voll ist.',
      ],
    },
  },
  'SHEET-02': {
    exit: 'usage',
    clause: 'RFC 5652 §6.2',
    en: {
      what: 'The secret sheet cannot be encrypted to this certificate: {detail}.',
      why: 'Only the holder of its key is to read the PINs. No PIN was set.',
      waysOut: [
        'Give the certificate of the PKI engineer, valid now, with a key for encryption (RSA or EC).',
        'Ask for a certificate with the key usage keyEncipherment (RSA) or keyAgreement (EC).',
      ],
    },
    de: {
      what: 'Das Geheimnisblatt lässt sich nicht für dieses Zertifikat verschlüsseln: {detail}.',
      why: 'Nur wer dessen Schlüssel hat, soll die PINs lesen. Es wurde keine PIN gesetzt.',
      waysOut: [
        'Geben Sie das jetzt gültige Zertifikat der PKI-Verantwortlichen mit einem Schlüssel zum Verschlüsseln an (RSA oder EC).',
        'Beantragen Sie eines mit der Schlüsselverwendung keyEncipherment (RSA) oder keyAgreement (EC).',
      ],
    },
  },
  'OBJECT-05': {
    exit: 'token',
    en: {
      what: 'The station signs in with {alias} on {keystore}.',
      why: 'The profile {profile} names it under tlsClientAuthentication. Renamed or deleted, the station could not sign in with it any more. Nothing was changed.',
      waysOut: [
        'Have the profile sign in with another certificate first; then this one can go.',
        'Choose another object (objects list).',
      ],
    },
    de: {
      what: 'Mit {alias} auf {keystore} meldet sich die Station an.',
      why: 'Das Profil {profile} nennt es unter tlsClientAuthentication. Umbenannt oder gelöscht könnte sich die Station nicht mehr damit anmelden. Es wurde nichts verändert.',
      waysOut: [
        'Lassen Sie das Profil sich zuerst mit einem anderen Zertifikat anmelden; dann kann dieses weg.',
        'Wählen Sie ein anderes Objekt (objects list).',
      ],
    },
  },
  'KEYFILE-01': {
    exit: 'usage',
    en: {
      what: 'The key file cannot be used: {detail}.',
      why: 'It is damaged, or not PKCS#12, PKCS#8 or PEM. Nothing was imported.',
      waysOut: [
        'Check that it is the right file and was transferred completely, in binary mode.',
        'Have it exported again as PKCS#12.',
      ],
    },
    de: {
      what: 'Die Schlüsseldatei ist nicht verwendbar: {detail}.',
      why: 'Sie ist beschädigt oder weder PKCS#12 noch PKCS#8 noch PEM. Es wurde nichts importiert.',
      waysOut: [
        'Prüfen Sie, ob es die richtige Datei ist und sie vollständig und binär übertragen wurde.',
        'Lassen Sie sie noch einmal als PKCS#12 exportieren.',
      ],
    },
  },
  'KEYFILE-02': {
    exit: 'pin',
    clause: 'RFC 7292 §4',
    en: {
      what: 'The password does not open the key file.',
      why: 'It is another password, or the file was changed: its integrity check fails. Nothing was imported.',
      waysOut: [
        'Check the password, the keyboard layout and Caps Lock, and type it again.',
        'Get the file once more if the password is right.',
      ],
    },
    de: {
      what: 'Das Passwort öffnet die Schlüsseldatei nicht.',
      why: 'Es ist ein anderes Passwort, oder die Datei wurde verändert: ihre Prüfsumme stimmt nicht. Es wurde nichts importiert.',
      waysOut: [
        'Prüfen Sie Passwort, Tastaturbelegung und Feststelltaste und geben Sie es erneut ein.',
        'Holen Sie die Datei noch einmal, wenn das Passwort stimmt.',
      ],
    },
  },
  'KEYFILE-03': {
    exit: 'usage',
    en: {
      what: 'The key file is protected in a way this station does not open: {detail}.',
      why: 'It uses an old or rare algorithm. Nothing was imported.',
      waysOut: [
        'Have it exported again with AES-256 (openssl pkcs12 -export does so since version 3).',
        'Convert it: openssl pkcs12 -legacy -in old.p12 -out all.pem, then openssl pkcs12 -export -in all.pem -out new.p12.',
      ],
    },
    de: {
      what: 'Die Schlüsseldatei ist auf eine Weise geschützt, die diese Station nicht öffnet: {detail}.',
      why: 'Sie verwendet ein altes oder seltenes Verfahren. Es wurde nichts importiert.',
      waysOut: [
        'Lassen Sie sie noch einmal mit AES-256 exportieren (openssl pkcs12 -export tut das seit Version 3).',
        'Wandeln Sie sie um: openssl pkcs12 -legacy -in alt.p12 -out alles.pem, dann openssl pkcs12 -export -in alles.pem -out neu.p12.',
      ],
    },
  },
  'KEYFILE-04': {
    exit: 'token',
    en: {
      what: 'The private key under {alias} cannot leave {keystore}.',
      why: 'It was made to stay on its token, and the station never takes one out. Nothing was exported.',
      waysOut: [
        'Export the certificate or the public key instead (objects export).',
        'Make a new key where it is needed.',
      ],
    },
    de: {
      what: 'Der private Schlüssel unter {alias} kann {keystore} nicht verlassen.',
      why: 'Er wurde gemacht, um auf seinem Token zu bleiben, und die Station holt nie einen heraus. Es wurde nichts exportiert.',
      waysOut: [
        'Exportieren Sie stattdessen das Zertifikat oder den öffentlichen Schlüssel (objects export).',
        'Erzeugen Sie einen neuen Schlüssel dort, wo er gebraucht wird.',
      ],
    },
  },
});
