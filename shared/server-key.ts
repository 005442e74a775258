import { StationError } from './errors/station-error.ts';
import { type Profile, parseEndpoint } from './profile.ts';

/**
 * Names one EST service: host in lower case, port always, label when there is one,
 * e.g. `est.example:8443/line3` or `[2001:db8::1]:443`. Trust anchors and records are kept by it;
 * a change of endpoint or label therefore leads to a new bootstrap.
 * @throws StationError PROFILE-02 when the endpoint is none.
 */
export function serverKey({
  server,
}: {
  readonly server: Pick<Profile['server'], 'endpoint' | 'label'>;
}): string {
  const endpoint = parseEndpoint(server.endpoint);
  if (endpoint === null) {
    throw new StationError('PROFILE-02', { problems: 'server.endpoint must be host:port' });
  }
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  const address = `${host.toLowerCase()}:${endpoint.port}`;
  // RFC 7030 §3.2.2: the label is a path segment, and paths are case-sensitive.
  return server.label === null ? address : `${address}/${server.label}`;
}
