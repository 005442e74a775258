const prefix = 'est-station.';

/** What this window remembers on this computer; a profile without storage just forgets. Never a secret. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // A window without storage works the same, it only forgets.
  }
}

/** The same until the window is closed: survives a reload. */
export function recallForSession(name: string): string | null {
  try {
    return sessionStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function rememberForSession(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(prefix + name);
    else sessionStorage.setItem(prefix + name, value);
  } catch {
    // As above.
  }
}
