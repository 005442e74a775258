import { create } from 'zustand';

export const lampStates = ['ready', 'busy', 'done', 'attention', 'failed', 'locked'] as const;
/** What a thing is doing; the same six words everywhere. */
export type LampState = (typeof lampStates)[number];

interface FrameState {
  readonly lamp: LampState;
  /** What happens next, in words. */
  readonly next: string;
  /** The server a page outside the wizard is about. */
  readonly serverName: string;
  /** The token the page is about, when it is not opened yet or not any more. */
  readonly tokenName: string;
  /** A remark beside the token's name. */
  readonly tokenNote: string;
  /** Where the present page puts its action bar and its right panel. */
  readonly actions: HTMLElement | null;
  readonly panel: HTMLElement | null;
}

/** What the page tells the frame around it. */
export const useFrame = create<FrameState>(() => ({
  lamp: 'ready',
  next: '',
  serverName: '',
  tokenName: '',
  tokenNote: '',
  actions: null,
  panel: null,
}));
