import { createHash } from 'node:crypto';
import type pg from 'pg';
import { newId } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

const CHUNK_BYTES = 256 * 1024;
/** Longer than any import takes; what is left of one that never began goes then too. */
const KEPT_MS = 7 * 86_400_000;

export type KeptUpload = { readonly id: string; readonly fileDigest: Buffer; readonly sizeBytes: number };

/**
 * Keeps a file chunk by chunk, holding no more than one, and no transaction open for a slow sender. An upload that breaks off
 * leaves nothing.
 */
export async function keepUpload(pool: pg.Pool, bytes: AsyncIterable<Buffer>, now: Date): Promise<KeptUpload> {
  const id = newId(now.getTime());
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  const hash = createHash('sha256');
  let [sizeBytes, place] = [0, 0];
  try {
    for await (const chunk of chunksOf(bytes)) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      await pool.query('INSERT INTO bulk_import_chunks (import_id, place, bytes, expires_at) VALUES ($1, $2, $3, $4)', [
        id,
        place,
        chunk,
        expiresAt,
      ]);
      place += 1;
    }
  } catch (error) {
    await forgetUpload(pool, id);
    throw error;
  }
  return { id, fileDigest: hash.digest(), sizeBytes };
}

export async function forgetUpload(pool: pg.Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM bulk_import_chunks WHERE import_id = $1', [id]);
}

async function* chunksOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    held.push(piece);
    size += piece.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(held);
    [held, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(held);
}

export async function* readUpload(read: Reader, id: string): AsyncGenerator<Buffer> {
  for (let place = 0; ; place += 1) {
    const [row] = await read.query<{ bytes: Buffer }>(
      'SELECT bytes FROM bulk_import_chunks WHERE import_id = $1 AND place = $2',
      [id, place],
    );
    if (row === undefined) return;
    yield row.bytes;
  }
}
