import { channels } from '../../shared/contract/channels.ts';
import type { StationEvent } from '../../shared/contract/handlers.ts';
import type { Reply } from '../../shared/contract/station-api.ts';
import type { Gate } from '../ipc/gate.ts';
import type { Sender } from '../ipc/sender.ts';

/** What of an IPC event tells its sender; Electron's IpcMainInvokeEvent has it. */
export interface InvokeEvent {
  readonly sender: { readonly id: number };
  /** Null when the frame has navigated or gone since. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** What of ipcMain the channel needs. */
export interface InvokeHandlers {
  handle(
    channel: string,
    listener: (event: InvokeEvent, name: unknown, input: unknown) => Promise<Reply<unknown>>,
  ): void;
}

/** Names the sender of an IPC message for the gate. Electron security checklist 17. */
export function senderOf(event: InvokeEvent): Sender | null {
  if (event.senderFrame === null) return null;
  return {
    url: event.senderFrame.url,
    isMainFrame: event.senderFrame.parent === null,
    windowId: event.sender.id,
  };
}

/** Lets the window's commands in through the gate, and through nothing else. */
export function acceptCommands(ipcMain: InvokeHandlers, gate: Gate): void {
  ipcMain.handle(channels.command, (event, name, input) =>
    gate.answer(senderOf(event), name, input),
  );
}

/** What of a window's contents an event is sent to. */
export interface EventTarget {
  isDestroyed(): boolean;
  send(channel: string, name: string, payload: unknown): void;
}

/** Hands one event of the station to the window, if it is still there. */
export function sendEvent(target: EventTarget, event: StationEvent): void {
  if (!target.isDestroyed()) target.send(channels.event, event.name, event.payload);
}
