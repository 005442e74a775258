import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { stationCommands } from '../../electron/station/commands.ts';
import { Station } from '../../electron/station/station.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm } from '../softhsm.ts';

const secret = (text: string) => new TextEncoder().encode(text);

test('a token that was initialised is logged in anew, not used by the session of before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'est-initialised-'));
  const softHsm = await makeSoftHsm();
  const ports = await stationPorts({
    env: { EST_STATION_HOME: folder },
    secretSource: null,
    launcher: nodeProcessLauncher({ env: softHsm.env }),
  });
  const station = new Station(ports);
  onTestFinished(async () => {
    await station.close();
    await softHsm.cleanup();
    await discardFolder(folder);
  });
  const commands = stationCommands(station, {
    version: '0',
    host: 'chromium',
    dataFolder: folder,
    practice: null,
  });
  const { module } = softHsm;
  const { label, serial, pin, soPin } = await softHsm.makeToken();
  const unlock = { module, label, serial, finalTryConfirmed: false };
  await commands['tokens.unlock']({ ...unlock, pin: secret(pin) });

  const listed = await commands['tokens.list']({ module });
  const token = listed.find((one) => one.serial === serial);
  const made = await commands['tokens.initialise']({
    module,
    slot: token?.slot ?? 0,
    label: 'anew',
    soPin: secret(soPin),
    pin: secret('987654'),
    destroyExisting: label,
    finalTryConfirmed: false,
  });
  const selected = { module, label: made.label, serial: made.serial, finalTryConfirmed: false };
  const keystore = { kind: 'pkcs11', module, token: { serial: made.serial } } as const;
  await expect(commands['objects.rename']({ keystore, alias: 'a', to: 'b' })).rejects.toMatchObject(
    {
      code: 'PIN-08',
    },
  );
  await commands['tokens.unlock']({ ...selected, pin: secret('987654') });
  await expect(commands['objects.rename']({ keystore, alias: 'a', to: 'b' })).rejects.toMatchObject(
    {
      code: 'TOKEN-09',
    },
  );
});
