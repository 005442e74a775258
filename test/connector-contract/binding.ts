import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import type { ChannelBindingKind } from '../../shared/profile.ts';
import { endOf, observe } from '../conformance/observe.ts';
import { serveTls } from '../loopback.ts';
import { Fixture, type Subject } from './fixture.ts';

type Version = 'TLSv1.2' | 'TLSv1.3';

/** The values that bind a request to its connection. */
export function describeBinding(subject: Subject): void {
  describe('the channel binding', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await Fixture.make(subject);
    });

    async function bothSides(maxVersion: Version, kind: ChannelBindingKind) {
      const { pem: cert, keyPem: key } = fixture.honest;
      const { promise: accepted, resolve } = Promise.withResolvers<TLSSocket>();
      await using server = await serveTls({ cert, key, maxVersion }, resolve);
      const connection = await fixture.connect(server.port);
      const socket = await accepted;
      const theirs =
        kind === 'tls-unique'
          ? socket.getPeerFinished()
          : socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
      try {
        return { ours: connection.channelBinding(kind), theirs };
      } finally {
        connection.close();
      }
    }

    it.each<[Version, ChannelBindingKind, number]>([
      ['TLSv1.2', 'tls-unique', 12],
      ['TLSv1.2', 'tls-exporter', 32],
      ['TLSv1.3', 'tls-exporter', 32],
    ])('over %s of kind %s is the one the server sees', async (version, kind, length) => {
      const { ours, theirs } = await bothSides(version, kind);
      expect(ours).toHaveLength(length);
      expect(ours).toEqual(theirs);
      observe('possession', `${kind} over ${version}`, 'accept');
    });

    it.each<Version>(['TLSv1.2', 'TLSv1.3'])(
      'over %s of kind tls-exporter is gone with the connection',
      async (maxVersion) => {
        await using server = await fixture.echo({ maxVersion });
        const connection = await fixture.connect(server.port);
        connection.close();
        expect(() => connection.channelBinding('tls-exporter')).toThrow(
          expect.objectContaining({ code: 'POP-06' }),
        );
      },
    );

    it('of kind tls-unique does not exist over TLS 1.3', async () => {
      const attempt = bothSides('TLSv1.3', 'tls-unique');
      await expect(attempt).rejects.toBeInstanceOf(StationError);
      await expect(attempt).rejects.toMatchObject({ code: 'POP-06' });
      observe('possession', 'tls-unique over TLSv1.3', await endOf(attempt));
    });

    it('differs from connection to connection, since none is resumed', async () => {
      const { pem: cert, keyPem: key } = fixture.honest;
      const reused: boolean[] = [];
      await using server = await serveTls({ cert, key, maxVersion: 'TLSv1.2' }, (socket) => {
        reused.push(socket.isSessionReused());
        socket.end('x');
      });
      const values = new Set<string>();
      for (let count = 0; count < 3; count++) {
        const connection = await fixture.connect(server.port);
        values.add(connection.channelBinding('tls-unique').toString('hex'));
        for await (const chunk of connection.stream) expect(String(chunk)).toBe('x');
      }
      expect(values.size).toBe(3);
      expect(reused).toEqual([false, false, false]);
      observe('possession', 'a session is never resumed', 'accept');
    });
  });
}
