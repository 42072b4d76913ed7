import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LicenseInfo, licensePlugin } from 'rolldown-license-plugin';

/**
 * Writes `licenses.txt` beside a bundle: whose code is in it, and under which licences. The build fails for a package
 * that names none.
 * @param styled packages of which only style sheets and fonts are used, which a bundler does not count among the code
 */
export function thirdPartyLicenses(styled: readonly string[] = []) {
  return licensePlugin({
    failOnUnlicensed: true,
    done(packages, bundle) {
      const foreign = packages.filter(({ name }) => !name.startsWith('@keywright/'));
      const source = [...foreign, ...styled.map(readPackage)].map(describe).join('\n\n');
      bundle.emitFile({ type: 'asset', fileName: 'licenses.txt', source: `${source}\n` });
    },
  });
}

function readPackage(name: string): LicenseInfo {
  const folder = join(import.meta.dirname, '../node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { name, version, license, licenseText: readFileSync(join(folder, 'LICENSE'), 'utf8') };
}

function describe({ name, version, license, licenseText }: LicenseInfo): string {
  return `${name} ${version} (${license})\n\n${licenseText.trim()}`.trim();
}
