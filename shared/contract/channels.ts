/** The only two channels between a window and the station; command and event names travel inside. */
export const channels = { command: 'station.command', event: 'station.event' } as const;
