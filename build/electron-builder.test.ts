import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import configuration from './electron-builder.json' with { type: 'json' };

const project = fileURLToPath(new URL('..', import.meta.url));
const readProject = (path: string): string => readFileSync(`${project}${path}`, 'utf8');
const schema = JSON.parse(readProject('node_modules/app-builder-lib/scheme.json'));
const validate = new Ajv({ strict: false }).compile(schema);

describe('installer configuration', () => {
  it('follows the schema of electron-builder', () => {
    expect(validate(configuration), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...configuration, asarUnpak: [] })).toBe(false);
  });

  it('sets every fuse to the safe side', () => {
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('builds for Linux, Windows and macOS and publishes nothing', () => {
    expect(configuration.linux.target).toEqual(['AppImage', 'deb']);
    expect(configuration.win.target).toEqual(['nsis']);
    expect(configuration.mac.target).toEqual(['dmg']);
    expect(configuration.publish).toBeNull();
  });

  it('keeps what loads PKCS#11 modules outside the archive', () => {
    expect(configuration.asar).toBe(true);
    expect(configuration.asarUnpack).toEqual([
      'dist/keystore-host.js',
      'node_modules/pkcs11js/**/*',
    ]);
  });

  it('leaves the right to load foreign libraries to the helper processes', () => {
    const right = 'com.apple.security.cs.disable-library-validation';
    expect(configuration.mac.hardenedRuntime).toBe(true);
    expect(readProject(configuration.mac.entitlements)).not.toContain(right);
    expect(readProject(configuration.mac.entitlementsInherit)).toContain(right);
  });

  it('has the icon it names, large enough for every system', () => {
    const { buildResources } = configuration.directories;
    for (const { icon } of [configuration.linux, configuration.win, configuration.mac]) {
      const path = `${project}${buildResources}/${icon}`;
      expect(existsSync(path)).toBe(true);
      expect(readFileSync(path).readUInt32BE(16)).toBe(1024);
    }
  });
});
