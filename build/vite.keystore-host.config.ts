import { nodeBundle } from './node-bundle.ts';

/** The process that loads a PKCS#11 module; a file of its own, outside the application archive. */
export default nodeBundle('electron/keystore/pkcs11/host.ts', 'keystore-host.js');
