import { defineErrors } from './entry.ts';

/** Errors below TLS. */
export const networkErrors = defineErrors({
  'NET-01': {
    exit: 'network',
    en: {
      what: '{endpoint} refused the connection.',
      why: 'The computer answers, but no server listens on that port. Nothing was sent.',
      waysOut: [
        'Check host and port of the endpoint.',
        'Ask the operator of the server whether the service is running.',
        'Check whether a firewall refuses the connection.',
      ],
    },
    de: {
      what: '{endpoint} hat die Verbindung abgewiesen.',
      why: 'Der Rechner antwortet, aber auf diesem Port lauscht kein Server. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie Host und Port des Endpunkts.',
        'Fragen Sie den Betreiber, ob der Dienst läuft.',
        'Prüfen Sie, ob eine Firewall die Verbindung abweist.',
      ],
    },
  },
  'NET-02': {
    exit: 'network',
    en: {
      what: 'The name {host} could not be resolved.',
      why: 'The name is misspelt, or this computer’s name service does not know it. Nothing was sent.',
      waysOut: [
        'Check the spelling of the host in the endpoint.',
        'Check the network connection and the VPN of this computer.',
      ],
    },
    de: {
      what: 'Der Name {host} konnte nicht aufgelöst werden.',
      why: 'Der Name ist falsch geschrieben, oder der Namensdienst dieses Rechners kennt ihn nicht. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie die Schreibweise des Hosts im Endpunkt.',
        'Prüfen Sie Netzwerkverbindung und VPN dieses Rechners.',
      ],
    },
  },
  'NET-03': {
    exit: 'network',
    en: {
      what: '{endpoint} did not answer within {seconds} s.',
      why: 'The computer is off, out of reach, or a firewall drops the packets. Nothing was sent.',
      waysOut: [
        'Check the network connection and the VPN of this computer.',
        'Check host and port of the endpoint.',
        'On a slow line raise limits.connectMs in the profile.',
      ],
    },
    de: {
      what: '{endpoint} hat innerhalb von {seconds} s nicht geantwortet.',
      why: 'Der Rechner ist aus, nicht erreichbar, oder eine Firewall verwirft die Pakete. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie Netzwerkverbindung und VPN dieses Rechners.',
        'Prüfen Sie Host und Port des Endpunkts.',
        'Erhöhen Sie bei langsamer Leitung limits.connectMs im Profil.',
      ],
    },
  },
  'NET-04': {
    exit: 'network',
    en: {
      what: 'The connection to {endpoint} was cut off.',
      why: 'The server or something on the way closed the connection before the exchange was complete.',
      waysOut: [
        'Look into the journal to see which step was reached.',
        'Check the network and start the task again.',
        'If it always stops at the same step, ask the operator for the server’s log.',
      ],
    },
    de: {
      what: 'Die Verbindung zu {endpoint} wurde unterbrochen.',
      why: 'Der Server oder etwas auf dem Weg hat die Verbindung vor dem Ende des Austauschs geschlossen.',
      waysOut: [
        'Sehen Sie im Journal nach, welcher Schritt erreicht wurde.',
        'Prüfen Sie das Netzwerk und starten Sie die Aufgabe erneut.',
        'Endet es stets beim selben Schritt, bitten Sie den Betreiber um das Server-Protokoll.',
      ],
    },
  },
  'NET-05': {
    exit: 'network',
    clause: 'RFC 7030 §3.3',
    en: {
      what: '{endpoint} does not speak TLS.',
      why: 'The port belongs to another service, probably plain HTTP. No password was sent.',
      waysOut: [
        'Use the port of the HTTPS service, often 443 or 8443.',
        'Ask the operator for the exact host:port of the EST server.',
      ],
    },
    de: {
      what: '{endpoint} spricht kein TLS.',
      why: 'Der Port gehört zu einem anderen Dienst, vermutlich unverschlüsseltem HTTP. Es wurde kein Passwort gesendet.',
      waysOut: [
        'Verwenden Sie den Port des HTTPS-Dienstes, oft 443 oder 8443.',
        'Fragen Sie den Betreiber nach host:port des EST-Servers.',
      ],
    },
  },
  'NET-06': {
    exit: 'network',
    en: {
      what: 'The exchange with {endpoint} took longer than {seconds} s.',
      why: 'The server accepted the connection but did not finish its answer in time.',
      waysOut: [
        'Look into the journal: after the step "submitted" the server may have issued a certificate.',
        'Ask the operator whether the server is overloaded.',
        'For a slow server raise limits.exchangeMs in the profile.',
      ],
    },
    de: {
      what: 'Der Austausch mit {endpoint} dauerte länger als {seconds} s.',
      why: 'Der Server nahm die Verbindung an, vollendete seine Antwort aber nicht rechtzeitig.',
      waysOut: [
        'Sehen Sie im Journal nach: nach dem Schritt „submitted“ kann der Server ein Zertifikat ausgestellt haben.',
        'Fragen Sie den Betreiber, ob der Server überlastet ist.',
        'Erhöhen Sie bei einem langsamen Server limits.exchangeMs im Profil.',
      ],
    },
  },
  'NET-07': {
    exit: 'network',
    en: {
      what: '{endpoint} cannot be reached: {detail}.',
      why: 'The operating system found no way to the server. Nothing was sent.',
      waysOut: [
        'Check cable, Wi-Fi and VPN of this computer.',
        'Check host and port of the endpoint.',
      ],
    },
    de: {
      what: '{endpoint} ist nicht erreichbar: {detail}.',
      why: 'Das Betriebssystem fand keinen Weg zum Server. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie Kabel, WLAN und VPN dieses Rechners.',
        'Prüfen Sie Host und Port des Endpunkts.',
      ],
    },
  },
  'NET-08': {
    exit: 'network',
    clause: 'RFC 9110 §9.3.6',
    en: {
      what: 'The proxy {proxy} did not open the way to {endpoint}: {detail}.',
      why: 'The station reached the proxy of the profile, and the proxy refused or could not reach the server. Nothing was sent to the server.',
      waysOut: [
        'Check server.proxy and server.endpoint in the profile.',
        'Ask the operator of the proxy to allow CONNECT to {endpoint}.',
        'If the server can be reached without a proxy, set server.proxy to null.',
      ],
    },
    de: {
      what: 'Der Proxy {proxy} hat den Weg zu {endpoint} nicht geöffnet: {detail}.',
      why: 'Die Station hat den Proxy des Profils erreicht, doch er lehnte ab oder kam selbst nicht zum Server. An den Server wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie server.proxy und server.endpoint im Profil.',
        'Bitten Sie den Betreiber des Proxys, CONNECT zu {endpoint} zu erlauben.',
        'Ist der Server ohne Proxy erreichbar, setzen Sie server.proxy auf null.',
      ],
    },
  },
  'NET-09': {
    exit: 'network',
    clause: 'RFC 9110 §15.5.8',
    en: {
      what: 'The proxy {proxy} refused the user name or password (407).',
      why: 'The proxy lets only known users through. The station speaks Basic authentication with it and sends the password once.',
      waysOut: [
        'Check server.proxy.username in the profile and the password (EST_STATION_PROXY_PASSWORD).',
        'Ask the operator of the proxy for an account with Basic authentication.',
      ],
    },
    de: {
      what: 'Der Proxy {proxy} hat Benutzername oder Passwort abgelehnt (407).',
      why: 'Der Proxy lässt nur bekannte Benutzer durch. Die Station meldet sich dort mit Basic an und sendet das Passwort einmal.',
      waysOut: [
        'Prüfen Sie server.proxy.username im Profil und das Passwort (EST_STATION_PROXY_PASSWORD).',
        'Lassen Sie sich vom Betreiber des Proxys ein Konto mit Basic-Anmeldung geben.',
      ],
    },
  },
  'NET-10': {
    exit: 'network',
    en: {
      what: 'The proxy {proxy} cannot be reached: {detail}.',
      why: 'The profile sends everything through this proxy, and no connection to it came about. Nothing was sent.',
      waysOut: [
        'Check server.proxy in the profile and the network of this computer.',
        'If the server can be reached without a proxy, set server.proxy to null.',
      ],
    },
    de: {
      what: 'Der Proxy {proxy} ist nicht erreichbar: {detail}.',
      why: 'Das Profil leitet alles über diesen Proxy, und es kam keine Verbindung zu ihm zustande. Es wurde nichts gesendet.',
      waysOut: [
        'Prüfen Sie server.proxy im Profil und das Netzwerk dieses Rechners.',
        'Ist der Server ohne Proxy erreichbar, setzen Sie server.proxy auf null.',
      ],
    },
  },
});
