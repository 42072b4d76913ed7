import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** A program of the tests that runs as a process of its own. */
export interface TestProcess {
  /** Waits until it has written this line. */
  says(line: string): Promise<void>;
  /** Ends it as a power cut would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a program from its sources. It is killed at the end of the test at the latest. */
export function startProcess(program: URL, args: string[]): TestProcess {
  const child = spawn(process.execPath, ['--conditions=source', program.pathname, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      child.emit('said');
    });
  }
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    kill,
    async says(line) {
      while (!said.split('\n').includes(line)) await nextWord(child, gone, () => said);
    },
  };
}

async function nextWord(child: ChildProcess, gone: Promise<unknown>, said: () => string): Promise<void> {
  const ended = gone.then(() => {
    throw new Error(`The process ended too early. It said:\n${said()}`);
  });
  await Promise.race([once(child, 'said'), ended]);
}
