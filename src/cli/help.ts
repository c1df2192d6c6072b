import { type Command, UsageError } from './command.ts';
import { nearest } from './nearest.ts';

/** All commands, those of a group, or one with its options. */
export function helpText(commands: readonly Command[], asked: string | undefined): string {
  if (asked === undefined) return overview(commands);
  const command = commands.find(({ name }) => name === asked);
  if (command !== undefined) return detailed(command);
  const group = commands.filter(({ name }) => name.startsWith(`${asked} `));
  if (group.length > 0) return `${lines(group)}\n`;
  const close = nearest(
    asked,
    commands.map(({ name }) => name),
  );
  throw new UsageError(
    `There is no command ${asked}${close === undefined ? '' : `; did you mean ${close}?`} See doorward help.`,
  );
}

function overview(commands: readonly Command[]): string {
  return `${[
    'doorward <command>',
    '',
    lines(commands),
    '',
    'doorward help <command> tells more. Settings come from DOORWARD_* variables: doorward config print.',
  ].join('\n')}\n`;
}

function lines(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  return commands.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.summary}`).join('\n');
}

const usageOf = ({ name, usage }: Command): string => `${name} ${usage}`.trimEnd();

function detailed(command: Command): string {
  const more = command.details ?? [];
  return `${[`doorward ${usageOf(command)}`, '', command.summary, ...(more.length > 0 ? ['', ...more] : [])].join('\n')}\n`;
}
