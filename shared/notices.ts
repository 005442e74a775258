import { z } from 'zod';

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
  'CA-NO-ROOM': {
    en: 'The token has no room for all CA certificates; the record keeps them.',
    de: 'Der Token hat keinen Platz für alle CA-Zertifikate; der Nachweis bewahrt sie auf.',
  },
  'ISSUED-SUBJECT': {
    en: 'The certificate’s subject is not the one asked for: {subject}',
    de: 'Der Name im Zertifikat ist nicht der beantragte: {subject}',
  },
  'ISSUED-NAMES': {
    en: 'The certificate’s alternative names are not those asked for: {names}',
    de: 'Die weiteren Namen im Zertifikat sind nicht die beantragten: {names}',
  },
  'ISSUED-SURPLUS': {
    en: 'The server sent {count} certificates for this key; the newest is used.',
    de: 'Der Server hat {count} Zertifikate für diesen Schlüssel gesendet; das neueste wird verwendet.',
  },
  'KEY-OTHER': {
    en: 'The server asks for a key {wanted}; the profile’s {used} was used.',
    de: 'Der Server verlangt einen Schlüssel {wanted}; verwendet wurde {used} aus dem Profil.',
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

const longestParam = 500;

/** Makes a notice; parameters quoted from a server or token are bounded and stripped of control characters. */
export function notice(
  code: NoticeCode,
  params: Readonly<Record<string, string | number>> = {},
): Notice {
  const clean: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) {
    clean[name] =
      typeof value === 'number'
        ? value
        : value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, longestParam);
  }
  return { code, text: noticeIn({ code, params: clean }, 'en'), params: clean };
}

/** The words of a notice in a language. */
export function noticeIn(
  { code, params }: Pick<Notice, 'code' | 'params'>,
  language: keyof NoticeText,
): string {
  return noticeTexts[code][language].replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}
