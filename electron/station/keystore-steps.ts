import type { Keystore } from '../keystore/keystore.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { type RequestSubject, requestKey } from './request-key.ts';

/** Opens the keystore, unlocked. */
export async function tokenReady(task: EnrollmentTask): Promise<Keystore> {
  return await task.log.step('token-ready', async () => {
    const keystore = await task.openKeystore();
    return { result: keystore, evidence: { keystore: keystore.name, kind: keystore.kind } };
  });
}

/** Makes the key, or takes the one that must be used again. */
export async function keyMade(task: EnrollmentTask, keystore: Keystore): Promise<RequestSubject> {
  const { log, profile } = task;
  return await log.step('key-made', async () => {
    const subject = await requestKey(keystore, profile, task.choice);
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
