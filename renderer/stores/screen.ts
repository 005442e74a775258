import { create } from 'zustand';

/** The screens of the rail, in their order. */
export const screens = ['provision', 'trust', 'enrollments', 'tokens'] as const;
export type Screen = (typeof screens)[number];

interface ScreenState {
  readonly screen: Screen;
  /** What is opened on that screen: a server's name, an enrollment's identifier. */
  readonly item: string | null;
  open(screen: Screen, item?: string): void;
}

/** Which screen stands in the window. The wizard keeps its place meanwhile. */
export const useScreen = create<ScreenState>((set) => ({
  screen: 'provision',
  item: null,
  open: (screen, item) => set({ screen, item: item ?? null }),
}));
