import { invalid } from '../../kernel/errors.ts';
import type { ImportFormat } from './bulk-import.ts';
import { type ReadOptions, readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readLdif } from './read-ldif.ts';
import type { SourceRow } from './source-row.ts';

/** The rows of a file, one after another, in UTF-8. Throws `invalid('imports.…')` for a file that cannot be read. */
export function readRows(
  bytes: AsyncIterable<Buffer>,
  format: ImportFormat,
  options: ReadOptions,
): AsyncGenerator<SourceRow> {
  const text = decoded(bytes);
  if (format === 'csv') return readCsv(text, options);
  return format === 'json' ? readJson(text, options) : readLdif(text, options);
}

async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (Object(error).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw invalid('imports.not_utf8', { detail: 'this file is not UTF-8: convert it first', cause: error });
  }
}
