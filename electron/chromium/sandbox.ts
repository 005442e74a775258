/**
 * Whether Chromium's own sandbox is used. It refuses to run as root, and cannot run in containers
 * without user namespaces, where `EST_STATION_CHROMIUM_SANDBOX=off` switches it off; both are said
 * aloud. The pages shown are the station's own, from the disk, and reach no network.
 */
export function chromiumSandbox(
  say: (line: string) => void,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  userId: number | null = process.getuid?.() ?? null,
): boolean {
  if (userId === 0) {
    say('running as root: Chromium’s sandbox is off, because it refuses to run so.');
    return false;
  }
  if (environment.EST_STATION_CHROMIUM_SANDBOX === 'off') {
    say('EST_STATION_CHROMIUM_SANDBOX=off: Chromium’s sandbox is off.');
    return false;
  }
  return true;
}
