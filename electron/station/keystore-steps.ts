import { StationError } from '../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { missingOnToken, type TokenDemand } from '../../shared/token-fit.ts';
import type { Keystore } from '../keystore/keystore.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { keepNeededKey } from './needed-keys.ts';
import { type RequestSubject, requestKey } from './request-key.ts';
import { attend } from './token-witness.ts';
import { isToken } from './unlocked-tokens.ts';

/**
 * Opens the keystore, unlocked.
 * @throws StationError TOKEN-14 when the token cannot do what the profile asks; no key was made then.
 */
export async function tokenReady(task: EnrollmentTask): Promise<Keystore> {
  return await task.log.step('token-ready', async () => {
    const keystore = await task.openKeystore();
    attend(keystore, task.log, task.signal);
    if (isToken(keystore) && makesKey(task)) {
      try {
        demandFit(keystore.token, { ...task.profile.request, newKey: true });
      } catch (error) {
        await task.closeKeystore(keystore);
        throw error;
      }
    }
    return { result: keystore, evidence: { keystore: keystore.name, kind: keystore.kind } };
  });
}

/** A key will be made for this request. */
function makesKey({ choice: { operation, rekey, earlier } }: EnrollmentTask): boolean {
  if (earlier !== null || operation === 'serverkeygen') return false;
  return operation !== 'reenroll' || rekey;
}

/** @throws StationError TOKEN-14. */
export function demandFit(token: TokenInfo, demand: TokenDemand): void {
  const missing = missingOnToken(token, demand);
  if (missing.length === 0) return;
  throw new StationError('TOKEN-14', {
    token: `${token.label} (${token.serial})`,
    missing: missing.join(', '),
  });
}

/** Makes the key, or takes the one that must be used again. */
export async function keyMade(task: EnrollmentTask, keystore: Keystore): Promise<RequestSubject> {
  const { log, profile } = task;
  return await log.step('key-made', async () => {
    const subject = await requestKey(keystore, profile, task.choice, async (entries) => {
      log.warn(...(await keepNeededKey(task.ports, keystore, entries)));
    });
    const { key } = subject;
    log.warn(...key.notes);
    log.note({
      keystore: {
        kind: keystore.kind,
        token: keystore.name,
        alias: key.alias,
        generatedThere: keystore.kind === 'pkcs11' ? key.generatedThere : false,
      },
    });
    const evidence = { publicKey: key.id, alias: key.alias, reused: subject.reused };
    return { result: subject, evidence };
  });
}
