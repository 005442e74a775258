import { defineErrors } from './entry.ts';

/** Errors about a private key that a server generated and sent. */
export const keyDeliveryErrors = defineErrors({
  'KEY-01': {
    exit: 'server',
    clause: 'RFC 7030 §4.4.2',
    en: {
      what: 'The private key the server sent cannot be used: {detail}.',
      why: 'It is damaged, of another kind than announced, or of a kind this station does not take. It was thrown away and not stored.',
      waysOut: [
        'Give the operator this message, the time and the subject of the request.',
        'Have the certificate that came with it revoked.',
      ],
    },
    de: {
      what: 'Der vom Server gesandte private Schlüssel ist nicht verwendbar: {detail}.',
      why: 'Er ist beschädigt, von anderer Art als angekündigt oder von einer Art, die diese Station nicht annimmt. Er wurde verworfen und nicht gespeichert.',
      waysOut: [
        'Nennen Sie dem Betreiber diese Meldung, Uhrzeit und Namen des Antrags.',
        'Lassen Sie das mitgesandte Zertifikat sperren.',
      ],
    },
  },
  'KEY-02': {
    exit: 'server',
    clause: 'RFC 7030 §4.4.2',
    en: {
      what: 'The private key the server sent does not belong to the certificate it sent with it.',
      why: 'The server mixed up two answers or is misconfigured. Key and certificate are useless together; the key was thrown away.',
      waysOut: [
        'Give the operator the time and the subject of the request.',
        'Have the certificate that came with it revoked.',
      ],
    },
    de: {
      what: 'Der vom Server gesandte private Schlüssel gehört nicht zum mitgesandten Zertifikat.',
      why: 'Der Server hat zwei Antworten vertauscht oder ist falsch eingerichtet. Schlüssel und Zertifikat sind zusammen nutzlos; der Schlüssel wurde verworfen.',
      waysOut: [
        'Nennen Sie dem Betreiber Uhrzeit und Namen des Antrags.',
        'Lassen Sie das mitgesandte Zertifikat sperren.',
      ],
    },
  },
  'KEY-03': {
    exit: 'server',
    clause: 'RFC 7030 §4.4.1',
    en: {
      what: 'The server sent the private key in clear although encryption was asked for.',
      why: 'The profile demands that the key is encrypted to this station, beyond TLS. A server that ignores that is not obeyed: the key was thrown away and not stored.',
      waysOut: [
        'Have the certificate that came with it revoked.',
        'Ask the operator to support encrypted delivery of keys.',
        'If TLS alone is enough for you, set serverKeyGeneration.encryption to none in the profile.',
      ],
    },
    de: {
      what: 'Der Server sandte den privaten Schlüssel unverschlüsselt, obwohl Verschlüsselung verlangt war.',
      why: 'Das Profil verlangt, dass der Schlüssel über TLS hinaus für diese Station verschlüsselt wird. Einem Server, der das übergeht, wird nicht gefolgt: der Schlüssel wurde verworfen und nicht gespeichert.',
      waysOut: [
        'Lassen Sie das mitgesandte Zertifikat sperren.',
        'Bitten Sie den Betreiber, die verschlüsselte Auslieferung von Schlüsseln zu unterstützen.',
        'Genügt Ihnen TLS allein, setzen Sie serverKeyGeneration.encryption im Profil auf none.',
      ],
    },
  },
  'KEY-04': {
    exit: 'issued-not-stored',
    en: {
      what: 'The private key the server generated is lost: it could not be stored on {keystore} ({detail}).',
      why: 'The station keeps a received key in memory only, and the keystore did not take it. The certificate stands in the record, but without its key nobody can use it here.',
      waysOut: [
        'Have the certificate in the record revoked: its key was on its way and is gone.',
        'Then ask again; the server generates another key.',
        'If this keystore cannot take keys at all, use enroll: it makes the key on the keystore.',
      ],
    },
    de: {
      what: 'Der vom Server erzeugte private Schlüssel ist verloren: er ließ sich nicht auf {keystore} speichern ({detail}).',
      why: 'Die Station hält einen empfangenen Schlüssel nur im Arbeitsspeicher, und der Schlüsselspeicher nahm ihn nicht an. Das Zertifikat steht im Nachweis, ist aber ohne seinen Schlüssel hier für niemanden nutzbar.',
      waysOut: [
        'Lassen Sie das Zertifikat aus dem Nachweis sperren: sein Schlüssel war unterwegs und ist weg.',
        'Beantragen Sie danach erneut; der Server erzeugt einen anderen Schlüssel.',
        'Nimmt dieser Schlüsselspeicher gar keine Schlüssel an, verwenden Sie enroll: es erzeugt den Schlüssel dort.',
      ],
    },
  },
  'KEY-05': {
    exit: 'server',
    clause: 'RFC 5652 §6.2',
    en: {
      what: 'The private key the server sent is encrypted, but not to this station: {detail}.',
      why: 'None of its recipients is the decryption key the profile names. Nobody here can open it, and it was not stored.',
      waysOut: [
        'Compare serverKeyGeneration in the profile with the key the operator has on file for this station.',
        'Have the certificate that came with it revoked.',
      ],
    },
    de: {
      what: 'Der vom Server gesandte private Schlüssel ist verschlüsselt, aber nicht für diese Station: {detail}.',
      why: 'Keiner seiner Empfänger ist der Entschlüsselungsschlüssel des Profils. Niemand hier kann ihn öffnen; er wurde nicht gespeichert.',
      waysOut: [
        'Vergleichen Sie serverKeyGeneration im Profil mit dem Schlüssel, den der Betreiber für diese Station führt.',
        'Lassen Sie das mitgesandte Zertifikat sperren.',
      ],
    },
  },
  'KEY-06': {
    exit: 'server',
    clause: 'RFC 7030 §4.4.2',
    en: {
      what: 'The private key the server sent is protected in a way this station does not open: {detail}.',
      why: 'An encrypted key comes as EnvelopedData with a key transport, key agreement or key encryption recipient and AES content encryption. This one did not.',
      waysOut: [
        'Give the operator this message.',
        'Have the certificate that came with it revoked.',
      ],
    },
    de: {
      what: 'Der vom Server gesandte private Schlüssel ist auf eine Weise geschützt, die diese Station nicht öffnet: {detail}.',
      why: 'Ein verschlüsselter Schlüssel kommt als EnvelopedData mit Key-Transport-, Key-Agreement- oder Key-Encryption-Empfänger und AES. Dieser nicht.',
      waysOut: [
        'Geben Sie dem Betreiber diese Meldung.',
        'Lassen Sie das mitgesandte Zertifikat sperren.',
      ],
    },
  },
  'KEY-07': {
    exit: 'trust',
    clause: 'RFC 7030 §4.4.2',
    en: {
      what: 'The signature over the private key the server sent is not good: {detail}.',
      why: 'An encrypted key is signed by whoever generated it, and that signer must lead to the trusted root. The key may have been exchanged on its way; it was thrown away.',
      waysOut: [
        'Ask the operator which certificate signs generated keys, and under which root it stands.',
        'Have the certificate that came with it revoked.',
      ],
    },
    de: {
      what: 'Die Signatur über den vom Server gesandten privaten Schlüssel ist nicht gut: {detail}.',
      why: 'Ein verschlüsselter Schlüssel ist von dem signiert, der ihn erzeugt hat, und dieser muss zur vertrauten Wurzel führen. Der Schlüssel könnte unterwegs ausgetauscht worden sein; er wurde verworfen.',
      waysOut: [
        'Fragen Sie den Betreiber, welches Zertifikat erzeugte Schlüssel signiert und unter welcher Wurzel es steht.',
        'Lassen Sie das mitgesandte Zertifikat sperren.',
      ],
    },
  },
});
