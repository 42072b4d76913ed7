import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Sees to it that a program of the system is there, and installs its Debian package when it is not and this user may.
 * @throws with a sentence on what to install by hand
 */
export function ensureProgram(program: string, debianPackage: string): void {
  if (isThere(program)) return;
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    // The lists of a fresh machine are empty; where they cannot be renewed, the old ones may still do.
    spawnSync('apt-get', ['update'], options);
    withoutServices(() =>
      spawnSync('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], options),
    );
  }
  if (isThere(program)) return;
  throw new Error(
    `This needs ${program}, which is not here and could not be installed: apt-get install ${debianPackage}.`,
  );
}

/** Debian starts what a package brings as a service, such as a web server on port 80, unless this program forbids it. */
function withoutServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(policy, { force: true });
  }
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
