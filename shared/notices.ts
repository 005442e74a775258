import { z } from 'zod';
import { boundedParameters, fillText, type TextParameters } from './text-parameters.ts';

/** Texts of one notice; `{name}` is replaced from its parameters. */
interface NoticeText {
  readonly en: string;
  readonly de: string;
}

/** What deserves a person's eye although nothing failed. Codes never change their meaning. */
export const noticeTexts = {
  'CA-NOT-CA': {
    en: 'The server’s CA list holds a certificate that is no CA’s: {subject}',
    de: 'Die CA-Liste des Servers enthält ein Zertifikat, das keiner CA gehört: {subject}',
  },
  'CA-UNPROVEN': {
    en: 'A CA certificate was left out because it does not lead to the trusted root: {subject}',
    de: 'Ein CA-Zertifikat wurde weggelassen, weil es nicht zur vertrauten Wurzel führt: {subject}',
  },
  'ROLLOVER-TRUSTED': {
    en: 'The CA has a new root; the old one vouches for it, so it is trusted too: {subject}, SHA-256 {fingerprint}',
    de: 'Die CA hat eine neue Wurzel; die alte bürgt für sie, darum gilt auch sie als vertrauenswürdig: {subject}, SHA-256 {fingerprint}',
  },
  'ROLLOVER-OFF': {
    en: 'The CA has a new root and the old one vouches for it, but the profile does not allow the change: {subject}, SHA-256 {fingerprint}',
    de: 'Die CA hat eine neue Wurzel und die alte bürgt für sie, doch das Profil erlaubt den Wechsel nicht: {subject}, SHA-256 {fingerprint}',
  },
  'ROLLOVER-UNPROVEN': {
    en: 'The server offers another root, which is not trusted: {detail}. {subject}, SHA-256 {fingerprint}',
    de: 'Der Server bietet eine weitere Wurzel an, der nicht vertraut wird: {detail}. {subject}, SHA-256 {fingerprint}',
  },
  'CLOCK-DIFFERS': {
    en: 'The clocks disagree: this computer says {station}, the server {server}. Check date, time and time zone.',
    de: 'Die Uhren gehen verschieden: dieser Rechner meldet {station}, der Server {server}. Prüfen Sie Datum, Uhrzeit und Zeitzone.',
  },
  'CA-NO-ROOM': {
    en: 'The token has no room for all CA certificates; the record keeps them.',
    de: 'Der Token hat keinen Platz für alle CA-Zertifikate; der Nachweis bewahrt sie auf.',
  },
  'ISSUED-SUBJECT': {
    en: 'The certificate’s subject is not the one asked for ({asked}): {issued}',
    de: 'Der Name im Zertifikat ist nicht der beantragte ({asked}): {issued}',
  },
  'ISSUED-NAMES': {
    en: 'The certificate’s alternative names are not those asked for ({asked}): {issued}',
    de: 'Die weiteren Namen im Zertifikat sind nicht die beantragten ({asked}): {issued}',
  },
  'ISSUED-KEY-USAGE': {
    en: 'The certificate’s key usage is not the one asked for ({asked}): {issued}',
    de: 'Die Schlüsselverwendung im Zertifikat ist nicht die beantragte ({asked}): {issued}',
  },
  'ISSUED-PURPOSES': {
    en: 'The certificate lacks purposes asked for ({asked}): {issued}',
    de: 'Dem Zertifikat fehlen beantragte Zwecke ({asked}): {issued}',
  },
  'ISSUED-EXTENSION': {
    en: 'An extension of the certificate is not the one asked for ({asked}): {issued}',
    de: 'Eine Erweiterung im Zertifikat ist nicht die beantragte ({asked}): {issued}',
  },
  'ISSUED-VALIDITY': {
    en: 'The certificate’s validity is not within the profile’s bounds ({asked}): {issued}',
    de: 'Die Gültigkeit des Zertifikats liegt nicht in den Grenzen des Profils ({asked}): {issued}',
  },
  'ISSUED-SURPLUS': {
    en: 'The server sent {count} certificates for this key; the newest is used.',
    de: 'Der Server hat {count} Zertifikate für diesen Schlüssel gesendet; das neueste wird verwendet.',
  },
  'ATTRIBUTES-UNKNOWN': {
    en: 'The server asks for attributes the station does not know; they are passed over: {oids}',
    de: 'Der Server verlangt Attribute, die die Station nicht kennt; sie werden übergangen: {oids}',
  },
  'ATTRIBUTES-REPEATED': {
    en: 'The server names attributes more than once: {oids}',
    de: 'Der Server nennt Attribute mehr als einmal: {oids}',
  },
  'ATTRIBUTES-OVERRIDDEN': {
    en: 'The server gives a template, and beside it attributes that do not count: {oids}',
    de: 'Der Server gibt eine Vorlage und daneben Attribute, die nicht zählen: {oids}',
  },
  'ATTRIBUTES-MANY': {
    en: 'The server’s list of attributes is unusually long: {count} entries.',
    de: 'Die Attributliste des Servers ist ungewöhnlich lang: {count} Einträge.',
  },
  'KEY-OTHER': {
    en: 'The server asks for a key {wanted}; the profile’s {used} was used.',
    de: 'Der Server verlangt einen Schlüssel {wanted}; verwendet wurde {used} aus dem Profil.',
  },
  'WISH-SUBJECT': {
    en: 'The server asks for the subject {asked}; the profile’s {sent} was used.',
    de: 'Der Server verlangt den Namen {asked}; verwendet wurde {sent} aus dem Profil.',
  },
  'WISH-NAMES': {
    en: 'The server asks for the alternative names {asked}; the request has: {sent}',
    de: 'Der Server verlangt die weiteren Namen {asked}; der Antrag enthält: {sent}',
  },
  'WISH-SIGNATURE': {
    en: 'The server asks for the signature {asked}; the request is signed with {sent}.',
    de: 'Der Server verlangt die Signatur {asked}; der Antrag ist mit {sent} signiert.',
  },
  'WISH-EXTENSION': {
    en: 'The server asks for the extension {oid}; the request does not have it.',
    de: 'Der Server verlangt die Erweiterung {oid}; der Antrag enthält sie nicht.',
  },
  'WISH-FOLLOWED': {
    en: 'The server’s wish was followed: {sent} instead of {profile}',
    de: 'Dem Wunsch des Servers wurde gefolgt: {sent} statt {profile}',
  },
  'KEY-PERHAPS-REFUSED': {
    en: 'Some CAs never certify the same key twice; then a renewal needs a new key (reenroll --rekey).',
    de: 'Manche CA zertifiziert denselben Schlüssel nie zweimal; dann braucht eine Erneuerung einen neuen (reenroll --rekey).',
  },
  'RENEWAL-EXPIRED': {
    en: 'The TLS client certificate expired on {notAfter}; this is a new enrollment with HTTP authentication, no renewal.',
    de: 'Das TLS-Client-Zertifikat lief am {notAfter} ab; dies ist ein neuer Antrag mit HTTP-Anmeldung, keine Erneuerung.',
  },
  'POP-02': {
    en: 'The token’s TLS key was used together with proof of possession, which goes beyond the reference system.',
    de: 'Der TLS-Schlüssel des Tokens wurde zusammen mit dem Besitznachweis verwendet; das geht über das Referenzsystem hinaus.',
  },
  'POP-04': {
    en: 'The request is bound by tls-exporter, which no RFC defines for EST over HTTPS.',
    de: 'Der Antrag ist durch tls-exporter gebunden; kein RFC legt das für EST über HTTPS fest.',
  },
  'POP-08': {
    en: 'The connection has no extended master secret (RFC 7627), so its channel binding proves less.',
    de: 'Die Verbindung hat kein Extended Master Secret (RFC 7627), ihre Kanalbindung beweist also weniger.',
  },
  'POP-09': {
    en: 'The connection had to be made again, so the token signs once more; a card may ask for its PIN or a touch again.',
    de: 'Die Verbindung musste neu aufgebaut werden, darum unterschreibt der Token noch einmal; eine Karte verlangt vielleicht erneut PIN oder Berührung.',
  },
  'TLS-NO-PSS': {
    en: 'The token cannot make RSA-PSS signatures, which TLS 1.3 requires (RFC 8446 §4.2.3); the connection keeps to TLS 1.2.',
    de: 'Der Token kann keine RSA-PSS-Signaturen, die TLS 1.3 verlangt (RFC 8446 §4.2.3); die Verbindung bleibt bei TLS 1.2.',
  },
  'KEY-NOT-LOCAL': {
    en: 'The token does not confirm that it made the key itself (CKA_LOCAL is missing).',
    de: 'Der Token bestätigt nicht, dass er den Schlüssel selbst erzeugt hat (CKA_LOCAL fehlt).',
  },
  'KEY-ORIGIN-SILENT': {
    en: 'The token does not say where the key comes from: {detail}',
    de: 'Der Token sagt nicht, woher der Schlüssel stammt: {detail}',
  },
  'KEY-IMPORTED': {
    en: 'The server generated this key; it was not made there, but imported into {keystore}.',
    de: 'Diesen Schlüssel hat der Server erzeugt; er entstand nicht dort, sondern wurde in {keystore} importiert.',
  },
  'KEY-PERHAPS-LOST': {
    en: 'If the server generated a key, it is lost with the answer that carried it: have a certificate issued for {subject} revoked, and ask for another key.',
    de: 'Hat der Server einen Schlüssel erzeugt, ist er mit der Antwort verloren, die ihn trug: lassen Sie ein für {subject} ausgestelltes Zertifikat sperren und beantragen Sie einen anderen Schlüssel.',
  },
  'KEY-KEPT': {
    en: 'The key of the enrollment {enrollment}, which is {state}, was kept under {alias}: without it that certificate could not be used. Delete it once nobody needs it.',
    de: 'Der Schlüssel des Antrags {enrollment}, der im Zustand {state} ist, wurde unter {alias} aufgehoben: ohne ihn wäre dessen Zertifikat nicht verwendbar. Löschen Sie ihn, wenn ihn niemand mehr braucht.',
  },
  'KEY-PERHAPS-LEFT': {
    en: 'The token was interrupted during {call}: a new key may be left under {alias} on {token}. The next enrollment replaces it.',
    de: 'Der Token wurde bei {call} unterbrochen: unter {alias} kann auf {token} ein neuer Schlüssel liegen. Der nächste Antrag ersetzt ihn.',
  },
  'PIN-PERHAPS-SENT': {
    en: 'The token {token} was interrupted while it was given the PIN: a try may have been used. Look at the state of the PIN (tokens) before you type it again.',
    de: 'Der Token {token} wurde unterbrochen, während er die PIN bekam: ein Versuch kann verbraucht sein. Sehen Sie nach dem Zustand der PIN (tokens), bevor Sie sie wieder eingeben.',
  },
  'CALL-CUT-SHORT': {
    en: 'The token was interrupted during {call} {alias}: how much of it {token} did is not known.',
    de: 'Der Token wurde bei {call} {alias} unterbrochen: wie viel {token} davon ausgeführt hat, ist nicht bekannt.',
  },
  'KEY-FORM': {
    en: 'The server sent the private key as {form} where PKCS#8 belongs; it was accepted.',
    de: 'Der Server sandte den privaten Schlüssel als {form}, wo PKCS#8 hingehört; er wurde angenommen.',
  },
  'ANSWER-TOLERATED': {
    en: 'The server’s answer was accepted although it is unusual: {detail}',
    de: 'Die Antwort des Servers wurde angenommen, obwohl sie ungewöhnlich ist: {detail}',
  },
} as const satisfies Record<string, NoticeText>;

export type NoticeCode = keyof typeof noticeTexts;

/** A notice as data; `text` is English, other languages by `code` and `params`. */
export const noticeData = z.strictObject({
  code: z.enum(Object.keys(noticeTexts) as [NoticeCode, ...NoticeCode[]]),
  text: z.string().max(1000),
  params: z.record(z.string().max(64), z.union([z.string().max(1000), z.number()])),
});

export type Notice = z.infer<typeof noticeData>;

/** Makes a notice; parameters quoted from a server or token are bounded and stripped of control characters. */
export function notice(code: NoticeCode, params: TextParameters = {}): Notice {
  const clean = boundedParameters(params);
  return { code, text: noticeIn({ code, params: clean }, 'en'), params: clean };
}

/** The words of a notice in a language. */
export function noticeIn(
  { code, params }: Pick<Notice, 'code' | 'params'>,
  language: keyof NoticeText,
): string {
  return fillText(noticeTexts[code][language], params);
}
