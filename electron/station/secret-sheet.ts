import { resolve } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from '../pki/certificate.ts';
import { cmsToPem } from '../pki/pem.ts';
import { demandRecipient, sealContent } from '../pki/sealed-content.ts';
import { writeAtomically } from '../store/atomic-file.ts';
import type { StationPorts } from './ports.ts';

/** What the sheet tells of one token. The PINs are ASCII and live until the sheet is closed. */
interface SheetRow {
  readonly label: string;
  /** Empty for a blank token: it gets its serial, with some modules, when it is initialised. */
  serial: string;
  readonly module: string;
  readonly pin: Uint8Array;
  /** Null when the token keeps its SO PIN. */
  readonly soPin: Uint8Array | null;
  /** `planned`: written before the token was touched; `set`: the token has taken these PINs. */
  state: 'planned' | 'set';
}

/** Refers to a row, to be settled when its token is done. */
export type SheetEntry = Pick<SheetRow, 'label'>;

/**
 * Generated PINs, encrypted to whoever keeps them (CMS EnvelopedData in PEM; inside, one JSON document).
 * A row is on the disk before its PINs are set, so that no token ever has a PIN nobody knows.
 */
export class SecretSheet {
  readonly #ports: StationPorts;
  readonly #path: string;
  readonly #recipient: Uint8Array;
  readonly #rows: SheetRow[] = [];
  #written = false;

  /**
   * @param recipient certificate, DER.
   * @throws StationError SHEET-02
   */
  constructor(ports: StationPorts, path: string, recipient: Uint8Array) {
    demandRecipient(recipient, ports.clock.now());
    this.#ports = ports;
    this.#path = resolve(path);
    this.#recipient = recipient;
  }

  /** Writes the sheet with one more token on it. @throws StationError SHEET-01 */
  async plan(row: Omit<SheetRow, 'state'>): Promise<SheetEntry> {
    const own: SheetRow = {
      ...row,
      pin: Uint8Array.from(row.pin),
      soPin: row.soPin === null ? null : Uint8Array.from(row.soPin),
      state: 'planned',
    };
    this.#rows.push(own);
    await this.#write();
    await this.#ports.store.audit.append({
      at: this.#ports.clock.now().toISOString(),
      who: this.#ports.operator,
      what: 'pin.generated',
      token: row.serial === '' ? row.label : `${row.label} (${row.serial})`,
      certificate: readCertificate(this.#recipient).fingerprint,
      details: { sheet: this.#path, station: this.#ports.station },
    });
    return own;
  }

  /** Writes that the token has taken its PINs, and which serial it has. @throws StationError SHEET-01 */
  async settle(entry: SheetEntry, serial: string): Promise<void> {
    const row = this.#rows.find((candidate) => candidate === entry);
    if (row === undefined) return;
    row.serial = serial;
    row.state = 'set';
    await this.#write();
  }

  /** Forgets the PINs; the sheet stays. */
  close(): void {
    for (const { pin, soPin } of this.#rows) {
      pin.fill(0);
      soPin?.fill(0);
    }
    this.#rows.length = 0;
  }

  async #write(): Promise<void> {
    const content = this.#document();
    try {
      const sealed = await sealContent(content, this.#recipient, this.#ports.clock.now());
      const existing = this.#written ? 'replace' : 'refuse';
      await writeAtomically(this.#path, Buffer.from(cmsToPem(sealed)), existing);
      this.#written = true;
    } catch (error) {
      if (error instanceof StationError) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const detail = code === 'EEXIST' ? 'there is a file of this name already' : code;
      throw new StationError('SHEET-01', { path: this.#path, detail }, { cause: error });
    } finally {
      content.fill(0);
    }
  }

  /** Put together from bytes: text with PINs in it could not be zeroed. */
  #document(): Buffer {
    const { clock, operator, station } = this.#ports;
    const head = { sheetVersion: 1, station, operator, writtenAt: clock.now().toISOString() };
    const rows = this.#rows.flatMap(({ pin, soPin, ...facts }, index) => [
      Buffer.from(`${index === 0 ? '' : ','}\n${JSON.stringify(facts).slice(0, -1)},"pin":"`),
      pin,
      ...(soPin === null ? [] : [Buffer.from('","soPin":"'), soPin]),
      Buffer.from('"}'),
    ]);
    const begin = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"tokens":[`);
    return Buffer.concat([begin, ...rows, Buffer.from('\n]}\n')]);
  }
}
