import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security-policy.ts';

const directives = new Map(
  contentSecurityPolicy()
    .split('; ')
    .map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources] as const;
    }),
);

describe('the content security policy', () => {
  it('allows nothing by default', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
  });

  it('allows only the window’s own scripts and styles, none inline and none evaluated', () => {
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('style-src')).toEqual(["'self'"]);
    expect(contentSecurityPolicy()).not.toMatch(/unsafe-|\*|https?:/);
  });

  it.each([
    'connect-src',
    'object-src',
    'frame-src',
    'worker-src',
    'base-uri',
    'form-action',
    'frame-ancestors',
  ])('closes %s', (name) => {
    expect(directives.get(name)).toEqual(["'none'"]);
  });

  it('names every directive once', () => {
    expect(directives.size).toBe(contentSecurityPolicy().split('; ').length);
  });
});
