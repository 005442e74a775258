import { z } from 'zod';

/**
 * Imported before any schema is made: zod otherwise probes `new Function`, which the window's
 * content security policy forbids and reports.
 */
z.config({ jitless: true });
