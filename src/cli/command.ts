import type { ParseArgsConfig } from 'node:util';
import type { Configuration } from '../config/configuration.ts';

export type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** What a command may touch of the process it runs in; tests hand over their own. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Everything on standard input, as text. */
  readonly readInput: () => Promise<string>;
  readonly out: (text: string) => Promise<void> | void;
  readonly err: (text: string) => void;
  /** Whether somebody watches standard error on a screen. */
  readonly isWatched?: boolean;
  /** Ends when whoever runs the command wants it to end. */
  readonly signal: AbortSignal;
};

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export type Invocation = {
  readonly terminal: Terminal;
  readonly values: Values;
  readonly positionals: readonly string[];
  /** One line on standard output. */
  readonly say: (line: string) => Promise<void>;
  /** One line on standard error. */
  readonly report: (line: string) => void;
  /** Read when asked for: `help` works whatever the environment holds. */
  readonly configuration: () => Configuration;
};

export type Command = {
  /** The words that call it: `users create`. */
  readonly name: string;
  /** What follows the name in a usage line. */
  readonly usage: string;
  readonly summary: string;
  /** More lines of `doorward help <name>`. */
  readonly details?: readonly string[];
  readonly options?: OptionsConfig;
  /** Names of the words it takes; a last one ending in `?` may be left out. */
  readonly arguments?: readonly string[];
  /** Answers the exit code; nothing means 0. */
  readonly run: (invocation: Invocation) => Promise<number | undefined>;
};

/** The command line is wrong: one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command did not do what was asked, for a reason worth one sentence; exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

export const textOf = (value: Values[string]): string | undefined => (typeof value === 'string' ? value : undefined);
export const isSet = (value: Values[string]): boolean => value === true;

/** The word at a place that the usage line demands. */
export function argument({ positionals }: Pick<Invocation, 'positionals'>, place: number): string {
  const word = positionals[place];
  if (word === undefined) throw new UsageError('A word is missing.');
  return word;
}

/** JSON for programs: one document, indented, with a newline. */
export const asJson = (value: unknown): string => JSON.stringify(value, null, 2);

/** The values of an option that may be given several times. */
export const textsOf = (value: Values[string]): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** A moment on the command line. Throws {@link UsageError}. */
export function momentOf(value: Values[string], option: string): Date | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw new UsageError(`--${option} takes a date and time such as 2026-01-31T09:00:00Z.`);
  return moment;
}

/** For commands that print lists. */
export const jsonOption = { json: { type: 'boolean' } } as const satisfies OptionsConfig;
