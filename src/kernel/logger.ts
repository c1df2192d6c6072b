import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** JSON lines unless standard output is a terminal; buffered, because a synchronous line costs a tenth of a token request. */
export function createLogger(options: { level: LogLevel; pretty: boolean; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (options.destination) return pino(settings, options.destination);
  if (options.pretty) return pino(settings, prettyStream());
  return pino(
    settings,
    pino.destination({ dest: 1, sync: false, minLength: 65_536, maxWrite: 262_144, periodicFlush: 250 }),
  );
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
