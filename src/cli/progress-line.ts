import type { Terminal } from './command.ts';

const EVERY_MS = 200;

/** One line that is written over itself while people watch; nothing into a log. */
export function progressLine(
  { err, isWatched = false }: Pick<Terminal, 'err' | 'isWatched'>,
  { size, done }: { readonly size: number; readonly done: () => number },
) {
  const begun = performance.now();
  let last = 0;
  let isShown = false;
  return {
    show(rows: number): void {
      const now = performance.now();
      if (!isWatched || now - last < EVERY_MS) return;
      last = now;
      isShown = true;
      const seconds = (now - begun) / 1000;
      const share = size === 0 ? 1 : Math.min(1, done() / size);
      const left = share === 0 ? 0 : Math.round((seconds / share) * (1 - share));
      const bar = '#'.repeat(Math.round(share * 20)).padEnd(20, '.');
      err(
        `\r[${bar}] ${Math.round(share * 100)} %  ${rows} rows  ${Math.round(rows / seconds)}/s  ${left} s left \u001b[K`,
      );
    },
    end(): void {
      if (isShown) err('\r\u001b[K');
      isShown = false;
    },
  };
}
