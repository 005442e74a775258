import { useEffect, useState } from 'react';
import type { CommandOutput } from '../../../../shared/contract/commands.ts';
import type { Reply } from '../../../../shared/contract/station-api.ts';
import { ask } from '../../../stores/ask.ts';
import { useWizard } from '../../../stores/wizard.ts';

const purpose = 'keystore-passphrase';
const nothing: CommandOutput<'secrets.kept'> = { available: false, kept: false };

/** Whether the passphrase of a software keystore is kept on this computer, and whether it shall be. */
export interface KeptPassphrase {
  /** The operating system has a place for it. */
  readonly available: boolean;
  /** It need not be typed. */
  readonly ready: boolean;
  readonly wanted: boolean;
  want(wanted: boolean): void;
  /** Does what is wanted with what was typed: empty bytes for the kept one. The bytes stay the caller's to zero. */
  give(typed: Uint8Array<ArrayBuffer>): Promise<Reply<unknown>>;
}

/** @param path the keystore's folder, as it is typed */
export function useKeptPassphrase(path: string): KeptPassphrase {
  const [{ available, kept }, setState] = useState(nothing);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    let current = true;
    setState(nothing);
    setWanted(false);
    if (path === '') return;
    void ask('secrets.kept', { purpose, path }).then((reply) => {
      if (!current || !reply.ok) return;
      setState(reply.value);
      setWanted(reply.value.kept);
    });
    return () => {
      current = false;
    };
  }, [path]);

  return {
    available,
    ready: kept && wanted,
    wanted,
    want: setWanted,
    async give(typed) {
      if (kept && !wanted) {
        const forgotten = await ask('secrets.forget', { purpose, path });
        if (!forgotten.ok) return forgotten;
      }
      if (typed.length === 0) return await forgetTyped();
      if (wanted) {
        // The bridge zeroes what it sends.
        const secret = Uint8Array.from(typed);
        const remembered = await ask('secrets.remember', { purpose, path, secret });
        if (!remembered.ok) return remembered;
      }
      return await ask('credentials.hold', { purpose, secret: typed });
    },
  };
}

/** One typed earlier, perhaps for another folder, would go before the kept one. */
async function forgetTyped(): Promise<Reply<unknown>> {
  useWizard.getState().lostSecrets();
  return await ask('credentials.forget', {});
}
