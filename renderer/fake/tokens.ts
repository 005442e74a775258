import type { TokenInfo } from '../../shared/token.ts';
import type { Scenario } from './scenario.ts';

export const fakeModule = '/usr/lib/softhsm/libsofthsm2.so';

/** An initialised token in the scenario's PIN state, one locked, one blank. */
export function fakeTokens({
  pinState,
  soPinState,
  pinPad,
  manyTokens,
  officerPinState,
  canGenerate,
}: Scenario): TokenInfo[] {
  const gateway: TokenInfo = {
    module: fakeModule,
    slot: 3,
    slotDescription: 'Reader 1',
    initialised: true,
    label: 'GW-20417',
    serial: '0F417A93C4D20011',
    serialUnique: true,
    manufacturer: 'Halden',
    model: 'K2',
    pinState,
    soPinState,
    pinPad,
    writeProtected: false,
    minPinLength: 4,
    maxPinLength: 255,
    canGenerate: [...canGenerate],
    canSign: ['SHA256WITHECDSA', 'SHA384WITHECDSA', 'SHA512WITHECDSA', 'SHA256WITHRSA'],
  };
  const others: TokenInfo[] = [
    {
      ...gateway,
      slot: 6,
      label: 'RA officer',
      serial: '0F417A0000C0FFEE',
      pinState: officerPinState,
    },
    {
      ...gateway,
      slot: 7,
      slotDescription: 'A reader with keys of its own and a long name 00 00',
      label: 'Gateway controllers, class 3',
      serial: '0000000000000000',
      serialUnique: false,
      pinState: 'final',
      soPinState: 'final',
      pinPad: true,
      writeProtected: true,
      canGenerate: ['2048'],
      canSign: ['SHA256WITHRSA'],
    },
  ];
  return [
    gateway,
    { ...gateway, slot: 4, label: 'GW-20398', serial: '0F417A6E00010002', pinState: 'locked' },
    {
      ...gateway,
      slot: 5,
      initialised: false,
      label: '',
      serial: '',
      serialUnique: false,
      pinState: 'not-set',
    },
    ...(manyTokens ? others : []),
  ];
}
