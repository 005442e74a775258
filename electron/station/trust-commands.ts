import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { serverKey } from '../../shared/server-key.ts';
import { summariesOfFile } from './certificate-file.ts';
import type { Station } from './station.ts';
import { importAnchor, removeAnchor, trustedServers, trustStateOf } from './trusted-servers.ts';

/** The commands about who is believed. */
export function trustCommands(
  station: Station,
): Pick<StationHandlers, Extract<keyof StationHandlers, `trust.${string}`>> {
  const { ports, trust } = station;
  return {
    'trust.fetch': async ({ profile }) => await trust.fetch(profile),
    'trust.confirm': async ({ offerId, fingerprint }) => await trust.confirm(offerId, fingerprint),
    'trust.decline': async ({ offerId }) => {
      await trust.decline(offerId);
      return {};
    },
    'trust.show': async ({ profile }) => await trust.show(profile),
    'trust.list': async () => await trustedServers(ports),
    'trust.refresh': async ({ profile }) => {
      const { state, offered, warnings } = await station.refreshTrust(profile);
      return { state, offered: [...offered], warnings: warnings.slice(0, 64) };
    },
    'trust.confirmOffered': async ({ profile, fingerprint }) => {
      await station.confirmNewRoot(profile, fingerprint);
      return await trust.show(profile);
    },
    'trust.remove': async ({ server, fingerprint }) => {
      await removeAnchor(ports, server, fingerprint);
      return {};
    },
    'trust.readFile': async ({ content }) => summariesOfFile(content),
    'trust.import': async ({ server, content, fingerprint }) => {
      await importAnchor(ports, { server }, content, fingerprint);
      const key = serverKey({ server });
      return trustStateOf(key, await ports.store.trust.anchors(key));
    },
  };
}
