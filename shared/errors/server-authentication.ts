import { defineErrors } from './entry.ts';

/** Errors of signing in to the server: credentials and challenges (RFC 7030 §3.2.3). */
export const serverAuthenticationErrors = defineErrors({
  'SERVER-03': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.3',
    en: {
      what: 'The server refused the credentials (401).',
      why: 'User name or password is wrong, used up or expired. No certificate was issued, and the password is not sent again by itself.',
      waysOut: [
        'Check user name and password and type them again.',
        'If it was a one-time password, ask the operator for a new one.',
      ],
    },
    de: {
      what: 'Der Server hat die Zugangsdaten abgelehnt (401).',
      why: 'Benutzername oder Passwort ist falsch, verbraucht oder abgelaufen. Es wurde kein Zertifikat ausgestellt, und das Passwort wird nicht von selbst noch einmal gesendet.',
      waysOut: [
        'Prüfen Sie Benutzername und Passwort und geben Sie beide erneut ein.',
        'War es ein Einmalpasswort, lassen Sie sich vom Betreiber ein neues geben.',
      ],
    },
  },
  'SERVER-04': {
    exit: 'server',
    clause: 'RFC 9110 §11.6.1',
    en: {
      what: 'The server asks for authentication without saying which (401).',
      why: 'Its answer lacks a usable WWW-Authenticate header; it may want a TLS client certificate. No password was sent.',
      waysOut: [
        'Ask the operator how clients are to authenticate.',
        'If a client certificate is wanted, enable tlsClientAuthentication in the profile.',
      ],
    },
    de: {
      what: 'Der Server verlangt eine Anmeldung, ohne zu sagen welche (401).',
      why: 'Seiner Antwort fehlt ein brauchbarer Kopf WWW-Authenticate; vielleicht will er ein TLS-Client-Zertifikat. Es wurde kein Passwort gesendet.',
      waysOut: [
        'Fragen Sie den Betreiber, wie sich Clients anmelden sollen.',
        'Wird ein Client-Zertifikat verlangt, schalten Sie tlsClientAuthentication im Profil ein.',
      ],
    },
  },
  'SERVER-15': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.3',
    en: {
      what: 'The server does not offer HTTP {scheme} authentication (offered: {offered}).',
      why: 'The profile asks for {scheme}, and the station never falls back to a weaker one by itself. No password was sent.',
      waysOut: [
        'Set httpAuthentication.scheme in the profile to one the server offers, if its strength is acceptable.',
        'Ask the operator to offer {scheme}.',
      ],
    },
    de: {
      what: 'Der Server bietet HTTP-Anmeldung {scheme} nicht an (angeboten: {offered}).',
      why: 'Das Profil verlangt {scheme}, und die Station weicht nie von selbst auf ein schwächeres Verfahren aus. Es wurde kein Passwort gesendet.',
      waysOut: [
        'Setzen Sie httpAuthentication.scheme im Profil auf ein angebotenes Verfahren, wenn dessen Stärke genügt.',
        'Bitten Sie den Betreiber, {scheme} anzubieten.',
      ],
    },
  },
  'SERVER-16': {
    exit: 'server',
    clause: 'RFC 7030 §3.2.3',
    en: {
      what: 'The server wants authentication, and the profile has none.',
      why: 'The server issues certificates only to clients it knows. No certificate was issued.',
      waysOut: [
        'Set httpAuthentication.scheme and username in the profile and have the password ready.',
        'Enable tlsClientAuthentication if the server expects a client certificate.',
      ],
    },
    de: {
      what: 'Der Server verlangt eine Anmeldung, und das Profil hat keine.',
      why: 'Der Server stellt Zertifikate nur für Clients aus, die er kennt. Es wurde kein Zertifikat ausgestellt.',
      waysOut: [
        'Setzen Sie httpAuthentication.scheme und username im Profil und halten Sie das Passwort bereit.',
        'Schalten Sie tlsClientAuthentication ein, wenn der Server ein Client-Zertifikat erwartet.',
      ],
    },
  },
  'SERVER-17': {
    exit: 'server',
    clause: 'RFC 7030 §4.1.1',
    en: {
      what: 'The server wants authentication before it shows its CA certificates.',
      why: 'The station does not sign in to a server whose identity it cannot check yet. No password was sent.',
      waysOut: [
        'Give the CA root certificate as a PEM file, so that the server can be checked first.',
        'Ask the server’s operator to offer /cacerts without authentication.',
      ],
    },
    de: {
      what: 'Der Server verlangt eine Anmeldung, bevor er seine CA-Zertifikate zeigt.',
      why: 'Die Station meldet sich nicht bei einem Server an, dessen Identität sie noch nicht prüfen kann. Es wurde kein Passwort gesendet.',
      waysOut: [
        'Geben Sie das CA-Wurzelzertifikat als PEM-Datei an, damit der Server vorher geprüft werden kann.',
        'Bitten Sie den Betreiber des Servers, /cacerts ohne Anmeldung anzubieten.',
      ],
    },
  },
});
