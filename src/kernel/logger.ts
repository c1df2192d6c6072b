import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** JSON lines unless standard output is a terminal; buffered, because a synchronous line costs a tenth of a token request. */
export function createLogger(options: { level: LogLevel; pretty: boolean; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${timeNow()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (options.destination) return pino(settings, options.destination);
  if (options.pretty) return pino(settings, prettyStream());
  return pino(settings, gathered(pino.destination({ dest: 1, sync: false, minLength: 65_536, maxWrite: 262_144 })));
}

const GATHERED_CHARACTERS = 16_384;
const GATHERED_MS = 250;

/** The destination counts the bytes of all it holds anew with each piece it is given, so it is given many lines at once. */
function gathered(destination: ReturnType<typeof pino.destination>) {
  let lines = '';
  const passOn = (): void => {
    if (lines === '') return;
    destination.write(lines);
    lines = '';
  };
  setInterval(() => {
    passOn();
    destination.flush();
  }, GATHERED_MS).unref();
  // Before the destination's own listeners, which write out what it holds.
  process.prependListener('beforeExit', passOn);
  process.prependListener('exit', passOn);
  return {
    write(line: string) {
      lines += line;
      if (lines.length >= GATHERED_CHARACTERS) passOn();
    },
    flush(done: (error?: Error) => void) {
      passOn();
      destination.flush(done);
    },
    flushSync() {
      passOn();
      destination.flushSync();
    },
  };
}

let shownAt = 0;
let shownTime = '';

/** Many lines fall into one millisecond. */
function timeNow(): string {
  const now = Date.now();
  if (now !== shownAt) {
    shownTime = new Date(now).toISOString();
    shownAt = now;
  }
  return shownTime;
}

/**
 * Lines of level `info` whose fields are JSON members already, for what is logged with every request: as the logger would
 * write them, at a fifth of its cost.
 */
export function infoLines(logger: Logger): (members: string) => void {
  const stream = (logger as unknown as Readonly<Record<symbol, DestinationStream>>)[pino.symbols.streamSym];
  return (members) => {
    if (logger.isLevelEnabled('info')) stream?.write(`{"level":"info","time":"${timeNow()}",${members}}\n`);
  };
}

const COLOURS: Record<string, string> = { warn: '\u001b[33m', error: '\u001b[31m', fatal: '\u001b[31m' };

function prettyStream(): DestinationStream {
  return {
    write(line: string) {
      const { level, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const label = String(level);
      const facts = Object.entries(rest)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' ');
      const clock = String(time).slice(11, 19);
      process.stdout.write(
        `${clock} ${COLOURS[label] ?? '\u001b[2m'}${label.padEnd(5)}\u001b[0m ${String(msg ?? '')} \u001b[2m${facts}\u001b[0m\n`,
      );
    },
  };
}
