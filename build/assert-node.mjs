import { productNodeMajor } from './setup/project.mjs';

// Preloaded into every task: a script that falls back to the machine's Node.js would fail later
// and less plainly.
if (!process.version.startsWith(`v${productNodeMajor}.`)) {
  throw new Error(`this must run on Node.js ${productNodeMajor}, not on ${process.version}`);
}
