import type { StationApi } from '../shared/contract/station-api.ts';

declare global {
  interface Window {
    /** Put here by the host before the page's own code runs. */
    readonly station: StationApi;
  }
}
