import { nodeBundle } from './node-bundle.ts';

/** Electron's main process. */
export default nodeBundle('electron/main.ts', 'main.js');
