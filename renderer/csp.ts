import { z } from 'zod';

/**
 * The window's content security policy forbids making code from strings, which zod would try.
 * Imported before anything that builds a schema.
 */
z.config({ jitless: true });
