import { StationError } from '../../shared/errors/station-error.ts';
import type { KeystoreSelection, Profile } from '../../shared/profile.ts';
import { isFurther } from '../keystore/generated-name.ts';
import type { Keystore, KeystoreEntry } from '../keystore/keystore.ts';
import { contentsOf, type ShownEntry } from './keystore-contents.ts';
import type { KeystoreOpening } from './keystore-opening.ts';
import { neededKeys } from './needed-keys.ts';
import { type ExportedObject, type ExportForm, exportedObject } from './object-export.ts';
import { ownCredentials, refuseCredential } from './own-credentials.ts';
import type { StationPorts } from './ports.ts';

/** One alias, with what a person must know before touching it. */
export interface ShownObject extends ShownEntry {
  /** The keystore vouches that the key was made there; null without a key. */
  readonly generatedThere: boolean | null;
  /** The enrollment that still needs this key, or null. */
  readonly neededBy: string | null;
}

export interface ShownObjects {
  /** Label and serial of the token, or the folder. */
  readonly keystore: string;
  readonly objects: readonly ShownObject[];
}

/** What stands on a keystore: looked at, renamed, exported, deleted. */
export class KeystoreObjects {
  readonly #ports: StationPorts;
  readonly #keystores: KeystoreOpening;

  constructor(ports: StationPorts, keystores: KeystoreOpening) {
    this.#ports = ports;
    this.#keystores = keystores;
  }

  /** Everything under an alias; a token is read without its PIN. */
  async list(keystore: KeystoreSelection): Promise<ShownObjects> {
    const needed = await neededKeys(this.#ports.store);
    return await this.#reading(keystore, async (opened) => ({
      keystore: opened.name,
      objects: (await opened.entries()).map((entry) => ({
        ...contentsOf(entry),
        generatedThere: entry.key?.generatedThere ?? null,
        neededBy: (entry.key && needed.get(entry.key.id)?.enrollmentId) ?? null,
      })),
    }));
  }

  /** A certificate, its chain or a public key as a file. @throws StationError TOKEN-09 when there is none */
  async export(
    keystore: KeystoreSelection,
    alias: string,
    form: ExportForm,
  ): Promise<ExportedObject> {
    return await this.#reading(keystore, async (opened) =>
      exportedObject(await opened.entries(), alias, form),
    );
  }

  /** @throws StationError TOKEN-09 (nothing there), OBJECT-01 (needed), OBJECT-03 (`to` is taken), OBJECT-04 (several), OBJECT-05. */
  async rename(
    keystore: KeystoreSelection,
    from: string,
    to: string,
    profile: Profile | null = null,
  ): Promise<void> {
    await this.#demandForeign(keystore, from, profile);
    await this.#keystores.working(keystore, async (opened) => {
      const entries = await opened.entries();
      await this.#demandFree(find(entries, from));
      demandAlone(entries, from);
      if (entries.some(({ alias }) => alias === to)) {
        throw new StationError('OBJECT-03', { alias: to });
      }
      await opened.rename(from, to);
      await this.#record(opened, 'object.renamed', { alias: from, to });
    });
  }

  /**
   * Deletes key pair and certificate under `alias`.
   * @param confirmed what a person typed: it must be the alias itself.
   * @param profile the keystore's, where it is at hand: what it signs in with stays.
   * @throws StationError OBJECT-02 (not confirmed), TOKEN-09 (nothing there), OBJECT-01 (needed), OBJECT-04
   *   (several share the alias), OBJECT-05 (the station signs in with it).
   */
  async delete(
    keystore: KeystoreSelection,
    alias: string,
    confirmed: string,
    profile: Profile | null = null,
  ): Promise<void> {
    if (confirmed !== alias) throw new StationError('OBJECT-02', { alias });
    await this.#demandForeign(keystore, alias, profile);
    await this.#keystores.working(keystore, async (opened) => {
      const entries = await opened.entries();
      const entry = find(entries, alias);
      await this.#demandFree(entry);
      demandAlone(entries, alias);
      await opened.remove(alias);
      if ((await opened.entries()).some((left) => left.alias === alias)) {
        const params = { detail: 'an object that stays', call: 'C_DestroyObject' };
        throw new StationError('TOKEN-08', params);
      }
      const { key, certificate } = contentsOf(entry);
      const publicKey = key?.id ?? null;
      await this.#record(opened, 'object.deleted', { alias, publicKey }, certificate?.fingerprint);
    });
  }

  /** Looked up in a public session: no PIN is asked for in vain. */
  async #demandForeign(
    keystore: KeystoreSelection,
    alias: string,
    profile: Profile | null,
  ): Promise<void> {
    const own = await ownCredentials(this.#ports.store, profile);
    if (own.length === 0 || keystore.kind !== 'pkcs11') return;
    await this.#reading(keystore, async (opened) =>
      refuseCredential(own, opened, await opened.entries(), alias),
    );
  }

  async #demandFree({ alias, key }: KeystoreEntry): Promise<void> {
    const needing = key === null ? undefined : (await neededKeys(this.#ports.store)).get(key.id);
    if (needing === undefined) return;
    const { enrollmentId: enrollment, state } = needing;
    throw new StationError('OBJECT-01', { alias, enrollment, state });
  }

  async #reading<Result>(
    keystore: KeystoreSelection,
    work: (opened: Keystore) => Promise<Result>,
  ): Promise<Result> {
    const opened = await this.#keystores.openForReading({ keystore });
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  }

  async #record(
    keystore: Keystore,
    what: 'object.renamed' | 'object.deleted',
    details: Readonly<Record<string, string | null>>,
    certificate: string | null = null,
  ): Promise<void> {
    await this.#ports.store.audit.append({
      at: this.#ports.clock.now().toISOString(),
      who: this.#ports.operator,
      what,
      token: keystore.name,
      certificate,
      details: { ...details, station: this.#ports.station },
    });
  }
}

/** @throws StationError TOKEN-09 */
function find(entries: readonly KeystoreEntry[], alias: string): KeystoreEntry {
  const found = entries.find((entry) => entry.alias === alias);
  if (found === undefined) throw new StationError('TOKEN-09', { object: 'object', alias });
  return found;
}

/** @throws StationError OBJECT-04 when other objects have this alias too. */
function demandAlone(entries: readonly KeystoreEntry[], alias: string): void {
  const others = entries.filter((entry) => isFurther(entry.alias, alias));
  if (others.length === 0) return;
  throw new StationError('OBJECT-04', {
    alias,
    others: others.map((entry) => entry.alias).join(', '),
  });
}
