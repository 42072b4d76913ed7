/**
 * Arguments for Node that make a process end as in a power cut (SIGKILL) right before its n-th change of names or files,
 * the first being 1. SQLite's own writes are not counted.
 */
export function killBefore(nth: number): string[] {
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let count = 0;
    const names = ['copyFile', 'rename', 'link', 'rm', 'mkdtemp', 'chmod', 'fsync'];
    const guard = (run) => function (...args) {
      if (++count === ${nth}) process.kill(process.pid, 'SIGKILL');
      return run.apply(this, args);
    };
    for (const name of names) {
      fs[name + 'Sync'] = guard(fs[name + 'Sync']);
      if (fs.promises[name]) fs.promises[name] = guard(fs.promises[name]);
    }
    syncBuiltinESMExports();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
}
