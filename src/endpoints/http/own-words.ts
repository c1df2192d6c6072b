import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Overrides } from '../../../views/messages/catalogue.ts';
import { readOverrides } from '../../../views/messages/overrides.ts';
import { StartRefused } from '../../kernel/start-refused.ts';

const MOST_TOLD = 20;

/** The operator's own words for pages and mails, from their file. Throws {@link StartRefused} naming all that is wrong in it. */
export function readOwnWords(path: string | undefined): Overrides {
  if (path === undefined) return {};
  const result = readOverrides(read(path));
  if (result.ok) return result.overrides;
  const told = result.problems.slice(0, MOST_TOLD);
  const rest = result.problems.length - told.length;
  throw refused(path, [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; '));
}

function read(path: string): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return parse(text, { maxAliasCount: 0, uniqueKeys: true, stringKeys: true });
  } catch (error) {
    throw refused(path, error instanceof Error ? error.message : String(error), error);
  }
}

const refused = (path: string, reason: string, cause?: unknown) =>
  new StartRefused(`DOORWARD_MESSAGES (${path}): ${reason}`, { cause });
