import { open } from 'node:fs/promises';
import { invalid } from '../../kernel/errors.ts';
import { faultsOf } from '../../kernel/input.ts';
import { contradictions } from './declaration-contradictions.ts';
import { type Declaration, declarationSchema } from './declaration-schema.ts';
import { DeclarationRefused, type ReadText, readText } from './declaration-text.ts';

/** What a file declares, with the way back to its lines. */
export type DeclarationFile = {
  readonly path: string;
  readonly declaration: Declaration;
  readonly place: ReadText['place'];
};

const LARGEST_BYTES = 8 * 1024 * 1024;

/** Throws {@link DeclarationRefused} with every fault that can be seen without the database; changes nothing. */
export async function readDeclarationFile(path: string): Promise<DeclarationFile> {
  return readDeclaration(path, await readUtf8(path));
}

export function readDeclaration(path: string, text: string): DeclarationFile {
  const { value, place } = readText(path, text);
  const result = declarationSchema.safeParse(value);
  if (!result.success)
    throw new DeclarationRefused(path, result.error.issues.flatMap((issue) => faultsOf(issue)).map(place));
  const faults = contradictions(result.data);
  if (faults.length > 0) throw new DeclarationRefused(path, faults.map(place));
  return { path, declaration: result.data, place };
}

async function readUtf8(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_BYTES) throw tooLarge(path);
    const bytes = await handle.readFile().catch((error: unknown) => {
      throw unreadable(path, error);
    });
    // A pipe tells no size beforehand.
    if (bytes.length > LARGEST_BYTES) throw tooLarge(path);
    return decode(path, bytes);
  } finally {
    await handle.close();
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('declarations.not_text', { detail: `${path} is not UTF-8 text; nothing was changed.` });
  }
}

const tooLarge = (path: string) =>
  invalid('declarations.too_large', { detail: `${path} is larger than 8 MB; nothing was changed.` });

// Not `instanceof Error`: Node's own errors come from another realm where modules run in a vm context.
function unreadable(path: string, error: unknown) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
  return invalid('declarations.unreadable', { detail: `${path} cannot be read (${code}).`, cause: error });
}
