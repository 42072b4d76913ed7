import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Only one at a time, whoever asks: apt does not wait for another. */
const lock = join(tmpdir(), 'keywright-tests-apt.lock');

/**
 * Of a package that brings a service, such as a web server on port 80, Debian starts it, unless this program forbids it.
 * The lists of a fresh machine are empty; where they cannot be renewed, the old ones may still do.
 */
const install = `
command -v "$1" && exit
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
apt-get update
apt-get install -y --no-install-recommends "$2"
`;

/**
 * Sees to it that a program of the system is there, and installs its Debian package when it is not and this user may.
 * @throws with a sentence on what to install by hand
 */
export function ensureProgram(program: string, debianPackage: string): void {
  if (isThere(program)) return;
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    spawnSync('flock', [lock, 'sh', '-c', install, 'install', program, debianPackage], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  if (isThere(program)) return;
  throw new Error(
    `This needs ${program}, which is not here and could not be installed: apt-get install ${debianPackage}.`,
  );
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
